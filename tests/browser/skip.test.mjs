// Who does not know their Enneagram: past its screens, with scripts and without, and nothing is said of one.
import assert from 'node:assert/strict';
import {
  answer,
  api,
  axe,
  BASE,
  check,
  counts,
  finish,
  go,
  pick,
  says,
  seen,
  settled,
  until,
  visitor,
} from './lib.mjs';

const SKIP = { ko: '잘 모르겠어요, 건너뛸게요', en: 'I don’t know, skip this' };
const NEXT = { ko: '다음', en: 'Next' };
const SUBMIT = { ko: '결과 보기', en: 'See the result' };
/** Answers before it is skipped: on the first screen, the second and the third. */
const BEFORE = [
  ['style', []],
  ['coping', [['style', 'withdrawn']]],
  [
    'wing',
    [
      ['style', 'withdrawn'],
      ['coping', 'reactive'],
    ],
  ],
];

/** What a result says of its visitor and of why: no type like 4w5 but on characters, no word of the Enneagram. */
async function unsaid(page) {
  const token = page.url().split('/').at(-1);
  const told = await api(`tests/${token}`);
  assert.deepEqual([told.personality.mbti, told.personality.enneagram], ['INFP', null]);
  await page.locator('.match .because').first().waitFor();
  const meet = await seen(page, '.meet-type');
  assert.match(meet, /INFP/);
  assert.doesNotMatch(meet, /\dw\d|null|undefined/);
  const why = (await page.locator('.because').allInnerTexts()).join(' ');
  assert.doesNotMatch(why, /에니어그램|Enneagram/);
  assert.doesNotMatch(await seen(page, '.about-me'), /\dw\d|null|undefined/);
  assert.match(
    await page.locator('.about-me .prose .button').getAttribute('href'),
    /^(\/en)?\/t\/INFP$/,
    'to the type, not to a pair',
  );
}

for (const lang of ['ko', 'en'])
  check(`the Enneagram can be skipped on each of its screens (${lang})`, async () => {
    for (const [step, given] of BEFORE) {
      const { page, problems } = await visitor({ lang });
      await go(page, '/test');
      await answer(page, 'INFP');
      for (const [, value] of given) await answer(page, value);
      await page.locator(`[data-screen=${step}]`).waitFor();
      await page.getByRole('button', { name: SKIP[lang] }).click();
      await page.waitForSelector('.wall .pick');
      // Back leads to the question that was left, which can be answered after all.
      await page.goBack();
      await page.locator(`[data-screen=${step}]`).waitFor();
      await page.goForward();
      await page.waitForSelector('.wall .pick');
      await pick(page);
      await finish(page);
      await unsaid(page);
      assert.deepEqual(problems, []);
    }
  });

check('the Enneagram that was skipped may still be answered, and the answer counts', async () => {
  const { page } = await visitor();
  await go(page, '/test');
  await answer(page, 'INFP');
  await page.getByRole('button', { name: '내 에니어그램을 알아요' }).click();
  await page.locator('[data-screen=known]').waitFor();
  await page.getByRole('button', { name: SKIP.ko }).click();
  await page.waitForSelector('.wall .pick');
  await page.locator('.test-head .text-button').first().click();
  await page.locator('[data-screen=known]').waitFor();
  await page.getByRole('button', { name: '질문으로 찾을래요' }).click();
  await page.locator('[data-screen=style]').waitFor();
  for (const value of ['compliant', 'positive', '2w3']) await answer(page, value);
  await page.waitForSelector('.wall .pick');
  await pick(page);
  await finish(page);
  const told = await api(`tests/${page.url().split('/').at(-1)}`);
  assert.equal(told.personality.enneagram, '2w3');
});

