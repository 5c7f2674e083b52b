// Whether the visitor allows us to keep what is seen and touched. Nothing of it leaves the browser before they do; a browser that sends
// Do Not Track or Global Privacy Control has answered already.
import { recall, remember } from './storage.js';

const KEY = 'consent';
const listeners = new Set();

const declined = () => navigator.globalPrivacyControl === true || navigator.doNotTrack === '1';

/** 'yes', 'no', or 'ask' as long as nothing was said. */
export function consent() {
  if (declined()) return 'no';
  return recall(KEY)?.allowed === undefined ? 'ask' : recall(KEY).allowed ? 'yes' : 'no';
}

/** Whether the answer was the browser's, which no button here changes. */
export const byBrowser = declined;

export function decide(allowed) {
  remember(KEY, { allowed, at: Date.now() });
  for (const listener of listeners) listener();
}

/** Calls back after each decision. */
export const onDecision = (listener) => listeners.add(listener);
