// The picture of a result, as whoever has one saves and sends it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { axe, check, finish, pick, toFilms, visitor } from './lib.mjs';

const sizeOf = (png) => [png.readUInt32BE(16), png.readUInt32BE(20)];

async function sheet(share) {
  const { page } = await visitor();
  await page.addInitScript((can) => {
    navigator.canShare = can ? ({ files }) => files.length === 1 && files[0].type === 'image/png' : undefined;
    navigator.share = async (data) => {
      window.shared = {
        name: data.files[0].name,
        size: data.files[0].size,
        text: data.text,
        active: navigator.userActivation.isActive,
      };
    };
  }, share);
  await toFilms(page);
  await pick(page);
  await finish(page);
  await page.getByRole('button', { name: '그림으로 공유' }).first().click();
  await page.waitForSelector('dialog.share-sheet[open]');
  return page;
}

check('picture: it is shown, saved for a story, and the sheet goes as it came', async () => {
  const page = await sheet(false);
  await page.waitForFunction(() => document.querySelector('.share-sheet img').naturalWidth === 1200);
  await axe(page, 'the sheet of a picture');
  assert.equal(
    await page.getByRole('button', { name: '그림 보내기' }).count(),
    0,
    'nothing is offered that this browser cannot',
  );
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: '그림 저장' }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^mvti-[A-Z]{4}\.png$/);
  assert.deepEqual(sizeOf(readFileSync(await download.path())), [1080, 1920]);
  const post = new URL(await page.getByRole('link', { name: 'X에 올리기' }).getAttribute('href'));
  assert.equal(post.searchParams.get('url'), page.url());
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('dialog'));
  assert.match(await page.evaluate(() => document.activeElement.innerText), /그림으로 공유/);
});

check('picture: a phone hands the file to another app, within the tap', async () => {
  const page = await sheet(true);
  await page.getByRole('button', { name: '그림 보내기' }).click();
  await page.waitForFunction(() => window.shared);
  const shared = await page.evaluate(() => window.shared);
  assert.ok(shared.size > 10000 && shared.active && shared.text.includes(page.url()), JSON.stringify(shared));
  await page.waitForFunction(() => !document.querySelector('dialog'));
});