check('without the Enneagram a match adds up, and other films go with the same answers', async () => {
  const { page, problems } = await visitor();
  await go(page, '/test');
  await answer(page, 'INFP');
  await page.getByRole('button', { name: SKIP.ko }).click();
  await page.waitForSelector('.wall .pick');
  await pick(page);
  await finish(page);
  for (const list of ['same', 'compatible']) {
    const card = page.locator(`#${list} .match`).first();
    await card.locator('summary').click();
    const dl = await card.locator('.why dl').innerText();
    assert.doesNotMatch(dl, /에니어그램/);
    assert.equal(await card.locator('.why dl dt', { hasText: '궁합' }).count(), list === 'same' ? 0 : 1);
    const [most, n] = [...dl.matchAll(/(\d+)점 중 (\d+)점/g)].reduce(
      ([a, b], [, x, y]) => [a + Number(x), b + Number(y)],
      [0, 0],
    );
    const all = Number(dl.match(/100점 중 (\d+)점/)[1]);
    assert.equal(most, 200, dl);
    assert.ok(Math.abs(n - 2 * all) <= 2, `the parts are ${n - all} and not ${all}`);
    const percent = Number(await card.locator('.ring b').innerText());
    const above = Number(dl.match(/100명 가운데 (\d+)명/)[1]);
    assert.ok(/−\d+%/.test(dl) || Math.abs(above - percent) <= 1, `above ${above} of 100 and ${percent} %`);
  }
  await go(page, '/me');
  await page.locator('.me-type .chip').waitFor();
  assert.equal(await page.locator('.me-type .chip').innerText(), 'INFP');
  await page.getByRole('button', { name: '영화 바꾸기' }).click();
  await page.waitForSelector('.wall .pick');
  assert.doesNotMatch(await seen(page, '.films .lead'), /null|undefined/);
  assert.deepEqual(problems, []);
});

for (const lang of ['ko', 'en'])
  check(`without scripts the Enneagram is skipped by a link (${lang})`, async () => {
    const at = lang === 'en' ? '/en' : '';
    for (const [, given] of BEFORE) {
      const { page } = await visitor({ lang, javaScriptEnabled: false });
      await page.goto(`${BASE}${at}/test`);
      for (const [name, value] of [['mbti', 'INFP'], ...given]) {
        await page.locator(`main input[name="${name}"][value="${value}"]`).check({ force: true });
        await page.locator('main').getByRole('button', { name: NEXT[lang], exact: true }).click();
        await page.waitForLoadState();
      }
      await page.getByRole('link', { name: SKIP[lang] }).click();
      await page.locator('.wall').first().waitFor();
      for (let i = 0; i < 3; i++) await page.locator('.wall input').nth(i).check({ force: true });
      await page.locator('input[name="age"][value="14"]').check();
      await until(async () => {
        await page.locator('main').getByRole('button', { name: SUBMIT[lang], exact: true }).click();
        await page.waitForLoadState();
        return /\/r\//.test(page.url());
      }, 'the result');
      await unsaid(page);
    }
  });

check('screens of the Enneagram with the way past them are accessible', async () => {
  for (const [scheme, width, lang] of [
    ['light', 320, 'ko'],
    ['dark', 1440, 'en'],
  ]) {
    const { page } = await visitor({ scheme, width, lang });
    await go(page, '/test');
    await answer(page, 'INFP');
    await page.getByRole('button', { name: SKIP[lang] }).waitFor();
    await settled(page);
    await axe(page, `the first question ${scheme}`);
  }
});

check('three Enneagram types come with their shares, and a sentence of each of them counts', async () => {
  const { page } = await visitor();
  await go(page, '/test');
  for (const value of ['INFP', 'withdrawn', 'reactive']) await answer(page, value);
  await counts(page.locator('.likely'), 3);
  await says(page.locator('.likely').first(), /^4번 유형 · \d+%$/);
  const shown = await page.locator('.likely').allInnerTexts();
  const shares = shown.map((text) => Number(/(\d+)%$/.exec(text)[1]));
  assert.ok(shares[0] > shares[1] && shares[1] >= shares[2], shown.join());
  assert.ok(shares[0] + shares[1] + shares[2] <= 101, shown.join());
  const last = await page.locator('.option input').last().getAttribute('value');
  assert.notEqual(last[0], '4');

  const plain = (await visitor({ javaScriptEnabled: false })).page;
  await plain.goto(`${BASE}/test`);
  const ticket = await plain.locator('input[name="ticket"]').first().getAttribute('value');
  await plain.goto(`${BASE}/test?step=wing&ticket=${ticket}&mbti=INFP&style=withdrawn&coping=reactive`);
  assert.deepEqual(await plain.locator('.likely').allInnerTexts(), shown, 'the same without scripts');

  await answer(page, last);
  await page.waitForSelector('.wall .pick');
  await pick(page);
  await finish(page);
  await says(page.locator('.meet-type'), new RegExp(`INFP ${last}`));
});
