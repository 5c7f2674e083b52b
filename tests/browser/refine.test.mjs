// A result chosen again by taste, country, years: at once, without a reload, in the address, and undone.
import assert from 'node:assert/strict';
import { check, go, result, takeTest, until, visitor } from './lib.mjs';

const ids = (page) => page.locator('#same .match').evaluateAll((all) => all.map((c) => c.dataset.character));
const slide = (page, name, value) =>
  page.getByLabel(name).evaluate((e, v) => {
    e.value = v;
    e.dispatchEvent(new Event('input', { bubbles: true }));
  }, value);

check('a result is chosen again by sliders and years, and back', async () => {
  const { page, problems } = await visitor();
  await takeTest(page);
  const before = await ids(page);
  await page.getByText('내 마음대로 다시 고르기').click();
  await slide(page, '인기', '100');
  await page.locator('.refine-on').waitFor();
  await until(async () => (await ids(page)).join() !== before.join(), 'another order');
  assert.match(page.url(), /\?popularity=100$/);
  await page.getByLabel('나온 때').selectOption('1990');
  await until(async () => {
    const films = await page.locator('#same .match .film').allInnerTexts();
    return films.length > 0 && films.every((f) => /\(199\d\)/.test(f));
  }, 'only films of the nineties');
  const chosen = await ids(page);
  await page.reload();
  await page.locator('.refine-on').waitFor();
  await until(async () => (await ids(page)).join() === chosen.join(), 'the same by the address');
  await page.getByRole('button', { name: '원래 결과로' }).click();
  await until(async () => (await ids(page)).join() === before.join(), 'the stored result');
  assert.doesNotMatch(page.url(), /\?/);
  assert.deepEqual(problems, []);
});

check('nothing that matches is said, and a wrong address is passed over', async () => {
  const { page } = await visitor();
  await go(page, `${await result()}?country=Atlantis&film=abc&since=19`);
  await page.getByText('고른 조건에 맞는 인물이 없어요').first().waitFor();
  assert.equal(await page.getByLabel('영화 취향').inputValue(), '50');
});
