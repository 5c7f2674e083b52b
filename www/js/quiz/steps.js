// The order of the test's screens, and how far somebody has come.

export const ENNEAGRAM = ['style', 'coping', 'wing', 'known'];

/** The statements so far, of which the last is open unless the survey is over (irt.js). */
const statements = (d) => Array.from({ length: d.form ? d.asked : 0 }, (_, i) => `q${i + 1}`);

/** The screens about the Enneagram, to that from which it was skipped. */
function middle(d) {
  const all = d.enneagramHow === 'ask' ? ['style', 'coping', 'wing'] : ['style', 'known'];
  return d.skipped ? all.slice(0, all.indexOf(d.skipped) + 1) : all;
}

/** The screens of this visitor's way. */
export function path(d) {
  if (d.from) return ['films'];
  const start = d.how === 'survey' ? ['mbti', ...statements(d), ...(d.over ? ['axes'] : [])] : ['mbti'];
  return [...start, ...middle(d), 'films'];
}

function answered(d, step) {
  if (step === 'mbti') return Boolean(d.how === 'survey' ? d.form : d.mbti);
  if (step[0] === 'q') return Number(step.slice(1)) < d.asked || d.over;
  if (step === 'axes') return true;
  if (d.skipped && ENNEAGRAM.includes(step)) return true;
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

/** {at, of, most}: screens that ask something, counted from one; most: there may be fewer, since the survey ends when it is sure. */
export function progress(d, step) {
  const way = path(d).filter((s) => s !== 'axes');
  const shown = step === 'axes' ? `q${d.asked}` : step;
  const open = d.how === 'survey' && !d.over;
  return {
    at: way.indexOf(shown) + 1,
    of: way.length + (open ? d.left : 0),
    most: open && d.form !== 'short',
  };
}
