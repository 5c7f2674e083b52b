// Film 0 and character 0 in the browser: their pages, a like, a search, a choice. Runs where the stack is ours to
// import into (MVTI_TEST_STACK).
import { mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BASE, alone, go, toFilms, visitor } from './lib.mjs';
import { mvti, sql, STACK } from './stack.mjs';

const FILES = {
  movies: 'movie_id,title_en,title_ko,year,genres\n0,Zero Hour,영시,1957,Drama\n',
  characters: 'character_id,movie_id,name_en,name_ko,mbti,enneagram,votes\n0,0,Nobody,아무도,INFP,4w5,9\n',
};

/** From every worker: each takes a new snapshot up by itself, within a second, and the next to answer may be any. */
async function until(status) {
  for (let i = 0, in_a_row = 0; i < 600; i += 1) {
    in_a_row = (await fetch(`${BASE}/api/v1/movies/0`)).status === status ? in_a_row + 1 : 0;
    if (in_a_row === 30) return;
    await new Promise((r) => setTimeout(r, 100));
  }
  throw new Error(`/api/v1/movies/0 is not ${status}`);
}

const live = () => /^mvti-(.*)\.mvs$/.exec(readlinkSync(join(STACK, 'state/snapshots/current')))[1];

async function withZero(body) {
  const before = live();
  const folder = mkdtempSync(join(tmpdir(), 'mvti-ids-'));
  try {
    for (const [kind, text] of Object.entries(FILES)) {
      writeFileSync(join(folder, `${kind}.csv`), text);
      mvti('import', kind, '--strict', join(folder, `${kind}.csv`));
    }
    mvti('publish', '--force');
    await until(200);
    await body();
  } finally {
    for (const table of ['movie', 'movie_genre', 'film_character'])
      sql(`DELETE FROM ${table} WHERE movie_id = 0`);
    mvti('publish', '--rollback', before);
    await until(404);
    rmSync(folder, { recursive: true });
  }
}

const expect = (what, good) => {
  if (!good) throw new Error(what);
};

if (STACK)
  alone('0 is the id of a film and of a character', () =>
    withZero(async () => {
      const { page, problems } = await visitor();
      await go(page, '/m/0');
      expect('the film has its page', (await page.textContent('main h1')).includes('영시'));
      expect(
        'and its character',
        (await page.locator('.face[data-character="0"] a[href="/c/0"]').count()) === 1,
      );
      await page.click('.face[data-character="0"] a[href="/c/0"]');
      await page.waitForFunction(() => document.querySelector('main h1')?.textContent.includes('아무도'));
      expect('whose page leads back', (await page.locator('a[href="/m/0"]').count()) > 0);
      await page.click('.heart');
      await page.waitForFunction(
        () => document.querySelector('.heart')?.getAttribute('aria-pressed') === 'true',
      );
      await page.waitForFunction(() =>
        fetch('/api/v1/me/likes')
          .then((r) => r.json())
          .then((r) => r.items.some((c) => c.id === 0)),
      );
      await page.reload();
      await page.waitForFunction(
        () => document.querySelector('.heart')?.getAttribute('aria-pressed') === 'true',
      );
      await toFilms(page);
      await page.fill('#film-q', '영시');
      const film = page.locator('.wall .pick', { hasText: '영시' });
      await film.click();
      await page.waitForFunction(() =>
        JSON.parse(localStorage.getItem('mvti.draft')).movies.some((m) => m.id === 0),
      );
      expect('and is chosen', (await film.getAttribute('aria-pressed')) === 'true');
      expect(problems.join('\n'), problems.length === 0);
    }),
  );
