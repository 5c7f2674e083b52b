// The API of /api/v1 (paths without a slash before them): JSON in, JSON out, every failure an ApiError that says what kind it is.

import { over14, sayAge } from './age.js';
import { consent, learn, shared } from './consent.js';
import { followAccount, say } from './i18n.js';

const BASE = '/api/v1/';
const PATIENCE = 15000;
const FRESH = 120000;

export class ApiError extends Error {
  /** @param {number} status 0 when the network gave no answer @param {object} [problem] RFC 9457 document */
  constructor(status, problem) {
    super(problem?.detail ?? problem?.title ?? `status ${status}`);
    this.status = status;
    this.problem = problem ?? {};
  }
  /** notfound | offline | invalid | busy | fault | age: they are under 14, or have not said */
  get kind() {
    if (this.problem.errors?.some((e) => e.field === 'age')) return 'age';
    if (this.status === 0) return 'offline';
    if (this.status === 404) return 'notfound';
    if (this.status === 429 || this.status === 503) return 'busy';
    return this.status >= 400 && this.status < 500 ? 'invalid' : 'fault';
  }
}

// The token of this browser's session: every answer to a session carries it, everything that changes something sends it.
let csrf = '';

/** Headers of a request with a JSON body (or of one that only changes something). */
const writeHeaders = () => ({
  'Content-Type': 'application/json',
  ...(csrf && { 'X-CSRF-Token': csrf }),
  ...(shared() && { 'X-Analytics-Consent': 'google' }),
});

const keepToken = (reply) => {
  csrf = reply.headers.get('X-CSRF-Token') ?? csrf;
  challenge = reply.headers.get('X-Guest-Challenge') ?? challenge;
};

// What a browser without a session answers with its first write: the work of proof.js.
let challenge = '';
let entering = Promise.resolve();
let asking = null;

/** What the answer of GET me says to every page. */
export function learnMe(me) {
  learn(me.analytics);
  if (me.over_14) sayAge('yes');
  followAccount(me.profile.locale);
  return me;
}

/** Asks who this is, and what this site sends to Google Analytics; two who ask at once ask once. */
export const askMe = () => {
  asking ??= call('GET', 'me')
    .then(learnMe)
    .catch(() => {})
    .then(() => {
      asking = null;
    });
  return asking;
};

/** The same unless it is known: a page whose writing comes later has the token by then, and writes at once. */
export const askToken = () => (csrf || challenge ? asking : askMe());

async function proof() {
  const answered = challenge;
  challenge = '';
  if (!answered) return {};
  const { prove } = await import('./proof.js');
  return { 'X-Guest-Proof': await prove(answered) };
}

const wantsProof = (status, problem) =>
  status === 403 && problem?.errors?.some((e) => e.field === 'X-Guest-Proof');

/** A first write makes the session, so it goes alone: two at once would be two guests, and one of them lost. */
async function first(send, anew = false) {
  const before = entering;
  let done;
  entering = new Promise((resolve) => {
    done = resolve;
  });
  await before;
  try {
    await askToken();
    if (csrf && !anew) return await send({});
    try {
      return await send(await proof());
    } catch (error) {
      if (!wantsProof(error.status, error.problem)) throw error;
      return await send(await proof());
    }
  } finally {
    done();
  }
}

const wantsToken = (status, problem) =>
  status === 403 && problem?.errors?.some((e) => e.field === 'X-CSRF-Token');

/** A write that was refused for its token is sent once more with the one of today: another tab may have begun anew. */
async function write(method, path, body, { keepalive, headers, may = () => true } = {}) {
  if (over14() !== 'yes' && !(await (await import('./ui/age.js')).ofAge(method, path, askMe)))
    throw new ApiError(403, { errors: [{ field: 'age' }] });
  const send = (more) =>
    may()
      ? call(method, path, body, { keepalive, headers: { ...headers, ...more } })
      : Promise.reject(new ApiError(0));
  try {
    return await (csrf ? send({}) : first(send));
  } catch (error) {
    if (wantsProof(error.status, error.problem)) return first(send, true); // the session was of yesterday
    if (!wantsToken(error.status, error.problem)) throw error;
    await call('GET', 'me').catch(() => {});
    return send({});
  }
}

async function call(method, path, body, { keepalive = false, headers } = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  let reply;
  try {
    reply = await fetch(path.startsWith('/') ? path : BASE + path, {
      method,
      keepalive,
      signal: stop.signal,
      headers: method === 'GET' ? {} : { ...writeHeaders(), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    keepToken(reply);
    if (reply.status === 204) return null;
    const json = await reply.json().catch(() => undefined);
    if (!reply.ok) throw new ApiError(reply.status, json);
    if (json === undefined) throw new ApiError(502);
    if (json.texts) say(json.texts);
    return json;
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError(0);
  } finally {
    clearTimeout(timer);
  }
}

const cache = new Map();

/** GET, remembered for two minutes: going back shows the page at once. */
export function get(path) {
  const hit = cache.get(path);
  if (hit && Date.now() - hit.at < FRESH) return hit.answer;
  const answer = call('GET', path);
  cache.set(path, { at: Date.now(), answer });
  answer.catch(() => cache.delete(path));
  return answer;
}

/** GET that is never remembered. */
export const fetchNow = (path) => call('GET', path);

/** Puts an answer we already have in the place of a later GET. */
export const know = (path, value) => cache.set(path, { at: Date.now(), answer: Promise.resolve(value) });

export const forgetPath = (start) => {
  for (const key of cache.keys()) if (key.startsWith(start)) cache.delete(key);
};

export const post = (path, body, headers) => write('POST', path, body, { headers });
export const put = (path, body) => write('PUT', path, body ?? {});
/**
 * As sendBeacon, but with the token of the session: it outlives the page. What still waits for a token when the visitor withdraws their consent
 * is not sent.
 */
export const tell = (path, body, headers) =>
  write('POST', path, body, { keepalive: true, headers, may: () => consent() === 'yes' });
export const del = (path, body) => write('DELETE', path, body);

/** Query string of the values that are there. */
export function query(values) {
  const q = new URLSearchParams();
  for (const [k, v] of Object.entries(values)) if (v !== undefined && v !== null && v !== '') q.set(k, v);
  const s = q.toString();
  return s ? `?${s}` : '';
}
