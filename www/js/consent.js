// Whether the visitor allows us to keep what is seen and touched. Nothing of it leaves the browser before they do; a browser that sends
// Do Not Track or Global Privacy Control has answered already.
import { hearAge, over14, sayAge, young } from './age.js';
import { recall, remember, whenChanged } from './storage.js';

const KEY = 'consent';
const listeners = new Set();
let google = null; // {months} where this site sends to Google Analytics what it may; null: it does not, or nobody has said yet

const declined = () => navigator.globalPrivacyControl === true || navigator.doNotTrack === '1';

/** 'yes', 'no', or 'ask' as long as nothing was said, of their age and, where this site sends to Google, of that too. */
export function consent() {
  const said = recall(KEY);
  if (declined() || young()) return 'no';
  if (said?.allowed === undefined) return 'ask';
  if (said.allowed && (over14() !== 'yes' || (google && said.google === undefined))) return 'ask';
  return said.allowed ? 'yes' : 'no';
}

/** Whether Google may have it too: only who was asked by name has agreed to that. */
export const shared = () => consent() === 'yes' && recall(KEY).google === true;

/** What the API says of it (`analytics` of /me), and that it is known. */
export const learn = (told) => {
  google = told ?? null;
};
export const analytics = () => google;

/** Whether there is nothing more to ask, whatever this site sends. */
export const settled = () => consent() === 'no' || (consent() === 'yes' && recall(KEY).google !== undefined);

/** Whether the answer was the browser's, which no button here changes. */
export const byBrowser = declined;

const tell = (before) => {
  for (const listener of listeners) listener(before && !shared());
};

/** named: Google may have it too. Who agrees says by that, as the question tells, that they are 14 or older. */
export function decide(allowed, named = false) {
  const before = shared();
  if (allowed) sayAge('yes');
  remember(KEY, { allowed, at: Date.now(), ...(google && { google: named }) });
  tell(before);
}

/** Calls back after each decision, another tab's too; true: what Google has not got yet it is not to get. */
export const onDecision = (listener) => listeners.add(listener);

// The newest answer counts in every tab, whichever was asked.
whenChanged(KEY, (before) => {
  hearAge();
  tell(before?.google === true);
});
