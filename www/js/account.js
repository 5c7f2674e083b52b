// Who is signed in: asked once, kept until it changes. A page works without an answer.
import { fetchNow, forgetPath, learnMe, post, put } from './api.js';
import { HEARTS, forget, kept, recall } from './storage.js';

let asked = null;

/** {signed_in, providers, account}. */
export const account = () =>
  (asked ??= fetchNow('me')
    .then(learnMe)
    .catch((error) => {
      asked = null;
      throw error;
    }));

/** The language of an account goes with it to other devices. */
export async function keepLang(locale) {
  const me = await account();
  if (!me.signed_in || !locale || me.profile.locale === locale) return;
  me.profile = await put('me/profile', { locale });
}

/** The one that was chosen here before there was an account. */
export const carryLang = () => keepLang(recall('lang')).catch(() => {});

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

/** The same of a test that is deleted. */
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
