// Signing in at the provider of the test stack, and all that an account has: votes, browsers, ways in, the file, the end.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  BASE,
  api,
  axe,
  carries,
  check,
  counts,
  go,
  says,
  settled,
  takeTest,
  until,
  visitor,
} from './lib.mjs';
import { as, offered, signIn, sql, STACK } from './stack.mjs';

const mine = (page, path) => page.evaluate((p) => fetch(`/api/v1/${p}`).then((r) => r.json()), path);
const said = (page, text) =>
  page.waitForFunction((t) => document.querySelector('.toast')?.textContent.includes(t), text);

const person = async (name, options) => {
  const one = await visitor(options);
  await signIn(one.page, name);
  return one;
};

for (const [lang, width] of [
  ['ko', 390],
  ['en', 1440],
]) {
  check(`a test taken as a guest is there after signing in, and elsewhere too (${lang})`, async () => {
    if (!(await offered('dev'))) return;
    const { page, problems } = await visitor({ lang, width });
    await takeTest(page, 'ENTP');
    await signIn(page, `browser-${lang}`);
    await says(page.locator('section[aria-labelledby="newest"]').first(), /ENTP/);
    for (const part of ['ways', 'sessions', 'votes', 'data']) await counts(page.locator(`#${part}`), 1, part);
    await axe(page, page.url());
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    const elsewhere = await person(`browser-${lang}`, { lang });
    await says(elsewhere.page.locator('section[aria-labelledby="newest"]').first(), /ENTP/);
    assert.deepEqual(problems, []);
  });
}

check('saying no at the provider leads back with a word, and to another try', async () => {
  if (!(await offered('dev'))) return;
  const { page } = await visitor();
  await go(page, '/login?return=/me');
  await page.click('.login-button.dev');
  await as(page, 'nobody', 'cancel');
  await page.waitForSelector('main a[href="/login"]');
  await carries(page.locator('meta[name="mvti-login"]'), 'content', 'denied');
  assert.equal((await mine(page, 'me')).signed_in, false);
});

check('a vote from the page of a character: cast, changed, listed, taken back', async () => {
  if (!(await offered('dev'))) return;
  const { id } = (await api('home')).popular[3];
  const { page, problems } = await visitor();
  await go(page, `/c/${id}`);
  await page.click(`.vote a[href="/login?return=/c/${id}"]`);
  await page.waitForSelector('.login-button.dev');
  await page.click('.login-button.dev');
  await as(page, 'browser-voter');
  await page.waitForURL(`${BASE}/c/${id}`);
  await page.waitForSelector('.vote-form');
  const press = async (status) => {
    const done = page.waitForResponse((r) => r.url().endsWith('/vote') && r.status() === status);
    await page.click('.vote-form .button');
    await done;
  };
  await page.locator('.vote-types label', { hasText: 'INTJ' }).click();
  await page.selectOption('.vote-form select', '5w6');
  await press(200);
  await page.waitForSelector('.vote .bars');
  await says(page.locator('.vote').first(), /INTJ/);
  await says(page.locator('.vote').first(), /잠정 유형이에요.*1표/s, 'one vote decides nothing');
  await says(page.locator('.vote .bars').first(), /100% · 1표/);
  await page.locator('.vote-types label', { hasText: 'ESFP' }).click();
  await press(200);
  await go(page, `/c/${id}`);
  await page.waitForSelector('.vote-form');
  await carries(page.locator('.vote-types input:checked'), 'value', 'ESFP');
  await go(page, '/me');
  await says(page.locator('section[aria-labelledby="votes"]').first(), /ESFP/);
  await go(page, `/c/${id}`);
  await page.click('.vote-form .text-button');
  await page.waitForFunction(() => !document.querySelector('.vote .bars'));
  assert.deepEqual((await mine(page, 'me/votes')).items, []);
  assert.deepEqual(problems, []);
});

check('another browser is signed out from here, then all of them', async () => {
  if (!(await offered('dev'))) return;
  const here = await person('browser-two');
  const there = await person('browser-two');
  await go(here.page, '/me');
  const rows = here.page.locator('section[aria-labelledby="sessions"] li');
  await counts(rows, 2);
  await rows.locator('button').click();
  await here.page.waitForFunction(
    () => document.querySelectorAll('section[aria-labelledby="sessions"] li').length === 1,
  );
  assert.equal((await mine(there.page, 'me')).signed_in, false);
  const again = await person('browser-two');
  await go(here.page, '/me');
  await here.page.locator('section[aria-labelledby="sessions"] .actions .text-button').click();
  await here.page.waitForSelector('main a[href="/login?return=/me"]');
  for (const { page } of [here, again]) assert.equal((await mine(page, 'me')).signed_in, false);
});

check('a second way in is joined and taken away; the last one stays', async () => {
  if (!(await offered('dev')) || !(await offered('kakao'))) return;
  const { page } = await person('browser-ways');
  await counts(page.locator('section[aria-labelledby="ways"] li button'), 0);
  await page.click('section[aria-labelledby="ways"] a[href^="/auth/kakao"]');
  await as(page, 'browser-ways-kakao');
  await page.waitForURL(`${BASE}/me`);
  await settled(page);
  const rows = page.locator('section[aria-labelledby="ways"] li');
  await counts(rows, 2);
  await rows.nth(1).locator('button').click();
  await page.waitForFunction(
    () => document.querySelectorAll('section[aria-labelledby="ways"] li').length === 1,
  );
  await counts(rows.locator('button'), 0);
});

check('everything as a file', async () => {
  if (!(await offered('dev'))) return;
  const { page } = await person('browser-file');
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('a[download]')]);
  assert.equal(file.suggestedFilename(), 'mvti-export.json');
  const all = JSON.parse(readFileSync(await file.path(), 'utf8'));
  assert.equal(all.account.identities[0].subject, 'browser-file');
});

