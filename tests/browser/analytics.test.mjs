// Where the site sends to Google Analytics, visitors are asked by name, and only what they agree to carries their agreement.
import assert from 'node:assert/strict';
import { BASE, apart, check, counts, go, lookAround, says, until, visitor } from './lib.mjs';

/** A visitor of a site with a property: {page, context, told: [{method, path, agreed}] of everything that was written}. */
async function watched({ path = '/', google = { months: 14 }, ...options } = {}) {
  const it = await visitor({ consent: null, ...options });
  const told = [];
  await it.context.route('**/api/v1/me', async (route) => {
    if (route.request().method() !== 'GET') return route.fallback();
    const response = await route.fetch();
    return route.fulfill({ response, json: { ...(await response.json()), analytics: google } });
  });
  it.context.on('request', (r) => {
    if (r.method() !== 'GET' && r.url().startsWith(`${BASE}/api/`))
      told.push({
        method: r.method(),
        path: new URL(r.url()).pathname,
        agreed: r.headers()['x-analytics-consent'],
        kinds: r.url().endsWith('/events') ? JSON.parse(r.postData()).map((e) => e.kind) : [],
      });
  });
  await go(it.page, path);
  await lookAround(it.page);
  return { ...it, told };
}

const button = (page, name) => page.getByRole('button', { name, exact: true });
const landed = (told) => told.filter((r) => r.kinds.includes('landing'));

check('the question names Google, and who agrees to all sends that with what they do', async () => {
  const { page, told } = await watched();
  await page.waitForSelector('.consent');
  await says(page.locator('.consent p').first(), /구글 애널리틱스/);
  assert.deepEqual(await page.locator('.consent button').allInnerTexts(), [
    '동의하지 않아요',
    'MVTI에만 동의해요',
    '모두 동의해요',
  ]);
  await counts(page.locator('.consent [aria-pressed=true]'), 0);
  assert.deepEqual(told, []);
  await button(page, '모두 동의해요').click();
  await until(() => landed(told).length === 1, 'the landing');
  await go(page, '/t/INFP');
  await page.locator('.ranked').first().click();
  await until(() => told.some((r) => r.kinds.includes('click')), 'a click on the next page');
  assert.ok(
    told.every((r) => r.agreed === 'google'),
    JSON.stringify(told),
  );
  await counts(page.locator('.consent'), 0);
});

check('who agrees to MVTI only is recorded here and nowhere else', async () => {
  const { page, told } = await watched({ lang: 'en' });
  await page.waitForSelector('.consent');
  await says(page.locator('.consent p').first(), /Google Analytics/);
  await button(page, 'Allow MVTI only').click();
  await until(() => landed(told).length === 1, 'the landing');
  assert.ok(told.every((r) => r.agreed === undefined));
  await go(page, '/about#privacy');
  await says(page.locator('.consent-choice'), /Nothing is sent to Google/);
});

check('an agreement from before does not count, a refusal does', async () => {
  const { page, told } = await watched({ consent: true });
  await page.waitForSelector('.consent');
  await button(page, '모두 동의해요').click();
  await until(() => landed(told).length === 1, 'the landing, told once it was agreed to');
  assert.ok(told.every((r) => r.agreed === 'google'));
  const other = await watched({ consent: false });
  await other.page.waitForLoadState('networkidle');
  await counts(other.page.locator('.consent'), 0);
});

check('the page about privacy says what goes to Google, and takes it back there', async () => {
  const { page, told, context } = await watched({ path: '/about#privacy', google: { months: 2 } });
  await says(page.locator('#privacy'), /구글 애널리틱스[\s\S]*2개월 동안/);
  assert.doesNotMatch(await page.locator('#privacy').innerText(), /우리 서버에만/);
  await button(page, '모두 동의해요').click();
  await until(() => landed(told).length === 1, 'the landing');
  const gone = () => told.filter((r) => r.method === 'DELETE' && r.path === '/api/v1/me/analytics');
  await context.route('**/api/v1/me/analytics', (route) => route.abort());
  await apart(page);
  await button(page, 'MVTI에만 동의해요').click();
  await until(() => gone().length === 1, 'it is taken back');
  await context.unroute('**/api/v1/me/analytics');
  await go(page, '/about');
  await until(() => gone().length === 2, 'once more, because nobody answered');
  await until(
    () => page.evaluate(() => localStorage.getItem('mvti.withdrawn') === null),
    'and that was the last time',
  );
  await go(page, '/');
  await page.waitForLoadState('networkidle');
  assert.equal(gone().length, 2);
  const other = await context.newPage();
  await go(other, '/about#privacy');
  await button(other, '모두 동의해요').click();
  await go(page, '/about#privacy');
  await apart(other);
  await button(other, 'MVTI에만 동의해요').click();
  await until(() => gone().length === 4, 'each tab takes back what it has told');
});

check('a site without a property does not speak of it', async () => {
  for (const lang of ['ko', 'en']) {
    const { page } = await watched({ google: null, lang });
    await page.waitForSelector('.consent');
    assert.doesNotMatch(await page.locator('.consent').innerText(), /Google|구글/);
    await counts(page.locator('.consent button'), 2);
    await go(page, '/about');
    assert.doesNotMatch(await page.locator('#privacy').innerText(), /Google|구글/);
  }
});
