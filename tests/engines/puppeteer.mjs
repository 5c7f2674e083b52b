// Debian's Firefox, by WebDriver BiDi, and its Chromium, by the DevTools protocol.
import puppeteer from 'puppeteer-core';

export const BASE = (process.env.MVTI_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '');

const quiet = {
  headless: true,
  timeout: 600000,
  protocolTimeout: 600000,
};

async function driven(browser) {
  const page = await browser.newPage();
  await page.setViewport({ width: 390, height: 844 });
  return {
    version: await browser.version(),
    open: (path) => page.goto(BASE + path, { timeout: 0 }),
    back: () => page.goBack({ timeout: 0 }),
    url: async () => page.url(),
    evaluate: (expression) => page.evaluate(expression),
    click: (css) => page.click(css),
    close: () => browser.close(),
  };
}

export const firefox = {
  name: 'Firefox',
  program: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
  async launch() {
    const extraPrefsFirefox = { 'intl.accept_languages': 'ko-KR, ko' };
    return driven(
      await puppeteer.launch({
        ...quiet,
        browser: 'firefox',
        executablePath: this.program,
        extraPrefsFirefox,
      }),
    );
  },
};

export const chromium = {
  name: 'Chromium',
  program: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
  async bare() {
    const browser = await puppeteer.launch({
      ...quiet,
      executablePath: this.program,
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--lang=ko-KR'],
    });
    return { browser, port: Number(new URL(browser.wsEndpoint()).port) };
  },
  async launch() {
    return driven((await this.bare()).browser);
  },
};
