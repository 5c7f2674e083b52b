// The test in progress: every answer is kept in this browser the moment it is given, and goes when a new test begins.
import { recall, remember } from './storage.js';

const KEY = 'draft';
const LIFE = 14 * 24 * 3600 * 1000;

const fresh = () => ({
  started: false,
  step: 'mbti',
  mbti: null,
  form: null, // of the survey: short, precise or longer
  said: {}, // its answers by item
  survey: [], // those on the way, as they are sent (irt.js), and of which version
  version: null,
  asked: 0, // how many statements there are so far, how many more at most, and whether that is all
  left: 0,
  over: false,
  how: 'choose',
  style: null,
  coping: null,
  enneagram: null,
  enneagramHow: 'ask', // known: chosen among all
  skipped: null, // the screen from which it was
  movies: [],
  from: null,
  seed: null,
  shown: [], // the wall as far as it was on the screen when it last learned, {movie, made}
  done: null,
  at: Date.now(),
});

let current = null;

const text = (v) => v === null || typeof v === 'string';
const film = (m) => Number.isInteger(m?.id) && typeof m.title === 'object' && m.title !== null;
const SHAPES = {
  step: (v) => typeof v === 'string',
  mbti: text,
  form: (v) => [null, 'short', 'precise', 'longer'].includes(v),
  said: (v) => typeof v === 'object' && v !== null,
  survey: Array.isArray,
  asked: Number.isInteger,
  left: Number.isInteger,
  style: text,
  coping: text,
  enneagram: text,
  skipped: text,
  from: text,
  movies: (v) => Array.isArray(v) && v.every(film),
  shown: (v) => Array.isArray(v) && v.every((one) => film(one?.movie)),
  seed: (v) => v === null || (Number.isSafeInteger(v) && v >= 0),
};

/** What is kept may be of another version of these pages, or of somebody who plays with it: whole, or none. */
const sound = (kept) =>
  typeof kept === 'object' &&
  kept !== null &&
  Date.now() - kept.at < LIFE &&
  Object.entries(SHAPES).every(([name, fits]) => !(name in kept) || fits(kept[name]));

/** The draft as it stands; a finished or stale one counts as none. */
export function draft() {
  if (!current) {
    const kept = recall(KEY);
    current = sound(kept) ? { ...fresh(), ...kept } : fresh();
  }
  return current;
}

export function keep(changes) {
  current = { ...draft(), started: true, ...changes, at: Date.now() };
  remember(KEY, current);
  return current;
}

export function restart() {
  current = fresh();
  remember(KEY, current);
}

/** Films alone are chosen anew; who somebody is stays as in an earlier test, {token, mbti, enneagram}. */
export function again({ token, mbti, enneagram }, movies) {
  restart();
  keep({ from: token, mbti, enneagram, step: 'films', movies });
}

/** The body of POST tests. */
export function answers(d, locale) {
  if (d.from) return { from: d.from, movies: d.movies.map((m) => m.id), locale };
  return {
    ...(d.how === 'survey' ? { survey: d.survey, survey_version: d.version } : { mbti: d.mbti }),
    ...(d.enneagramHow === 'ask' && !d.skipped
      ? { answers: [d.style, d.coping, d.enneagram] }
      : { enneagram: d.skipped ? null : d.enneagram }),
    movies: d.movies.map((m) => m.id),
    locale,
  };
}
