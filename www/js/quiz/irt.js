// The survey's arithmetic (lib/domain/graded.h, whose scores are the server's) and what is asked next. Loaded with the first statement.
const AXES = ['EI', 'SN', 'TF', 'JP'];
const NODES = Array.from({ length: 41 }, (_, i) => (i - 20) / 5);
const PRIOR = NODES.map((x) => Math.exp((-x * x) / 2));
const known = new WeakMap(); // what is computed once of each item

const towards = (item) => (item.pole === item.axis[1] ? 1 : -1);

/** chances[node][answer], worth[node]: the expected score towards the second letter, told[node]: Fisher's information. */
function tables(item) {
  if (known.has(item)) return known.get(item);
  const side = towards(item);
  const made = { chances: [], worth: [], told: [] };
  for (const x of NODES) {
    const above = item.steps.map((b) => 1 / (1 + Math.exp(-item.slope * (side * x - b))));
    const rise = [0, ...above.map((p) => item.slope * p * (1 - p)), 0];
    const chances = [1, ...above].map((p, k) => p - (above[k] ?? 0));
    made.chances.push(chances);
    made.worth.push(side * chances.reduce((s, p, k) => s + p * score(k), 0));
    made.told.push(chances.reduce((s, p, k) => s + (rise[k] - rise[k + 1]) ** 2 / p, 0));
  }
  known.set(item, made);
  return known.get(item);
}

const score = (k) => 2 * k - 3;
const place = (answer) => (answer < 0 ? answer + 2 : answer + 1);
const mean = (w, values) => w.reduce((s, one, i) => s + one * values[i], 0);

/** What the answers to an axis's items say: w[node], the sum of the answers, with what is expected of the open ones, and the most. */
function look(items, said) {
  let w = PRIOR;
  let sum = 0;
  const open = [];
  for (const item of items) {
    const answer = said[item.id];
    if (answer === undefined) {
      open.push(item);
      continue;
    }
    const { chances } = tables(item);
    w = w.map((one, i) => one * chances[i][place(answer)]);
    sum += towards(item) * score(place(answer));
  }
  const whole = w.reduce((s, one) => s + one, 0);
  w = w.map((one) => one / whole);
  const total = open.reduce((s, item) => s + mean(w, tables(item).worth), sum);
  return { w, sum, total, open, most: 3 * items.length };
}

/** The probability that the letter of all items, were they asked, is the one that the answers say now. */
function firm({ w, sum, total, open, most }) {
  let same = 0;
  for (let i = 0; i < NODES.length; i++) {
    let ways = new Float64Array(2 * most + 1); // of each sum, from −most on
    ways[sum + most] = w[i];
    for (const item of open) {
      const next = new Float64Array(ways.length);
      tables(item).chances[i].forEach((p, k) => {
        const by = towards(item) * score(k);
        for (let s = Math.max(0, -by); s < ways.length - Math.max(0, by); s++) next[s + by] += p * ways[s];
      });
      ways = next;
    }
    same += ways.reduce((n, p, s) => n + ((s - most) * total > 0 ? p : 0), 0);
  }
  return same;
}

const firms = new Map(); // by the answers to an axis's items: the same way is gone again with every answer

function isFirm(items, said, sure) {
  const key = items.map((item) => `${item.id}${said[item.id] ?? ''}`).join();
  if (!firms.has(key)) firms.set(key, firm(look(items, said)));
  return firms.get(key) >= sure;
}

const all = (mbti) => [...mbti.items, ...mbti.more];
const of = (items, axis) => items.filter((item) => item.axis === axis);

/** The short form: every brief item in its order. */
function short(mbti, said) {
  const first = mbti.items.findIndex((item) => said[item.id] === undefined);
  const n = first < 0 ? mbti.items.length : first + 1;
  return { asked: mbti.items.slice(0, n), over: first < 0, left: mbti.items.length - n };
}

/** The precise form: of the axes that are not over, the one with the fewest answers; of its items, the one that tells most. first: items that were answered before. */
function precise(mbti, said, first = []) {
  const asked = [...first];
  const given = Object.fromEntries(first.map((item) => [item.id, said[item.id]])); // the answers that lie on the way
  const axes = AXES.map((axis) => ({ items: of(all(mbti), axis), n: of(first, axis).length }));
  const over = ({ items, n }) =>
    n === items.length || (n >= mbti.stop.least && isFirm(items, given, mbti.stop.sure));
  for (;;) {
    const open = axes.filter((a) => !over(a));
    if (!open.length) return { asked, over: true, left: 0 };
    const next = open.reduce((a, b) => (b.n < a.n ? b : a));
    const now = look(next.items, given);
    const told = now.open.map((item) => mean(now.w, tables(item).told));
    const item = now.open[told.indexOf(Math.max(...told))];
    asked.push(item);
    if (said[item.id] === undefined)
      return { asked, over: false, left: open.reduce((s, a) => s + a.items.length - a.n, -1) };
    given[item.id] = said[item.id];
    next.n++;
  }
}

/** short, precise, or longer: the short form, and then the precise one from there on. */
function walk(mbti, form, said) {
  if (form === 'precise') return precise(mbti, said);
  const first = short(mbti, said);
  if (form === 'short') return first;
  return first.over ? precise(mbti, said, first.asked) : { ...first, left: first.left + mbti.more.length };
}

/**
 * The way through the survey's `mbti` with these answers ({id: −2, −1, 1 or 2}): the items asked so far, of which the last is open unless
 * it is over, how many more there are at most, and the answers on the way in the order of the items, null where nothing was asked.
 */
export function way(mbti, form, said) {
  const { asked, over, left } = walk(mbti, form, said);
  const on = new Set(asked);
  return {
    asked,
    over,
    left,
    survey: all(mbti).map((item) => (on.has(item) ? (said[item.id] ?? null) : null)),
  };
}

/** The type and the axes of answers in the order of the items: {mbti, axes: [{axis, percent}]}; percent leans to I, N, F, P. */
export function result(mbti, survey) {
  const items = all(mbti);
  const said = Object.fromEntries(items.map((item, i) => [item.id, survey[i] ?? undefined]));
  const axes = AXES.map((axis) => {
    const { total, most } = look(of(items, axis), said);
    const lean = Math.round(Math.max((50 * Math.abs(total)) / most, 1));
    return { axis, percent: total > 0 ? 50 + lean : 50 - lean, letter: axis[total > 0 ? 1 : 0] };
  });
  return {
    mbti: axes.map((a) => a.letter).join(''),
    axes: axes.map(({ axis, percent }) => ({ axis, percent })),
  };
}
