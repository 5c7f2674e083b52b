// One's own page: the name, the language, the films of the last test, the axes over time, and what is left out.
import assert from 'node:assert/strict';
import {
  answer,
  axe,
  check,
  counts,
  finish,
  go,
  pick,
  says,
  settled,
  survey,
  takeTest,
  tested,
  toFilms,
  until,
  visitor,
} from './lib.mjs';

/** By the questions: the axes as the page tells them, "I 75%". */
async function surveyed(page, letters) {
  await go(page, '/test');
  await survey(page, 'short', (item) => (letters.includes(item.pole) ? 2 : -2));
  const told = await page.locator('.axis em').allInnerTexts();
  await page.locator('.onward .button').click();
  for (const value of ['withdrawn', 'reactive', '4w5']) await answer(page, value);
  await page.waitForSelector('.wall .pick');
  await pick(page);
  await finish(page);
  return told;
}

const put = (page, path) =>
  page.waitForResponse((r) => r.url().endsWith(path) && r.request().method() === 'PUT' && r.ok());

check('a name of one’s own greets, and stands in the form of circles', async () => {
  const { page, problems } = await tested();
  await go(page, '/me');
  const form = page.locator('.profile');
  let sent = put(page, '/me/profile');
  await form.getByLabel('이름이나 별명').fill('  봄\u200b날  ');
  await form.getByRole('button', { name: '저장' }).click();
  await sent;
  await page.waitForFunction(() => document.querySelector('h1').innerText === '봄날 님, 안녕하세요');
  await page.reload();
  await settled(page);
  await says(page.locator('h1'), '봄날 님, 안녕하세요');
  await axe(page, page.url());
  // Somebody else's circle: the name stands there, and may be another.
  const friend = await tested();
  await friend.page.getByRole('button', { name: '친구와 비교하기' }).first().click();
  await friend.page.waitForURL(/\/w\//);
  await go(page, new URL(friend.page.url()).pathname);
  await page.waitForFunction(() => document.querySelector('#circle-name')?.value === '봄날');
  await go(page, '/me');
  sent = put(page, '/me/profile');
  await form.getByLabel('이름이나 별명').fill('');
  await form.getByRole('button', { name: '저장' }).click();
  await sent;
  await page.waitForFunction(() => document.querySelector('h1').innerText === '내 페이지');
  assert.deepEqual(problems, []);
});

check('other films, chosen from one’s own page, make a new result of the same person', async () => {
  const { page } = await tested();
  await go(page, '/me');
  const before = await page.locator('.chosen .sr').allInnerTexts();
  await page.getByRole('button', { name: '영화 바꾸기' }).click();
  await page.waitForSelector('.wall .pick');
  await says(page.locator('main'), /성격은 INFP 4w5 그대로/);
  await counts(page.locator('.strip-list button'), 3, 'those of the last test are chosen');
  const submit = page.locator('.strip-foot .button');
  await page.locator('.strip-list button').first().click();
  assert.ok(await submit.isDisabled(), 'three at least');
  await pick(page, [7]);
  await finish(page);
  await says(page.locator('main'), /INFP\s+4w5/);
  await go(page, '/me');
  const after = await page.locator('.chosen .sr').allInnerTexts();
  assert.equal(after.length, 3);
  assert.notDeepEqual(after, before);
  await counts(page.locator('.mytests').first().locator('li'), 2);
  // Going back leads to one's own page, and the next test begins with its first question.
  await page.getByRole('button', { name: '영화 바꾸기' }).click();
  await page.waitForSelector('.wall .pick');
  await page.getByRole('button', { name: '이전', exact: true }).click();
  await page.waitForURL(/\/me$/);
  await go(page, '/test');
  await says(page.locator('main'), /어떤 성격인가요/);
});

check('"from the beginning" begins anew', async () => {
  const { page } = await visitor();
  await toFilms(page);
  await page.getByRole('button', { name: '처음부터' }).click();
  await page.waitForSelector('.types');
  await counts(page.locator('.types input:checked'), 0);
});

check('the axes over the tests are drawn, and the table says the same', async () => {
  const { page, problems } = await visitor();
  const first = await surveyed(page, 'INFP');
  await go(page, '/me');
  await counts(page.locator('.past'), 0, 'one test is no way');
  const second = await surveyed(page, 'ENFP');
  await takeTest(page, 'ESTJ');
  await go(page, '/me');
  const picture = page.locator('.past > svg');
  assert.match(await picture.getAttribute('aria-label'), /3번/);
  await counts(picture.locator('circle'), 12);
  await counts(picture.locator('circle.chosen'), 4, 'a chosen type is marked as such');
  await page.locator('.past summary').click();
  assert.ok(
    await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
    'the table scrolls by itself',
  );
  const rows = await page.locator('.past tbody tr').allInnerTexts();
  assert.deepEqual(
    rows.map((r) => r.split('\t').slice(1)),
    [first, second, ['E (직접 고름)', 'S (직접 고름)', 'T (직접 고름)', 'J (직접 고름)']],
  );
  const points = (await picture.locator('polyline').first().getAttribute('points'))
    .split(' ')
    .map((p) => p.split(',').map(Number));
  assert.ok(points[0][0] < points[1][0] && points[1][0] < points[2][0], 'the newest on the right');
  assert.ok(points[0][1] < points[1][1], 'towards I is above');
  await axe(page, page.url());
  assert.deepEqual(problems, []);
});

check('a film is hidden on its page, and taken back on one’s own', async () => {
  const { page, problems } = await tested();
  const link = await page.locator('#same .match .film a').first().getAttribute('href');
  await go(page, link);
  const title = await page.locator('h1').innerText();
  let sent = page.waitForResponse(
    (r) => r.url().endsWith('/mark') && r.request().method() === 'PUT' && r.ok(),
  );
  await page.getByRole('button', { name: '관심 없어요' }).click();
  assert.match((await sent).url(), /\/movies\/\d+\/mark$/);
  await says(page.locator('main'), /다음 결과부터 보여 드리지 않을게요/);
  await page.reload();
  await settled(page);
  await until(
    async () =>
      (await page.getByRole('button', { name: '관심 없어요' }).getAttribute('aria-pressed')) === 'true',
    'it is kept',
  );
  await axe(page, page.url());
  await go(page, '/me');
  const list = page.locator('section[aria-labelledby=marks]');
  await says(list, new RegExp(title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  sent = page.waitForResponse(
    (r) => r.url().endsWith('/mark') && r.request().method() === 'DELETE' && r.ok(),
  );
  await list.getByRole('button', { name: /되돌리기/ }).click();
  await sent;
  await list.waitFor({ state: 'detached' });
  assert.deepEqual(problems, []);
});

check('a card offers to hide its film', async () => {
  const { page } = await tested();
  const card = page.locator('#same .match').first();
  await card.locator('.says-open').click();
  const sent = page.waitForResponse((r) => r.url().endsWith('/mark') && r.ok());
  await card.getByRole('button', { name: '관심 없어요' }).click();
  assert.equal(JSON.parse((await sent).request().postData()).mark, 'hidden');
  await page.locator('#same .folded').first().waitFor();
});
