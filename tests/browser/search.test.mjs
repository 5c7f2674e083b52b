// The search box while an input method is at work, and answers that come out of order.
import assert from 'node:assert/strict';
import { api, check, counts, says, toFilms, visitor } from './lib.mjs';

const LEADS = [...'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'];
const TAILS = [...'ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ'];

/** What a Korean keyboard shows of two open syllables, key by key: 대부 is ㄷ, 대, 댑, 대부. */
function states(title) {
  const [a, b] = [...title].map((c) => c.charCodeAt(0) - 0xac00);
  const second = LEADS[Math.floor(b / 588)];
  return [
    LEADS[Math.floor(a / 588)],
    title[0],
    String.fromCharCode(0xac00 + a + TAILS.indexOf(second) + 1),
    title.slice(0, 2),
  ];
}

/** A film whose title begins with two open syllables, the second with a letter that can stand below the first. */
async function openFilm() {
  for (let cursor = ''; ; ) {
    const { items, next_cursor: next } = await api(
      `movies?limit=100&seed=5${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    for (const film of items) {
      const codes = [...film.title.ko].slice(0, 2).map((c) => c.charCodeAt(0) - 0xac00);
      if (
        codes.length === 2 &&
        codes.every((c) => c >= 0 && c < 11172 && c % 28 === 0) &&
        TAILS.includes(LEADS[Math.floor(codes[1] / 588)])
      )
        return film;
    }
    assert.ok(next, 'no film of the sample begins with two open syllables');
    cursor = next;
  }
}

const shown = (page, title) => page.locator('.wall .pick', { hasText: title }).first();

check('search while a syllable is composed never says that there is nothing', async () => {
  const { page, context, problems } = await visitor();
  const film = await openFilm();
  await toFilms(page);
  await page.evaluate(() => {
    window.said = [];
    new MutationObserver(
      () =>
        document.querySelector('.films .state') &&
        window.said.push(document.querySelector('.films .state').innerText),
    ).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await page.focus('#film-q');
  const cdp = await context.newCDPSession(page);
  for (const text of states(film.title.ko)) {
    const answered = page.waitForResponse((r) => new URL(r.url()).searchParams.get('q') === text && r.ok());
    await cdp.send('Input.imeSetComposition', {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    });
    assert.equal(await page.inputValue('#film-q'), text);
    const ids = (await (await answered).json()).items.map((m) => m.id);
    await page.waitForFunction(
      (n) =>
        document.querySelector('.wall').ariaBusy === 'false' &&
        document.querySelectorAll('.wall .pick').length >= n,
      ids.length,
    );
    if (text.length > 1 || text === film.title.ko[0]) assert.ok(ids.length > 0, text);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/search-${text}.png` });
  }
  await cdp.send('Input.insertText', { text: film.title.ko.slice(0, 2) });
  await shown(page, film.title.ko).waitFor();
  assert.deepEqual(await page.evaluate(() => window.said), []);
  assert.deepEqual(problems, []);
});

check('an older answer never replaces a newer one', async () => {
  const { page } = await visitor();
  await toFilms(page);
  const { items } = await api('movies?limit=2&seed=5');
  const [older, newer] = items.map((m) => m.title.ko);
  const titles = () => page.locator('.wall .pick-title').allInnerTexts();
  const before = await titles();
  let release;
  const held = new Promise((go) => {
    release = go;
  });
  await page.route(/movies\?.*q=/, async (route) => {
    const q = new URL(route.request().url()).searchParams.get('q');
    const reply = await route.fetch();
    if (q === older) await held;
    await route.fulfill({ response: reply });
  });
  const asked = page.waitForRequest((r) => new URL(r.url()).searchParams.get('q') === older);
  await page.fill('#film-q', older);
  await asked;
  await page.fill('#film-q', newer);
  // First of all: the wall from before may have it somewhere.
  await page.waitForFunction((t) => document.querySelector('.wall .pick')?.innerText.includes(t), newer);
  const late = page.waitForResponse((r) => new URL(r.url()).searchParams.get('q') === older);
  release();
  await (await late).finished();
  await page.evaluate(
    () =>
      new Promise((done) => {
        requestAnimationFrame(() => requestAnimationFrame(done));
      }),
  );
  await says(page.locator('.wall .pick').first(), new RegExp(newer.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  await page.fill('#film-q', '(');
  await page.waitForResponse((r) => new URL(r.url()).searchParams.get('q') === '(');
  await page.waitForFunction(
    () =>
      document.querySelector('.wall').ariaBusy === 'false' ||
      document.querySelectorAll('.wall .pick').length > 2,
  );
  await counts(page.locator('.films .state'), 0);
  await page.fill('#film-q', '');
  await page.locator('#wall').waitFor();
  // It may have grown meanwhile.
  assert.deepEqual((await titles()).slice(0, before.length), before);
});
