// The survey's arithmetic beside NumPy's (tests/unit/fixtures/make_survey.py), which tests/unit/survey_test.c holds the server to.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { result, way } from '../../www/js/quiz/irt.js';
import { simulate } from '../quality/survey.mjs';
import { check } from './lib.mjs';

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const { mbti } = JSON.parse(read('sql/reference/survey.json'));

check('percentages, and what is asked in which order, are what NumPy has', async () => {
  const items = [...mbti.items, ...mbti.more];
  const rows = read('tests/unit/fixtures/survey.txt').trim().split('\n');
  assert.equal(rows.length, 272);
  for (const row of rows) {
    const [form, ...cells] = row.split(' ');
    const survey = cells.slice(0, items.length).map((c) => (c === '.' ? null : Number(c)));
    const percents = cells.slice(items.length, items.length + 4).map(Number);
    assert.deepEqual(
      result(mbti, survey).axes.map((a) => a.percent),
      percents,
      row,
    );
    if (form === 'all') continue;
    const said = Object.fromEntries(items.map((item, i) => [item.id, survey[i] ?? undefined]));
    const found = way(mbti, form, said);
    assert.ok(found.over, row);
    assert.deepEqual(found.survey, survey, row);
    if (form !== 'short')
      assert.deepEqual(
        found.asked.map((item) => items.indexOf(item)),
        cells.slice(items.length + 4).map(Number),
      );
  }
});

check('how many statements are left is never less than come', async () => {
  for (const form of ['short', 'precise', 'longer'])
    for (const turn of [1, 2, 3, 5]) {
      const said = {};
      let most = Number.POSITIVE_INFINITY;
      for (let n = 0; !way(mbti, form, said).over; n++) {
        const { asked, left } = way(mbti, form, said);
        assert.equal(asked.length, n + 1);
        assert.ok(n + 1 + left <= most, `${form}: at most ${most}`);
        most = n + 1 + left;
        said[asked.at(-1).id] = [-2, -1, 1, 2][(n * turn) % 4];
      }
      assert.ok(Object.keys(said).length <= most);
    }
});

check('the precise form is as good as all statements with half of them', async () => {
  const { short, precise, all } = simulate(1500, 7);
  assert.equal(all.asked, 28);
  assert.equal(short.asked, 12);
  assert.ok(precise.asked <= 14.6, `${precise.asked} statements`);
  assert.ok(precise.counts.at(-1) <= 28 && precise.counts[0] >= 8);
  assert.ok(precise.letters > all.letters - 0.01, `letters ${precise.letters}, of all ${all.letters}`);
  assert.ok(precise.letters > short.letters + 0.03, `letters ${precise.letters}, in short ${short.letters}`);
  assert.ok(precise.same >= mbti.stop.sure, `${precise.same} are what all say`);
  assert.ok(precise.r > 0.8 && all.r > precise.r);
});
