// What the pages record: with consent only, each kind known to the server, nothing lost and nothing twice.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import {
  BASE,
  answer,
  apart,
  carries,
  check,
  counts,
  finish,
  go,
  lookAround,
  pick,
  result,
  says,
  settled,
  toFilms,
  until,
  visitor,
} from './lib.mjs';

const OPENAPI = JSON.parse(readFileSync(new URL('../../www/openapi.json', import.meta.url), 'utf8'));
const KINDS = OPENAPI.components.schemas.Event.properties.kind.enum;
const LISTS = OPENAPI.components.schemas.Place.properties.list.enum;

function sources(folder) {
  return readdirSync(new URL(folder, import.meta.url), { withFileTypes: true }).flatMap((e) =>
    e.isDirectory()
      ? sources(`${folder}${e.name}/`)
      : [readFileSync(new URL(folder + e.name, import.meta.url), 'utf8')],
  );
}

check('each kind and each list that the pages record is one of the API', async () => {
  const text = sources('../../www/js/').join('\n');
  const kinds = [...text.matchAll(/\brecord\(([^,]*),/g)].flatMap(([, first]) =>
    [...first.matchAll(/'(\w+)'/g)].map(([, kind]) => kind),
  );
  assert.ok(kinds.length >= 12, `${kinds}`);
  for (const kind of kinds) assert.ok(KINDS.includes(kind), `record('${kind}') is in openapi.json`);
  for (const kind of KINDS) assert.ok(kinds.includes(kind), `a page records ${kind}`);
  const lists = [...text.matchAll(/\bplace\(([^)]*?),/g)].flatMap(([, first]) =>
    [...first.matchAll(/'(\w+)'/g)].map(([, list]) => list),
  );
  assert.ok(lists.length >= 6, `${lists}`);
  for (const list of lists) assert.ok(LISTS.includes(list), `list ${list}`);
});

/** A visitor whose reports are kept: {page, context, events: all that were sent, refused, answers: statuses}. */
async function watched(options = {}) {
  const { path = '/', allow = true, ...rest } = options;
  const it = await visitor({ consent: null, ...rest });
  const events = [];
  const answers = [];
  const refused = [];
  it.context.on('response', async (reply) => {
    if (!reply.url().endsWith('/api/v1/events')) return;
    answers.push(reply.status());
    if (reply.status() !== 202) return;
    const body = await reply.json().catch(() => null);
    events.push(...JSON.parse(reply.request().postData()));
    if (body) refused.push(...body.refused);
  });
  if (path) await go(it.page, path);
  await lookAround(it.page);
  if (allow) await it.page.getByRole('button', { name: '동의해요', exact: true }).click();
  return { ...it, events, answers, refused };
}

const has = (events, kind, more = {}) =>
  events.filter((e) => e.kind === kind && Object.entries(more).every(([k, v]) => e[k] === v));

/** Tells the page that it is hidden, as a phone does when another app comes to the front. */
const hide = (page) =>
  page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
    delete document.visibilityState;
  });

check('nothing is recorded before the visitor agrees, and everything after', async () => {
  const { page, context, events, answers } = await watched({
    allow: false,
    over14: null,
    path: '/?utm_source=letter',
  });
  await says(
    page.locator('.consent'),
    /이 페이지를 연 뒤로/,
    'what came before the answer is part of the question',
  );
  await page.locator('#popular').scrollIntoViewIfNeeded();
  await page.waitForSelector('[data-list=popular]');
  await hide(page);
  assert.equal(answers.length, 0);
  assert.deepEqual(await context.cookies(), [], 'no cookie either');
  await page.getByRole('button', { name: '동의해요', exact: true }).click();
  await until(() => has(events, 'landing').length === 1, 'the landing, told afterwards');
  const [landing] = has(events, 'landing');
  assert.equal(landing.source.utm_source, 'letter');
  assert.equal(landing.source.path, '/');
  assert.equal(landing.source.locale, 'ko');
  assert.ok(Math.abs(landing.at - Date.now()) < 600000);
  await counts(page.locator('.consent'), 0, 'the question is gone');
  await go(page, '/about');
  await counts(page.locator('.consent'), 0, 'and stays away');
});

check('who declines is not recorded and not asked again, and may change their mind', async () => {
  const { page, events, answers } = await watched({ allow: false });
  await page.getByRole('button', { name: '동의하지 않아요' }).click();
  await go(page, '/about#privacy');
  await counts(page.locator('.consent'), 0);
  await hide(page);
  assert.equal(answers.length, 0);
  await page.locator('.consent-choice').getByRole('button', { name: '동의해요', exact: true }).click();
  await go(page, '/t/INFP');
  await page.locator('.ranked').first().click();
  await until(
    () => has(events, 'click', { list: 'ranking', position: 0 }).length === 1,
    'a click after consent',
  );
  assert.deepEqual(
    has(events, 'landing').filter((e) => e.source.path === '/'),
    [],
    'what came before the refusal was dropped',
  );
  assert.match(has(events, 'click')[0].ranker, /^(votes|popularity)$/);
});

