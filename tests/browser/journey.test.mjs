// The visitor's way, start to end, by what can be read on the screen.
import assert from 'node:assert/strict';
import {
  answer,
  api,
  carries,
  check,
  counts,
  finish,
  go,
  pick,
  says,
  seen,
  settled,
  survey,
  takeTest,
  toFilms,
  visitor,
} from './lib.mjs';

check('home says what this is and leads to the test', async () => {
  const { page, problems } = await visitor();
  await go(page, '/');
  const text = await seen(page);
  assert.match(text, /영화 속 어딘가에/);
  await counts(page.locator('.tile'), 16);
  await page.locator('#popular').scrollIntoViewIfNeeded();
  await page.waitForSelector('[data-list=popular]');
  assert.ok((await page.locator('.face').count()) >= 8);
  const home = await api('home');
  if (home.tests > 0) assert.match(text, new RegExp(`${new Intl.NumberFormat('ko').format(home.tests)}명`));
  else assert.doesNotMatch(text, /지금까지/);
  await page.locator('.hero .button').click();
  await page.waitForSelector('.test');
  await settled(page);
  await says(page.locator('main'), /어떤 성격인가요/);
  assert.deepEqual(problems, []);
});

check('the way by choice ends in characters like me, with reasons', async () => {
  const { page, problems } = await visitor();
  await toFilms(page);
  const submit = page.locator('.strip-foot .button');
  assert.ok(await submit.isDisabled(), 'no result before three films');
  await says(page.locator('.strip').first(), /3편 더/);
  const titles = await pick(page, [0, 2, 4]);
  await finish(page);
  const text = await seen(page);
  assert.match(text, /INFP/);
  assert.match(text, /4w5/);
  const meet = page.locator('.meet');
  await says(meet.locator('h1'), /\S/);
  assert.ok((await meet.locator('.because').innerText()).length > 8);
  const foot = await meet.locator('.tools button').first().boundingBox();
  assert.ok(foot.y + foot.height <= 844, `the way to share is on the first screen: ${foot.y + foot.height}`);
  for (const list of ['same', 'compatible']) {
    const part = page.locator(`#${list}`);
    await counts(part.locator('.match'), 7);
    await part.locator('.more-row button').click();
    const n = await part.locator('.match').count();
    assert.ok(n >= 10 && n <= 20, `${list} shows ${n}`);
    for (const why of await part.locator('.because').allInnerTexts())
      assert.ok(why.length > 8, `a reason: ${why}`);
    for (const pct of await part.locator('.ring b').allInnerTexts()) assert.ok(pct >= 0 && pct <= 100);
  }
  const reasons = (await page.locator('.because').allInnerTexts()).join(' ');
  assert.ok(
    titles.some((t) => reasons.includes(`『${t}』`)),
    `reasons name a chosen film (${titles})`,
  );
  const first = page.locator('#same .match').first();
  await says(first.locator('.chip'), await first.locator('.chip').evaluate((e) => e.innerText));
  await says(first.locator('.chip'), /^INFP/);
  await first.locator('summary').click();
  const points = (await first.locator('.why dl').innerText()).matchAll(/(\d+)점 중 (\d+)점/g);
  const [most, n] = [...points].reduce(([a, b], [, x, y]) => [a + Number(x), b + Number(y)], [0, 0]);
  const percent = Number(await first.locator('.ring b').innerText());
  assert.ok(most === 200, `four parts and all of them: ${most}`);
  const all = Number((await first.locator('.why dl').innerText()).match(/100점 중 (\d+)점/)[1]);
  assert.ok(Math.abs(n - 2 * all) <= 2, `the parts are ${n - all} and not ${all}`);
  const above = Number((await first.locator('.why dl').innerText()).match(/100명 가운데 (\d+)명/)[1]);
  assert.ok(Math.abs(above - percent) <= 1, `above ${above} of 100 and ${percent} %`);
  const cards = await page.locator('#same .match .because').allInnerTexts();
  assert.ok(new Set(cards.slice(0, 7)).size >= 5, `cards differ: ${cards.slice(0, 7).join(' | ')}`);
  for (const grade of await page.locator('#compatible .match .near').allInnerTexts())
    assert.match(grade, /궁합 \d+점|이웃 유형/);
  // One pair, one number, also on the character's page.
  await first.locator('h3 a').click();
  await page.waitForURL(/\/c\/\d+$/);
  await page.locator('.who-match .ring b').waitFor();
  assert.equal(Number(await page.locator('.who-match .ring b').innerText()), percent);
  assert.deepEqual(problems, []);
});

