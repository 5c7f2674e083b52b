// Byte budgets: what a first visit transfers.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { BASE, check, result, settled, visitor } from './lib.mjs';

async function transfer(path, options) {
  const { page, context } = await visitor({ consent: null, ...options });
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  const urls = new Map();
  let total = 0;
  const parts = {};
  let scripts = 0;
  cdp.on('Network.responseReceived', (e) => {
    const path = new URL(e.response.url).pathname;
    urls.set(e.requestId, path);
    // Bodies alone: how long the server's headers are is counted in the total.
    if (path.endsWith('.js'))
      scripts += Number(e.response.headers['content-length'] ?? e.response.headers['Content-Length'] ?? 0);
  });
  cdp.on('Network.loadingFinished', (e) => {
    const url = urls.get(e.requestId) ?? '';
    const kind = /\.(\w+)$/.exec(url)?.[1] ?? (url.startsWith('/api/') ? 'json' : 'html');
    parts[kind] = (parts[kind] ?? 0) + e.encodedDataLength;
    total += e.encodedDataLength;
  });
  await page.goto(BASE + path);
  await settled(page);
  await page.evaluate(() => document.fonts.ready);
  await page.waitForLoadState('networkidle');
  return { total, parts, scripts };
}

for (const [lang, width] of [
  ['ko', 390],
  ['ko', 1440],
  ['en', 390],
]) {
  check(`the landing page weighs at most 125 KB (${lang}, ${width} px)`, async () => {
    const { total, parts, scripts } = await transfer('/', { lang, width, height: 900 });
    if (process.env.VERBOSE)
      console.log(`  ${total} bytes ${JSON.stringify(parts)} scripts alone ${scripts}`);
    assert.ok(total <= 125000, `${total} bytes: ${JSON.stringify(parts)}`);
    assert.ok(scripts > 0 && scripts <= 30000, `scripts ${scripts}`);
  });
}

check('a shared result weighs at most 350 KB', async () => {
  const { total, parts } = await transfer(await result(), {});
  if (process.env.VERBOSE) console.log(`  ${total} bytes ${JSON.stringify(parts)}`);
  assert.ok(total <= 350 * 1024, `${total} bytes: ${JSON.stringify(parts)}`);
});

check('every word of the interface is in one of the two fonts of its words', async () => {
  const read = (path) => readFileSync(new URL(`../../www/${path}`, import.meta.url), 'utf8');
  const slices = read('fonts/names.css').split('\n');
  const letters = (some) =>
    new Set(
      [...some.join().matchAll(/U\+([0-9A-F]+)/g)].map((m) =>
        String.fromCodePoint(Number.parseInt(m[1], 16)),
      ),
    );
  const missing = (words, later) => [...new Set(words)].filter((c) => later.has(c) && c >= '가' && c <= '힣');
  const later = letters(slices);
  const names = letters(slices.filter((s) => !s.includes("'words.woff2'")));
  assert.ok(names.size > 1000 && later.size > names.size);
  const first = read('js/i18n/ko.site.js') + read('js/i18n/en.site.js');
  assert.deepEqual(missing(first, later), [], 'ui.woff2 lacks these: run www/fonts/build.sh');
  const others = read('js/i18n/ko.result.js') + read('js/i18n/ko.js');
  assert.deepEqual(missing(others, names), [], 'words.woff2 lacks these: run www/fonts/build.sh');
});

check('files with a hash may be kept for ever', async () => {
  const html = await (await fetch(`${BASE}/`)).text();
  const files = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map((m) => m[1]);
  assert.ok(files.length >= 5);
  for (const f of files) {
    const reply = await fetch(BASE + f);
    assert.equal(reply.status, 200, f);
    assert.match(reply.headers.get('cache-control') ?? '', /max-age=31536000.*immutable/, f);
  }
});