check('an answer counts in every tab at once, and the newest is the one', async () => {
  const { page, context } = await watched({ allow: false });
  await page.waitForSelector('.consent');
  const other = await context.newPage();
  await go(other, '/about#privacy');
  const choice = (p, name) => p.locator('.consent-choice').getByRole('button', { name, exact: true });
  const kept = () =>
    page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith('mvti.events.')));
  const told = [];
  page.on('request', (r) => r.url().endsWith('/api/v1/events') && told.push(r));
  await context.route('**/api/v1/events', (route) => route.abort());
  await choice(other, '동의해요').click();
  await counts(page.locator('.consent'), 0, 'answered in the other tab');
  await until(() => told.length > 0, 'what waited for the answer');
  await hide(page);
  await until(async () => (await kept()).length > 0, 'what did not arrive, kept');
  await apart(other);
  await choice(other, '동의하지 않아요').click();
  await until(async () => (await kept()).length === 0, 'what was kept, dropped');
  await page.locator('.tile').first().click();
  await settled(page);
  const before = told.length;
  await page.locator('.ranked').first().click();
  await settled(page);
  await hide(page);
  await page.evaluate(() => dispatchEvent(new Event('online'))); // whatever is left would go now
  assert.deepEqual([told.length, await kept()], [before, []]);
  await go(page, '/about#privacy');
  await choice(page, '동의해요').click();
  await carries(choice(other, '동의해요'), 'aria-pressed', 'true');
  // A page that slept while another withdrew is not told; it looks when it wakes.
  await page.evaluate(() => {
    localStorage.setItem('mvti.consent', JSON.stringify({ allowed: false }));
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  });
  await carries(choice(page, '동의하지 않아요'), 'aria-pressed', 'true');
});

for (const [name, property, value] of [
  ['Do Not Track', 'doNotTrack', '1'],
  ['Global Privacy Control', 'globalPrivacyControl', true],
])
  check(`a browser with ${name} is not asked and not recorded`, async () => {
    const it = await visitor({ consent: null });
    const answers = [];
    it.context.on('request', (r) => r.url().endsWith('/api/v1/events') && answers.push(r));
    await it.page.addInitScript(
      ([p, v]) => Object.defineProperty(Navigator.prototype, p, { get: () => v }),
      [property, value],
    );
    await go(it.page, '/');
    await it.page.waitForLoadState('networkidle');
    await counts(it.page.locator('.consent'), 0);
    await it.page.locator('.tile').first().click();
    await settled(it.page);
    await it.page.locator('.ranked').first().click();
    await settled(it.page);
    await hide(it.page);
    assert.equal(answers.length, 0);
    await go(it.page, '/about');
    await says(it.page.locator('.consent-choice'), /Global Privacy Control/);
    await counts(it.page.locator('.consent-choice button'), 0);
  });

check('the whole way of a visitor can be told from the events', async () => {
  const { page, context, events, refused } = await watched();
  await context.grantPermissions(['clipboard-write']);
  await page.locator('.hero .button').click();
  await page.waitForSelector('.option');
  await answer(page, 'INFP');
  await answer(page, 'withdrawn');
  await answer(page, 'reactive');
  await answer(page, '4w5');
  await page.waitForSelector('.wall .pick');
  await pick(page, [0, 1, 2, 3]);
  await page.locator('.wall .pick').nth(3).click();
  await finish(page);
  await page.locator('.match .heart').first().click();
  await until(
    () => has(events, 'impression', { list: 'same', position: 1 }).length === 1, // below whom the page begins with
    'the first card, seen',
  );
  await page.getByRole('button', { name: '링크 복사' }).first().click();
  await page.locator('.match h3 a').first().click();
  await until(() => has(events, 'click', { list: 'same' }).length === 1, 'the card, opened');
  await until(
    () => has(events, 'impression', { list: 'similar' }).length > 0 || page.mouse.wheel(0, 500),
    'neighbours',
  );

  for (const kind of ['landing', 'start', 'result', 'unchoose', 'share_start', 'share'])
    assert.equal(has(events, kind).length, 1, kind);
  assert.equal(has(events, 'share')[0].value, 'copy');
  assert.deepEqual(
    has(events, 'question').map((e) => `${e.list} ${e.position}`),
    ['survey 0', 'enneagram 0', 'enneagram 1', 'enneagram 2'],
  );
  assert.ok(has(events, 'question').every((e) => e.took >= 0));
  const chosen = has(events, 'choose');
  assert.deepEqual(
    chosen.map((e) => [e.list, e.position]),
    [0, 1, 2, 3].map((i) => ['wall', i]),
  );
  const walls = has(events, 'impression', { list: 'wall' });
  assert.equal(new Set([...walls, ...chosen].map((e) => e.view)).size, 1, 'one rendering of the wall');
  assert.ok(walls.every((e) => e.movie >= 0 && e.snapshot));
  const [card] = has(events, 'impression', { list: 'same', position: 1 });
  assert.equal(card.test, has(events, 'result')[0].test);
  assert.match(card.ranker, /^[a-z_]+$/);
  assert.equal(has(events, 'click', { list: 'same' })[0].view, card.view);
  const seen = has(events, 'impression').map((e) => `${e.view} ${e.character ?? `m${e.movie}`}`);
  assert.equal(new Set(seen).size, seen.length, 'once a view');
  await go(page, '/test'); // of somebody whose test is finished
  await until(() => has(events, 'start').length === 2, 'another test, begun');
  assert.deepEqual(refused, []);
});

