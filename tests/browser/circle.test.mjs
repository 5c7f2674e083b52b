// Comparing with friends: from one's own result to a link, from the link through the test to both, and out again.
import assert from 'node:assert/strict';
import {
  BASE,
  answer,
  axe,
  begun,
  carries,
  check,
  counts,
  go,
  join,
  pick,
  says,
  settled,
  until,
  visitor,
} from './lib.mjs';

const h1 = (page) => page.locator('main h1').innerText();

/** Through the test that the page is on, another type than the one who invites. */
async function takeTest(page) {
  for (const value of ['ENFJ', 'withdrawn', 'reactive', '4w5']) await answer(page, value);
  await page.waitForSelector('.wall .pick');
  await pick(page, [3, 4, 5]);
  await page.locator('.strip-foot .button').click();
}

check('a friend comes by the link, takes the test, and both see who they are in films', async () => {
  const { page: one, path } = await begun();
  assert.equal(await h1(one), '친구를 불러 보세요');
  const { page: other, problems } = await visitor();
  await go(other, path);
  assert.match(await h1(other), /^친구가 비교하자고 해요$/);
  await says(other.locator('main'), /계정과 결과 페이지는 보이지 않고/);
  await other.getByRole('link', { name: '테스트하고 비교하기' }).click();
  await other.waitForSelector('.types input');
  await takeTest(other);
  await other.waitForURL(BASE + path);
  await other.getByLabel('별명').fill('여름');
  await other.getByRole('button', { name: '내 결과로 함께하기' }).click();
  await other.locator('.two').waitFor();
  assert.match(await h1(other), /^여름 \(나\)와 친구 1$/);
  await counts(other.locator('.roles > li'), 5);
  assert.ok((await other.locator('.two-films > li').count()) > 0);
  await counts(other.locator('.letters-fit li'), 4);
  await counts(other.locator('a[href^="/r/"]'), 0, 'no way to the other result');
  await one.reload();
  await settled(one);
  assert.equal(await h1(one), '나와 여름');
  await says(one.locator('.two-fit'), /96/);
  await one.getByText('내 별명과 나가기').click();
  await one.getByRole('button', { name: '여기서 나가기' }).click();
  await one.waitForURL(`${BASE}/`);
  await other.reload();
  await settled(other);
  assert.equal(await h1(other), '친구를 불러 보세요', 'nothing of who left stays');
  assert.deepEqual(problems, []);
});

check('more than two are a wall, of which any two are compared', async () => {
  const { page, path } = await begun();
  for (const name of ['봄', '가을']) await join(path, name);
  await page.reload();
  await settled(page);
  await counts(page.locator('.circle-wall > li'), 3);
  await counts(page.locator('.circle-pairs button'), 3);
  await page.getByRole('button', { name: /봄과 가을/ }).click();
  await until(async () => (await h1(page)) === '봄과 가을', 'the two to be compared');
  await counts(page.locator('.circle-pairs [aria-pressed="true"]'), 1);
  await page.getByRole('button', { name: '그림으로 공유' }).click();
  const shown = page.locator('.share-sheet img');
  await carries(shown, 'src', new RegExp(`^${path}\\.png\\?lang=ko&size=card&a=1&b=2$`));
  await until(() => shown.evaluate((i) => i.naturalWidth === 1200), 'the picture of the two');
  await axe(page, 'the picture of a circle');
});

check('the result leads back to where it is compared', async () => {
  const { page, path } = await begun();
  await page.goBack();
  await page.waitForURL(/\/r\//);
  await page.reload();
  await settled(page);
  await page.locator(`main a[href="${path}"]`).click();
  await page.waitForURL(BASE + path);
});

check('a circle that is no more says so', async () => {
  const { page } = await visitor();
  await page.goto(`${BASE}/w/${'A'.repeat(22)}`);
  await page.waitForSelector('main h1');
  await says(page.locator('main'), /여기에는 아무도 없어요/);
});
