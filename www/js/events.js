// What was seen and touched, told to our own server only: batches of at most 50, sent when the page rests or leaves.
import { askToken, tell } from './api.js';

const MOST = 500;
const SOON = 4000;
const queue = [];
const seen = new WeakSet();
let timer = 0;
let failures = 0;

/** What could not be told now is told later, ever more rarely; what the server refuses is said where developers look. */
async function send(batch) {
  try {
    await tell('events', batch);
    failures = 0;
  } catch (error) {
    if (error.kind === 'invalid') {
      console.warn(`${batch.length} events refused (${error.status}): ${error.message}`, error.problem.errors ?? '');
      return;
    }
    failures += 1;
    queue.unshift(...batch);
    const lost = queue.splice(MOST).length;
    if (lost) console.warn(`${lost} events given up: the server does not take them (${error.status})`);
    later(SOON * 2 ** Math.min(failures, 6));
  }
}

function flush() {
  clearTimeout(timer);
  timer = 0;
  while (queue.length) send(queue.splice(0, 50));
}

function later(wait) {
  timer ||= setTimeout(flush, wait);
}

/** kind: impression | click | share | …; facts: {character, movie, test, list, position}. */
export function record(kind, facts) {
  queue.push({ kind, ...facts });
  if (queue.length >= 50 && !failures) flush();
  else later(SOON);
  askToken(); // leaving the page leaves no time for it
}

const watcher = 'IntersectionObserver' in window
  ? new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        watcher.unobserve(target);
        record('impression', target.mvti);
      }
    }, { threshold: 0.5 })
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
