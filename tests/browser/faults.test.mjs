// Faults of the first MVTI (REFERENCE.md, section 1) that show in a browser.
import assert from 'node:assert/strict';
import {
  BASE,
  api,
  check,
  counts,
  finish,
  go,
  pages,
  pick,
  says,
  settled,
  takeTest,
  toFilms,
  until,
  visitor,
} from './lib.mjs';

check('F3: five scrolled pages are a hundred different films', async () => {
  const { page } = await visitor({ width: 1280, height: 900 });
  await toFilms(page);
  await page.waitForFunction(
    () => {
      document.getElementById('wall-end')?.scrollIntoView();
      return document.querySelectorAll('.wall .pick').length >= 100;
    },
    null,
    { polling: 100 },
  );
  const ids = [];
  let cursor = '';
  const seed = await page.evaluate(() => JSON.parse(localStorage.getItem('mvti.draft')).seed);
  for (let i = 0; i < 5; i++) {
    const reply = await api(
      `movies?limit=20&seed=${seed}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    ids.push(...reply.items.map((m) => m.id));
    cursor = reply.next_cursor;
  }
  assert.equal(new Set(ids).size, 100);
  const drawn = await page.locator('.wall .pick-title').allInnerTexts();
  assert.equal(new Set(drawn.slice(0, 100)).size, 100);
  await page.getByRole('button', { name: '다른 영화 보기' }).click();
  await page.waitForFunction(
    (old) =>
      document.querySelector('.wall .pick-title') &&
      document.querySelector('.wall .pick-title').innerText !== old,
    drawn[0],
  );
});

check('F4: one POST a completion, and its answer is the result', async () => {
  const { page } = await visitor();
  await toFilms(page);
  await pick(page);
  const posts = [];
  page.on('request', (r) => r.method() === 'POST' && r.url().endsWith('/api/v1/tests') && posts.push(r));
  const others = [];
  page.on('request', (r) => /\/(recommendations|tests\/)/.test(r.url()) && others.push(r.url()));
  await finish(page);
  assert.equal(posts.length, 1);
  assert.deepEqual(others, [], 'the answer of the POST is the result: nothing is computed or fetched twice');
});

check('F6: what is shared is the address of the result', async () => {
  const { page } = await visitor();
  await page.addInitScript(() => {
    navigator.share = async (data) => {
      window.shared = data;
    };
  });
  await takeTest(page);
  await page.getByRole('button', { name: '공유하기' }).first().click();
  await page.waitForFunction(() => window.shared);
  const shared = await page.evaluate(() => window.shared);
  assert.equal(shared.url, page.url());
  assert.doesNotMatch(shared.title + shared.text, /[0-9]{2,}/, 'no invented numbers');
});

check('F6: without a share sheet the link is copied, and that is said', async () => {
  const { page, context } = await visitor();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'share', { value: undefined });
  });
  await takeTest(page);
  await page.getByRole('button', { name: '공유하기' }).first().click();
  await page.waitForSelector('.toast');
  await says(page.locator('.toast').first(), /복사했어요/);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
});

check('F9: unknown addresses and types are a page that leads on', async () => {
  const { page } = await visitor();
  for (const path of ['/nowhere', '/t/ABCD', '/c/999999999', '/m/999999999', '/r/AAAAAAAAAAAAAAAAAAAAAA']) {
    const reply = await page.goto(BASE + path);
    await settled(page);
    assert.ok(reply.status() < 500, `${path} ${reply.status()}`);
    await says(page.locator('main'), /아무도 없어요/);
    assert.ok(await page.locator('main a[href="/"]').count());
  }
});

check('F10: nothing from another host, and the policy has nothing to refuse', async () => {
  for (const path of await pages()) {
    const { page, problems } = await visitor();
    const foreign = [];
    page.on('request', (r) => /^https?:/.test(r.url()) && !r.url().startsWith(BASE) && foreign.push(r.url()));
    const reply = await page.goto(BASE + path);
    await settled(page);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.waitForLoadState('networkidle');
    assert.deepEqual(foreign, [], path);
    const csp = reply.headers()['content-security-policy'] ?? '';
    assert.ok(!/unsafe-(inline|eval)/.test(csp) && /script-src[^;]*'self'/.test(csp), `${path}: ${csp}`);
    assert.deepEqual(
      problems.filter((p) => !/404/.test(p)),
      [],
      path,
    );
    await counts(
      page.locator('[style], style, script:not([src], [type="application/ld+json"])'),
      0,
      `${path} has nothing inline`,
    );
  }
});

check('events tell impressions once, clicks, and at most fifty at a time', async () => {
  const { page } = await visitor();
  const batches = [];
  await page.route('**/api/v1/events', async (r) => {
    batches.push(r.request().postDataJSON());
    await r.continue();
  });
  await go(page, '/');
  await page.locator('#popular').scrollIntoViewIfNeeded();
  const face = page.locator('[data-list=popular] a').first();
  await face.scrollIntoViewIfNeeded();
  await until(() => batches.flat().some((e) => e.kind === 'impression'), 'impressions');
  await face.click();
  await page.waitForURL(/\/c\//);
  await until(() => batches.flat().some((e) => e.kind === 'click'), 'the click');
  const all = batches.flat();
  assert.ok(batches.every((b) => b.length <= 50));
  const shown = all.filter((e) => e.kind === 'impression' && e.list === 'popular').map((e) => e.character);
  assert.equal(new Set(shown).size, shown.length, 'each once');
  assert.ok(shown.length > 0);
});

check('events that do not arrive are told later; refused ones are named in the console', async () => {
  const { page } = await visitor();
  const warned = [];
  page.on('console', (m) => m.type() === 'warning' && warned.push(m.text()));
  const tried = [];
  const keys = [];
  let answer = (r) => r.abort();
  let answering = 0;
  await page.route('**/api/v1/events', async (r) => {
    tried.push(r.request().postDataJSON());
    keys.push(r.request().headers()['idempotency-key']);
    answering += 1;
    await answer(r);
    await caughtUp();
    answering -= 1;
  });
  /** Once this request has its answer, the page has asked what it wanted to, and read what was answered before. */
  const caughtUp = () => page.evaluate(async () => (await fetch('/healthz')).text()).catch(() => {});
  /** Time goes on for the page, but not while it waits for an answer: its patience would end. */
  const pass = async (ms) => {
    if (answering) return;
    await page.clock.runFor(ms);
    await caughtUp();
  };
  await page.clock.install();
  await go(page, `/c/${(await api('home')).popular[0].id}`);
  await page.locator('main .face').first().scrollIntoViewIfNeeded();
  /** Leaves the page, as far as the page knows. */
  const leave = () =>
    page.evaluate(() => {
      dispatchEvent(new Event('pagehide'));
    });
  await until(async () => {
    await leave();
    return tried.length > 0;
  }, 'a first try');
  const first = tried[0];
  // What happens meanwhile is another batch, with a key of its own.
  const tries = () => tried.filter((_, i) => keys[i] === keys[0]);
  answer = (r) =>
    r.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"status":503,"title":"x"}' });
  await until(async () => {
    await pass(2000);
    return tries().length > 1;
  }, 'a second try, with the same key, so that it is stored once');
  answer = (r) =>
    r.fulfill({
      status: 400,
      contentType: 'application/problem+json',
      body: '{"status":400,"title":"x","detail":"kind is none of the known kinds"}',
    });
  await until(async () => {
    await pass(2000);
    return warned.some((w) => w.startsWith(`${first.length} events refused`));
  }, 'a word');
  for (const batch of tries()) assert.deepEqual(batch, first, 'the same events, in their order');
  assert.match(keys[0], /^[0-9a-f]{32}$/);
  assert.ok(
    warned.every((w) => /refused \(400\).*known kinds/.test(w)),
    warned.join(),
  );
  const n = tries().length;
  await leave();
  assert.equal(tries().length, n, 'what was refused is not sent again');
});
