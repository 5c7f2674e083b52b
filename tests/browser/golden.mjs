// Twelve pages, on a phone in Korean and on a dark desktop in English, as they are beside the pictures in golden/: what looks otherwise fails, with a page to
// look at. DRAW=1 draws the pictures anew, with the same page; ONLY=word is for some. They belong to the Chromium that is named beside them: another one draws letters and
// edges a little otherwise, so with it nothing is compared. Nothing is stored, so the stack is left as it was found (decision 72).
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import { answer, go, inLane, leave, pick, settled, toFilms, until, visitor } from './lib.mjs';

const DRAW = Boolean(process.env.DRAW);
const PICTURES = join(import.meta.dirname, 'golden');
const NAMED = join(PICTURES, 'chromium.txt');
const LOOK = join(import.meta.dirname, '../..', process.env.BUILD ?? 'build', 'golden');
const SIZES = {
  phone: { lang: 'ko', scheme: 'light', width: 390, height: 844 },
  desktop: { lang: 'en', scheme: 'dark', width: 1440, height: 900 },
};
/** A pixel is another one from this distance on (pixelmatch: OKLab, 1 is black beside white), and a picture with more than so many of them in a square of this
 * side: edges are drawn a little otherwise now and then, anywhere and few in a place, and what moved or changed its colour is many in one. */
const THRESHOLD = 0.08;
const SIDE = 48;
const MOST = 60;

const at = (path) => (page) => go(page, path);
/** To the films, with three of the wall taken. */
async function films(page) {
  await toFilms(page);
  await pick(page);
}
const VIEWS = {
  home: at('/'),
  test: at('/test'),
  async statement(page) {
    await go(page, '/test');
    await page.locator('.unsure .button').first().click();
    await page.locator('.scale').waitFor();
  },
  async style(page) {
    await go(page, '/test');
    await answer(page, 'INFP');
  },
  films,
  /** Of who is under 14 (view), so that nothing is stored. */
  async result(page) {
    await films(page);
    await page.locator('.strip-foot .button').click();
    await page.waitForURL(/step=result/);
    await page.locator('.match').first().waitFor();
    await settled(page);
  },
  character: at('/c/9004013'),
  film: at('/m/900401'),
  type: at('/t/INFP'),
  pair: at('/t/INFP/4w5'),
  search: at('/search?q=star'),
  login: at('/login'),
};

/** The same draw each time. */
function dice() {
  let a = 1;
  Math.random = () => {
    a = (a * 48271) % 2147483647;
    return a / 2147483647;
  };
}

/** Once nothing changes any more: two pictures in succession are the same. */
async function picture(page, context) {
  const devtools = await context.newCDPSession(page);
  const take = async () =>
    Buffer.from(
      (await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 72 })).data,
      'base64',
    );
  await page.mouse.move(0, 0);
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => document.fonts.ready);
  let last = await take();
  await until(async () => {
    const before = last;
    last = await take();
    return last.equals(before);
  }, 'a page that rests');
  return last;
}

/** RGBA of pictures of one size, read by the browser: {width, height, pixels of each}. */
async function pixels(context, pictures) {
  const page = await context.newPage();
  const { width, height, data } = await page.evaluate(
    async (all) => {
      const read = async (text) => {
        const image = await createImageBitmap(await (await fetch(`data:image/webp;base64,${text}`)).blob());
        const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
        canvas.drawImage(image, 0, 0);
        return canvas.getImageData(0, 0, image.width, image.height);
      };
      const text = (bytes) =>
        new Promise((done) => {
          const reader = new FileReader();
          reader.onload = () => done(reader.result.split(',')[1]);
          reader.readAsDataURL(new Blob([bytes]));
        });
      const images = await Promise.all(all.map(read));
      const [{ width, height }] = images;
      return { width, height, data: await Promise.all(images.map((image) => text(image.data))) };
    },
    pictures.map((one) => one.toString('base64')),
  );
  await page.close();
  return { width, height, pixels: data.map((one) => Buffer.from(one, 'base64')) };
}

