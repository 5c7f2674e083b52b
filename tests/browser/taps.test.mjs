// One tap is one answer: double taps, double clicks, held keys, and taps that come before anybody can have read.
import assert from 'node:assert/strict';
import { BASE, apart, api, carries, check, counts, go, pick, takeTest, toFilms, visitor } from './lib.mjs';

const step = (page) => new URL(page.url()).searchParams.get('step');
const arrived = (page, name) =>
  page.waitForFunction(
    (s) =>
      new URLSearchParams(location.search).get('step') === s &&
      document.querySelector(`[data-screen="${s}"]`),
    name,
  );
/** Until the question that is shown takes an answer. */
const rested = (page) =>
  page.waitForFunction(
    () => document.querySelector('[data-screen]') && !document.querySelector('html[data-rest], [data-rest]'),
  );
/** Two frames: whatever the last event did is drawn. */
const drawn = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

const middle = async (locator) => {
  await locator.scrollIntoViewIfNeeded();
  const box = await locator.boundingBox();
  return [box.x + box.width / 2, box.y + box.height / 2];
};

/** A pointer: once(page, x, y) and twice(page, x, y), the second right behind the first. */
const FINGER = {
  options: { hasTouch: true, isMobile: true },
  once: (page, x, y) => page.touchscreen.tap(x, y),
  async twice(page, x, y) {
    const cdp = await page.context().newCDPSession(page);
    const touch = (type, points) => cdp.send('Input.dispatchTouchEvent', { type, touchPoints: points });
    const down = () => touch('touchStart', [{ x, y }]);
    const up = () => touch('touchEnd', []);
    // Not one after the other: on a slow machine the answers of the debugger would lie between the taps.
    await Promise.all([down(), up(), down(), up()]);
    await cdp.detach();
  },
};
const MOUSE = {
  hovers: true,
  options: { width: 1280 },
  once: (page, x, y) => page.mouse.click(x, y),
  twice: (page, x, y) => page.mouse.dblclick(x, y),
};

/** Nothing of the question is chosen, nor looks so; when it takes answers again, a mouse may lie on one. */
async function untouched(page, pointer) {
  await drawn(page);
  await counts(page.locator('[data-screen] .option input:checked'), 0, `${step(page)} has no answer yet`);
  const looks = await page.locator('[data-screen] .option .option-view').evaluateAll((all, hovers) => {
    const shown =
      hovers && !('rest' in document.documentElement.dataset)
        ? all.filter((e) => !e.closest('.option').matches(':hover'))
        : all;
    return [...new Set(shown.map((e) => getComputedStyle(e).borderColor))];
  }, pointer.hovers);
  assert.ok(looks.length <= 1, `every answer of ${step(page)} looks alike: ${looks}`);
}

/** Twice on a thing of this question: the next one is there, and has no answer. */
async function onward(page, pointer, locator, next) {
  await rested(page);
  await page.evaluate(() =>
    document.querySelectorAll('[data-screen] *').forEach((e) => {
      e.seenBefore = true;
    }),
  );
  await pointer.twice(page, ...(await middle(locator)));
  await arrived(page, next);
  await untouched(page, pointer);
  assert.equal(
    await page.evaluate(
      () => [...document.querySelectorAll('[data-screen] *')].filter((e) => e.seenBefore).length,
    ),
    0,
    'no node of the question before',
  );
  await rested(page);
  await untouched(page, pointer);
  assert.equal(step(page), next);
}

