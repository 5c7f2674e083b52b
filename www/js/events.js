// What was seen and touched, told to our own server only: batches of at most 50, sent when the page rests or leaves.
import { tell } from './api.js';

const queue = [];
const seen = new WeakSet();
let timer = 0;

function flush() {
  clearTimeout(timer);
  timer = 0;
  while (queue.length) {
    tell('events', queue.splice(0, 50)).catch(() => {});
  }
}

/** kind: impression | click | share | …; facts: {character, movie, test, list, position}. */
export function record(kind, facts) {
  queue.push({ kind, ...facts });
  if (queue.length >= 50) flush();
  else if (!timer) timer = setTimeout(flush, 4000);
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
