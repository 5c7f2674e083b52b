// What the forms of the survey are worth, by simulation: people whose place on each axis is known answer as the graded response model
// says, with the parameters of sql/reference/survey.json or with others than those that the page believes.
//
//     node tests/quality/survey.mjs [PEOPLE]
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { result, way } from '../../www/js/quiz/irt.js';

const { mbti } = JSON.parse(
  readFileSync(new URL('../../sql/reference/survey.json', import.meta.url), 'utf8'),
);
const ITEMS = [...mbti.items, ...mbti.more];
const AXES = ['EI', 'SN', 'TF', 'JP'];
const FORMS = ['short', 'precise', 'longer', 'all'];

/** Numbers in [0, 1) from a seed (mulberry32). */
function random(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const normal = (draw) => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());

/** How items really are: {slope, steps}. */
const WORLDS = {
  'as stated': (item) => item,
  'slopes a third lower': (item) => ({ ...item, slope: (item.slope * 2) / 3 }),
  'slopes a third higher': (item) => ({ ...item, slope: (item.slope * 4) / 3 }),
  'each slope by up to half, each step by up to 0.5': (item, draw) => {
    const shift = draw() - 0.5;
    return { ...item, slope: item.slope * (0.5 + draw()), steps: item.steps.map((b) => b + shift) };
  },
};

function answerOf(item, theta, draw) {
  const own = item.pole === item.axis[1] ? theta : -theta;
  const u = draw();
  return [-2, -1, 1, 2][item.steps.filter((b) => u < 1 / (1 + Math.exp(-item.slope * (own - b)))).length];
}

function correlation(x, y) {
  const mean = (v) => v.reduce((s, one) => s + one, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  const sum = (f) => x.reduce((s, _, i) => s + f(x[i] - mx, y[i] - my), 0);
  return sum((a, b) => a * b) / Math.sqrt(sum((a) => a * a) * sum((_, b) => b * b));
}

/**
 * Of each form: asked (mean), counts (statements of each person), letters and types that are the true ones, the correlation r of
 * percentages with places, and letters that are those of all statements.
 */
export function simulate(people, seed, world = 'as stated') {
  const draw = random(seed);
  const real = ITEMS.map((item) => WORLDS[world](item, draw));
  const seen = Object.fromEntries(FORMS.map((f) => [f, { counts: [], percents: [], letters: [] }]));
  const truth = [];
  for (let n = 0; n < people; n++) {
    const theta = AXES.map(() => normal(draw));
    truth.push(theta);
    const said = Object.fromEntries(
      real.map((item) => [item.id, answerOf(item, theta[AXES.indexOf(item.axis)], draw)]),
    );
    for (const form of FORMS) {
      const survey = form === 'all' ? ITEMS.map((i) => said[i.id]) : way(mbti, form, said).survey;
      const { mbti: type, axes } = result(mbti, survey);
      seen[form].counts.push(survey.filter((a) => a !== null).length);
      seen[form].percents.push(...axes.map((a) => a.percent));
      seen[form].letters.push([...type].map((letter, i) => letter === AXES[i][1]));
    }
  }
  const share = (list) => list.filter(Boolean).length / list.length;
  const right = (letters) => letters.map((own, n) => own.map((second, i) => second === truth[n][i] > 0));
  return Object.fromEntries(
    FORMS.map((form) => {
      const { counts, percents, letters } = seen[form];
      const facts = {
        counts: counts.sort((a, b) => a - b),
        asked: counts.reduce((s, n) => s + n, 0) / people,
        letters: share(right(letters).flat()),
        types: share(right(letters).map((own) => own.every(Boolean))),
        r: correlation(percents, truth.flat()),
        same: share(letters.flatMap((own, n) => own.map((l, i) => l === seen.all.letters[n]?.[i]))),
      };
      return [form, facts];
    }),
  );
}

function print(people) {
  console.log(
    `| the items are | form | statements | letters right | types right | r | letters as of all 28 |`,
  );
  console.log('|---|---|---|---|---|---|---|');
  for (const world of Object.keys(WORLDS))
    for (const [form, f] of Object.entries(simulate(people, 20261130, world))) {
      const at = (q) => f.counts[Math.floor(q * (people - 1))];
      const n =
        f.counts[0] < f.counts.at(-1)
          ? `${f.asked.toFixed(1)} (${at(0.05)} to ${at(0.95)})`
          : f.asked.toFixed(0);
      console.log(
        `| ${[world, form, n, f.letters.toFixed(3), f.types.toFixed(3), f.r.toFixed(3), f.same.toFixed(3)].join(' | ')} |`,
      );
    }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) print(Number(process.argv[2] ?? 20000));
