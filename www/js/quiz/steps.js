// The order of the test's screens, and how far somebody has come.
const Q = Array.from({ length: 12 }, (_, i) => `q${i + 1}`);

/** The screens of this visitor's way. */
export function path(d) {
  const start = d.how === 'survey' ? ['mbti', ...Q, 'axes'] : ['mbti'];
  const middle = d.enneagramHow === 'ask' ? ['style', 'coping', 'wing'] : ['style', 'known'];
  return [...start, ...middle, 'films'];
}

function answered(d, step) {
  if (step === 'mbti') return d.how === 'survey' || Boolean(d.mbti);
  if (step[0] === 'q')
    return d.survey[Number(step.slice(1)) - 1] !== undefined && d.survey[Number(step.slice(1)) - 1] !== null;
  if (step === 'axes') return d.survey.filter((a) => a !== undefined && a !== null).length === 12;
  if (step === 'style') return d.enneagramHow === 'known' || Boolean(d.style);
  if (step === 'coping') return Boolean(d.coping);
  if (step === 'wing' || step === 'known') return Boolean(d.enneagram);
  return d.movies.length >= 3;
}

/** The screen asked for, or the first one before it that still lacks an answer. */
export function reachable(d, wanted) {
  const way = path(d);
  const at = way.indexOf(wanted);
  if (at < 0) return way.find((s) => !answered(d, s)) ?? 'films';
  return way.slice(0, at).find((s) => !answered(d, s)) ?? wanted;
}

export const after = (d, step) => path(d)[path(d).indexOf(step) + 1];
export const before = (d, step) => path(d)[path(d).indexOf(step) - 1];

/** {at, of}: screens that ask something, counted from one. */
export function progress(d, step) {
  const way = path(d).filter((s) => s !== 'axes');
  const shown = step === 'axes' ? 'q12' : step;
  return { at: way.indexOf(shown) + 1, of: way.length };
}
