// Both languages: the same keys, no mixture, particles that follow, links that lead somewhere.
import assert from 'node:assert/strict';
import ownEn from '../../www/js/admin/en.js';
import ownKo from '../../www/js/admin/ko.js';
import enMore from '../../www/js/i18n/en.js';
import enResult from '../../www/js/i18n/en.result.js';
import enSite from '../../www/js/i18n/en.site.js';
import koMore from '../../www/js/i18n/ko.js';
import koResult from '../../www/js/i18n/ko.result.js';
import koSite from '../../www/js/i18n/ko.site.js';
import { particles } from '../../www/js/particles.js';
import { BASE, check, pages, says, settled, visitor } from './lib.mjs';

const ko = { ...koSite, ...koResult, ...koMore };
const en = { ...enSite, ...enResult, ...enMore };
const HANGUL = /[가-힣ㄱ-ㅎ]/;
const slots = (s) =>
  [...s.matchAll(/\{(\w+)\}/g)]
    .map((m) => m[1])
    .sort()
    .join();

check('both dictionaries of the site and of the console have the same keys and the same slots', () => {
  for (const [inKo, inEn] of [
    [ko, en],
    [ownKo, ownEn],
  ]) {
    assert.deepEqual(Object.keys(inEn).sort(), Object.keys(inKo).sort());
    for (const [key, word] of Object.entries(inKo)) {
      assert.equal(slots(inEn[key]), slots(word), key);
      assert.ok(word.trim() && inEn[key].trim(), key);
      // A language is named as its readers call it.
      if (!['nav.other', 'lang.ko'].includes(key)) assert.ok(!HANGUL.test(inEn[key]), `${key} is English`);
    }
  }
});

check(
  '/about says how long things are kept: as long as the settings say where nobody has changed them',
  async () => {
    const { readFileSync } = await import('node:fs');
    const settings = readFileSync(new URL('../../lib/base/config.c', import.meta.url), 'utf8');
    const days = ['guest', 'event'].map(
      (what) => settings.match(new RegExp(`NUMBER\\(keep_${what}_days, "(\\d+)"`))[1],
    );
    for (const [lang, unit] of [
      ['ko', '일'],
      ['en', ' days'],
    ]) {
      const { page } = await visitor({ lang });
      await page.goto(`${BASE}/about`);
      await settled(page);
      const text = await page.locator('#privacy').innerText();
      for (const n of days) assert.ok(text.includes(n + unit), `${n}${unit}`);
    }
  },
);

