// The work of a new visitor's browser: SHA-256 in script is SHA-256, a proof is one, and the page makes it once.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { hash32, prove } from '../../www/js/proof.js';
import { BASE, carries, check, go, result, settled, until, visitor } from './lib.mjs';

const digest = (text) => createHash('sha256').update(text).digest();

check('the hash of a page is SHA-256', () => {
  for (let n = 0; n <= 55; n += 1) {
    const text = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_'.slice(0, n);
    assert.equal(hash32(text), digest(text).readUInt32BE(0), text);
  }
});

check('a proof begins with zeros in each part', async () => {
  for (const bits of [0, 1, 7, 11]) {
    const mac = digest(`${bits}`).toString('base64url');
    const challenge = `${bits}.1795968000.abcdefghijklmnopqrstuv.${mac}`;
    const proof = await prove(challenge);
    assert.ok(proof.startsWith(`${challenge}.`));
    const numbers = proof.slice(challenge.length + 1).split('.');
    assert.equal(numbers.length, 8);
    for (const [i, n] of numbers.entries())
      assert.ok(digest(`${mac}:${i}:${n}`).readUInt32BE(0) < 2 ** (32 - bits), `${bits} ${i}`);
  }
});

check('two first writes at once make one guest', async () => {
  const path = await result();
  const { page, problems } = await visitor();
  await go(page, path);
  await page.locator('#same .heart').nth(2).waitFor();
  const sent = [];
  page.on('request', (r) => r.method() === 'PUT' && sent.push(r.headers()['x-guest-proof'] ?? ''));
  await page.evaluate(() => {
    for (const heart of [...document.querySelectorAll('#same .heart')].slice(0, 3)) heart.click();
  });
  const mine = () =>
    page.evaluate(
      async () => (await (await fetch('/api/v1/me/likes', { cache: 'no-store' })).json()).items.length,
    );
  await until(async () => sent.length >= 3 && (await mine()) >= 3, 'three hearts');
  const liked = await mine();
  assert.equal(liked, 3, 'all of them are of the one');
  assert.deepEqual(sent.map(Boolean), [true, false, false], 'and one of them carried the work');
  assert.deepEqual(problems, []);
});

const liked = (page) =>
  page.evaluate(async () =>
    (await (await fetch('/api/v1/me/likes', { cache: 'no-store' })).json()).items.map((c) => c.id),
  );
const waiting = (page) =>
  page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith('mvti.heart.')));
const popular = async () => (await (await fetch(`${BASE}/api/v1/home`)).json()).popular[0];

/** A new visitor whose work never ends on this page, and who has tapped the heart of a character. */
async function tapped() {
  const who = await popular();
  const { page, context, problems } = await visitor();
  const writes = [];
  const stored = []; // a browser may ask for its challenge with the first write, and be refused with it
  context.on('request', (r) => r.url().endsWith('/like') && writes.push(r.method()));
  context.on('response', (r) => r.url().endsWith('/like') && r.ok() && stored.push(r.request().method()));
  let held = true;
  await context.route('**/proof*.js', (route) => (held ? undefined : route.continue()));
  await go(page, `/c/${who.id}`);
  await page.locator('main .heart').first().click();
  await page.waitForFunction((id) => localStorage.getItem(`mvti.heart.${id}`), who.id);
  return {
    who,
    page,
    context,
    problems,
    writes,
    stored,
    release: () => {
      held = false;
    },
  };
}

check('a heart tapped just before the page is left is sent by the next one, once', async () => {
  const { who, page, problems, writes, stored, release } = await tapped();
  assert.deepEqual(writes, [], 'the work is not done');
  release();
  await page.goto(`${BASE}/about`);
  await settled(page);
  await until(async () => (await waiting(page)).length === 0, 'the heart to be sent');
  assert.deepEqual(await liked(page), [who.id]);
  assert.deepEqual(stored, ['PUT']);
  await go(page, `/c/${who.id}`);
  await carries(page.locator('main .heart').first(), 'aria-pressed', 'true');
  await page.reload();
  await settled(page);
  assert.deepEqual(stored, ['PUT'], 'no page sends it again');
  assert.deepEqual(
    problems.filter((p) => !/ERR_ABORTED|403/.test(p)),
    [],
  );
});

check('a heart tapped twice and left is no heart, and another tab waits for this one', async () => {
  const { page, context, writes, stored, release } = await tapped();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForFunction(() => !document.querySelector('[data-rest]'));
  await page.locator('main .heart').first().click();
  await page.waitForFunction(
    () => document.querySelector('main .heart').getAttribute('aria-pressed') === 'false',
  );
  release();
  const other = await context.newPage();
  await go(other, '/about');
  assert.deepEqual(writes, [], 'the first tab is still at it');
  await page.close();
  await until(async () => (await waiting(other)).length === 0, 'the end of the wish');
  assert.deepEqual(await liked(other), []);
  assert.deepEqual(stored, ['DELETE']);
});

check('a heart that the server refuses is over: the page says so, and no other sends it', async () => {
  const who = await popular();
  const { page, context } = await visitor();
  let writes = 0;
  await context.route('**/like', (route) => {
    writes += 1;
    return route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: '{"status":503,"title":"away"}',
    });
  });
  await go(page, `/c/${who.id}`);
  await page.locator('main .heart').first().click();
  await until(async () => writes === 1 && (await waiting(page)).length === 0, 'the refusal');
  await page.waitForFunction(
    () => document.querySelector('main .heart').getAttribute('aria-pressed') === 'false',
  );
  await go(page, '/about');
  assert.equal(writes, 1);
});
