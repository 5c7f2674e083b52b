// What the browser tests share: lanes with a Chromium each, fresh visitors, and a register of checks.
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { eventually, patience } from './patience.mjs';

export const BASE = (process.env.MVTI_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '');
const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const checks = [];
/** Registers one check; body gets nothing and throws when what it looks at is wrong. Others run beside it. */
export const check = (name, body) => checks.push({ name, body });
/** One that changes what everybody sees (another snapshot, an experiment): after the others, with none beside it. */
export const alone = (name, body) => checks.push({ name, body, alone: true });

/** A lane does one check after the other, in a Chromium with a clipboard of its own. */
const lanes = new AsyncLocalStorage();
export const inLane = (work) =>
  lanes.run({ browser: null, open: [] }, async () => {
    try {
      return await work();
    } finally {
      await lanes.getStore().browser?.close();
    }
  });

/** Whereupon the question about recording may come. */
export const lookAround = (page) => page.keyboard.press('Shift');

/** Until condition() (which may be async) is true: asked again and again, with a short rest. */
export async function until(condition, what) {
  if (!(await eventually(condition))) throw new Error(`waited in vain for ${what}`);
}

async function launch() {
  const lane = lanes.getStore();
  lane.browser ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
    timeout: 20 * (await patience()),
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });
  return lane.browser;
}

/**
 * SLOW_API=400: each answer of the API comes between 0 and 400 ms later than it would, by the order of asking; a check that reads before the page
 * has what it reads fails here on a fast machine too.
 */
const LATE = Number(process.env.SLOW_API) || 0;
let asked = 0;
async function late(route) {
  asked += 1;
  await new Promise((done) => setTimeout(done, (asked * 7919) % LATE));
  await route.fallback().catch(() => {}); // the page may be gone by now
}

