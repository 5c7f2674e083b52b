// The way of a visitor, as any browser can walk it: from the first page to a stored result, a heart, the search, the language, and back.
//
// walk({open, click, url, evaluate, back}, step): a browser of one maker behind five words; evaluate takes the text of an expression. step(name,
// work) runs and counts one stretch of the way. toResult() is its first half.
import assert from 'node:assert/strict';
import { eventually } from '../browser/patience.mjs';

/** Until an expression is true in the page; a page that is on its way to another one says nothing yet. */
async function until(browser, expression) {
  const holds = () => browser.evaluate(`Boolean(${expression})`).catch(() => false);
  if (!(await eventually(holds)))
    throw new Error(`waited in vain for ${expression} at ${await browser.url()}`);
}

const one = (css) => `document.querySelector(${JSON.stringify(css)})`;
const text = (browser, css) => browser.evaluate(`${one(css)}.innerText`);

/** A tap on what is there; two within a third of a second are one to the pages (www/js/taps.js). */
async function tap(browser, css) {
  await until(browser, "!document.querySelector('.skeletons, #app[data-static]')"); // the scripts have taken over
  await until(browser, one(css));
  await until(browser, '!(performance.now() - window.tapped <= 400)');
  await browser.evaluate(`${one(css)}.scrollIntoView({ block: 'center' })`);
  await browser.click(css);
  await browser.evaluate('window.tapped = performance.now(), null').catch(() => {});
}

/** Nothing is wider than the window, and all of the letters are there. */
async function whole(browser) {
  assert.ok(
    await browser.evaluate('document.documentElement.scrollWidth <= innerWidth'),
    await browser.url(),
  );
  await until(browser, "document.fonts.status === 'loaded'");
}

async function answer(browser, value) {
  const before = await browser.evaluate('location.search');
  await tap(browser, `.option input[value="${value}"]`);
  await until(browser, `location.search !== ${JSON.stringify(before)}`);
}

export async function toResult(browser, step) {
  await step('the first page', async () => {
    await browser.open('/');
    await until(browser, one('.tile'));
    assert.equal(await browser.evaluate("document.querySelectorAll('.tile').length"), 16);
    await whole(browser);
  });
  await step('a type and an Enneagram', async () => {
    await browser.open('/test');
    for (const value of ['INFP', 'withdrawn', 'reactive', '4w5']) await answer(browser, value);
    await until(browser, one('.wall .pick'));
    await whole(browser);
  });
  await step('three films', async () => {
    for (const n of [1, 2, 3])
      await tap(browser, `.wall > :nth-child(${n}) .pick, .wall > .pick:nth-child(${n})`);
    await until(browser, "document.querySelectorAll('.strip-list li').length === 3");
    await tap(browser, '.strip-foot .button');
  });
  await step('who is 14 or older', async () => {
    await tap(browser, 'dialog[open] button');
  });
  await step('the result', async () => {
    await until(browser, "/^\\/r\\/[\\w-]{22}$/.test(location.pathname) && document.querySelector('.match')");
    assert.match(await text(browser, 'h1'), /\S/);
    assert.ok(await browser.evaluate("document.querySelectorAll('.match').length >= 7"));
    await whole(browser);
  });
}

export async function walk(browser, step) {
  await toResult(browser, step);
  await step('a heart stays', async () => {
    await tap(browser, 'main .heart');
    await until(browser, `${one('main .heart')}.getAttribute('aria-pressed') === 'true'`);
    await until(
      browser,
      "performance.getEntriesByType('resource').some((e) => e.name.endsWith('/like') && e.responseEnd > 0)",
    );
    await browser.open('/liked');
    await until(browser, one('main a[href*="/c/"]'));
  });
  await step('back to the result, and the other language', async () => {
    await browser.back();
    await until(browser, "location.pathname.startsWith('/r/') && document.querySelector('.match')");
    await tap(browser, '.lang');
    await until(browser, "document.documentElement.lang === 'en'");
    await whole(browser);
  });
  await step('the picture of the result', async () => {
    await browser.evaluate(
      `window.picture = null, fetch(location.pathname.replace(/^\\/en/, '') + '.png?lang=ko&size=card').then((a) => { window.picture = a.headers.get('content-type'); }), null`,
    );
    await until(browser, "window.picture === 'image/png'");
  });
}
