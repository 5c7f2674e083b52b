// Debian's WebKitGTK, by WebDriver: its MiniBrowser on a display that nobody sees.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Builder, By, Capabilities } from 'selenium-webdriver';
import { BASE } from './puppeteer.mjs';

const DRIVER = process.env.WEBKIT_DRIVER ?? '/usr/bin/WebKitWebDriver';
const MINI = process.env.MINI_BROWSER ?? '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';

/** A display; the server says its number when it can be used. */
async function display() {
  const server = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [number] = await new Promise((found, lost) => {
    createInterface(server.stdout).once('line', (line) => found([line]));
    server.once('error', lost);
  });
  return {
    server,
    env: { ...process.env, DISPLAY: `:${number}`, LANG: 'ko_KR.UTF-8', LIBGL_ALWAYS_SOFTWARE: '1' },
  };
}

async function driver(env, port) {
  const server = spawn(DRIVER, [`--port=${port}`, '--host=127.0.0.1'], { env, stdio: 'ignore' });
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/status`).catch(() => null);
    if (answer?.ok) return server;
    if (server.exitCode !== null) throw new Error(`${DRIVER} has ended`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

async function launch(port) {
  const { server: screen, env } = await display();
  const server = await driver(env, port);
  const capabilities = new Capabilities({
    browserName: 'MiniBrowser',
    'webkitgtk:browserOptions': { binary: MINI, args: ['--automation'] },
  });
  const webkit = await new Builder()
    .disableEnvironmentOverrides()
    .usingServer(`http://127.0.0.1:${port}`)
    .withCapabilities(capabilities)
    .build();
  const version = (await webkit.getCapabilities()).getBrowserVersion();
  await webkit.manage().window().setRect({ width: 420, height: 900 });
  return {
    version: `WebKitGTK ${version}`,
    open: (path) => webkit.get(BASE + path),
    back: () => webkit.navigate().back(),
    url: () => webkit.getCurrentUrl(),
    evaluate: (expression) => webkit.executeScript(`return (${expression})`),
    // With the mouse: an input that a label covers is none that WebDriver would click by itself.
    click: (css) =>
      webkit
        .actions()
        .move({ origin: webkit.findElement(By.css(css)) })
        .click()
        .perform(),
    close: async () => {
      await webkit.quit();
      server.kill();
      screen.kill();
    },
  };
}

export const webkit = { name: 'WebKit', program: DRIVER, launch };
