// The question whether somebody is 14 or older: once, before anything is stored, and nothing is kept of who is not.
import assert from 'node:assert/strict';
import {
  alone,
  api,
  axe,
  check,
  counts,
  go,
  lookAround,
  pick,
  says,
  toFilms,
  until,
  visitor,
} from './lib.mjs';

const sheet = (page) => page.locator('dialog[open]');
const cookie = async (context) => (await context.cookies()).find((c) => c.name === 'mvti-over14');
const kept = (page, store) =>
  page.evaluate((s) => Object.keys(window[s]).filter((k) => k.startsWith('mvti.')), store);

/** Every request of the page that would change something: "PUT characters/1/like". */
function writes(page) {
  const all = [];
  page.on('request', (r) => {
    if (r.method() !== 'GET') all.push(`${r.method()} ${new URL(r.url()).pathname.replace('/api/v1/', '')}`);
  });
  return all;
}

async function toSheet(options) {
  const it = await visitor({ over14: null, consent: null, ...options });
  it.writes = writes(it.page);
  await toFilms(it.page);
  await pick(it.page);
  await it.page.locator('.strip-foot .button').click();
  await sheet(it.page).waitFor();
  return it;
}

for (const [lang, scheme] of [
  ['ko', 'light'],
  ['en', 'dark'],
])
  check(`the age is asked once, before the first thing is stored (${lang})`, async () => {
    const { page, context, writes: all, problems } = await toSheet({ lang, scheme });
    assert.deepEqual(all, [], 'nothing was told before');
    await says(sheet(page), lang === 'ko' ? /만 14세 이상인가요/ : /14 or older/);
    await axe(page, 'the sheet');
    for (const b of await sheet(page).locator('button').all())
      assert.ok((await b.boundingBox()).height >= 44);
    await sheet(page).locator('button').first().click();
    await page.waitForURL(/\/r\/[A-Za-z0-9_-]{22}$/);
    assert.equal((await cookie(context)).value, 'yes');
    // Not again: a heart goes its way.
    const liked = page.waitForResponse((r) => r.url().endsWith('/like') && r.ok());
    await page.locator('#same .heart').first().click();
    await liked;
    await counts(sheet(page), 0);
    assert.deepEqual(problems, []);
  });

alone('who is under 14 sees the result, and nothing of it is stored anywhere', async () => {
  const before = (await api('home')).tests;
  const { page, context, writes: all, problems } = await toSheet();
  await sheet(page).locator('button').nth(1).click();
  await page.waitForURL(/step=result/);
  await page.waitForSelector('.match');
  await says(page.locator('main'), /만 14세 미만이라고 해서/);
  await counts(page.getByRole('button', { name: '다시 저장하기' }), 0);
  assert.equal((await cookie(context)).expires, -1, 'gone with the browser');
  assert.deepEqual(
    (await context.cookies()).map((c) => c.name),
    ['mvti-over14'],
  );
  assert.deepEqual(await kept(page, 'localStorage'), []);
  assert.ok((await kept(page, 'sessionStorage')).length > 0, 'the tab remembers as long as it is open');
  // A heart and a mark say why not; nobody is asked to agree to recording.
  await page.locator('#same .heart').first().click();
  await page.waitForFunction(() => document.querySelector('.toasts')?.innerText.includes('만 14세부터'));
  await counts(page.locator('.consent'), 0);
  await page.reload();
  await page.waitForSelector('.match');
  await go(page, '/login');
  await counts(page.locator('.login-button'), 0);
  await says(page.locator('main'), /로그인은 만 14세부터/);
  assert.deepEqual(all, ['POST tests']);
  assert.equal((await api('home')).tests, before);
  assert.deepEqual(
    problems.filter((p) => !/403/.test(p)),
    [],
  );
});

check('closing the question stores nothing, and asks again', async () => {
  const { page, writes: all } = await toSheet();
  await page.keyboard.press('Escape');
  await until(async () => (await sheet(page).count()) === 0, 'the sheet is gone');
  assert.deepEqual(all, []);
  await page.locator('.strip-foot .button').click();
  await sheet(page).locator('button').first().click();
  await page.waitForURL(/\/r\//);
});

check('a wrong answer can be given anew on the page about privacy', async () => {
  const { page, context } = await visitor({ over14: 'no', consent: null });
  await go(page, '/about');
  await says(page.locator('.consent-choice').first(), /만 14세 미만/);
  await page.getByRole('button', { name: '나이 다시 답하기' }).click();
  assert.equal(await cookie(context), undefined);
  await page.locator('.consent-choice .button').first().waitFor();
});

check('on the page of signing in the age is asked there', async () => {
  const { page, context } = await visitor({ over14: null });
  await go(page, '/login');
  if (!(await api('me')).providers.length) return;
  await counts(page.locator('.login-button'), 0);
  await axe(page, page.url());
  await page.getByRole('button', { name: '14세 이상' }).click();
  await page.locator('.login-button').first().waitFor();
  assert.equal((await cookie(context)).value, 'yes');
});

check('agreeing to recording says the age too; what was agreed to before is asked once more', async () => {
  const { page, context } = await visitor({ over14: null, consent: null });
  await go(page, '/');
  await page.waitForLoadState('networkidle');
  await counts(page.locator('.consent'), 0, 'nothing before the first screen');
  await lookAround(page);
  await page.locator('.consent').waitFor();
  await says(page.locator('.consent').first(), /만 14세 이상만/);
  assert.equal(await cookie(context), undefined);
  const told = page.waitForRequest((r) => r.url().endsWith('/events'));
  await page.getByRole('button', { name: '동의해요', exact: true }).click();
  await told;
  assert.equal((await cookie(context)).value, 'yes');
  const old = await visitor({ over14: null, consent: true });
  const all = writes(old.page);
  await go(old.page, '/');
  await lookAround(old.page);
  await old.page.locator('.consent').waitFor();
  assert.deepEqual(all, []);
});