// The names are those of www/js/storage.js's callers; who keeps something new says so on /about, in both languages, and here.
check('/about says what this browser keeps', async () => {
  const { readFileSync, readdirSync } = await import('node:fs');
  const root = new URL('../../www/js/', import.meta.url);
  const names = new Set();
  for (const f of readdirSync(root, { recursive: true }).filter((f) => f.endsWith('.js'))) {
    const text = readFileSync(new URL(f, root), 'utf8');
    if (f !== 'storage.js') assert.ok(!/(local|session)Storage/.test(text), f);
    for (const [, name] of text.matchAll(/\bremember(?:Here)?\(([\w.']+)/g)) names.add(name);
  }
  names.delete('name');
  assert.deepEqual([...names].sort(), [
    "'lang'",
    "'me'",
    'CIRCLE',
    'FRIEND',
    'HEARTS',
    'KEPT',
    'KEY',
    'SENDING',
    'WITHDRAWN',
    'own',
  ]);
  for (const said of [
    [ko, '언어', '테스트', '유형', '결과', '좋아요'],
    [en, 'language', 'test', 'type', 'results', 'likes'],
  ])
    for (const word of said.slice(1)) assert.ok(said[0]['about.privacy.3'].includes(word), word);
});

check('/about says how much each part of a match weighs: as the program has it', async () => {
  const { readFileSync } = await import('node:fs');
  const header = readFileSync(new URL('../../lib/app/recommend.h', import.meta.url), 'utf8');
  const shares = ['FILM', 'ENNEAGRAM', 'CERTAINTY', 'FAME'].map(
    (part) => `${header.match(new RegExp(`RECOMMEND_${part} = (\\d+)`))[1]}%`,
  );
  for (const lang of ['ko', 'en']) {
    const { page } = await visitor({ lang });
    await page.goto(`${BASE}/about`);
    await settled(page);
    assert.deepEqual(await page.locator('#match dd').allInnerTexts(), shares);
  }
});

check('every key that the pages ask for exists', async () => {
  const { readFileSync, readdirSync } = await import('node:fs');
  const root = new URL('../../www/js/', import.meta.url);
  const files = readdirSync(root, { recursive: true }).filter(
    (f) => f.endsWith('.js') && !f.startsWith('i18n/'),
  );
  for (const f of files) {
    const text = readFileSync(new URL(f, root), 'utf8');
    const words = f.startsWith('admin/') ? ownKo : ko; // the console has its own
    for (const [, key] of text.matchAll(/\bt\('([\w.]+)'/g)) assert.ok(key in words, `${f}: ${key}`);
    for (const [, key] of text.matchAll(/\btn\('([\w.]+)'/g))
      assert.ok(`${key}.many` in ko && `${key}.one` in ko, `${f}: ${key}`);
  }
});

check('particles follow the final sound', () => {
  // Every syllable of Hangul: the final consonant is what is left of its canonical parts.
  const ALL = ['은|는', '이|가', '을|를', '과|와', '아|야'];
  for (let code = 0xac00; code < 0xac00 + 11172; code++) {
    const ch = String.fromCharCode(code);
    const final = ch.normalize('NFD')[2];
    for (const pair of ALL)
      assert.equal(particles(`${ch}[${pair[0]}]`), ch + pair.split('|')[final ? 0 : 1], ch);
    assert.equal(particles(`『${ch}』[으로]`), `『${ch}』${final && final !== '\u11af' ? '으로' : '로'}`, ch);
  }
  // Consonant, ㄹ, vowel.
  const sounds = {
    c: '4w3 10 100 0 Sunshine Inception Titanic Rock Up Get.Out Robot Time Song Léon Dream Club Magic Moon Tomb 『Skyfall.3』 ENFN',
    l: '1w7 8 11 Soul Smile Table Apple Skyfall Gravity.1 NULL AVATAR WALL',
    '': '4w5 2 9 12 Love.Letter Her Parasite Amélie Her Whiplash The Frozen.2 INFP ENTJ WALL·E E.T. Dunkirk Night Knives Bad Park Barbie Hope Ford.v.Ferrari (2012)',
  };
  const of = { c: ['을', '으로'], l: ['을', '로'], '': ['를', '로'] };
  for (const [sound, words] of Object.entries(sounds))
    for (const word of words.split(' ')) {
      const w = word.replaceAll('.', word === 'E.T.' ? '.' : ' ');
      assert.equal(particles(`${w}[을] ${w}[으로]`), `${w}${of[sound][0]} ${w}${of[sound][1]}`);
    }
});

for (const lang of ['ko', 'en']) {
  check(`no words of the other language (${lang})`, async () => {
    const { page } = await visitor({ lang });
    for (const path of await pages()) {
      await page.goto(BASE + path);
      await settled(page);
      assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
      const text = await page.evaluate(() => {
        document.querySelector('.lang').remove();
        const labels = [...document.querySelectorAll('[aria-label], [placeholder]')]
          .map((e) => `${e.ariaLabel ?? ''} ${e.getAttribute('placeholder') ?? ''}`)
          .join('\n');
        return `${document.title}\n${document.body.innerText}\n${labels}`;
      });
      if (lang === 'en')
        assert.ok(
          !HANGUL.test(text),
          `${path}: ${text
            .split('\n')
            .filter((l) => HANGUL.test(l))
            .slice(0, 3)}`,
        );
      else {
        const english = text
          .split('\n')
          .filter((l) => /\b[a-z]{3,} [a-z]{2,} [a-z]{2,}/.test(l) && !HANGUL.test(l));
        assert.deepEqual(english, [], path);
      }
      assert.doesNotMatch(
        text,
        /undefined|NaN|\[object|\{\w+\}|\b[a-z]+\.[a-z]+\.[a-z]+\b|\[(은|이|을|과|으로)\]/,
        path,
      );
    }
  });
}

check('the toggle changes everything and is remembered', async () => {
  const { page } = await visitor({ lang: 'ko' });
  await page.goto(BASE);
  await settled(page);
  await page.getByRole('link', { name: 'English' }).click();
  await page.waitForFunction(() => document.documentElement.lang === 'en');
  await says(page.locator('h1'), /Somewhere in a film/);
  assert.equal(new URL(page.url()).pathname, '/en');
  await page.reload();
  await settled(page);
  await says(page.locator('h1'), /Somewhere in a film/);
});

check('no dead links, and the foot says whose mark it is not', async () => {
  const { page } = await visitor();
  const links = new Set();
  for (const path of await pages()) {
    await page.goto(BASE + path);
    await settled(page);
    await says(
      page.locator('footer, .test-head').first(),
      path === '/test' ? /단계/ : /MBTI 상표권자와 무관/,
    );
    for (const href of await page.evaluate(() =>
      [...document.querySelectorAll('a[href^="/"]')].map((a) => a.getAttribute('href').split('#')[0]),
    ))
      links.add(href);
  }
  assert.ok(links.size > 40);
  links.delete('/en/nowhere'); // the same nothing in English
  for (const href of links) {
    // Buttons of /login lead to a provider, who is somebody else.
    const reply = await fetch(BASE + (href || '/'), { redirect: 'manual' });
    assert.equal(reply.status, href.startsWith('/auth/') ? 303 : 200, href);
    await reply.arrayBuffer();
  }
});