/** What somebody answers who agrees with everything that speaks for these letters. */
const lettered = (letters) => (item) => (letters.includes(item.pole) ? 2 : -2);

check('the short survey gives a type with percentages, and the result keeps them', async () => {
  const { page } = await visitor();
  await go(page, '/test');
  await page.getByRole('button', { name: '짧게 12문항' }).waitFor();
  const asked = await survey(page, 'short', lettered('INTJ'));
  assert.deepEqual(
    asked,
    (await api('survey')).mbti.items.map((item) => item.id),
  );
  await says(page.locator('.outcome').first(), /INTJ/);
  const told = await page.locator('.axis em').allInnerTexts();
  assert.match(told.join(), /^I \d\d%,N \d\d%,T \d\d%,J \d\d%$/);
  await page.getByRole('button', { name: 'INTJ로 계속하기' }).click();
  await answer(page, 'withdrawn');
  await answer(page, 'competency');
  await answer(page, '5w6');
  await page.waitForSelector('.wall .pick');
  await pick(page);
  await finish(page);
  await says(page.locator('.marquee').first(), /INTJ\s+5w6/);
  assert.deepEqual(
    await page.locator('.axis em').allInnerTexts(),
    told,
    'the server counts as the page does',
  );
});

for (const [lang, button] of Object.entries({ ko: '꼼꼼하게 최대 28문항', en: 'Precise: 28 at most' }))
  check(`the precise survey ends when it is sure, and the server says the same (${lang})`, async () => {
    const { page, problems } = await visitor({ lang });
    const parts = [];
    page.on('request', (r) => /\/irt-/.test(r.url()) && parts.push(r.url()));
    await go(page, '/test');
    await page.getByRole('button', { name: button }).waitFor();
    await page.waitForLoadState('networkidle');
    assert.equal(parts.length, 0, 'its arithmetic comes with it');
    // Sure of three axes; of J and P this one says now this, now that.
    let n = 0;
    const asked = await survey(page, 'precise', (item) =>
      item.axis === 'JP' ? [1, -1][n++ % 2] * (item.pole === 'J' ? 1 : -1) : lettered('EST')(item),
    );
    assert.equal(parts.length, 1);
    assert.equal(new Set(asked).size, asked.length);
    assert.ok(asked.length >= 8 && asked.length < 20, `${asked.length} statements`);
    await says(page.locator('.outcome').first(), /EST[JP]/);
    const told = await page.locator('.axis em').allInnerTexts();
    await page.locator('.onward .button:not(.quiet)').click();
    for (const one of ['assertive', 'positive', '7w8']) await answer(page, one);
    await page.waitForSelector('.wall .pick');
    await pick(page);
    await finish(page);
    assert.deepEqual(await page.locator('.axis em').allInnerTexts(), told);
    assert.deepEqual(problems, []);
  });

check('the survey goes on a day later at the statement that was left', async () => {
  const { page } = await visitor();
  await go(page, '/test');
  await page.getByRole('button', { name: '꼼꼼하게 최대 28문항' }).click();
  for (let i = 0; i < 5; i++) {
    await page.locator('.scale').waitFor();
    await answer(page, '1');
  }
  const left = await seen(page, '.scale');
  const question = await seen(page, 'h1');
  await page.evaluate(() => {
    const kept = JSON.parse(localStorage.getItem('mvti.draft'));
    localStorage.setItem('mvti.draft', JSON.stringify({ ...kept, at: kept.at - 25 * 3600 * 1000 }));
  });
  await go(page, '/test');
  await page.locator('.scale').waitFor();
  assert.equal(new URL(page.url()).searchParams.get('step'), 'q6');
  assert.deepEqual([await seen(page, '.scale'), await seen(page, 'h1')], [left, question]);
  await page.goBack();
  await go(page, '/test?step=q2');
  await page.locator('.scale').waitFor();
  await carries(page.locator('.scale input:checked'), 'value', '1', 'what was said stands');
});

