// Signing in and one's own page, as a guest and as somebody signed in at the provider of the test stack sees them.
import assert from 'node:assert/strict';
import { BASE, api, axe, check, counts, go, says, settled, takeTest, until, visitor } from './lib.mjs';

const offered = async (id) => (await api('me')).providers.some((p) => p.id === id);
const someone = async () => (await api('home')).popular[0];
const button = (page, id) => page.locator(`.login-button.${id}`);

for (const lang of ['ko', 'en']) {
  check(`a guest's own page: no type yet, and the invitation (${lang})`, async () => {
    const { page, problems } = await visitor({ lang });
    await go(page, '/me');
    await says(page.locator('main'), lang === 'ko' ? /아직 로그인하지 않았어요/ : /You are not signed in/);
    const at = lang === 'en' ? '/en' : '';
    await counts(page.locator(`main a[href="${at}/login?return=${at}/me"]`), 1);
    await counts(page.locator(`main a[href="${at}/test"]`), 1);
    await counts(page.locator('#ways, #sessions, #votes'), 0);
    assert.deepEqual(problems, []);
  });

  check(`/login and /me are for everybody: axe, targets, width (${lang})`, async () => {
    for (const width of [390, 1440]) {
      const { page } = await visitor({ lang, width, height: 900 });
      for (const path of ['/login', '/me']) {
        await go(page, path);
        await axe(page, page.url());
        const small = await page.evaluate(() =>
          [...document.querySelectorAll('main a.button, main .login-button, main button')]
            .filter((e) => e.getBoundingClientRect().height < 44)
            .map((e) => e.outerHTML),
        );
        assert.deepEqual(small, [], `${path} ${width}`);
        assert.ok(
          await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
          `${path} ${width}`,
        );
      }
    }
  });
}

check('/login offers what the server has, and comes back only to pages of ours', async () => {
  const { providers } = await api('me');
  const { page } = await visitor();
  for (const [wanted, back] of [
    ['/c/12', '/c/12'],
    ['//evil.example', '/me'],
    ['/\\evil.example', '/me'],
    ['https://evil.example/', '/me'],
    ['', '/me'],
  ]) {
    await go(page, `/login?return=${encodeURIComponent(wanted)}`);
    const hrefs = await page
      .locator('.login-button')
      .evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    assert.deepEqual(
      hrefs,
      providers.map((p) => `/auth/${p.id}?return=${encodeURIComponent(back)}`),
      wanted,
    );
  }
  await says(
    page.locator('main'),
    providers.length ? /이메일은 받지 않아요/ : /연결된 로그인 서비스가 없어요/,
  );
});

check('the buttons wear the colours of their services', async () => {
  const { page } = await visitor();
  await go(page, '/login');
  for (const [id, colour] of [
    ['kakao', 'rgb(254, 229, 0)'],
    ['naver', 'rgb(3, 199, 90)'],
    ['google', 'rgb(255, 255, 255)'],
  ]) {
    if (!(await offered(id))) continue;
    assert.equal(await button(page, id).evaluate((e) => getComputedStyle(e).backgroundColor), colour, id);
  }
});

check('a guest is asked in to vote, and comes back to the character', async () => {
  const { id } = await someone();
  const { page } = await visitor();
  await go(page, `/c/${id}`);
  await page.waitForSelector(`.vote a[href="/login?return=/c/${id}"]`);
});

check('a token of yesterday is replaced and the like is kept', async () => {
  const { id } = await someone();
  const { page, context } = await visitor();
  const writes = [];
  const reads = (r) => r.request().method() === 'GET';
  page.on('response', (r) => r.url().startsWith(`${BASE}/api/`) && !reads(r) && writes.push(r.status()));
  const press = async (where) => {
    const kept = where.waitForResponse((r) => r.url().endsWith('/like') && r.status() === 200);
    await where.locator('.who .heart').click();
    await kept;
  };
  await go(page, `/c/${id}`);
  await press(page);
  // Another tab begins anew: the cookie changes, this page still holds the token of the old session.
  await context.clearCookies({ name: /^(__Host-)?mvti$/ });
  const other = await context.newPage();
  await go(other, `/c/${id}`);
  await press(other);
  assert.ok(!writes.includes(403), writes.join());
  await press(page);
  // A report of what was seen may come before the like, and be the write that is refused.
  assert.ok(writes.includes(403), writes.join());
  assert.equal(
    await other.evaluate(() =>
      fetch('/api/v1/me/likes')
        .then((r) => r.json())
        .then((r) => r.items.length),
    ),
    0,
  );
});

check('what was seen is told again with the token of today', async () => {
  const { id } = await someone();
  const { page, context } = await visitor();
  const told = [];
  page.on('response', (r) => r.url().endsWith('/events') && told.push(r.status()));
  /** Leaves the page, as far as the page knows, until what it told is as wanted. */
  const leaving = async (wanted) => {
    await until(async () => {
      await page.evaluate(() => {
        dispatchEvent(new Event('pagehide'));
      });
      return wanted();
    }, 'what was told');
  };
  const cards = page.locator('main .face');
  await go(page, `/c/${id}`);
  await cards.first().scrollIntoViewIfNeeded();
  await leaving(() => told.length > 0);
  assert.ok(
    told.every((status) => status === 202),
    String(told),
  );
  await context.clearCookies({ name: /^(__Host-)?mvti$/ });
  const other = await context.newPage();
  await go(other, `/c/${id}`);
  const liked = other.waitForResponse((r) => r.url().endsWith('/like') && r.status() === 200);
  await other.locator('.who .heart').click();
  await liked;
  await cards.last().scrollIntoViewIfNeeded();
  await leaving(() => told.includes(403) && told.at(-1) === 202);
  assert.equal(told.filter((status) => status === 403).length, 1);
});

check('a login that failed says why and what to do', async () => {
  if (!(await offered('google'))) return;
  const { page } = await visitor();
  const reply = await page.goto(`${BASE}/auth/google/callback?code=x&state=y`);
  assert.ok(reply.status() >= 400);
  await settled(page);
  assert.match(await page.locator('meta[name="mvti-login"]').getAttribute('content'), /^(expired|request)$/);
  await counts(page.locator('main a[href="/login"]'), 1);
});

check('a guest with a test sees its type, axes and films, and deletes an older one', async () => {
  const { page } = await visitor();
  for (const mbti of ['INFP', 'ESTJ']) {
    await page.evaluate(() => localStorage.clear()).catch(() => {});
    await takeTest(page, mbti);
  }
  await go(page, '/me');
  await says(page.locator('section[aria-labelledby="newest"]').first(), /ESTJ/);
  await counts(page.locator('.me-panels .chosen li'), 3);
  const rows = page.locator('section[aria-labelledby="history"] li');
  await counts(rows, 2);
  const gone = page.waitForResponse((r) => r.request().method() === 'DELETE' && r.status() === 204);
  await rows.filter({ hasText: 'ESTJ' }).locator('button').click();
  await gone;
  await go(page, '/me');
  assert.deepEqual([await rows.count(), await rows.filter({ hasText: 'INFP' }).count()], [1, 1]);
  await says(page.locator('section[aria-labelledby="newest"]').first(), /INFP/);
});
