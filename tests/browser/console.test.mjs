// The owner's console: every section for an owner's eyes, on a phone and on a desktop; what is asked for there is carried out; nobody else sees it.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alone, api, axe, counts, says, seen, takeTest, until, visitor } from './lib.mjs';
import { CONSOLE, mvti, offered, signIn, sql, STACK } from './stack.mjs';

const here = async () => offered('dev') && STACK;
const unique = (word) => `${word}-${randomBytes(4).toString('hex')}`;
const loaded = (page) => page.waitForSelector('main[aria-busy="false"]');
/** What the timer of an installed site does each minute. */
const work = () => mvti('--quiet', 'admin', '--work');

async function owner(options) {
  const one = await visitor(options);
  await signIn(one.page, 'owner');
  one.page.on('dialog', (dialog) => dialog.accept());
  await one.page.goto(`${CONSOLE}/admin`);
  await loaded(one.page);
  return one;
}

async function open(page, section) {
  await page.goto(`${CONSOLE}/admin#${section}`);
  await page.reload();
  await loaded(page);
}

/** Presses what asks for something, has it carried out, and waits until the page says so. */
async function carried(page, button, tag) {
  const newest = () => page.locator('main .said[role="status"]').first();
  await button.click();
  await newest()
    .locator('.tag', { hasText: /asked for|요청함/ })
    .waitFor();
  work();
  await newest().locator('.tag', { hasText: tag }).waitFor();
}

/** Words that are missing from a dictionary show as their key. */
const KEYS =
  /\b(nav|overview|span|figure|step|funnel|actions?|outcome|live|decision|people|lists?|runs|status|system|why|type|state|kind|goal|trial|found|saying|error)\.[a-z_]+/;

for (const [lang, width, scheme] of [
  ['ko', 390, 'light'],
  ['en', 390, 'dark'],
  ['ko', 1440, 'dark'],
  ['en', 1440, 'light'],
])
  alone(
    `the console opens section by section, and axe finds nothing (${lang}, ${width}, ${scheme})`,
    async () => {
      if (!(await here())) return;
      const { page, problems } = await owner({ lang, width, scheme });
      const sections = await page
        .locator('.desk-nav a')
        .evaluateAll((all) => all.map((a) => a.hash.slice(1)));
      assert.ok(sections.length >= 9, sections.join());
      const run = sql("SELECT MAX(run_id) FROM training_run WHERE status = 'finished'");
      for (const section of [...sections, `runs/${run}`]) {
        await open(page, section);
        const word = await page.locator('.desk-nav a[aria-current="page"]').innerText();
        await says(page.locator('h1'), word);
        const gap = () => {
          const h1 = document.querySelector('.desk h1');
          return h1.nextElementSibling.getBoundingClientRect().top - h1.getBoundingClientRect().bottom;
        };
        assert.ok((await page.evaluate(gap)) < 60, `${section}: what is little stands together`);
        await counts(page.locator('[role="alert"]'), 0, section);
        assert.doesNotMatch(await seen(page), KEYS, section);
        for (const summary of await page.locator('main summary').all()) await summary.click();
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), section);
        await axe(page, section);
      }
      await page.locator('header .lang').click();
      await page.waitForFunction(
        (other) => document.documentElement.lang === other,
        lang === 'ko' ? 'en' : 'ko',
      );
      assert.deepEqual(problems, []);
    },
  );

alone('the console: a rollback that is asked for is carried out, and the way forward', async () => {
  if (!(await here())) return;
  const { page } = await owner({ lang: 'en' });
  const live = async () => {
    await open(page, 'live');
    return page.locator('.figure code').first().innerText();
  };
  // Popularity counts as a share of the greatest, so more of one film alone would be the same catalog twice.
  const publish = async (films) => {
    sql(`UPDATE movie SET popularity = COALESCE(popularity, 0) + 1 ORDER BY movie_id LIMIT ${films}`);
    mvti('--quiet', 'publish', '--force');
    return live();
  };
  const before = await live();
  const films = sql('SELECT movie_id, popularity FROM movie ORDER BY movie_id LIMIT 2').split('\n');
  try {
    // The newest two: what is live after other tests need not be the newest.
    const first = await publish(1);
    const second = await publish(2);
    assert.notEqual(second, first);
    await carried(page, page.getByRole('button', { name: 'roll back', exact: true }), 'done');
    assert.equal(await live(), first);
    await carried(page, page.getByRole('button', { name: 'go forward', exact: true }), 'done');
    assert.equal(await live(), second);
    await open(page, 'actions');
    await says(page.locator('tbody tr').first(), /dev:owner.*go forward/s);
  } finally {
    for (const [id, popularity] of films.map((line) => line.split('\t')))
      sql(`UPDATE movie SET popularity = ${popularity} WHERE movie_id = ${id}`);
    // Only so many are kept, and other tests have published before.
    if (existsSync(join(STACK, 'state', 'snapshots', `mvti-${before}.mvs`)))
      mvti('--quiet', 'publish', '--rollback', before);
  }
});