check('a wall that has learned keeps what was seen, and is told from the one before', async () => {
  const { page, events } = await watched();
  await toFilms(page);
  const titles = () => page.locator('#wall .pick-title').allInnerTexts();
  const before = await titles();
  const answered = page.waitForResponse((r) => /movies\?.*chosen=\d+&/.test(r.url()));
  await page.locator('#wall .pick').nth(1).click();
  const learned = (await (await answered).json()).items;
  const onScreen = await page
    .locator('#wall > li')
    .evaluateAll((all) => all.filter((li) => li.getBoundingClientRect().top < innerHeight).length);
  // Not the very first of them where its poster looks like one that stands there already: that comes further down.
  const fresh = learned
    .map((m) => m.title.ko)
    .filter((title) => !before.slice(0, onScreen).some((t) => t.startsWith(title)));
  const isFresh = (t) => fresh.some((title) => t?.startsWith(title));
  await until(async () => {
    const now = await titles();
    return String(now) !== String(before) && now.slice(onScreen, onScreen + 5).every(isFresh);
  }, 'what was learned, below');
  const after = await titles();
  assert.deepEqual(after.slice(0, onScreen), before.slice(0, onScreen));
  assert.equal(new Set(after).size, after.length, 'nothing twice');
  await page.locator('#wall .pick').nth(onScreen).click();
  await until(() => has(events, 'choose').length === 2, 'both choices, told');
  const [one, two] = has(events, 'choose');
  assert.ok(
    one.view !== two.view && !one.ranker && two.ranker && two.position === onScreen,
    JSON.stringify([one, two]),
  );
});

check('a friend who comes by a shared result and takes the test is told from others', async () => {
  const path = await result();
  const { page, events } = await watched({ path });
  await until(() => has(events, 'share_open', { test: path.slice(3) }).length === 1, 'a shared page, opened');
  await page.getByRole('button', { name: '나도 해 보기' }).first().click();
  await page.waitForSelector('.option');
  await answer(page, 'ENTP');
  await answer(page, 'withdrawn');
  await answer(page, 'reactive');
  await answer(page, '4w5');
  await page.waitForSelector('.wall .pick');
  await pick(page, [0, 1, 2]);
  await finish(page);
  await until(() => has(events, 'friend', { test: path.slice(3) }).length === 1, 'the friend');
  assert.equal(has(events, 'retake').length, 0);
  await page.locator('.tools button').last().click();
  await until(() => has(events, 'retake').length === 1, 'once more');
});

check('what could not be sent is sent by a later page, once', async () => {
  const { page, context, events } = await watched();
  await until(() => has(events, 'landing').length === 1, 'the landing');
  let cut = 0;
  // The first report arrives, but its answer is lost on the way; later ones do not arrive.
  await context.route('**/api/v1/events', async (route) => {
    cut += 1;
    if (cut === 1) await route.fetch().catch(() => {});
    await route.abort().catch(() => {}); // the page may have left meanwhile
  });
  await page.locator('.tile').first().click();
  await settled(page);
  await page.locator('.ranked').nth(2).click();
  await settled(page);
  await hide(page);
  await until(() => cut > 0, 'a report without an answer');
  await context.unroute('**/api/v1/events');
  await page.goto(`${BASE}/about`);
  await until(
    () => has(events, 'click', { list: 'ranking', position: 2 }).length === 1,
    'the report, sent again',
  );
  await page.goto(`${BASE}/about`);
  await settled(page);
  assert.equal(has(events, 'click', { list: 'ranking', position: 2 }).length, 1);
  const kept = () =>
    page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith('mvti.events.')));
  await until(async () => (await kept()).length === 0, 'nothing is kept any more');
});

check('what the server refuses is said where developers look', async () => {
  const { page, context } = await watched();
  const said = [];
  page.on('console', (m) => m.type() === 'warning' && said.push(m.text()));
  await context.route('**/api/v1/events', async (route) => {
    const batch = JSON.parse(route.request().postData());
    await route.continue({ postData: JSON.stringify([...batch, { kind: 'dance' }]) });
  });
  await page.locator('.tile').first().click();
  await settled(page);
  await page.locator('.ranked').first().click();
  await until(() => said.some((s) => s.includes('event refused: kind is not a known kind')), 'a warning');
});