const looks = [];
/** Old beside new beside what differs, for somebody to look at. */
function lookAt(name, n, pictures) {
  mkdirSync(LOOK, { recursive: true });
  for (const [kind, bytes] of Object.entries(pictures)) writeFileSync(join(LOOK, `${name}.${kind}`), bytes);
  looks.push(
    `<h2>${name}: ${n} in a square</h2>` +
      Object.keys(pictures)
        .map((kind) => `<img src="${name}.${kind}" alt="${kind}">`)
        .join(' '),
  );
  writeFileSync(
    join(LOOK, 'index.html'),
    `<!DOCTYPE html><meta charset="utf-8"><style>img{width:32%}</style><h1>Kept, drawn now, and what differs</h1>${looks.join('')}`,
  );
}

/** An uncompressed picture that browsers read: BMP with 32 bits a pixel, rows from the top (BITMAPINFOHEADER, negative height). */
function bitmap(rgba, width, height) {
  const head = Buffer.alloc(54);
  head.write('BM');
  head.writeUInt32LE(54 + rgba.length, 2);
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(width, 18);
  head.writeInt32LE(-height, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(32, 28);
  const bgra = Buffer.from(rgba);
  for (let i = 0; i < bgra.length; i += 4) [bgra[i], bgra[i + 2]] = [bgra[i + 2], bgra[i]];
  return Buffer.concat([head, bgra]);
}

/** How many pixels are others, in the square that has most. */
async function compare(name, context, kept, drawn) {
  if (kept.equals(drawn)) return 0;
  const {
    width,
    height,
    pixels: [a, b],
  } = await pixels(context, [kept, drawn]);
  if (a.length !== b.length) throw new Error(`${name} has another size`);
  const differ = Buffer.alloc(a.length);
  const n = pixelmatch(a, b, differ, width, height, { threshold: THRESHOLD, windowSize: SIDE });
  if (n > MOST)
    lookAt(name, n, { 'kept.webp': kept, 'now.webp': drawn, 'differ.bmp': bitmap(differ, width, height) });
  return n;
}

let passed = 0;
let failed = 0;
async function view(name, size, path) {
  const { page, context } = await visitor({
    ...SIZES[size],
    consent: false,
    over14: name === 'result' ? 'no' : 'yes',
  });
  await context.addInitScript(dice);
  await path(page);
  const file = join(PICTURES, `${name}-${size}.webp`);
  const drawn = await picture(page, context);
  const kept = existsSync(file) ? readFileSync(file) : null;
  const others = kept ? await compare(`${name}-${size}`, context, kept, drawn) : Infinity;
  if (others <= MOST) return;
  if (!DRAW) throw new Error(`${others} pixels in a square of ${SIDE} are others`);
  writeFileSync(file, drawn);
}

async function views(size) {
  for (const [name, path] of Object.entries(VIEWS)) {
    if (!`${name}-${size}`.includes(process.env.ONLY ?? '')) continue;
    const start = Date.now();
    try {
      await view(name, size, path);
      passed += 1;
      if (process.env.VERBOSE) console.log(`ok ${name}-${size} (${Date.now() - start} ms)`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED ${name}-${size}: ${error.message.split('\n')[0]}; see ${LOOK}/index.html`);
    }
    await leave();
  }
}

/** The major version of the browser that draws. */
const major = () =>
  inLane(async () => {
    const { context } = await visitor();
    return context.browser().version().split('.')[0];
  });

const here = await major();
const of = existsSync(NAMED) ? readFileSync(NAMED, 'utf8').trim() : '';
rmSync(LOOK, { recursive: true, force: true });
if (DRAW) {
  mkdirSync(PICTURES, { recursive: true });
  writeFileSync(NAMED, `${here}\n`);
}
if (!DRAW && here !== of) {
  console.log(
    `SKIPPED golden: the pictures are of Chromium ${of}, here is ${here}; make golden draws them anew`,
  );
  console.log('0 passed, 0 failed, 1 skipped');
} else {
  await Promise.all(Object.keys(SIZES).map((size) => inLane(() => views(size))));
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed || !passed ? 1 : 0;
}
