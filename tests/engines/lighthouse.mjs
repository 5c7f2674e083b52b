// Lighthouse 12 on a phone (slow 4G and a processor four times slower, both simulated) for one page of each kind. Accessibility, best practices and
// SEO must be whole; performance depends on what else the machine does, so it is written down and not judged: run it on an idle one.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import lighthouse from 'lighthouse';
import { PredefinedNetworkConditions } from 'puppeteer-core';
import { BASE, chromium } from './puppeteer.mjs';
import { toResult } from './journey.mjs';

const WHOLE = ['accessibility', 'best-practices', 'seo'];
/** Audits that ask for what only an installed site has. */
const INSTALLED = {
  onlyCategories: ['performance', ...WHOLE],
  skipAudits: ['is-on-https', 'redirects-http'],
};
/** Results are their owner's: robots are told to stay away. */
const PRIVATE = ['is-crawlable'];
const TIMES = {
  'first-contentful-paint': 'first contentful paint',
  'largest-contentful-paint': 'largest contentful paint',
  'total-blocking-time': 'total blocking time',
  'cumulative-layout-shift': 'layout shift',
  'total-byte-weight': 'bytes',
};
const rows = [];

let passed = 0;
let failed = 0;
const judge = (right, what) => {
  if (right) passed += 1;
  else failed += 1;
  if (!right) console.log(`FAILED ${what}`);
};

async function pages() {
  const browser = await chromium.launch(BASE);
  await toResult(browser, (_, work) => work());
  const result = new URL(await browser.url()).pathname;
  await browser.close();
  const { popular } = await (await fetch(`${BASE}/api/v1/home`)).json();
  const [who] = popular;
  return [
    ['home', '/'],
    ['test', '/test'],
    ['result', result, PRIVATE],
    ['character', `/c/${who.id}`],
    ['film', `/m/${who.movie.id}`],
    ['type', '/t/INFP'],
  ];
}

const score = (category) => Math.round(100 * category.score);

function complaints(lhr, name) {
  return lhr.categories[name].auditRefs
    .map((ref) => lhr.audits[ref.id])
    .filter((audit) => audit.score !== null && audit.score < 1 && audit.scoreDisplayMode !== 'informative')
    .map(
      (audit) =>
        `${audit.id}: ${audit.title} ${JSON.stringify(audit.details?.items?.slice(0, 2) ?? '').slice(0, 400)}`,
    );
}

async function look(port, [name, path, skip = []]) {
  const config = {
    extends: 'lighthouse:default',
    settings: { ...INSTALLED, skipAudits: [...INSTALLED.skipAudits, ...skip], maxWaitForLoad: 600000 },
  };
  const { lhr } = await lighthouse(BASE + path, { port, logLevel: 'error' }, config);
  for (const category of WHOLE)
    judge(
      lhr.categories[category].score === 1,
      `${name}: ${category} ${score(lhr.categories[category])}\n  ${complaints(lhr, category).join('\n  ')}`,
    );
  const times = Object.keys(TIMES).map((id) => lhr.audits[id].displayValue.replace('Total size was ', ''));
  rows.push([name, score(lhr.categories.performance), ...times]);
}

const list = await pages();
for (const page of list) {
  // A new profile each: what one page left in the cache must not help the next.
  const { browser, port } = await chromium.bare();
  try {
    await look(port, page);
  } catch (error) {
    judge(false, `${page[0]}: ${error.message}`);
  }
  await browser.close();
}

/** Seconds on slow 3G (50 KB and half a round trip a second, as the browser's own tools have it) until the test's first question is there, and until
 * scripts take its answer; with an empty cache. */
async function slowly(path) {
  const { browser } = await chromium.bare();
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 390, height: 844, isMobile: true });
    await page.emulateNetworkConditions(PredefinedNetworkConditions['Slow 3G']);
    const begun = performance.now();
    const since = () => ((performance.now() - begun) / 1000).toFixed(1);
    const opened = page.goto(BASE + path, { timeout: 0, waitUntil: 'load' });
    const seen = page
      .waitForFunction(() => document.querySelector('main h1')?.getClientRects().length > 0, { timeout: 0 })
      .then(since);
    const taken = page
      .waitForFunction(
        () => document.querySelector('.option input') && !document.querySelector('[data-static]'),
        { timeout: 0 },
      )
      .then(since);
    const times = [await seen, await taken];
    await opened;
    return times;
  } finally {
    await browser.close();
  }
}

const slow = await slowly('/test');
const line = (cells) => `| ${cells.join(' | ')} |`;
const heads = ['page', 'performance', ...Object.values(TIMES)];
const results = join(import.meta.dirname, 'results');
mkdirSync(results, { recursive: true });
writeFileSync(
  join(results, 'lighthouse.md'),
  [
    '# Lighthouse',
    '',
    '`make engines` wrote this: one page of each kind on a phone, with slow 4G and a processor four times slower, both simulated.',
    '',
    line(heads),
    line(heads.map(() => '---')),
    ...rows.map(line),
    '',
    '# Slow 3G',
    '',
    `The test, opened with an empty cache: its first question is there after ${slow[0]} s, and can be answered after ${slow[1]} s (5 s asked for).`,
    '',
  ].join('\n'),
);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
