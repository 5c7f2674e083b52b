// Marks on cards and thumbs on lists: said by touch and by keyboard, undone where they were said and on the shelf, kept out of the next result.
import assert from 'node:assert/strict';
import {
  apart,
  carries,
  check,
  counts,
  finish,
  go,
  says,
  settled,
  takeTest,
  tested,
  toFilms,
  until,
  visitor,
} from './lib.mjs';

/** Three films of the wall, another one than this: what is chosen is out of the result by itself. */
async function pickOthers(page, title) {
  const others = page.locator('.wall .pick').filter({ hasNotText: title });
  for (let i = 0; i < 3; i++) await others.nth(i).click();
}

const wrote = (page, method = 'PUT') =>
  page.waitForResponse(
    (r) => r.url().endsWith('/mark') && r.request().method() === method && r.status() === 200,
  );
const cards = (page) =>
  page.locator('.match, .folded').evaluateAll((all) => all.map((c) => c.dataset.character));

check('a card is marked and the mark undone, and the tap that opens the card stays its own', async () => {
  const { page } = await tested({ hasTouch: true });
  const card = page.locator('#same .match').first(); // the second of the list: the first stands above it
  const id = await card.getAttribute('data-character');
  const menu = card.locator('.says-open');
  const box = await menu.boundingBox();
  const heart = await card.locator('.heart').boundingBox();
  assert.ok(box.width >= 44 && box.height >= 44, 'large enough for a thumb');
  assert.ok(box.x + box.width <= heart.x, 'beside the heart');
  await menu.tap();
  await carries(menu, 'aria-expanded', 'true');
  assert.match(page.url(), /\/(test|r\/)/, 'the card was not opened');
  let sent = wrote(page);
  await card.getByRole('button', { name: '나랑 달라요' }).tap();
  const answer = await sent;
  const body = JSON.parse(answer.request().postData());
  assert.equal(body.mark, 'not_me');
  assert.equal(`${body.list} ${body.position}`, 'same 1');
  const strip = page.locator(`#same .folded[data-character="${id}"]`);
  await strip.waitFor();
  sent = wrote(page, 'DELETE');
  await strip.getByRole('button', { name: /되돌리기/ }).tap();
  await sent;
  await page.locator(`#same .match[data-character="${id}"]`).waitFor();
});

check('marks by keyboard: focus goes where the next key is meant for', async () => {
  const { page } = await tested({ consent: false });
  const menu = page.locator('#compatible .match .says-open').first();
  const id = await page.locator('#compatible .match').first().getAttribute('data-character');
  await menu.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab'); // the heart
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), '나랑 안 맞아요');
  const sent = wrote(page);
  await page.keyboard.press('Enter');
  const body = JSON.parse((await sent).request().postData());
  assert.deepEqual(body, { mark: 'not_me' }, 'without consent nothing else is told');
  assert.match(await page.evaluate(() => document.activeElement.className), /unmark/);
  const undone = wrote(page, 'DELETE');
  await page.keyboard.press('Enter');
  await undone;
  assert.match(await page.evaluate(() => document.activeElement.className), /says-open/);
  assert.equal(await page.evaluate(() => document.activeElement.closest('article').dataset.character), id);
});

check('what is marked is out of the next result, which says so, and the shelf takes it back', async () => {
  const { page } = await tested();
  const first = page.locator('#same .match').first();
  const unlike = await first.getAttribute('data-character');
  await first.locator('.says-open').click();
  let sent = wrote(page);
  await first.getByRole('button', { name: '나랑 달라요' }).click();
  await sent;
  const other = page.locator('#compatible .match').nth(0);
  const film = await other.locator('.film a').getAttribute('href');
  const title = (await other.locator('.film a').innerText()).replace(/ \(\d+\)$/, '');
  await other.locator('.says-open').click();
  sent = wrote(page);
  await other.getByRole('button', { name: '이미 봤어요' }).click();
  await sent;
  await counts(page.locator(`.match .film a[href="${film}"]`), 0, 'all of the film is folded');
  const path = new URL(page.url()).pathname;
  await go(page, path);
  await page.locator(`#same .folded[data-character="${unlike}"]`).waitFor(); // a stored result stays, with its marks
  await toFilms(page);
  await pickOthers(page, title);
  await finish(page);
  await page.waitForSelector('.left-out');
  await says(page.locator('.left-out'), /관심 없는 영화 1편과 나와 다른 인물 1명은 뺐어요/);
  assert.ok(!(await cards(page)).includes(unlike));
  await counts(page.locator(`.film a[href="${film}"]`), 0);
  await page.locator('.left-out a').click();
  await page.waitForSelector('#marks');
  await settled(page);
  const section = page.locator('section[aria-labelledby=marks]');
  await counts(section.locator('li'), 2);
  for (let left = 1; left >= 0; left--) {
    await apart(page); // each comes to the middle of the screen, where the tap before was
    const gone = wrote(page, 'DELETE');
    await section.locator('li button').first().click();
    await gone;
    await until(async () => (await section.locator('li').count()) === left, `${left} left`);
  }
  await takeTest(page);
  await counts(page.locator('.left-out'), 0);
});

check('a mark that the server could not keep is taken back with a word', async () => {
  const { page } = await tested();
  await page.route('**/mark', (r) => r.abort());
  const card = page.locator('#same .match').first();
  await card.locator('.says-open').click();
  await card.getByRole('button', { name: '이미 봤어요' }).click();
  await page.locator('.toast.bad', { hasText: '저장하지 못했어요' }).waitFor();
  await counts(page.locator('.folded'), 0);
});

check('a thumb a list, each taken back by itself', async () => {
  const { page } = await tested();
  const bodies = [];
  const tap = async (list, name) => {
    const sent = page.waitForResponse((r) => r.url().endsWith('/feedback') && r.status() === 204);
    await page.locator(`#${list}`).getByRole('button', { name, exact: true }).click();
    bodies.push(JSON.parse((await sent).request().postData()));
  };
  await tap('same', '딱 나예요');
  await tap('compatible', '아닌 것 같아요');
  await tap('same', '딱 나예요');
  assert.deepEqual(
    bodies.map((b) => `${b.list} ${b.value}`),
    ['same up', 'compatible down', 'same none'],
  );
  assert.ok(bodies[0].view && bodies[0].view !== bodies[1].view && bodies[0].view === bodies[2].view);
  await go(page, new URL(page.url()).pathname);
  const pressed = await page
    .locator('.thumb[aria-pressed=true]')
    .evaluateAll((all) => all.map((b) => b.textContent.trim()));
  assert.deepEqual(pressed, ['아닌 것 같아요']);
});

check('the page of a character has both marks, and a friend’s result has none', async () => {
  const { page } = await tested();
  const href = await page.locator('#same h3 a').first().getAttribute('href');
  const path = new URL(page.url()).pathname;
  await go(page, href);
  const button = page.locator('.who .says').getByRole('button', { name: '이미 봤어요' });
  const sent = wrote(page);
  await button.click();
  await sent;
  await carries(button, 'aria-pressed', 'true');
  const undone = wrote(page, 'DELETE');
  await button.click();
  await undone;
  const friend = await visitor();
  await go(friend.page, path);
  assert.ok((await friend.page.locator('.match').count()) > 0);
  await counts(friend.page.locator('.says-open, .rate'), 0);
});