check('who is torn in the short survey may answer a few more, and they count', async () => {
  const { page } = await visitor();
  await go(page, '/test');
  await survey(page, 'short', torn);
  const before = await page.locator('.axis em').allInnerTexts();
  await page.getByRole('button', { name: '몇 문항 더 답하기' }).click();
  await page.waitForURL(/step=q13/);
  let n = 12;
  for (; !(await page.locator('.outcome').count()); n++) {
    await page.locator('.scale').waitFor();
    const id = await page.locator('.scale input').first().getAttribute('name');
    assert.ok(Number(id.slice(1)) > 12, `${id} was not asked before`);
    await answer(page, '2');
    await page.locator('.scale, .outcome').waitFor();
  }
  assert.ok(n < 28, `${n} statements`);
  assert.notDeepEqual(await page.locator('.axis em').allInnerTexts(), before);
  await counts(page.getByRole('button', { name: '몇 문항 더 답하기' }), 0);
  const { survey: said, form } = await page.evaluate(() => JSON.parse(localStorage.getItem('mvti.draft')));
  assert.deepEqual([form, said.filter((a) => a !== null).length], ['longer', n]);
});

check('an answer in the middle offers the neighbouring type', async () => {
  const { page } = await visitor();
  await go(page, '/test');
  await survey(page, 'short', torn);
  await says(page.locator('.axis.close').first(), /가운데에 가까워요/);
  const other = page.locator('.close-call .button').first();
  const name = await other.innerText();
  await other.click();
  await page.waitForURL(/step=style/);
  const kept = await page.evaluate(() => JSON.parse(localStorage.getItem('mvti.draft')).mbti);
  assert.ok(name.startsWith(kept));
});

/** Who is torn between E and I: one statement speaks for each, and one a little for E. */
const torn = (item) => (item.axis !== 'EI' ? 2 : { m01: 1, m05: 1, m09: -1 }[item.id]);

const chosen = (page) =>
  page.locator('.chosen a').evaluateAll((all) => all.map((a) => Number(/\d+$/.exec(a.pathname)[0])));

for (const lang of ['ko', 'en'])
  check(`a result near the middle offers the neighbouring type with the same films (${lang})`, async () => {
    const { page, problems } = await visitor({ lang });
    await go(page, '/test');
    await survey(page, 'short', torn);
    await page.locator('.onward .button:not(.quiet)').click();
    for (const one of ['withdrawn', 'reactive', '4w5']) await answer(page, one);
    await page.waitForSelector('.wall .pick');
    await pick(page);
    await finish(page);
    const token = new URL(page.url()).pathname.split('/').pop();
    const films = await chosen(page);
    const was = await page.locator('.meet-type b').first().innerText();
    await says(page.locator('.axis.close').first(), lang === 'ko' ? /가운데에 가까워요/ : /Near the middle/);
    const other = page.locator('.close-call .button').first();
    const offered = /[EI][SN][TF][JP]/.exec(await other.innerText())[0];
    assert.equal(offered.slice(1), was.slice(1));
    assert.notEqual(offered, was);
    await other.focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction((t) => !location.pathname.endsWith(t), token);
    await settled(page);
    await says(page.locator('.meet-type b').first(), offered);
    assert.deepEqual(await chosen(page), films);
    await counts(page.locator('.close-call'), 0, 'a chosen type is near no middle');
    assert.deepEqual(problems, []);
  });