/** Who reads English opens the addresses below /en. */
function readEnglish(page) {
  const goto = page.goto.bind(page);
  const english = (path) =>
    /^\/(?:en|auth|admin)(?:[/?#]|$)/.test(path) ? path : `/en${path === '/' ? '' : path}`;
  page.goto = (url, ...more) =>
    goto(url.startsWith(BASE) ? BASE + english(url.slice(BASE.length) || '/') : url, ...more);
}

/**
 * A visitor of their own, who has agreed to recording (consent: null: not decided) and said that they are 14 or older (over14: null: not asked
 * yet; 'no') unless told otherwise: {page, context, problems} where
 * problems collects console errors and page errors.
 */
export async function visitor({
  lang = 'ko',
  scheme = 'light',
  width = 390,
  height = 844,
  motion = 'reduce',
  consent = true,
  over14 = 'yes',
  ...rest
} = {}) {
  const context = await (await launch()).newContext({
    viewport: { width, height },
    locale: lang === 'ko' ? 'ko-KR' : 'en-US',
    colorScheme: scheme,
    reducedMotion: motion,
    serviceWorkers: 'block', // they would stand between a page and what checks put in its way
    ...rest,
  });
  context.setDefaultTimeout(await patience());
  if (consent !== null)
    await context.addInitScript(
      (allowed) => localStorage.setItem('mvti.consent', JSON.stringify({ allowed, at: 0 })),
      consent,
    );
  if (LATE) await context.route('**/api/v1/**', late);
  if (over14 !== null) await context.addCookies([{ name: 'mvti-over14', value: over14, url: BASE }]);
  await context.addInitScript(() =>
    addEventListener('pointerdown', (event) => (window.tapped = event.timeStamp), true),
  );
  lanes.getStore().open.push(context);
  const page = await context.newPage();
  if (lang === 'en') readEnglish(page);
  const problems = [];
  page.on('console', (m) => m.type() === 'error' && problems.push(m.text()));
  page.on('pageerror', (e) => problems.push(String(e)));
  return { page, context, problems };
}

/** Closes the visitors of the check that just ended. */
export const leave = () =>
  Promise.all(
    lanes
      .getStore()
      .open.splice(0)
      .map((c) => c.close()),
  );

/** Until the next tap, wherever it is, cannot be the half of a double tap (www/js/taps.js). */
export const apart = (page) => page.waitForFunction(() => !(performance.now() - window.tapped <= 334));

export const go = async (page, path) => {
  await page.goto(BASE + path);
  await settled(page);
};

/** Until the page has its data: no skeleton, a heading, and nothing any more of what the worker has written. */
export const settled = (page) =>
  page.waitForFunction(
    () => document.querySelector('main h1') && !document.querySelector('.skeletons, #app[data-static]'),
  );

export const api = async (path, init) => {
  const reply = await fetch(`${BASE}/api/v1/${path}`, init);
  return reply.json();
};

/** Taps the answer with this value and waits for the next screen. */
export async function answer(page, value) {
  const before = new URL(page.url()).search;
  await page.locator(`.option input[value="${value}"]`).click();
  await page.waitForFunction((b) => location.search !== b, before);
}

/** From the first screen through the survey, to what it says. choose(item) is the value of the answer to each statement; their ids. */
export async function survey(page, form, choose) {
  const { mbti } = await api('survey');
  const items = new Map([...mbti.items, ...mbti.more].map((item) => [item.id, item]));
  const asked = [];
  await page
    .locator('.unsure .button')
    .nth(form === 'short' ? 0 : 1)
    .click();
  for (;;) {
    await page.locator('.scale, .outcome').waitFor();
    if (await page.locator('.outcome').count()) return asked;
    const id = await page.locator('.scale input').first().getAttribute('name');
    asked.push(id);
    await answer(page, String(choose(items.get(id))));
  }
}

/** From the first screen to the films by choice: INFP, withdrawn, reactive, 4w5. */
export async function toFilms(page, mbti = 'INFP') {
  await go(page, '/test');
  await answer(page, mbti);
  await answer(page, 'withdrawn');
  await answer(page, 'reactive');
  await answer(page, '4w5');
  await page.waitForSelector('.wall .pick');
}

/** Taps the n-th posters; the titles taken, as the visitor reads them. */
export async function pick(page, indexes = [0, 1, 2]) {
  const titles = [];
  for (const i of indexes) {
    const one = page.locator('.wall .pick').nth(i);
    await one.click();
    titles.push(
      (
        await one
          .locator('.pick-title')
          .evaluate((e) => e.firstChild.nextSibling?.textContent ?? e.textContent)
      ).trim(),
    );
  }
  return titles;
}

/** Finishes: the page of the stored result. */
export async function finish(page) {
  await page.locator('.strip-foot .button').click();
  await page.waitForURL(/\/r\/[A-Za-z0-9_-]{22}$/);
  await page.waitForSelector('.match');
}

/** The whole test, by these films of the wall. */
export async function takeTest(page, mbti = 'INFP', films = [0, 1, 2]) {
  await toFilms(page, mbti);
  await pick(page, films);
  await finish(page);
}

/** A visitor at the result of their first test. */
export async function tested(options) {
  const it = await visitor(options);
  await takeTest(it.page);
  return it;
}

/** One stored result for checks that only look at it. */
let stored = null;
export async function result() {
  if (stored) return stored;
  const { page } = await visitor();
  await takeTest(page);
  stored = new URL(page.url()).pathname;
  return stored;
}

/** Somebody who begins to compare their result: {page, path} of the circle. */
export async function begun() {
  const { page } = await visitor();
  await takeTest(page);
  await page.getByRole('button', { name: '친구와 비교하기' }).first().click();
  await page.waitForURL(/\/w\/[A-Za-z0-9_-]{22}$/);
  await page.locator('.circle').waitFor();
  return { page, path: new URL(page.url()).pathname };
}

/** Somebody new, who joins a circle with a result of their own. */
export async function join(path, name) {
  const { page } = await visitor();
  await takeTest(page, 'ENFJ', [3, 4, 5]);
  await go(page, path);
  await page.getByLabel('별명').fill(name);
  await page.getByRole('button', { name: '내 결과로 함께하기' }).click();
  await page.locator('.two').waitFor();
}

/** One circle of three for checks that only look at it; its names are of no language. */
let together = null;
async function circle() {
  if (together) return together;
  const { path } = await begun();
  for (const name of ['J', 'K']) await join(path, name);
  together = path;
  return together;
}

/** The plain addresses of the table of routes. */
export function addresses() {
  const table = readFileSync(new URL('../../www/js/routes.js', import.meta.url), 'utf8');
  return [...table.matchAll(/^ *\['(\/[a-z]*)', /gm)].map(([, address]) => address);
}

/** The pages every visitor can reach, with one of each kind. */
export async function pages() {
  const home = await api('home');
  const who = home.popular[0];
  return [
    ...addresses(),
    `/c/${who.id}`,
    `/m/${who.movie.id}`,
    '/t/INFP',
    '/t/INFP/4w5',
    '/e/4w5',
    '/nowhere',
    await result(),
    await circle(),
  ];
}

/** Until read() gives what right() wants; what it gave last is for compare() to complain of. */
async function comes(read, right, compare) {
  let got;
  await eventually(async () => {
    got = await read();
    return right(got);
  });
  compare(got);
}

const fits = (wanted) => (text) => (wanted instanceof RegExp ? wanted.test(text ?? '') : text === wanted);
const compared = (wanted, what) => (text) =>
  wanted instanceof RegExp ? assert.match(text ?? '', wanted, what) : assert.equal(text, wanted, what);

/**
 * What a page shows comes when it comes: these wait until the element says wanted (a text or a RegExp), has an attribute that does, or there are
 * so many of it.
 */
export const says = (locator, wanted, what) =>
  comes(() => locator.innerText(), fits(wanted), compared(wanted, what));
export const carries = (locator, name, wanted, what) =>
  comes(() => locator.getAttribute(name), fits(wanted), compared(wanted, what));
export const counts = (locator, wanted, what) =>
  comes(
    () => locator.count(),
    (n) => n === wanted,
    (n) => assert.equal(n, wanted, what),
  );

/** Seen text of the main part, without hidden things. */
export const seen = (page, selector = 'main') => page.locator(selector).first().innerText();

const readable = (v) =>
  v.map(
    (x) =>
      `${x.id}: ${x.nodes
        .slice(0, 3)
        .map((n) => `${n.target} ${n.any?.[0]?.message ?? n.failureSummary ?? ''}`)
        .join(' | ')}`,
  );

/** axe finds nothing on the page as it is. where: for who reads what it found. sizes: targets too; not where something floats above others. */
export async function axe(page, where, { sizes = true } = {}) {
  // Through the debugger, not a script element: the page's policy stays as it is.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(
    (enabled) =>
      window.axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled } } }),
    sizes,
  );
  assert.deepEqual(readable(violations), [], where);
}
