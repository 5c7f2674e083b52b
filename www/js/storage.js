// Small things kept in this browser. A browser that refuses to keep anything loses nothing but the comfort.

import { young } from './age.js';

const PREFIX = 'mvti.';
const session = new Map();

/** In this tab alone for who is under 14. */
const shelf = () => (young() ? sessionStorage : localStorage);

/** What hearts that the server has not got yet are kept as, with the character's number behind it. */
export const HEARTS = 'heart.';
/** The circle that somebody was invited to and is not in yet, in this tab. */
export const CIRCLE = 'circle';
/** The token of the friend's result through which somebody came, in this tab. */
export const FRIEND = 'friend';

export function remember(name, value) {
  session.set(name, value);
  try {
    shelf().setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Private mode or a full disk: the value lives as long as this page.
  }
}

export function recall(name) {
  if (session.has(name)) return session.get(name);
  try {
    const text = shelf().getItem(PREFIX + name);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function forget(name) {
  session.delete(name);
  try {
    shelf().removeItem(PREFIX + name);
  } catch {
    // Nothing was kept.
  }
}

const parsed = (text) => {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
};

/**
 * Calls back with what was known before when another tab has kept, changed or dropped what goes by the name. A page that slept meanwhile (the
 * browser's Back) is not told, so it looks when it wakes.
 */
export function whenChanged(name, listener) {
  const changed = (text) => {
    const before = session.get(name) ?? parsed(text);
    session.delete(name);
    listener(before);
  };
  addEventListener('storage', ({ key, oldValue }) => {
    if (key === PREFIX + name || key === null) changed(oldValue);
  });
  addEventListener('pageshow', ({ persisted }) => persisted && changed(null));
}

/** Names of what is kept that begin so. */
export function kept(start) {
  try {
    return Object.keys(shelf())
      .filter((k) => k.startsWith(PREFIX + start))
      .map((k) => k.slice(PREFIX.length));
  } catch {
    return [];
  }
}

/** All of it into this tab. */
export function moveHere() {
  try {
    for (const [name, value] of Object.entries(localStorage))
      if (name.startsWith(PREFIX)) {
        sessionStorage.setItem(name, value);
        localStorage.removeItem(name);
      }
  } catch {
    // Nothing was kept.
  }
}

/** The same for this tab alone, as long as it is open. */
export function rememberHere(name, value) {
  session.set(`here.${name}`, value);
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // As above.
  }
}

export function recallHere(name) {
  if (session.has(`here.${name}`)) return session.get(`here.${name}`);
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + name)) ?? undefined;
  } catch {
    return undefined;
  }
}

export const forgetHere = (name) => rememberHere(name, null);
