// The work of a new visitor's browser: SHA-256 in script is SHA-256, a proof is one, and the page makes it once.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { hash32, prove } from '../../www/js/proof.js';
import { check, go, visitor } from './lib.mjs';

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
    numbers.forEach((n, i) => assert.ok(digest(`${mac}:${i}:${n}`).readUInt32BE(0) < 2 ** (32 - bits), `${bits} ${i}`));
  }
});

check('two first writes at once make one guest', async () => {
  const { page, problems } = await visitor();
  await go(page, '/about');
  const base = await page.evaluate(() => document.querySelector('script[type=module]').src.replace(/main\.js$/, ''));
  const sent = [];
  page.on('request', (r) => r.method() === 'PUT' && sent.push(r.headers()['x-guest-proof'] ?? ''));
  const liked = await page.evaluate(async (from) => {
    const { fetchNow, put } = await import(`${from}api.js`);
    const ids = (await fetchNow('home')).popular.slice(0, 3).map((c) => c.id);
    await Promise.all(ids.map((id) => put(`characters/${id}/like`)));
    return (await fetchNow('me/likes')).items.length;
  }, base);
  assert.equal(liked, 3, 'all of them are of the one');
  assert.deepEqual(sent.map(Boolean), [true, false, false], 'and one of them carried the work');
  assert.deepEqual(problems, []);
});
