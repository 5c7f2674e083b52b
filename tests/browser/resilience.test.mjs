// Back, reload, a slow or failing network: no answer is lost, and what happened is said.
import assert from 'node:assert/strict';
import {
  answer,
  carries,
  check,
  counts,
  finish,
  go,
  pick,
  says,
  settled,
  takeTest,
  toFilms,
  visitor,
} from './lib.mjs';

const step = (page) => new URL(page.url()).searchParams.get('step');
const chosen = (page) => page.locator('.strip-list li').count();

check("the browser's back goes one question back and keeps the answers", async () => {
  const { page } = await visitor();
  await toFilms(page);
  await pick(page, [0, 1]);
  for (const before of ['wing', 'coping', 'style', 'mbti']) {
    await page.goBack();
    await page.waitForFunction((s) => new URLSearchParams(location.search).get('step') === s, before);
    await page.waitForSelector('.option input:checked', { state: 'attached' });
  }
  await carries(page.locator('.types input:checked'), 'value', 'INFP');
  for (let i = 0; i < 4; i++) await page.goForward();
  await page.waitForSelector('.strip-list');
  assert.equal(await chosen(page), 2);
});

check("the button back is the browser's back", async () => {
  const { page } = await visitor();
  await go(page, '/test');
  await answer(page, 'ENTP');
  await page.getByRole('button', { name: '이전', exact: true }).click();
  await page.waitForFunction(() => new URLSearchParams(location.search).get('step') === 'mbti');
  await carries(page.locator('.types input:checked'), 'value', 'ENTP');
});

check('reload on every screen, and a later visit, go on at the same question', async () => {
  const { page } = await visitor();
  await go(page, '/test');
  await answer(page, 'ISFP');
  await answer(page, 'assertive');
  await page.reload();
  await settled(page);
  assert.equal(step(page), 'coping');
  await answer(page, 'positive');
  await page.reload();
  await settled(page);
  await answer(page, '7w6');
  await page.waitForSelector('.wall .pick');
  await pick(page, [1, 3]);
  const first = await page.locator('.wall .pick-title').first().innerText();
  await page.reload();
  await page.waitForSelector('.wall .pick');
  assert.equal(await chosen(page), 2);
  await says(page.locator('.wall .pick-title').first(), first, 'the same wall');
  await go(page, '/');
  await says(page.locator('.hero').first(), /이어서 하기/);
  await page.locator('.hero .button').click();
  await page.waitForSelector('.strip-list');
  assert.equal(await chosen(page), 2);
});

check('a failing submit keeps everything and says what to do', async () => {
  const { page } = await visitor();
  await toFilms(page);
  await pick(page);
  for (const [how, words] of [
    ['abort', /연결을 확인/],
    [503, /잠시 뒤에/],
    [500, /우리 쪽의 문제/],
  ]) {
    await page.route('**/api/v1/tests', (r) =>
      how === 'abort'
        ? r.abort()
        : r.fulfill({
            status: how,
            contentType: 'application/problem+json',
            body: '{"status":500,"title":"x"}',
          }),
    );
    await page.locator('.strip-foot .button').click();
    await page.waitForFunction(
      (w) => document.querySelector('.strip-error')?.innerText.match(new RegExp(w)),
      words.source,
    );
    assert.equal(await chosen(page), 3);
    await page.unroute('**/api/v1/tests');
  }
  await page.reload();
  await page.waitForSelector('.strip-list');
  assert.equal(await chosen(page), 3);
  await finish(page);
});

/** What is posted to /tests from now on: {key, token, status}. */
function submissions(page) {
  const all = [];
  page.on('request', (r) => {
    if (r.method() !== 'POST' || !r.url().endsWith('/api/v1/tests')) return;
    const one = { key: r.headers()['idempotency-key'], token: r.headers()['x-csrf-token'], status: 0 };
    all.push(one);
    r.response().then(
      (reply) => {
        one.status = reply?.status() ?? 0;
      },
      () => {},
    );
  });
  return all;
}

