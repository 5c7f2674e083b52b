// The test without scripts: from the first page to a result by forms alone, on a phone, in both languages.
import assert from 'node:assert/strict';
import { BASE, axe, check, counts, says, seen, settled, until, visitor } from './lib.mjs';

const WORDS = {
  ko: { next: '다음', submit: '결과 보기', search: '영화 찾기', yours: '당신은' },
  en: { next: 'Next', submit: 'See the result', search: 'Search films', yours: 'You are' },
};

const tap = (page, name, value) =>
  page.locator(`main input[name="${name}"][value="${value}"]`).check({ force: true });
const press = (page, name) => page.locator('main').getByRole('button', { name, exact: true }).click();
const wide = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

/** Presses until it is not too early for the form. */
const submit = async (page, word, age = '14') => {
  await page.locator(`input[name="age"][value="${age}"]`).check();
  await until(async () => {
    await press(page, word);
    await page.waitForLoadState();
    return age === '14' ? /\/r\//.test(page.url()) : page.url().includes('step=result');
  }, 'the result');
};

/** Through the questions to the films, looking at each page on the way. */
async function toFilms(page, w, look) {
  await page.goto(`${BASE}/`);
  await page.locator('main .button.big').first().click();
  for (const [name, value] of [
    ['mbti', 'INFP'],
    ['style', 'withdrawn'],
    ['coping', 'reactive'],
    ['enneagram', '4w5'],
  ]) {
    await look(page);
    await tap(page, name, value);
    await press(page, w.next);
    await page.waitForLoadState();
  }
}

for (const lang of ['ko', 'en']) {
  const w = WORDS[lang];
  check(`without scripts one comes by forms from the first page to a result (${lang})`, async () => {
    const { page } = await visitor({ lang, javaScriptEnabled: false });
    await toFilms(page, w, async () => {
      await counts(page.locator('h1'), 1, page.url());
      assert.ok(await wide(page), page.url());
    });
    await press(page, w.submit);
    await page.waitForLoadState();
    // Not the one that is searched for, which would be chosen already.
    const others = page.locator('.wall li', { hasNotText: /기생충|Parasite/ });
    const first = others.locator('input').nth(1);
    const kept = await first.getAttribute('name');
    await first.check({ force: true });
    await page.locator('#film-q').fill(lang === 'ko' ? 'ㄱㅅㅊ' : 'parasite');
    await press(page, w.search);
    await page.waitForLoadState();
    assert.ok(await page.locator(`input[name="${kept}"]`).isChecked(), 'chosen before the search');
    assert.ok((await page.locator('.wall input:not(:checked)').count()) > 0, 'something is found');
    await page.locator('.wall input:not(:checked)').first().check({ force: true });
    await page.locator('button[name="other"]').click();
    await page.waitForLoadState();
    await page.locator('.wall input:not(:checked)').nth(2).check({ force: true });
    assert.ok(await wide(page));
    await submit(page, w.submit);
    assert.equal(new URL(page.url()).pathname.startsWith('/en/'), lang === 'en');
    const text = await seen(page);
    assert.ok(text.startsWith(w.yours), text.slice(0, 80));
    assert.ok((await page.locator('.match').count()) >= 20);
    await page.locator('.fold > summary').first().click();
    await page.locator('.fold[open] .match').first().waitFor();
  });
}

for (const [lang, scheme, width] of [
  ['ko', 'light', 390],
  ['en', 'dark', 1440],
])
  check(`without scripts who is under 14 sees a result that says it is not kept (${lang})`, async () => {
    const { page, context } = await visitor({ lang, scheme, width, javaScriptEnabled: false, over14: null });
    await toFilms(page, WORDS[lang], async () => {});
    for (const i of [0, 1, 2]) await page.locator('.wall input:not(:checked)').nth(i).check({ force: true });
    assert.ok(await wide(page));
    await submit(page, WORDS[lang].submit, 'no');
    const note = page.locator('.note.warn');
    await says(note, lang === 'ko' ? /만 14세 미만이라고 해서/ : /You told us that you are under 14/);
    assert.ok((await page.locator('.match').count()) >= 20 && (await wide(page)));
    await counts(page.locator('main form, main img, main a[href*="/r/"], main a[href*=".png"]'), 0);
    assert.deepEqual(await context.cookies(), []);
    // To a character and back, and loaded again: no question whether to send it again.
    const people = await page.locator('.match h3').allInnerTexts();
    await page.locator('.match a').first().click();
    await page.waitForURL(/\/c\/\d+$/);
    await page.goBack();
    await says(note, /14/);
    await page.reload();
    assert.deepEqual(await page.locator('.match h3').allInnerTexts(), people);
    // What checks accessibility is a script: the page as it is written, in a browser that has them and lacks ours.
    const other = await visitor({ lang, scheme, width });
    await other.page.route('**/js/main.js', (route) => route.abort());
    await other.page.goto(page.url());
    await axe(other.page, page.url());
  });

check('too few films are said, and what was chosen stays', async () => {
  const { page } = await visitor({ javaScriptEnabled: false });
  await toFilms(page, WORDS.ko, async () => {});
  await page.locator('.wall input').first().check({ force: true });
  await until(async () => {
    await press(page, WORDS.ko.submit);
    await page.waitForLoadState();
    return (await page.getByRole('alert').innerText()).includes('2편 더');
  }, 'what is missing');
  await counts(page.locator('.wall input:checked'), 1);
});

check('pages of the forms are accessible', async () => {
  for (const [scheme, width, at] of [
    ['light', 390, ''],
    ['dark', 1440, '/en'],
  ]) {
    const { page } = await visitor({ scheme, width });
    await page.route('**/js/main.js', (route) => route.abort());
    await page.goto(`${BASE}${at}/test`);
    const ticket = await page.locator('input[name="ticket"]').first().getAttribute('value');
    const state = `ticket=${ticket}&mbti=INFP`;
    for (const query of [
      '',
      `?step=survey&ticket=${ticket}&survey=1-3-4-1-3-4-`,
      `?step=axes&ticket=${ticket}&survey=123412341234`,
      `?step=style&${state}`,
      `?step=wing&${state}&style=withdrawn&coping=reactive`,
      `?step=known&${state}`,
      `?step=films&${state}`,
      `?step=films&${state}&enneagram=4w5&q=star`,
    ]) {
      await page.goto(`${BASE}${at}/test${query}`);
      await axe(page, `${at}/test${query} ${scheme}`);
    }
  }
});

check('where scripts run, the test is theirs', async () => {
  const { page, problems } = await visitor();
  await page.goto(`${BASE}/test`);
  await settled(page);
  await counts(page.locator('main form[action]'), 0);
  await page.goto(`${BASE}/test?step=films`);
  await settled(page);
  assert.match(page.url(), /step=mbti/);
  assert.deepEqual(problems, []);
});
