// What was seen and touched, told to our own server, and only where the visitor allows it (consent.js): batches of at most 50, sent
// when the page rests or leaves. What could not be sent is kept in this browser and sent by a later page, once.
import { askToken, del, tell } from './api.js';
import { consent, onDecision } from './consent.js';
import { forget, kept, recall, remember } from './storage.js';

const MOST = 10; // batches
const BATCH = 50;
const WAITING = 300; // events kept in memory until the visitor has decided
const SOON = 4000;
const SEEN = 1000; // milliseconds that half of something must be on screen
const OUTBOX = 'events.';
const DAY = 24 * 3600 * 1000;
const REPEATABLE = 20 * 3600 * 1000; // the server knows the key of a batch for a day
const random = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');

const queue = [];
const outbox = new Map(); // by key: {key, events, at, tried}; one that was tried is sent again as it was, and is stored once
const own = OUTBOX + random().slice(0, 8); // of this page: another tab has its own
let timer = 0;
let failures = 0;
let busy = Promise.resolve(); // until every report that was sent has an answer
const WITHDRAWN = 'withdrawn';

function given(batch, why) {
  console.warn(`${batch.events.length} events ${why}`);
  outbox.delete(batch.key);
}

/** What could not be told now is told later, ever more rarely; what the server refuses is said where developers look. */
async function send(batch) {
  batch.tried = true;
  batch.busy = true;
  try {
    const { refused } = await tell('events', batch.events, { 'Idempotency-Key': batch.key });
    outbox.delete(batch.key);
    failures = 0;
    for (const { index, field, message } of refused)
      console.warn(`event refused: ${message}`, field, batch.events[index]);
  } catch (error) {
    batch.busy = false;
    if (error.kind === 'invalid') {
      given(
        batch,
        `refused (${error.status}): ${error.message} ${JSON.stringify(error.problem.errors ?? '')}`,
      );
      return;
    }
    failures += 1;
    const [oldest] = outbox.values();
    if (outbox.size > MOST) given(oldest, `given up: the server does not take them (${error.status})`);
    later(SOON * 2 ** Math.min(failures, 6));
  }
}

function flush() {
  clearTimeout(timer);
  timer = 0;
  if (consent() !== 'yes') return;
  while (queue.length) {
    const batch = { key: random(), events: queue.splice(0, BATCH), at: Date.now() };
    outbox.set(batch.key, batch);
  }
  for (const batch of outbox.values()) if (!batch.busy) busy = Promise.all([busy, send(batch)]);
}

function later(wait) {
  timer ||= setTimeout(flush, wait);
}

/** kind and facts ({character, movie, value, took, source} and a place) as POST events has them. */
export function record(kind, facts) {
  const answer = consent();
  if (answer === 'no') return;
  queue.push({ kind, at: Date.now(), ...facts });
  if (answer === 'ask') {
    queue.splice(0, queue.length - WAITING);
    return;
  }
  if (queue.length >= BATCH && !failures) flush();
  else later(SOON);
  askToken(); // leaving the page leaves no time for it
}

/** What waits at the server to be sent to Google is not sent; until it has said so, later pages ask again. */
function withdraw() {
  remember(WITHDRAWN, true);
  busy
    .then(() => del('me/analytics'))
    .then(
      () => forget(WITHDRAWN),
      () => {},
    );
}

onDecision((withdrawn) => {
  if (withdrawn) withdraw();
  if (consent() === 'yes') {
    askToken();
    later(0);
    return;
  }
  queue.length = 0;
  outbox.clear();
  kept(OUTBOX).forEach(forget);
});

/** The page may be gone for good: what has no answer yet is kept, and sent now as well. */
function leave() {
  flush();
  const open = [...outbox.values()].map(({ key, events, at, tried }) => ({ key, events, at, tried }));
  if (open.length) remember(own, open);
  else forget(own);
}

/** What earlier pages could not send, unless it is too old: a repeated key counts once, for as long as the server knows it. */
function adopt() {
  const now = Date.now();
  for (const name of kept(OUTBOX)) {
    for (const batch of recall(name) ?? [])
      if (now - batch.at < (batch.tried ? REPEATABLE : 14 * DAY))
        outbox.set(batch.key, { ...batch, busy: false });
    forget(name);
  }
  if (outbox.size) later(SOON);
}

if (consent() === 'yes') adopt();
if (recall(WITHDRAWN)) withdraw();
addEventListener('pagehide', leave);
document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && leave());
addEventListener('online', () => outbox.size && later(0));

// A list on a page is one view: everything that happens in it carries the same number.
let views = new Map();

/** The page is another one: its lists are rendered anew. */
export function newPage() {
  views = new Map();
}

/**
 * Where something is: the place that events carry. made: the answer that the list came from, {snapshot, ranker}; test: the token of the
 * result that it belongs to; key: what tells two lists of one name on a page apart.
 */
export function place(list, position, { snapshot, ranker, test, key = '' } = {}) {
  const name = `${list} ${test ?? ''} ${key}`;
  if (!views.has(name)) views.set(name, Math.floor(Math.random() * Number.MAX_SAFE_INTEGER) + 1);
  return {
    list,
    position,
    view: views.get(name),
    ...(snapshot && { snapshot }),
    ...(ranker && { ranker }),
    ...(test && { test }),
  };
}

/** What a request that does something tells of where it was done, if that may be told. */
export const told = (where) => (consent() === 'yes' ? where : undefined);

const waiting = new Map(); // element: the timer of one that is on screen

const watcher =
  'IntersectionObserver' in window
    ? new IntersectionObserver(
        (entries) => {
          for (const { isIntersecting, target } of entries) {
            clearTimeout(waiting.get(target));
            waiting.delete(target);
            if (isIntersecting) waiting.set(target, setTimeout(seen, SEEN, target));
          }
        },
        { threshold: 0.5 },
      )
    : null;

function seen(element) {
  waiting.delete(element);
  watcher.unobserve(element);
  if (element.isConnected) record('impression', element.facts);
}

/** Reports what carries facts (a property: {character or movie, and a place}) when half of it has been on screen for a second; once a view. */
export function watchSeen(scope) {
  if (!watcher) return;
  for (const element of scope.querySelectorAll('[data-seen]')) {
    const { view, character, movie } = element.facts;
    const what = `${view} ${character ?? movie}`;
    if (element.watched === what) continue; // an element may come to show another one
    element.watched = what;
    watcher.unobserve(element);
    watcher.observe(element);
  }
}
