// What a visitor says about a card besides a heart: "not like me" of the character, "seen it" and "not interested" of the film. All keep it out
// of the next results, and are taken back where they were said, on /liked or on one's own page.
import { html } from '../../vendor/lit-html.js';
import { del, forgetPath, get, put } from '../api.js';
import { told } from '../events.js';
import { at, quoted, resultWords, t, tx } from '../i18n.js';
import { toast } from './toast.js';

await resultWords();

const FILM = ['seen', 'hidden'];
const KINDS = ['not_me', ...FILM];
const known = new Map(); // by "kind subject": true or false
let loaded = null;
let open = ''; // the card whose menu is open
const busy = new Set();

const keyOf = (kind, who) => `${kind} ${kind === 'not_me' ? who.id : who.movie.id}`;

/** What this browser's visitor has marked, asked for once. Silence from the server means nothing is known. */
export function marks() {
  loaded ??= get('me/marks').then(
    (r) => {
      for (const { mark, character, movie } of r.items) {
        const key = keyOf(mark, { ...character, movie });
        if (!known.has(key)) known.set(key, true);
      }
    },
    () => {
      loaded = null;
    },
  );
  return loaded;
}

export const isMarked = (kind, who) => known.get(keyOf(kind, who)) === true;

/** The mark that a card is folded for, or undefined. */
export const markOf = (who) => KINDS.find((kind) => isMarked(kind, who));

/** who: a character with its film, or {movie} of a film alone. Shown at once, taken back with a word if the server could not keep it. where: a place (events.js). True when it is kept. */
export async function setMark(kind, who, marked, draw, where) {
  const key = keyOf(kind, who);
  if (busy.has(key)) return false;
  busy.add(key);
  open = '';
  known.set(key, marked);
  draw();
  let kept = true;
  try {
    await (marked ? put : del)(who.id ? `characters/${who.id}/mark` : `movies/${who.movie.id}/mark`, {
      ...told(where),
      mark: kind,
    });
    forgetPath('me/marks');
    forgetPath('home');
  } catch (error) {
    kept = false;
    known.set(key, !marked);
    toast(t(error.kind === 'age' ? 'error.age.text' : 'mark.failed'), 'bad');
  }
  busy.delete(key);
  draw();
  return kept;
}

const inCard = (list, id, what) =>
  document.querySelector(`[data-list="${list}"][data-character="${id}"] ${what}`)?.focus();

/** The words of a mark where it is said; among those who go well with somebody nobody needs to be like them. */
const words = (kind, list) =>
  t(kind === 'not_me' && list === 'compatible' ? 'mark.not_match' : `mark.${kind}`);

/** The button that opens the menu of a card. */
export function menuButton(who, place, draw) {
  const key = `${place.list} ${who.id}`;
  const toggle = () => {
    open = open === key ? '' : key;
    draw();
  };
  return html`<button type="button" class="says-open" aria-expanded=${open === key ? 'true' : 'false'} aria-label=${t('mark.menu', { name: tx(who.name) })} @click=${toggle}>
    <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><circle cx="5" cy="12" r="2" /><circle cx="12" cy="12" r="2" /><circle cx="19" cy="12" r="2" /></svg></button>`;
}

/** What the menu has, below the card while it is open. */
export function menu(who, place, draw) {
  if (open !== `${place.list} ${who.id}`) return '';
  const say = (kind) => {
    setMark(kind, who, true, draw, place);
    inCard(place.list, who.id, '.unmark');
  };
  return html`<p class="says">${KINDS.map((kind) => html`<button type="button" class="text-button" @click=${() => say(kind)}>${words(kind, place.list)}</button>`)}</p>`;
}

/** What stands in the place of a card that is marked. */
export function folded(kind, who, place, draw) {
  const undo = () => {
    setMark(kind, who, false, draw, place);
    inCard(place.list, who.id, '.says-open');
  };
  return html`<article class="folded" data-character=${who.id} data-list=${place.list}><p>${t(`mark.said.${kind}`, { name: tx(who.name), film: quoted(tx(who.movie.title)) })}</p>
    <button type="button" class="text-button unmark" aria-label=${t('mark.undo.label', { what: words(kind, place.list), name: tx(who.name) })} @click=${undo}>${t('mark.undo')}</button></article>`;
}

/** Both, on the page of a character. */
export const marksRow = (who, draw) =>
  html`<p class="says">${KINDS.map((kind) => {
    const marked = isMarked(kind, who);
    return html`<button type="button" class="text-button" aria-pressed=${marked ? 'true' : 'false'} @click=${() => setMark(kind, who, !marked, draw)}>${words(kind)}</button>`;
  })}</p>`;

/** Those of a film, on its page. */
export const filmMarks = (movie, draw) =>
  html`<p class="says" role="group" aria-label=${t('mark.film')}>${FILM.map((kind) => {
    const marked = isMarked(kind, { movie });
    return html`<button type="button" class="text-button" aria-pressed=${marked ? 'true' : 'false'} @click=${() => setMark(kind, { movie }, !marked, draw)}>${t(`mark.${kind}`)}</button>`;
  })}</p>${FILM.filter((kind) => isMarked(kind, { movie })).map(
    (kind) =>
      html`<p class="muted" role="status">${t(`mark.said.${kind}`, { film: quoted(tx(movie.title)) })}</p>`,
  )}`;

/** How much of a result was left out for them, and where to take that back. */
export function leftOut({ characters = 0, movies = 0 } = {}) {
  const parts = [
    movies && t(movies === 1 ? 'left.movies.one' : 'left.movies.many', { n: movies }),
    characters && t(characters === 1 ? 'left.characters.one' : 'left.characters.many', { n: characters }),
  ].filter(Boolean);
  return parts.length
    ? html`<div class="wrap"><p class="note left-out">${t('left.out', { what: parts.join(t('left.and')) })} <a href=${at('/liked#marks')}>${t('left.see')}</a></p></div>`
    : '';
}
