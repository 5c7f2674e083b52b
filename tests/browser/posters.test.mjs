// Posters drawn without a browser: no two films of a catalog have the same, and no wall brings two that look alike near each other.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, check } from './lib.mjs';

const WWW = new URL('../../www/', import.meta.url).pathname;
const REAL = new URL('../../../shared/data/mvti/movies.csv', import.meta.url).pathname;

/** The page's drawings with the stand-ins that mvti-draw has for what belongs to a browser (www/picture/build). */
async function drawings() {
  const folder = mkdtempSync(join(tmpdir(), 'mvti-posters-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    cpSync(`${WWW}js/art`, join(folder, 'js/art'), { recursive: true });
    cpSync(`${WWW}js/quiz/spread.js`, join(folder, 'js/quiz/spread.js'));
    cpSync(`${WWW}picture/lit.js`, join(folder, 'vendor/lit-html.js'));
    cpSync(`${WWW}picture/i18n.js`, join(folder, 'js/i18n.js'));
    const all = ['art/poster.js', 'art/rng.js', 'quiz/spread.js'].map((f) => import(join(folder, 'js', f)));
    return Object.assign({}, ...(await Promise.all(all)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Every film of the site, as a wall gets them. */
async function served() {
  const films = [];
  for (let cursor = ''; cursor !== null; ) {
    const page = await api(`movies?seed=1&limit=60${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    films.push(...page.items);
    cursor = page.next_cursor || null;
  }
  return films;
}

const cells = (line) =>
  line
    .match(/(?:"(?:[^"]|"")*"|[^,]*)(?:,|$)/g)
    .map((c) => c.replace(/,$/, '').replace(/^"|"$/g, '').replaceAll('""', '"'));

/** The films of a catalog's file, whose plots nobody has read: its genres alone say what is drawn. */
const filed = (path) =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map(cells)
    .map(([id, en, ko, year, genres]) => ({
      id,
      title: { en, ko },
      year: Number(year),
      genres: genres.split('|'),
    }));

/** A drawing without its words, as the eye has it. */
const art = (poster) => poster.text.replace(/<text.*?<\/text>/gs, '').replace(/lang="[a-z]*"/, '');

function alike(films, { poster }) {
  const seen = new Map();
  for (const film of films) {
    const other = seen.get(art(poster(film)));
    assert.equal(other, undefined, `${film.title.en} is drawn as ${other}`);
    seen.set(art(poster(film)), film.title.en);
  }
}

function wall(films, { motif, rng, spread }, seed) {
  const order = rng(seed).shuffle(films);
  let there = [];
  let waiting = [];
  for (let at = 0; there.length < 60 && at < order.length; at += 20) {
    const next = spread(there.map(motif), [...waiting, ...order.slice(at, at + 20)], motif);
    there = [...there, ...next.placed];
    waiting = next.waiting;
  }
  const met = [...there, ...waiting].map((m) => m.id);
  assert.equal(new Set(met).size, met.length, 'no film twice');
  assert.deepEqual(new Set(met), new Set(order.slice(0, met.length).map((m) => m.id)), 'and none lost');
  return there.slice(0, 60);
}

function walls(films, drawn) {
  for (let seed = 1; seed <= 50; seed++) {
    const motifs = wall(films, drawn, seed).map(drawn.motif);
    assert.equal(motifs.length, 60);
    assert.equal(new Set(motifs.map((m) => m.family + m.ground)).size, 60, `wall ${seed}`);
    for (const [i, { family }] of motifs.entries())
      assert.ok(!motifs.slice(Math.max(0, i - 8), i).some((m) => m.family === family), `wall ${seed}, ${i}`);
  }
}

check('no two films of the site have the same poster, and no wall two that look alike', async () => {
  const films = await served();
  assert.ok(films.length > 100, `${films.length} films`);
  const drawn = await drawings();
  alike(films, drawn);
  walls(films, drawn);
});

if (existsSync(REAL))
  check(
    'no two films of the larger catalog have the same poster, and no wall two that look alike',
    async () => {
      const drawn = await drawings();
      alike(filed(REAL), drawn);
      walls(filed(REAL), drawn);
    },
  );

check('posters that look like all others of a wall wait, and are not lost', async () => {
  const { spread } = await drawings();
  const one = (family, ground) => ({ family, ground });
  const items = [one('road', 1), one('road', 2), one('door', 1), one('road', 1)];
  const { placed, waiting } = spread([], items, (m) => m);
  assert.deepEqual(placed, [items[0], items[2]]);
  assert.deepEqual(waiting, [items[1], items[3]]);
});