check(
  'the same answers sent again carry the same key, also after a reload; new answers carry a new one',
  async () => {
    const { page } = await visitor();
    const sent = submissions(page);
    const press = () => page.locator('.strip-foot .button').click();
    const failed = () => page.waitForSelector('.strip-error');
    await toFilms(page);
    await pick(page);
    // The answer is lost on its way: the server has the test, the page does not know.
    await page.route('**/api/v1/tests', async (r) => {
      await r.fetch();
      await r.abort();
    });
    await press();
    await failed();
    await page.reload();
    await page.waitForSelector('.strip-list');
    await press();
    await failed();
    await page.unroute('**/api/v1/tests');
    await page.locator('.strip-list button').first().click();
    await pick(page, [5]);
    await finish(page);
    await page.goBack();
    await page.waitForSelector('.strip-list');
    await finish(page);
    const keys = sent.map((s) => s.key);
    assert.equal(keys.length, 4);
    for (const key of keys)
      assert.match(key, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(keys[1], keys[0]);
    assert.equal(
      new Set(keys).size,
      3,
      'other answers, and answers after one was kept, are submissions of their own',
    );
  },
);

/** Changes the draft that this browser keeps, as days may, and opens the test again. */
async function later(page, change) {
  await page.evaluate(`{
    const draft = JSON.parse(localStorage.getItem('mvti.draft'));
    draft.${change};
    localStorage.setItem('mvti.draft', JSON.stringify(draft));
  }`);
  await page.reload();
  await settled(page);
}

check('a film that has left the catalog is taken out with a word, and the rest goes on', async () => {
  const { page } = await visitor();
  await toFilms(page);
  await pick(page, [0, 1, 2, 3]);
  await later(page, "movies[1] = { id: 123456, title: { ko: '없어진 영화', en: 'A film that left' } }");
  await page.locator('.strip-foot .button').click();
  await page.waitForFunction(() => document.querySelectorAll('.strip-list li').length === 3);
  await says(page.locator('.strip-error').first(), /없어진 영화/);
  await finish(page);
});

check('films that are one by now are sent as one, unasked', async () => {
  const { page } = await visitor();
  await toFilms(page);
  await pick(page, [0, 1, 2]);
  await later(page, 'movies.push({ ...draft.movies[0] })');
  assert.equal(await chosen(page), 4);
  await finish(page);
});

check('a draft that is none any more is no draft, and nobody is stuck', async () => {
  const { page, problems } = await visitor();
  await toFilms(page);
  await pick(page, [0]);
  for (const wrong of [
    "movies = 'x'",
    'movies = [null]',
    'movies = null',
    'movies = {}',
    "seed = 'x'",
    'survey = 5',
    "form = 'x'",
    'said = 7',
    'asked = null',
    'step = 7',
    'mbti = {}',
  ]) {
    await later(page, wrong);
    assert.equal(step(page), 'mbti', wrong);
    await toFilms(page);
    await pick(page, [0]);
  }
  assert.deepEqual(problems, []);
});

check('answers that the server refuses for good lose their key', async () => {
  const { page } = await visitor();
  const sent = submissions(page);
  await toFilms(page);
  await pick(page);
  await page.route('**/api/v1/tests', (r) =>
    r.fulfill({ status: 400, contentType: 'application/problem+json', body: '{"status":400,"title":"x"}' }),
  );
  await page.locator('.strip-foot .button').click();
  await page.waitForSelector('.strip-error');
  await page.unroute('**/api/v1/tests');
  await finish(page);
  assert.equal(new Set(sent.map((s) => s.key)).size, 2);
});

check('a browser with a session that opens the test afresh posts once, with its token', async () => {
  const { page } = await visitor();
  await takeTest(page);
  await page.evaluate(() => localStorage.clear());
  const sent = submissions(page);
  await takeTest(page, 'ESTJ');
  assert.deepEqual(
    sent.map((s) => s.status),
    [201],
  );
  assert.ok(sent[0].token);
});

check('a slow network shows that it works and sends once however often one taps', async () => {
  const { page } = await visitor();
  await toFilms(page);
  await pick(page);
  let posts = 0;
  let release;
  const gate = new Promise((r) => {
    release = r;
  });
  await page.route('**/api/v1/tests', async (r) => {
    posts += 1;
    await gate;
    await r.continue();
  });
  const button = page.locator('.strip-foot .button');
  await button.click();
  await button.click();
  await page.waitForSelector('.strip-foot .button[aria-busy="true"]');
  await button.click();
  release();
  await page.waitForURL(/\/r\//);
  assert.equal(posts, 1);
});

check('not saved is said honestly and saving can be tried again', async () => {
  const { page } = await visitor();
  await toFilms(page);
  await pick(page);
  await page.route('**/api/v1/tests', async (r) => {
    const reply = await r.fetch();
    await r.fulfill({ status: 200, json: { ...(await reply.json()), token: null, saved: false } });
  });
  await page.locator('.strip-foot .button').click();
  await page.waitForSelector('.note.warn');
  await says(page.locator('main'), /저장하지 못했어요/);
  await counts(page.locator('#same .match'), 7);
  await page.reload();
  await page.waitForSelector('.note.warn');
  await page.unroute('**/api/v1/tests');
  await page.getByRole('button', { name: '다시 저장하기' }).click();
  await page.waitForURL(/\/r\/[A-Za-z0-9_-]{22}$/);
  await page.waitForSelector('.match');
  await counts(page.locator('.note.warn'), 0);
});

check('a heart that cannot be kept goes back with a word', async () => {
  const { page } = await visitor();
  await takeTest(page);
  await page.route('**/like', (r) => r.abort());
  const heart = page.locator('#same .heart').first();
  await heart.click();
  await page.waitForSelector('.toast.bad');
  await carries(heart, 'aria-pressed', 'false');
});

check('a page whose data fails says so and tries again', async () => {
  const { page } = await visitor();
  // From another page: one that a worker wrote stays as it is written (written.test.mjs).
  await go(page, '/about');
  await page.route('**/api/v1/home', (r) => r.abort());
  await page.getByRole('link', { name: 'MVTI 처음으로' }).click();
  await page.waitForSelector('.state');
  await says(page.locator('main'), /연결이 끊겼어요/);
  await page.unroute('**/api/v1/home');
  await page.getByRole('button', { name: '다시 시도' }).click();
  await page.waitForSelector('.tile');
});
