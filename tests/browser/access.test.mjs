// For everybody: axe on every page, the keyboard alone, small screens, large text, no motion.
import assert from 'node:assert/strict';
import {
  BASE,
  api,
  axe,
  carries,
  check,
  go,
  pages,
  pick,
  says,
  seen,
  settled,
  toFilms,
  until,
  visitor,
} from './lib.mjs';

const LANGS = ['ko', 'en'];
const SCHEMES = ['light', 'dark'];
const SIZES = [
  { width: 320, text: 1 },
  { width: 390, text: 2 },
  { width: 1440, text: 1 },
];
/** AXE=all looks at all twelve; otherwise each pair of a language, a scheme and a size is among these. */
const VIEWS = LANGS.flatMap((lang, l) =>
  SCHEMES.flatMap((scheme, s) =>
    SIZES.filter((_, n) => process.env.AXE === 'all' || n === 1 || (l + s + n / 2) % 2 === 0).map((size) => ({
      lang,
      scheme,
      ...size,
    })),
  ),
);

/** As with a browser's setting for larger text. */
const enlarge = (page, times) =>
  page.evaluate((z) => {
    document.documentElement.style.fontSize = `${16 * z}px`;
  }, times);

for (const { lang, scheme, width, text } of VIEWS)
  check(`axe finds nothing (${lang}, ${scheme}, ${width} px, text at ${100 * text} %)`, async () => {
    const look = async (page, where, asked) => {
      await enlarge(page, text);
      await axe(page, where, asked);
      const inside = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(inside <= 0, `${where} is ${inside} px too wide at ${width}`);
    };
    const { page } = await visitor({ lang, scheme, width });
    for (const path of await pages()) {
      await page.goto(BASE + path);
      await settled(page);
      await look(page, path);
    }
    const { page: tester } = await visitor({ lang, scheme, width });
    await tester.goto(`${BASE}/test`);
    await settled(tester);
    await tester.locator('.unsure .button').first().click();
    await tester.waitForSelector('.scale');
    await look(tester, 'a survey item');
    await tester.goto(BASE);
    await tester.evaluate(() => localStorage.clear());
    await toFilms(tester);
    await pick(tester);
    await look(tester, 'the films', { sizes: false });
  });

const tabber =
  (page, key = 'Tab') =>
  async (selector) => {
    for (let i = 0; i < 60; i++) {
      if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return i;
      await page.keyboard.press(key);
    }
    return assert.fail(`no way by ${key} to ${selector}`);
  };

const stepper = (page) => (s) =>
  page.waitForFunction((w) => new URLSearchParams(location.search).get('step') === w, s);

for (const lang of ['ko', 'en'])
  check(`the precise survey by keyboard alone on a phone (${lang})`, async () => {
    const { page } = await visitor({ lang });
    await page.goto(`${BASE}/test`);
    await settled(page);
    const tabTo = tabber(page);
    const step = stepper(page);
    await tabTo('.unsure .button + .button');
    await page.keyboard.press('Enter');
    let n = 1;
    for (await step('q1'); ; await step(`q${++n}`)) {
      await page.locator('.scale').waitFor();
      const most = /\d+/g;
      const [a, b] = (await seen(page, '.step')).match(most).map(Number);
      assert.ok(Math.min(a, b) === n + 1 && Math.max(a, b) <= 33, `${a}, ${b} at statement ${n}`);
      await tabTo('.scale input');
      await page.keyboard.press('Space');
      for (let k = 0; k < n % 4; k++) await page.keyboard.press('ArrowDown');
      await carries(page.locator('.scale input:checked'), 'value', ['-2', '-1', '1', '2'][n % 4]);
      const over = await page.evaluate(() => JSON.parse(localStorage.getItem('mvti.draft')).over);
      await page.keyboard.press('Enter');
      if (over) break;
    }
    await step('axes');
    assert.ok(n >= 8 && n <= 28, `${n} statements`);
    await axe(page, 'what the survey says');
    await tabTo('.onward .button:not(.quiet)');
    await page.keyboard.press('Enter');
    await step('style');
  });

