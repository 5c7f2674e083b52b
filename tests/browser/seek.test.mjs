// The search over everything: from the header of every page, by keyboard, on a phone, without scripts.
import assert from 'node:assert/strict';
import { api, axe, BASE, check, go, pages, settled, until, visitor } from './lib.mjs';

const option = (page, n) => page.locator('.seek-list [role="option"]').nth(n);
const path = (page) => decodeURIComponent(page.url().slice(BASE.length));

check('the header suggests characters, films and types, and is used by keyboard alone', async () => {
  const { page, problems } = await visitor({ width: 1440, height: 900 });
  const who = (await api('home')).popular[0];
  await go(page, '/about');
  const field = page.getByRole('combobox');
  await page.locator('#seek-q').focus();
  await field.waitFor();
  await page.keyboard.insertText('INFP');
  await option(page, 0).filter({ hasText: 'INFP' }).waitFor();
  assert.equal(await field.getAttribute('aria-expanded'), 'true');
  await page.keyboard.press('ArrowDown');
  assert.equal(await field.getAttribute('aria-activedescendant'), await option(page, 0).getAttribute('id'));
  assert.equal(await option(page, 0).getAttribute('aria-selected'), 'true');
  await axe(page, 'with suggestions');
  await page.keyboard.press('ArrowUp');
  assert.equal(await field.getAttribute('aria-activedescendant'), null, 'back in the field');
  await page.keyboard.press('Escape');
  await option(page, 0).waitFor({ state: 'hidden' });
  assert.equal(await field.getAttribute('aria-expanded'), 'false');
  await field.fill(who.name.ko);
  await option(page, 0).filter({ hasText: who.name.ko }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await until(() => path(page) === `/c/${who.id}`, 'the page of who was chosen');
  await settled(page);
  await page.locator('#seek-q').fill(who.movie.title.ko);
  await page.keyboard.press('Enter');
  await until(() => path(page) === `/search?q=${who.movie.title.ko}`, 'all that is found');
  await page.locator(`.wall a[href="/m/${who.movie.id}"]`).waitFor();
  await page.goBack();
  await until(() => path(page) === `/c/${who.id}`, 'the way back');
  assert.deepEqual(problems, []);
});

check('an older answer never takes the place of a newer one', async () => {
  const { page } = await visitor({ width: 1440, height: 900 });
  await go(page, '/about');
  let let_go;
  const held = new Promise((resolve) => {
    let_go = resolve;
  });
  await page.route('**/api/v1/search?q=INFP&*', async (route) => {
    await held;
    await route.continue();
  });
  await page.locator('#seek-q').focus();
  await page.getByRole('combobox').waitFor();
  const older = page.waitForRequest('**/api/v1/search?q=INFP&*');
  await page.keyboard.insertText('INFP');
  await older;
  await page.locator('#seek-q').fill('ESTJ');
  await option(page, 0).filter({ hasText: 'ESTJ' }).waitFor();
  const late = page.waitForResponse('**/api/v1/search?q=INFP&*');
  let_go();
  await (await late).finished();
  await page.evaluate(() => new Promise(requestAnimationFrame));
  assert.match(await option(page, 0).innerText(), /ESTJ/);
});

for (const lang of ['ko', 'en'])
  check(`on a phone the search is one tap away, and the header one row on every page (${lang})`, async () => {
    const { page, problems } = await visitor({ lang });
    for (const width of [320, 390]) {
      await page.setViewportSize({ width, height: 844 });
      for (const address of (await pages()).filter((a) => a !== '/nowhere')) {
        await go(page, address);
        const row = await page.evaluate(() => {
          const tops = [...document.querySelectorAll('.top a')].map((a) => a.getBoundingClientRect());
          return {
            apart: Math.max(...tops.map((r) => r.top)) - Math.min(...tops.map((r) => r.bottom)),
            wide: document.documentElement.scrollWidth - innerWidth,
          };
        });
        assert.ok(row.apart < 0 && row.wide <= 0, `${address} at ${width} px: ${JSON.stringify(row)}`);
      }
    }
    await go(page, '/');
    await page.locator('.seek-link').click();
    await until(() => new URL(page.url()).pathname.endsWith('/search'), 'the page of the search');
    const field = page.locator('#search-q');
    await field.fill(lang === 'ko' ? '기생충' : 'parasite');
    await page.keyboard.press('Enter');
    await page.locator('#found-movies').waitFor();
    await settled(page);
    await axe(page, 'what is found');
    assert.deepEqual(problems, []);
  });

check('without scripts a form finds the same', async () => {
  const { page } = await visitor({ width: 1440, height: 900, javaScriptEnabled: false });
  const { page: drawn } = await visitor({ width: 1440, height: 900 });
  await page.goto(`${BASE}/about`);
  await page.locator('#seek-q').fill('INFP');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${BASE}/search?q=INFP`);
  await go(drawn, '/search?q=INFP');
  const links = (p) => p.locator('main a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  const plain = await links(page);
  assert.ok(plain.includes('/t/INFP'));
  assert.deepEqual(plain, await links(drawn));
  await page.goto(`${BASE}/en/search`);
  await page.locator('#search-q').fill('4w5');
  await page.keyboard.press('Enter');
  await page.locator('main a[href="/en/e/4w5"]').click();
  await page.waitForURL(`${BASE}/en/e/4w5`);
});
