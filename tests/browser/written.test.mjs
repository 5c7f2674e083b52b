// Pages as workers write them: read without scripts, taken over by scripts without a jump, and kept where the API is away.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { BASE, api, axe, begun, check, counts, join, result, says, seen, settled, visitor } from './lib.mjs';

const who = (await api('home')).popular[0];
// Those without a parameter are what the document has in both languages.
const { paths } = JSON.parse(fs.readFileSync(new URL('../../www/openapi.json', import.meta.url), 'utf8'));
const PLAIN = Object.keys(paths).filter(
  (path) =>
    /^\/[a-z]+$/.test(path) && `/en${path}` in paths && !paths[path].get.summary.includes('scripts draw it'),
);
assert.ok(PLAIN.includes('/about'));
const PATHS = [
  '/',
  ...PLAIN,
  '/t/INFP',
  '/t/INFP/4w5',
  '/t/ESTJ/4w5',
  '/e/4w5',
  `/c/${who.id}`,
  `/m/${who.movie.id}`,
];
const inBoth = (paths) => paths.flatMap((path) => [path, `/en${path === '/' ? '' : path}`]);
const BOTH = inBoth(PATHS);

/** Somebody whose browser does not say that it has no screen, which robots say: they get no more of a circle than its head. */
const PERSON = { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
const STILL = { ...PERSON, javaScriptEnabled: false };

/** Results and circles, which somebody has to make first: one, one of three, and one of a member who is alone. */
let made = null;
async function make() {
  const { path } = await begun();
  for (const name of ['J', 'K']) await join(path, name);
  const alone = await begun();
  return inBoth([await result(), path, alone.path]);
}
const shared = () => {
  made ??= make();
  return made;
};
const all = async () => [...BOTH, ...(await shared())];
const allIn = async (lang) => (await all()).filter((path) => /^\/en(?:\/|$)/.test(path) === (lang === 'en'));

check('without scripts every page that has a text shows it', async () => {
  const paths = await all();
  const { page } = await visitor(STILL);
  for (const path of paths) {
    await page.goto(BASE + path);
    const text = await seen(page);
    assert.ok(text.length > 180, `${path}: ${text.length} characters`);
    await counts(page.locator('h1'), 1, path);
    const links = path.endsWith('about') ? 0 : /\/w\//.test(path) ? 1 : path.endsWith('test') ? 2 : 3;
    assert.ok((await page.locator('main a[href]').count()) >= links, path);
    await counts(page.locator('noscript'), 0, path);
    await page.locator('a.lang').click();
    const there = new URL(page.url()).pathname;
    assert.equal(there.replace(/^\/en(?=\/|$)/, '') || '/', path.replace(/^\/en(?=\/|$)/, '') || '/', path);
    assert.notEqual(there, path);
  }
});

for (const lang of ['ko', 'en']) {
  check(`what was written has the words that scripts draw, once (${lang})`, async () => {
    const { page: still } = await visitor(STILL);
    for (const path of await allIn(lang)) {
      const { page, context, problems } = await visitor(PERSON);
      await still.goto(BASE + path);
      await page.goto(BASE + path);
      await settled(page);
      await counts(page.locator('main'), 1, path);
      await counts(page.locator('h1'), 1, path);
      assert.equal(await page.evaluate(() => document.documentElement.lang), lang, path);
      const drawn = await seen(page);
      for (const line of (await seen(still)).split('\n').filter((l) => l.trim()))
        assert.ok(drawn.includes(line.trim()) || path === '/' || path === '/en', `${path}: ${line}`);
      assert.deepEqual(problems, [], path);
      await context.close();
    }
  });

  for (const width of [390, 1440])
    check(`nothing moves when scripts take over (${lang}, ${width})`, async () => {
      for (const path of await allIn(lang)) {
        const { page, context } = await visitor({ ...PERSON, width });
        await page.addInitScript(() => {
          window.moved = 0;
          new PerformanceObserver((list) => {
            for (const e of list.getEntries()) if (!e.hadRecentInput) window.moved += e.value;
          }).observe({ type: 'layout-shift', buffered: true });
        });
        await page.goto(BASE + path);
        await settled(page);
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
        const moved = await page.evaluate(() => window.moved);
        assert.ok(moved <= 0.05, `${path} at ${width}: ${moved}`);
        await context.close();
      }
    });
}

check('with the API away the page stays, and its links lead on', async () => {
  const { page } = await visitor();
  let asked = 0;
  await page.route('**/api/v1/**', (route) => {
    asked += 1;
    return route.abort();
  });
  await page.goto(`${BASE}/c/${who.id}`);
  await page.waitForFunction(() => document.readyState === 'complete');
  await page.waitForLoadState('networkidle');
  assert.ok(asked > 0);
  assert.ok((await seen(page)).includes(who.name.ko));
  await page.locator(`main a[href="/m/${who.movie.id}"]`).first().click();
  await page.waitForURL(`${BASE}/m/${who.movie.id}`);
  assert.ok((await seen(page)).includes(who.movie.title.ko));
});

check('the focus and the place stay when scripts take over', async () => {
  const { page } = await visitor();
  let go;
  const gate = new Promise((open) => {
    go = open;
  });
  await page.route('**/api/v1/characters/*', async (route) => {
    await gate;
    await route.continue();
  });
  await page.goto(`${BASE}/c/${who.id}`);
  const link = `.who-type a[href="/t/${who.mbti}"]`;
  await page.focus(link);
  await page.evaluate(() => scrollTo(0, 200));
  go();
  await settled(page);
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), `/t/${who.mbti}`);
  assert.equal(await page.evaluate(() => scrollY), 200);
});

