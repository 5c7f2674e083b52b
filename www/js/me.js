// What this browser knows of its visitor without an account: the type and films of the newest test seen here, and which matches it was told.
import { get, query } from './api.js';
import { recall, remember } from './storage.js';

/** Keeps a result that is one's own. */
export const knowMe = ({ personality: { mbti, enneagram }, movies = [], same, compatible }) =>
  remember('me', {
    mbti,
    enneagram,
    movies: movies.map((m) => m.id),
    told: Object.fromEntries([...same, ...compatible].map((c) => [c.id, c.match.percent])),
  });

/** {mbti, enneagram, movies} or {}: for the match shown on film and character pages. */
export const me = () => recall('me') ?? {};

const drop = ({ told, ...asked }) => asked;

/** GET of a page with one's match to its characters; films that the catalog no longer has are forgotten. */
export async function mine(path) {
  try {
    return await get(`${path}${query(drop(me()))}`);
  } catch (error) {
    if (error.kind !== 'invalid' || !me().movies?.length) throw error;
    remember('me', { ...me(), movies: [] });
    return get(`${path}${query(drop(me()))}`);
  }
}

/** A character with the match that the result has told of it: nobody is told two numbers. */
export const asTold = (c) => {
  const percent = me().told?.[c.id];
  return c.match && percent !== undefined ? { ...c, match: { ...c.match, percent } } : c;
};
