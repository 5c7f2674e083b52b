// Language: which one, and its words.
import { particles } from './particles.js';
import { recall, remember } from './storage.js';

const LOAD = { ko: () => import('./i18n/ko.site.js'), en: () => import('./i18n/en.site.js') };
const LOAD_RESULT = { ko: () => import('./i18n/ko.result.js'), en: () => import('./i18n/en.result.js') };
const LOAD_ALL = { ko: () => import('./i18n/ko.js'), en: () => import('./i18n/en.js') };
let all = false;
let results = false;
let words = {};
let said = {};

/** The language that an address is in: /en/c/1 is the English page of /c/1. */
const langOf = (path) => (/^\/en(?:\/|$)/.test(path) ? 'en' : 'ko');

/** The address of the Korean page, by which the site knows them. */
export const bare = (path) => (langOf(path) === 'en' ? path.slice(3) || '/' : path);

/** An address of ours, given as that of the Korean page, in the language of today. */
export const at = (path, to = current) => (to === 'ko' ? path : path === '/' ? '/en' : `/en${path}`);

// Addresses that are in no language: they come from elsewhere, or are the owner's.
const NEITHER = /^\/(?:auth|admin)(?:\/|$)/;

function first() {
  const kept = recall('lang');
  if (!NEITHER.test(location.pathname)) {
    // Who chose English once keeps it; else the address says it, not the browser: search engines draw pages in English browsers.
    if (kept === 'en' && langOf(location.pathname) === 'ko')
      history.replaceState(history.state, '', at(location.pathname, 'en') + location.search + location.hash);
    return langOf(location.pathname);
  }
  if (kept === 'ko' || kept === 'en') return kept;
  const wanted = navigator.languages?.find((l) => /^(ko|en)/.test(l)) ?? 'ko';
  return wanted.startsWith('en') ? 'en' : 'ko';
}

let current = 'ko';
current = first();

export const lang = () => current;

/** Loads the words of a language and makes it the one that counts; the caller draws the page again. */
export async function setLang(next) {
  const lists = all ? [LOAD, LOAD_RESULT, LOAD_ALL] : results ? [LOAD, LOAD_RESULT] : [LOAD];
  words = Object.assign({}, ...(await Promise.all(lists.map((load) => load[next]()))).map((m) => m.default));
  current = next;
  document.documentElement.lang = next;
}

/** Loads the words of results as well; they stay, whatever the language becomes. */
export function resultWords() {
  results = true;
  return setLang(current);
}

/** Loads the words that only pages of accounts and votes need; they stay, whatever the language becomes. */
export function allWords() {
  all = true;
  return setLang(current);
}

/** The visitor's own wish, for good. */
export const wishLang = (next) => remember('lang', next);

/** Both. */
export async function chooseLang(next) {
  await setLang(next);
  wishLang(next);
}

/** The language that somebody has chosen on another device, where none was chosen on this one. */
export function followAccount(wanted) {
  if (!wanted || recall('lang')) return;
  wishLang(wanted);
  if (first() !== current) location.reload();
}

/** The words of the language that this address is in, if they are others. */
export const followLang = (path) =>
  NEITHER.test(path) || langOf(path) === current ? null : setLang(langOf(path));

/** The text of a {ko, en} pair; the other language only where one is missing. */
export const tx = (pair) => (pair ? pair[current] || pair.ko || pair.en || '' : '');

/** Whether a text of the catalog is in the other language than the page, and so has to say which; undefined: it is not. */
export function otherLang(text) {
  const hangul = /[가-힣]/.test(text);
  if (current === 'ko') return !hangul && /[A-Za-z]{2}/.test(text) ? 'en' : undefined;
  return hangul ? 'ko' : undefined;
}

/** The list of a {ko: [], en: []} pair. */
export const txs = (pair) => (pair ? (pair[current] ?? pair.ko ?? []) : []);

/** What answers of the API say instead of our own words, {key: {ko, en}}: variants of experiments. */
export const say = (texts) => {
  said = { ...said, ...texts };
};

/** The words of a key; {name} stands for a value. An unknown key is a bug and shows as the key. */
export function t(key, values) {
  const word = said[key]?.[current] ?? words[key];
  if (word === undefined) return key;
  // Brackets in what is filled in are no marks of particles.
  const filled = values
    ? word.replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? '').replaceAll('[', '\u001a'))
    : word;
  return (current === 'ko' ? particles(filled) : filled).replaceAll('\u001a', '[');
}

/** One or many, for languages that tell them apart: keys name.one and name.many. */
export const tn = (key, n) => t(n === 1 ? `${key}.one` : `${key}.many`, { n: number(n) });

export const number = (n) => new Intl.NumberFormat(current).format(n);

export const date = (iso) =>
  new Intl.DateTimeFormat(current === 'ko' ? 'ko-KR' : 'en-GB', {
    dateStyle: 'long',
    timeZone: 'Asia/Seoul',
  }).format(new Date(iso));

/** A genre of the catalog in words; unknown ones as they are. */
export const genre = (name) => (name ? (words[`genre.${name}`] ?? name) : '');

/** Titles stand in 『』 in Korean and in quotation marks in English. */
export const quoted = (title) => (current === 'ko' ? `『${title}』` : `“${title}”`);