for (const [how, pointer] of Object.entries({ 'a finger': FINGER, 'a mouse': MOUSE })) {
  check(`twice with ${how} is one answer: twelve statements, the Enneagram, the films, the end`, async () => {
    const { page } = await visitor(pointer.options);
    await go(page, '/test');
    await onward(page, pointer, page.locator('.unsure .button').first(), 'q1');
    for (let i = 1; i <= 12; i++)
      await onward(
        page,
        pointer,
        page.locator('.option input').nth(i % 2 ? 0 : 3),
        i < 12 ? `q${i + 1}` : 'axes',
      );
    const kept = await page.evaluate(() => JSON.parse(localStorage.getItem('mvti.draft')).survey);
    assert.deepEqual(
      kept,
      Array.from({ length: 28 }, (_, i) => (i < 12 ? (i % 2 ? 2 : -2) : null)),
    );
    await onward(page, pointer, page.locator('.onward .button:not(.quiet)'), 'style');
    await onward(page, pointer, page.locator('.option input').first(), 'coping');
    await onward(page, pointer, page.locator('.option input').first(), 'wing');
    await rested(page);
    await pointer.twice(page, ...(await middle(page.locator('.option input').first())));
    await arrived(page, 'films');
    await page.waitForSelector('.wall .pick');
    await counts(page.locator('.strip-list li'), 0, 'no film was chosen unseen');
    for (const n of [0, 1, 2]) {
      await rested(page);
      await pointer.twice(page, ...(await middle(page.locator('.wall .pick').nth(n))));
      await page.waitForFunction((k) => document.querySelectorAll('.strip-list li').length === k, n + 1);
    }
    let posts = 0;
    page.on('request', (r) => {
      if (r.method() === 'POST' && r.url().endsWith('/api/v1/tests')) posts += 1;
    });
    await rested(page);
    await pointer.twice(page, ...(await middle(page.locator('.strip-foot .button'))));
    await page.waitForURL(/\/r\//);
    await page.waitForSelector('.match');
    assert.equal(posts, 1);
  });

  check(`twice with ${how} on a type leads to the question behind it, which waits`, async () => {
    const { page } = await visitor(pointer.options);
    await go(page, '/test');
    await onward(page, pointer, page.locator('.types input[value="ISFJ"]'), 'style');
    await rested(page);
    await pointer.twice(page, ...(await middle(page.locator('.sideway .text-button').first())));
    await arrived(page, 'known');
    await untouched(page, pointer);
    await rested(page);
    await pointer.twice(page, ...(await middle(page.locator('.test-head .text-button').first())));
    await arrived(page, 'style');
    await rested(page);
    await drawn(page);
    assert.equal(step(page), 'style', 'twice back is once back');
  });

  check(`too early with ${how} is no answer, later is one`, async () => {
    const { page } = await visitor(pointer.options);
    await go(page, '/test');
    await page.locator('.types input[value="ENTP"]').click();
    await arrived(page, 'style');
    const spot = await middle(page.locator('.option input').nth(2));
    // The question becomes new again under the pointer, as often as it takes to be fast enough for it.
    for (let i = 0; ; i++) {
      assert.ok(i < 50, 'the debugger is never fast enough');
      await page.goBack();
      await arrived(page, 'mbti');
      await page.goForward();
      await arrived(page, 'style');
      await pointer.once(page, ...spot);
      if (await page.evaluate(() => 'rest' in document.documentElement.dataset)) break;
      // It was an answer, or the rest ended right behind it: whichever it was has been drawn by now.
      await drawn(page);
      if ((await page.evaluate(() => new URLSearchParams(location.search).get('step'))) === 'style') continue;
      await page.goBack();
      await arrived(page, 'style');
    }
    await rested(page);
    await untouched(page, pointer);
    // On a slow machine the early tap came at the end of the rest, and a second one right behind it would be the half of a double tap.
    await apart(page);
    await pointer.once(page, ...spot);
    await arrived(page, 'coping');
  });

  check(`twice with ${how} on a heart, on sharing and on signing in is once`, async () => {
    const { id } = (await api('home')).popular[2];
    const { page } = await visitor(pointer.options);
    await page.addInitScript(() => {
      window.shares = 0;
      navigator.share = () => {
        window.shares += 1;
        return new Promise((done) => setTimeout(done, 50));
      };
    });
    const asked = [];
    page.on(
      'request',
      (r) => /\/like$|\/auth\//.test(r.url()) && asked.push(`${r.method()} ${new URL(r.url()).pathname}`),
    );
    await go(page, `/c/${id}`);
    const kept = page.waitForResponse((r) => r.url().endsWith('/like'));
    await pointer.twice(page, ...(await middle(page.locator('.who .heart'))));
    await kept;
    await drawn(page);
    await carries(page.locator('.who .heart'), 'aria-pressed', 'true');
    assert.deepEqual(asked, [`PUT /api/v1/characters/${id}/like`]);
    await pointer.twice(page, ...(await middle(page.locator('.who .button.quiet'))));
    await page.waitForFunction(() => window.shares > 0);
    await drawn(page);
    assert.equal(await page.evaluate(() => window.shares), 1);
    await go(page, '/login?return=/me');
    const button = page.locator('.login-button').first();
    if (!(await button.count())) return;
    asked.length = 0;
    await page.route('**/auth/**', (r) => r.abort());
    const begun = page.waitForRequest('**/auth/**');
    await pointer.twice(page, ...(await middle(button)));
    await begun;
    await page.waitForFunction(() => true).catch(() => {});
    assert.equal(asked.length, 1, String(asked));
  });
}

check('the second half of a slow double click is no answer either', async () => {
  const { page } = await visitor(MOUSE.options);
  await go(page, '/test');
  const spot = await middle(page.locator('.types input[value="ENTP"]'));
  await page.mouse.click(...spot);
  await arrived(page, 'style');
  await rested(page);
  // As the system counts it: the second click of two.
  await page.mouse.move(...(await middle(page.locator('.option input').first())));
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
  await drawn(page);
  await counts(page.locator('.option input:checked'), 0);
  assert.equal(step(page), 'style');
});

check('twice on a row of the shelf deletes one test, not the one that moves up', async () => {
  const { page } = await visitor(FINGER.options);
  for (const mbti of ['INFP', 'ESTJ']) {
    await page.evaluate(() => localStorage.clear()).catch(() => {});
    await takeTest(page, mbti);
  }
  await go(page, '/liked');
  const rows = page.locator('.mytests li');
  await counts(rows, 2);
  const gone = page.waitForResponse((r) => r.request().method() === 'DELETE');
  await FINGER.twice(page, ...(await middle(rows.first().locator('button'))));
  await gone;
  await drawn(page);
  await counts(rows, 1);
  assert.equal(
    await page.evaluate(() =>
      fetch('/api/v1/me/tests')
        .then((r) => r.json())
        .then((r) => r.items.length),
    ),
    1,
  );
});

check('a key held down presses once', async () => {
  const { id } = (await api('home')).popular[4];
  const { page } = await visitor(MOUSE.options);
  const hold = async (key) => {
    for (let i = 0; i < 6; i++) await page.keyboard.down(key);
    await page.keyboard.up(key);
    await drawn(page);
  };
  const asked = [];
  page.on(
    'request',
    (r) => /\/like$|\/tests$/.test(r.url()) && r.method() !== 'GET' && asked.push(r.method()),
  );
  await go(page, `/c/${id}`);
  await page.locator('.who .heart').focus();
  const kept = page.waitForResponse((r) => r.url().endsWith('/like'));
  await hold('Enter');
  await kept;
  assert.deepEqual(asked, ['PUT']);
  await go(page, '/test');
  await page.locator('.unsure .button').first().focus();
  await hold('Enter');
  await arrived(page, 'q1');
  assert.equal(step(page), 'q1');
  await page.evaluate(() => localStorage.clear());
  await toFilms(page);
  await pick(page);
  await page.route('**/api/v1/tests', (r) => r.abort());
  await page.locator('.strip-foot .button').focus();
  await hold('Enter');
  await page.waitForSelector('.strip-error');
  await drawn(page);
  assert.deepEqual(asked, ['PUT', 'POST']);
  await page.unroute('**/api/v1/tests');
  // With every answer given, holding Enter goes one question on, not through all of them.
  await page.goto(`${BASE}/test?step=mbti`);
  await page.locator('.types input:checked').focus();
  await hold('Enter');
  await arrived(page, 'style');
  assert.equal(step(page), 'style');
});