check('deleting the account asks twice, wants a login of today, and leaves a guest', async () => {
  if (!(await offered('dev')) || !STACK) return;
  const { page } = await person('browser-end', { lang: 'en' });
  const old = sql("SELECT visitor_id FROM identity WHERE subject = 'browser-end'");
  sql(`UPDATE session SET signed_in_at = signed_in_at - INTERVAL 11 MINUTE WHERE visitor_id = ${old}`);
  await go(page, '/me');
  await page.click('#erase');
  await page.waitForSelector('#again');
  assert.equal((await mine(page, 'me')).signed_in, true);
  await page.click('a[href="/auth/dev?return=/en/me"]');
  await page.waitForSelector('#erase, form input[name="name"]');
  if (await page.locator('form input[name="name"]').count()) await as(page, 'browser-end');
  await page.waitForURL(`${BASE}/en/me`);
  await settled(page);
  await page.click('#erase');
  await page.click('.danger .button.quiet');
  assert.equal((await mine(page, 'me')).signed_in, true, 'thought better of it');
  await page.click('#erase');
  await page.click('.danger .button.bad');
  await said(page, 'deleted');
  await page.waitForSelector('main a[href="/en/login?return=/en/me"]');
  assert.equal((await mine(page, 'me')).signed_in, false);
  assert.equal(sql(`SELECT COUNT(*) FROM visitor WHERE visitor_id = ${old}`), '0');
});

/** Writes as the page does, with the token of its session. */
const write = (page, method, path, body) =>
  page.evaluate(
    async ([m, p, b]) => {
      const token = (await fetch('/api/v1/me')).headers.get('X-CSRF-Token');
      const reply = await fetch(`/api/v1/${p}`, {
        method: m,
        headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token },
        body: JSON.stringify(b),
      });
      if (!reply.ok) throw new Error(`${m} ${p}: ${reply.status} ${await reply.text()}`);
    },
    [method, path, body],
  );

check(
  "long lists of one's own come in pages: each thing once, and the keyboard goes on at the first new one",
  async () => {
    if (!(await offered('dev'))) return;
    const { page, problems } = await person(`browser-lists-${crypto.randomUUID()}`);
    const { popular } = await api('home');
    const movies = [...new Set(popular.map((c) => c.movie.id))].slice(0, 3);
    for (const c of popular.slice(0, 5)) {
      await write(page, 'POST', 'tests', { mbti: c.mbti, enneagram: '4w5', movies });
      await write(page, 'PUT', `characters/${c.id}/like`, {});
      await write(page, 'PUT', `characters/${c.id}/vote`, { mbti: c.mbti });
    }
    // Two at a time, where the pages ask for as many as there may be.
    for (const list of ['tests', 'likes', 'votes']) {
      await page.route(new RegExp(`/api/v1/me/${list}(\\?|$)`), (route) => {
        const url = new URL(route.request().url());
        if (route.request().method() === 'GET') url.searchParams.set('limit', 2);
        return route.continue({ url: url.href });
      });
    }
    for (const [path, label, item] of [
      ['/me', 'history', 'li'],
      ['/me', 'votes', 'li'],
      ['/liked', 'mytests', 'li'],
      ['/liked', 'hearts', '.faces > *'],
    ]) {
      await go(page, path);
      const section = page.locator(`section[aria-labelledby="${label}"]`);
      const shown = () => section.locator(item).count();
      assert.equal(await shown(), 2, label);
      const more = section.locator('.more-row button');
      await more.press('Enter');
      await until(async () => (await shown()) === 4, `four of ${label}`);
      await counts(more, 1, label);
      await more.press('Enter');
      await until(async () => (await shown()) === 5, `five of ${label}`);
      await until(async () => (await more.count()) === 0, `the end of ${label}`);
      const links = await section.locator(`${item} a`).evaluateAll((all) => all.map((a) => a.href));
      assert.equal(new Set(links).size, 5, label);
      await until(
        () => page.evaluate((last) => document.activeElement.href === last, links.at(-1)),
        `the focus in ${label}`,
      );
    }
    assert.deepEqual(problems, []);
    // One that does not come is said, and asked for again.
    const lost = /\/api\/v1\/me\/votes\?.*cursor/;
    await page.route(lost, (route) => route.abort());
    await go(page, '/me');
    const section = page.locator('section[aria-labelledby="votes"]');
    await section.locator('.more-row button').click();
    await page.waitForSelector('.toast');
    await counts(section.locator('li'), 2);
    await page.unroute(lost);
    await section.locator('.more-row button').click();
    await until(async () => (await section.locator('li').count()) === 4, 'four votes');
  },
);

check('the language of an account is that of the next device, where none was chosen', async () => {
  if (!(await offered('dev'))) return;
  const name = `browser-lang-${Date.now()}`;
  const first = await person(name);
  const kept = first.page.waitForResponse((r) => r.url().endsWith('/me/profile') && r.ok());
  await first.page.locator('.profile button[lang=en]').click();
  assert.equal((await (await kept).json()).locale, 'en');
  assert.match(first.page.url(), /\/en\/me$/);
  const second = await visitor();
  await signIn(second.page, name);
  await second.page.waitForURL(/\/en\/me$/);
  await second.page.waitForFunction(() => document.documentElement.lang === 'en');
  const third = await visitor();
  await third.context.addInitScript(() => localStorage.setItem('mvti.lang', '"ko"'));
  await signIn(third.page, name);
  assert.equal(new URL(third.page.url()).pathname, '/me');
});