alone('the console: films of a wall are seen, and not said to be opened by nobody', async () => {
  if (!(await here())) return;
  const row = "day = CURDATE() - INTERVAL 2 DAY AND list = 'wall' AND position = 99";
  sql(
    "REPLACE INTO list_day (day, list, position, snapshot_id, impressions, clicks, likes, chosen, answered, took_ms) VALUES (CURDATE() - INTERVAL 2 DAY, 'wall', 99, 'browser', 7, 0, 0, 0, 0, 0)",
  );
  try {
    const { page } = await owner({ lang: 'en' });
    await open(page, 'lists');
    const first = page.locator('table').first().locator('tr', { hasText: 'choice of films' });
    await says(first, /\d\s*–\s*–\s*–\s*–\s*$/);
  } finally {
    sql(`DELETE FROM list_day WHERE ${row}`);
  }
});

alone('the console: an experiment is started, looked at and stopped', async () => {
  if (!(await here())) return;
  const name = unique('browser');
  const file = join(STACK, `${name}.json`);
  const variants = [
    { name: 'control', share: 1 },
    { name: 'other', share: 3, settings: { diversity: { film_cap: 1 } } },
  ];
  writeFileSync(file, JSON.stringify({ name, layer: name, variants }));
  mvti('--quiet', 'experiment', 'apply', file);
  rmSync(file);
  const { page } = await owner({ lang: 'ko' });
  const mine = page.locator('section.trial', { has: page.locator('h2 a', { hasText: name }) });
  try {
    await open(page, 'experiments');
    await says(mine.locator('h2'), /초안/);
    await says(mine.locator('tbody'), /25\.0 %[\s\S]*75\.0 %/);
    await carried(page, mine.getByRole('button', { name: '시작하기' }), '끝남');
    await says(mine.locator('h2'), /진행 중/);
    await mine.locator('h2 a').click();
    await page.waitForURL(/#experiments\/\d+$/);
    await loaded(page);
    await says(page.locator('main'), /아직 아무도 보지 않았어요/);
    await axe(page, 'an experiment');
    await carried(page, page.getByRole('button', { name: '멈추기' }), '끝남');
    await says(page.locator('section.trial h2').first(), /멈춤/);
    assert.equal(sql(`SELECT state FROM experiment WHERE name = '${name}'`), 'stopped');
  } finally {
    sql(
      `UPDATE experiment SET state = 'stopped', stopped_at = UTC_TIMESTAMP(6), stop_reason = 'test' WHERE name = '${name}' AND state <> 'stopped'`,
    );
    mvti('--quiet', 'experiment', 'refresh');
  }
});

alone(
  'the console: who is banned may only read, until the ban ends; and why they got their list',
  async () => {
    if (!(await here())) return;
    const name = unique('browser-bad');
    const bad = await visitor();
    await signIn(bad.page, name);
    await takeTest(bad.page, 'ENTP');
    const result = new URL(bad.page.url()).pathname.split('/').at(-1);
    const number = sql(`SELECT visitor_id FROM identity WHERE provider = 'dev' AND subject = '${name}'`);
    const { popular } = await api('home');
    const like = () =>
      bad.page.evaluate(async (id) => {
        const me = await fetch('/api/v1/me');
        const headers = {
          'Content-Type': 'application/json',
          'X-CSRF-Token': me.headers.get('X-CSRF-Token'),
        };
        return (await fetch(`/api/v1/characters/${id}/like`, { method: 'PUT', headers })).status;
      }, popular[0].id);
    const { page } = await owner({ lang: 'en', width: 1440 });
    await open(page, 'people');
    await page.fill('input[name="visitor"]', number);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${CONSOLE}/admin#people/${number}`);
    const one = page.locator('main section', {
      has: page.getByRole('heading', { name: `visitor ${number}` }),
    });
    await one.waitFor();
    assert.ok((await like()) < 300);
    await carried(page, one.getByRole('button', { name: 'ban', exact: true }), 'done');
    await one.locator('.tag', { hasText: 'may only read' }).waitFor();
    assert.equal(await like(), 403);
    await carried(page, one.getByRole('button', { name: 'end the ban' }), 'done');
    await until(async () => (await like()) < 300, 'the ban to end');
    await open(page, 'why');
    await page.fill('input[name="test"]', `${CONSOLE}/r/${result}`);
    await page.keyboard.press('Enter');
    await page.waitForSelector('main section table');
    await says(
      page.locator('main'),
      new RegExp(`visitor ${number}[\\s\\S]*ENTP[\\s\\S]*Asked again, that snapshot gives`),
    );
  },
);

alone('the console is no page for anybody else, and the public site has none', async () => {
  if (!(await here())) return;
  const { page } = await visitor();
  await signIn(page, unique('browser-else'));
  assert.equal((await page.goto(`${CONSOLE}/admin`)).status(), 404);
});
