// What was seen and touched, told to our own server only: batches of at most 50, sent when the page rests or leaves.
import { askToken, tell } from './api.js';

const MOST = 10; // batches
const BATCH = 50;
const SOON = 4000;
const queue = [];
const held = []; // batches of unknown fate: sent again as they were, with the key that makes them be stored once
const seen = new WeakSet();
let timer = 0;
let failures = 0;

/** What could not be told now is told later, ever more rarely; what the server refuses is said where developers look. */
async function send(batch) {
  try {
    await tell('events', batch.events, { 'Idempotency-Key': batch.key });
    failures = 0;
  } catch (error) {
    if (error.kind === 'invalid') {
      console.warn(
        `${batch.events.length} events refused (${error.status}): ${error.message}`,
        error.problem.errors ?? '',
      );
      return;
    }
    failures += 1;
    held.push(batch);
    const lost = held.splice(MOST).reduce((n, b) => n + b.events.length, 0);
    if (lost) console.warn(`${lost} events given up: the server does not take them (${error.status})`);
    later(SOON * 2 ** Math.min(failures, 6));
  }
}

const key = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');

function flush() {
  clearTimeout(timer);
  timer = 0;
  while (queue.length) held.push({ key: key(), events: queue.splice(0, BATCH) });
  for (const batch of held.splice(0)) send(batch);
}

function later(wait) {
  timer ||= setTimeout(flush, wait);
}

/** kind: impression | click | share | …; facts: {character, movie, test, list, position}. */
export function record(kind, facts) {
  queue.push({ kind, ...facts });
  if (queue.length >= BATCH && !failures) flush();
  else later(SOON);
  askToken(); // leaving the page leaves no time for it
}

const watcher =
  'IntersectionObserver' in window
    ? new IntersectionObserver(
        (entries) => {
          for (const { isIntersecting, target } of entries) {
            if (!isIntersecting) continue;
            watcher.unobserve(target);
            record('impression', target.mvti);
          }
        },
        { threshold: 0.5 },
      )
    : null;

/** A lit ref-like callback: reports the element once, when half of it has been on screen. */
export function watchSeen(element, facts) {
  if (!watcher || seen.has(element)) return;
  seen.add(element);
  element.mvti = facts;
  watcher.observe(element);
}

addEventListener('pagehide', flush);
document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && flush());
