// The picture of a result, as whoever has one saves and sends it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { axe, check, counts, takeTest, visitor } from './lib.mjs';

const QR_READER = readFileSync(createRequire(import.meta.url).resolve('jsqr/dist/jsQR.js'), 'utf8');

const sizeOf = (png) => [png.readUInt32BE(16), png.readUInt32BE(20)];

async function sheet(share, options) {
  const { page } = await visitor(options);
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
  await takeTest(page);
  await page.getByRole('button', { name: '그림으로 공유' }).first().click();
  await page.waitForSelector('dialog.share-sheet[open]');
  return page;
}

check('picture: it is shown, saved for a story, and the sheet goes as it came', async () => {
  const page = await sheet(false);
  await page.waitForFunction(() => document.querySelector('.share-sheet img').naturalWidth === 1200);
  await axe(page, 'the sheet of a picture');
  await counts(
    page.getByRole('button', { name: '그림 보내기' }),
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

/** What a camera reads off the screen. */
async function read(page, selector) {
  const seen = await page.locator(selector).screenshot();
  await page.evaluate(QR_READER);
  return page.evaluate(async (png) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const bitmap = await createImageBitmap(image);
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    canvas.drawImage(bitmap, 0, 0);
    const { data, width, height } = canvas.getImageData(0, 0, bitmap.width, bitmap.height);
    return window.jsQR(data, width, height)?.data;
  }, seen.toString('base64'));
}

for (const scheme of ['light', 'dark'])
  check(`picture: a code leads a camera to the result (${scheme})`, async () => {
    const page = await sheet(false, { scheme });
    await page.getByRole('button', { name: 'QR 코드' }).click();
    await page.waitForSelector('.share-sheet svg[role=img]');
    assert.equal(await read(page, '.share-sheet .qr svg'), page.url());
    await axe(page, `the code of a result, ${scheme}`);
    await page.getByRole('button', { name: '그림 보기' }).click();
    await page.waitForSelector('.share-sheet img');
  });

const SDK = readFileSync(new URL('../provider/kakao_sdk.js', import.meta.url));

/** The sheet where Kakao's server is another one; asked: the addresses that it was asked for. */
async function kakaoSheet(answer, options) {
  const asked = [];
  const page = await sheet(false, options);
  await page.route('https://t1.kakaocdn.net/**', (route) => {
    asked.push(route.request().url());
    return answer(route, asked.length);
  });
  await page.evaluate(() => {
    window.kakaoLog = { cards: [] };
  });
  return { page, asked };
}

const sdk = (route) =>
  route.fulfill({
    body: SDK,
    contentType: 'text/javascript',
    headers: { 'Access-Control-Allow-Origin': '*' },
  });
const ofKakao = (page) => page.locator('meta[name="mvti-kakao"]').getAttribute('content');
const kakaoButton = (page) => page.getByRole('button', { name: '카카오톡 공유' });

check(
  'picture: KakaoTalk gets a card with the picture and the address, and its script is loaded for that alone',
  async () => {
    const { page, asked } = await kakaoSheet(sdk);
    const [key, version] = (await ofKakao(page)).split(' ');
    assert.deepEqual(asked, [], 'nothing of Kakao is loaded before somebody asks for it');
    await kakaoButton(page).click();
    await page.waitForFunction(() => window.kakaoLog.cards.length === 1);
    const log = await page.evaluate(() => window.kakaoLog);
    const { content, objectType, buttons } = log.cards[0];
    assert.deepEqual(asked, [`https://t1.kakaocdn.net/kakao_js_sdk/${version}/kakao.min.js`]);
    assert.equal(log.key, key);
    assert.equal(objectType, 'feed');
    const link = { mobileWebUrl: page.url(), webUrl: page.url() };
    assert.deepEqual([content.link, buttons[0].link], [link, link]);
    const picture = await page.request.get(content.imageUrl);
    assert.deepEqual(sizeOf(await picture.body()), [content.imageWidth, content.imageHeight]);
    assert.ok(content.title.length > 3 && content.description.length > 3);
    await kakaoButton(page).click();
    await page.waitForFunction(() => window.kakaoLog.cards.length === 2);
    assert.equal(asked.length, 1, 'the script is loaded once');
  },
);

check(
  'picture: a script that is not the one of that version, or does not come, is said, and tried again',
  async () => {
    const { page, asked } = await kakaoSheet((route, n) =>
      n === 1
        ? route.fulfill({
            body: `${SDK} `,
            contentType: 'text/javascript',
            headers: { 'Access-Control-Allow-Origin': '*' },
          })
        : n === 2
          ? route.abort()
          : sdk(route),
    );
    for (const n of [1, 2]) {
      await kakaoButton(page).click();
      await page.getByText('카카오톡을 열지 못했어요').waitFor();
      assert.equal(asked.length, n);
      assert.equal(await page.evaluate(() => window.kakaoLog.cards.length), 0);
      await page.waitForFunction(() => !document.body.innerText.includes('카카오톡을 열지 못했어요'));
    }
    await kakaoButton(page).click();
    await page.waitForFunction(() => window.kakaoLog.cards.length === 1);
  },
);