check('letters, known Enneagram, search by initials, undo', async () => {
  const { page } = await visitor();
  await go(page, '/test');
  for (const letter of ['E', 'N', 'F', 'J']) await page.locator(`.letter input[value="${letter}"]`).click();
  await page.getByRole('button', { name: '다음', exact: true }).click();
  await page.getByRole('button', { name: '내 에니어그램을 알아요' }).click();
  await answer(page, '2w3');
  await page.waitForSelector('.wall .pick');
  const { items } = await api('movies?limit=20&seed=5');
  const film = items.find((m) => /^[가-힣 ]{4,}$/.test(m.title.ko)) ?? items[0];
  const initials = [...film.title.ko]
    .filter((c) => c !== ' ')
    .map((c) => 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'[Math.floor((c.charCodeAt(0) - 0xac00) / 588)])
    .join('');
  await page.fill('#film-q', initials);
  const hit = page.locator('.wall .pick', { hasText: film.title.ko }).first();
  await hit.click();
  await says(page.locator('.strip').first(), /2편 더/);
  await page.locator('.strip-list button').first().click();
  await says(page.locator('.strip').first(), /3편 더/);
  await page.getByRole('button', { name: '되돌리기' }).click();
  await says(page.locator('.strip').first(), /2편 더/);
  await page.fill('#film-q', 'qqqqzzzz');
  await page.waitForFunction(() => document.querySelector('.films .state')?.innerText.includes('qqqqzzzz'));
});

check('heart, thumb, shelf and home know the visitor', async () => {
  const { page } = await visitor();
  await takeTest(page);
  const name = await page.locator('#same h3').first().innerText();
  const heart = page.locator('#same .heart').first();
  const kept = page.waitForResponse((r) => r.url().endsWith('/like') && r.ok());
  await heart.click();
  await carries(heart, 'aria-pressed', 'true');
  await kept;
  const rated = page.waitForResponse((r) => r.url().endsWith('/feedback') && r.status() === 204);
  await page.getByRole('button', { name: '딱 나예요' }).click();
  await rated;
  await page.getByRole('link', { name: '보관함' }).click();
  await page.waitForSelector('.face');
  const shelf = await seen(page);
  assert.ok(shelf.includes(name), `${name} is on the shelf`);
  assert.match(shelf, /INFP/);
  await page.getByRole('link', { name: 'MVTI 처음으로' }).click();
  await page.waitForSelector('#mine');
  await says(page.locator('main'), /INFP인 당신을 닮은 인물/);
  await says(page.locator('.hero').first(), /테스트 다시 하기/);
  await page.getByRole('link', { name: '보관함' }).click();
  await page.locator('.mytests button').first().click();
  await page.waitForFunction(() => !document.querySelector('.mytests'));
});

check('character, film and type pages tell their story and lead on', async () => {
  const { page } = await visitor();
  const { popular } = await api('home');
  const who = await api(`characters/${popular[0].id}`);
  await go(page, `/c/${who.id}`);
  const text = await seen(page);
  for (const part of [who.name.ko, who.mbti, who.enneagram, who.movie.title.ko, who.hashtags.ko[0]])
    assert.ok(text.includes(part), part);
  assert.ok(text.includes(who.description.ko.slice(0, 20)));
  await page.locator('.film-title a').click();
  await page.waitForURL(/\/m\//);
  // The page of a film is a module of its own, which may still be on its way.
  await page.waitForFunction(
    ([title, name]) =>
      document.querySelector('main h1')?.innerText.includes(title) &&
      document.querySelector('main').innerText.includes(name),
    [who.movie.title.ko, who.name.ko],
  );
  await settled(page);
  for (const link of await page.locator('.watch a').all()) {
    await carries(link, 'target', '_blank');
    await carries(link, 'rel', 'noopener noreferrer nofollow');
  }
  await go(page, `/t/${who.mbti}`);
  assert.ok((await page.locator('.ranked').count()) >= 10);
  const ranked = await page.locator('.ranked .rank').allInnerTexts();
  assert.deepEqual(
    ranked,
    ranked.map((_, i) => String(i + 1)),
  );
});

check('retake begins anew and the old result stays', async () => {
  const { page } = await visitor();
  await takeTest(page);
  const old = page.url();
  await page.getByRole('button', { name: '다시 하기' }).first().click();
  await page.waitForSelector('.types');
  await counts(page.locator('.types input:checked'), 0);
  await page.goto(old);
  await page.waitForSelector('.match');
  await says(page.locator('main'), /INFP/);
});

check("a stranger sees the shared result as somebody else's", async () => {
  const owner = await visitor();
  await takeTest(owner.page);
  const { page } = await visitor();
  await page.goto(owner.page.url());
  await page.waitForSelector('.match');
  const text = await seen(page);
  assert.match(text, /이 사람은/);
  assert.match(text, /나도 해 보기/);
  await says(page.locator('#h-same'), '이 사람과 닮은 인물');
  await counts(page.locator('.thumb'), 0);
});

check('the portraits of a ranking are drawn once somebody is about to see them, and move nothing', async () => {
  const { page } = await visitor();
  await go(page, '/t/INFP');
  const row = page.locator('.ranked').first();
  const { height } = await row.boundingBox();
  await counts(page.locator('.ranked .portrait'), 0);
  await row.scrollIntoViewIfNeeded();
  await counts(page.locator('.ranked .portrait'), await page.locator('.ranked').count());
  assert.equal((await row.boundingBox()).height, height);
});