check('the whole test by keyboard alone', async () => {
  const { page } = await visitor({ width: 1280 });
  await page.goto(`${BASE}/test`);
  await settled(page);
  const tabTo = tabber(page);
  const step = stepper(page);
  await tabTo('.types input');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await carries(page.locator('.types input:checked'), 'value', 'INFJ', 'arrows choose and do not run on');
  await page.keyboard.press('Enter');
  await step('style');
  assert.ok(
    await page.evaluate(() => document.activeElement.matches('h1')),
    'the new question has the focus',
  );
  for (const next of ['coping', 'wing', 'films']) {
    await tabTo('.option input');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await step(next);
    await settled(page);
  }
  await page.waitForSelector('.wall .pick');
  for (let i = 0; i < 3; i++) {
    await tabTo('.wall .pick[aria-pressed="false"]');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
  }
  const behind = () =>
    document.activeElement.getBoundingClientRect().bottom >
    document.querySelector('.strip').getBoundingClientRect().top;
  const further = 20;
  for (let i = 0; i < further; i++) {
    await page.keyboard.press('Tab');
    assert.ok(!(await page.evaluate(behind)), `film ${i + 5} is not behind what was chosen`);
  }
  // Back over the films, not around the ends of the page.
  const keys = await tabber(page, 'Shift+Tab')('.strip-foot .button:not([disabled])');
  assert.ok(keys <= further + 4, `${keys} keys back to the result`);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/r\//);
  await page.waitForSelector('.match');
});

for (const [width, text] of [
  [320, 1],
  [360, 1],
  [390, 2],
]) {
  check(`no sideways scroll at ${width} px${text > 1 ? ' with text at 200 %' : ''}`, async () => {
    const { page } = await visitor({ width });
    const look = async (where) => {
      await enlarge(page, text);
      const wide = await page.evaluate(() => {
        if (document.documentElement.scrollWidth <= innerWidth) return [];
        return [...document.querySelectorAll('main *')]
          .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
          .slice(0, 4)
          .map((e) => `${e.tagName}.${e.getAttribute('class')}`);
      });
      assert.deepEqual(wide, [], where);
    };
    for (const path of await pages()) {
      await page.goto(BASE + path);
      await settled(page);
      await look(path);
    }
    await toFilms(page);
    await pick(page);
    await look('films');
  });
}

for (const lang of LANGS)
  check(
    `text at 200 % on a phone: a header of two rows, whole words, the way in in sight (${lang})`,
    async () => {
      const { page } = await visitor({ lang });
      await go(page, '/');
      await enlarge(page, 2);
      const { top, begin, broken } = await page.evaluate(async () => {
        await document.fonts.ready;
        const range = document.createRange();
        const lines = (text, { index, 0: word }) => {
          range.setStart(text, index);
          range.setEnd(text, index + word.length);
          return new Set([...range.getClientRects()].map((r) => r.top)).size;
        };
        const texts = [...document.querySelectorAll('.logo span, h1')].flatMap((e) =>
          [...e.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE),
        );
        return {
          top: document.querySelector('.top').offsetHeight,
          begin: document.querySelector('.hero .button').getBoundingClientRect().top,
          broken: texts.flatMap((text) =>
            [...text.data.matchAll(/\S+/g)].filter((word) => lines(text, word) > 1).map(([word]) => word),
          ),
        };
      });
      assert.deepEqual(broken, []);
      assert.ok(top <= 100, `the header takes ${top} px`);
      assert.ok(begin < 500, `the button begins at ${begin} px`);
      await page.setViewportSize({ width: 360, height: 740 });
      const { y, height } = await page.locator('.hero .button').boundingBox();
      assert.ok(y + height < 740, `on a smaller phone the button ends at ${y + height} px`);
    },
  );