check('who chose English keeps it, and an address says its language', async () => {
  const { page } = await visitor();
  await page.goto(`${BASE}/en/t/INFP`);
  await settled(page);
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
  await counts(page.locator('main a[href^="/t/"], main a[href^="/c/"]'), 0, 'links stay in English');
  await page.goto(`${BASE}/t/INFP`);
  await settled(page);
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'ko');
  await page.locator('a.lang').click();
  await page.waitForURL(`${BASE}/en/t/INFP`);
  await page.goto(`${BASE}/t/ENFP`);
  await settled(page);
  assert.equal(new URL(page.url()).pathname, '/en/t/ENFP');
  await page.locator('a.lang').click();
  await page.waitForURL(`${BASE}/t/ENFP`);
  await page.goto(`${BASE}/t/INTJ`);
  await settled(page);
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'ko');
  await page.goBack();
});

check('a ranking by days stays where it is, in the address and on the way back', async () => {
  const { page, problems } = await visitor();
  await page.goto(`${BASE}/t/INFP`);
  await settled(page);
  const spot = () => page.locator('.spans').evaluate((e) => Math.round(e.getBoundingClientRect().top));
  await page.locator('.spans').scrollIntoViewIfNeeded();
  await page.evaluate(() => scrollBy(0, 100));
  const isKept = () => page.waitForFunction(() => history.state?.y === scrollY);
  await isKept();
  const before = await spot();
  await page.locator('.spans a', { hasText: '7일' }).click();
  await page.waitForSelector('.spans a[aria-current="true"][href="/t/INFP?days=7"]');
  assert.equal(new URL(page.url()).search, '?days=7');
  assert.equal(await spot(), before, 'the list changes, the place does not');
  await isKept(); // without a scroll: a reload stays here too
  const y = await page.evaluate(() => history.state.y);
  await page.locator('a.ranked').nth(1).click();
  await page.waitForSelector('.who');
  await page.goBack();
  await page.waitForSelector('.spans a[aria-current="true"][href="/t/INFP?days=7"]');
  await page.waitForFunction((at) => Math.abs(scrollY - at) < 2, y);
  await page.goBack();
  await page.waitForSelector('.spans a[aria-current="true"][href="/t/INFP"]');
  assert.equal(new URL(page.url()).search, '');
  await page.goto(`${BASE}/en/t/INFP?days=30`);
  await settled(page);
  await says(page.locator('.spans a[aria-current="true"]'), '30 days');
  assert.deepEqual(problems, []);
});

check('an error is reported from the page of a character and of a film', async () => {
  for (const path of [`/c/${who.id}`, `/en/m/${who.movie.id}`]) {
    const { page, problems } = await visitor();
    await page.goto(BASE + path);
    await settled(page);
    await page.locator('.report button').click();
    await axe(page, `${path} with the form`);
    await page.locator('.report-form label', { hasText: path.startsWith('/en') ? 'link' : '그림' }).click();
    await page.fill('.report-form textarea', '테스트');
    const sent = page.waitForResponse((r) => r.url().endsWith('/api/v1/reports'));
    await page.locator('.report-form .button').click();
    assert.equal((await sent).status(), 204);
    await page.waitForSelector('.report-form', { state: 'detached' });
    assert.deepEqual(problems, [], path);
  }
});

check('the head of a page changes with its language and its address', async () => {
  const { page } = await visitor();
  const head = () =>
    page.evaluate(() => ({
      canonical: [...document.querySelectorAll('link[rel="canonical"]')].map((l) => new URL(l.href).pathname),
      languages: [...document.querySelectorAll('link[hreflang]')].map(
        (l) => `${l.hreflang} ${new URL(l.href).pathname}`,
      ),
      locale: document.querySelector('meta[property="og:locale"]')?.content,
      facts: [...document.querySelectorAll('script[type="application/ld+json"]')].map((s) => s.textContent),
      description: document.querySelector('meta[name="description"]')?.content,
    }));
  await page.goto(`${BASE}/t/INFP`);
  await settled(page);
  const korean = await head();
  assert.deepEqual(korean.canonical, ['/t/INFP']);
  await page.locator('a.lang').click();
  await page.waitForFunction(() => document.querySelector('meta[property="og:locale"]')?.content === 'en_US');
  const english = await head();
  assert.deepEqual(english.canonical, ['/en/t/INFP']);
  assert.deepEqual(english.languages, korean.languages);
  assert.equal(english.facts.length, 1);
  assert.ok(english.facts[0].includes('/en/t/INFP') && !korean.facts[0].includes('/en/'));
  assert.notEqual(english.description, korean.description);
  await page.locator('a.ranked').first().click();
  await page.waitForFunction(
    () =>
      new URL(document.querySelector('link[rel="canonical"]').href).pathname === location.pathname &&
      location.pathname.startsWith('/en/c/'),
  );
  const other = await head();
  assert.equal(other.canonical.length, 1);
  assert.deepEqual(other.languages, [
    `ko ${other.canonical[0].slice(3)}`,
    `en ${other.canonical[0]}`,
    `x-default ${other.canonical[0].slice(3)}`,
  ]);
  assert.deepEqual(other.facts, [], 'nothing is told of the page before');
});

check('written pages are accessible', async () => {
  const paths = await all();
  for (const [scheme, width] of [
    ['light', 390],
    ['dark', 1440],
  ]) {
    const { page } = await visitor({ ...PERSON, scheme, width });
    await page.route('**/js/main.js', (route) => route.abort());
    for (const path of paths) {
      await page.goto(BASE + path);
      await axe(page, `${path} ${scheme}`);
    }
  }
});
