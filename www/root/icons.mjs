// Makes the icons that have to be bitmaps from the drawn one, img/icon.svg, with Chromium:
//   node www/root/icons.mjs          (needs the packages of tests/browser)
// root/: names that browsers ask for unasked; img/: those of the manifest.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const here = (path) => new URL(`../${path}`, import.meta.url);
const { chromium } = createRequire(new URL('../../tests/browser/package.json', import.meta.url))('playwright-core');

const drawing = readFileSync(here('img/icon.svg'), 'utf8');
const ground = /<rect[^>]*fill="(#\w+)"/.exec(drawing)[1];
const marks = drawing.replace(/^<svg[^>]*>|<rect[^>]*\/>|<\/svg>\s*$/g, '');

/** As drawn, with round corners; or on a ground that fills the square, the mark at a scale of its own. */
const whole = drawing;
const filled = (scale) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" fill="${ground}"/><g transform="translate(16 16) scale(${scale}) translate(-16 -16)">${marks}</g></svg>`;

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage();

async function png(svg, size) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>*{margin:0}svg{display:block;width:100vw;height:100vh}</style>${svg}`);
  return page.screenshot({ omitBackground: true });
}

/** ICO (a directory of 16 bytes an image) of PNGs, which every browser since 2007 reads. */
function ico(images) {
  const head = Buffer.alloc(6 + 16 * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let offset = head.length;
  images.forEach(([size, bytes], i) => {
    const at = 6 + 16 * i;
    head.writeUInt8(size, at);
    head.writeUInt8(size, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(bytes.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += bytes.length;
  });
  return Buffer.concat([head, ...images.map(([, bytes]) => bytes)]);
}

const small = [];
for (const size of [16, 32, 48]) small.push([size, await png(whole, size)]);
writeFileSync(here('root/favicon.ico'), ico(small));
writeFileSync(here('root/apple-touch-icon.png'), await png(filled(0.88), 180));
for (const size of [192, 512]) writeFileSync(here(`img/icon-${size}.png`), await png(whole, size));
// Whatever shape a launcher cuts out: the mark lies in the circle of 80 % that all of them leave.
for (const size of [192, 512]) writeFileSync(here(`img/maskable-${size}.png`), await png(filled(0.82), size));
await browser.close();