check('who asks for less motion gets none', async () => {
  const { page } = await visitor({ motion: 'reduce' });
  await page.goto(BASE);
  await settled(page);
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
});

check('what can be tapped is large enough', async () => {
  const { page } = await visitor({ width: 360 });
  for (const path of await pages()) {
    await page.goto(BASE + path);
    await settled(page);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('button, .button, nav a, .heart, .tile, summary')]
        .filter((e) => e.offsetParent && !e.closest('.sr'))
        .map((e) => [e, e.getBoundingClientRect()])
        .filter(([, r]) => r.height < 44 || r.width < 40)
        .map(([e, r]) => `${e.className || e.tagName} ${Math.round(r.width)}×${Math.round(r.height)}`),
    );
    assert.deepEqual(small, [], path);
  }
});

check('long titles stay inside their posters', async () => {
  const { page } = await visitor({ width: 1280 });
  for (const lang of ['ko', 'en']) {
    await page.goto(`${BASE}/about`);
    await settled(page);
    await page.evaluate((l) => localStorage.setItem('mvti.lang', JSON.stringify(l)), lang);
    await toFilms(page);
    await page.waitForFunction(
      () => {
        document.getElementById('wall-end')?.scrollIntoView();
        return document.querySelectorAll('.wall .pick').length >= 100;
      },
      null,
      { polling: 100 },
    );
    await page.evaluate(() => document.fonts.ready);
    const out = await page.evaluate(() =>
      [...document.querySelectorAll('.wall svg.poster text:last-of-type')]
        .map((text) => [text, text.getBBox()])
        .filter(
          ([text, b]) =>
            text.querySelector('tspan') &&
            (b.x < 2 || b.x + b.width > 198 || b.y < 0 || b.y + b.height > 300),
        )
        .map(([text]) => text.textContent),
    );
    assert.deepEqual(out, [], lang);
    await page.evaluate(() => localStorage.removeItem('mvti.draft'));
  }
});

check('the progress is read out as text', async () => {
  const { page } = await visitor();
  await page.goto(`${BASE}/test`);
  await settled(page);
  await says(page.locator('.step').first(), /5단계 중 1/);
  assert.equal((await api('survey')).mbti.items.length, 12);
});

/** Scrolls the wall until n posters are there. */
async function wallOf(page, n) {
  await until(async () => {
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    return (await page.locator('.wall .pick').count()) >= n;
  }, `${n} posters`);
}

check('sixty posters of a wall are sixty pictures of many families, none beside one like it', async () => {
  const { page } = await visitor({ width: 1440, height: 900 });
  await toFilms(page);
  await wallOf(page, 60);
  const drawn = await page.locator('.wall .poster').evaluateAll((all) =>
    all.slice(0, 60).map((e) => {
      const copy = e.cloneNode(true);
      const sheet = copy.querySelector('rect').getAttribute('fill');
      for (const text of copy.querySelectorAll('text')) text.remove();
      return { family: e.dataset.family, sheet, art: copy.innerHTML };
    }),
  );
  const of = (key) => new Set(drawn.map(key)).size;
  assert.equal(
    of((d) => d.art),
    60,
    'pictures',
  );
  assert.ok(of((d) => d.family) >= 18, `${of((d) => d.family)} families`);
  assert.equal(
    of((d) => d.family + d.sheet),
    60,
    'of family and colour',
  );
  for (const [i, { family }] of drawn.entries())
    assert.ok(!drawn.slice(Math.max(0, i - 8), i).some((d) => d.family === family), `${family} at ${i}`);
});

check('portraits are of the kind that the catalog says', async () => {
  const { page } = await visitor();
  const home = await api('home');
  for (const { id, presentation } of home.popular.slice(0, 6)) {
    await go(page, `/c/${id}`);
    const kind = await page.locator('.who-art .portrait').getAttribute('data-figure');
    assert.equal(kind, presentation.figure ?? 'stranger');
  }
});
