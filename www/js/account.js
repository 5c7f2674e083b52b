// Who is signed in: asked once, kept until it changes. A page works without an answer.
import { fetchNow, forgetPath, post } from './api.js';
import { HEARTS, forget, kept } from './storage.js';

let asked = null;

/** {signed_in, providers, account}. */
export const account = () =>
  (asked ??= fetchNow('me').catch((error) => {
    asked = null;
    throw error;
  }));

/** The next page asks again. */
export const forgetAccount = () => {
  asked = null;
};

/** What this browser keeps of whom it knew. */
export function forgetPerson() {
  forget('me');
  kept(HEARTS).forEach(forget);
  forgetOffline();
}

const forgetOffline = (token) =>
  import('./offline.js').then(({ forgetResult }) => forgetResult(token)).catch(() => {});

/** The same of a test that is no more. */
export function forgetTest(token) {
  forgetPath(`tests/${token}`);
  forgetPath('home');
  forgetOffline(token);
}

/** Ends this session, or all of them, and what this browser remembers of the person. */
export async function logout(everywhere) {
  await post('/auth/logout', { everywhere });
  forgetAccount();
  forgetPath('');
  forgetPerson();
}
