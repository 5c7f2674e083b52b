// Pieces that several pages share.
import { html } from '../../vendor/lit-html.js';
import { place, record } from '../events.js';
import { at, resultWords, t, tx } from '../i18n.js';
import { faceCard } from './card.js';
import { poster } from '../art/poster.js';

await resultWords();

/** Where to watch: only https addresses become links; they leave our site openly. about: {movie, character?}. */
export function watchLinks(links, about) {
  const safe = (links ?? []).filter((l) => /^https:\/\//.test(l.url));
  if (!safe.length) return html`<p class="muted">${t('watch.none')}</p>`;
  return html`<ul class="watch">${safe.map(
    (
      l,
      position,
    ) => html`<li><a class="button quiet" href=${l.url} target="_blank" rel="noopener noreferrer nofollow" @click=${() => record('watch', { ...about, value: l.platform, position })}>${t(`platform.${l.platform}`) === `platform.${l.platform}` ? l.platform : t(`platform.${l.platform}`)}
    <span aria-hidden="true">↗</span><span class="sr">${t('watch.new')}</span></a></li>`,
  )}</ul>`;
}

export const rail = (id, title, list, kind, made) =>
  list?.length
    ? html`<section class="wrap band" aria-labelledby=${id}><div class="band-head"><h2 id=${id}>${title}</h2></div>
  <div class="faces">${list.map((c, i) => faceCard(c, place(kind, i, made)))}</div></section>`
    : '';

/** The film beside a character: poster, title, and a link to its page. */
export const filmLink = (movie) =>
  html`<a class="film-link" href=${at(`/m/${movie.id}`)}>${poster(movie)}<span>${tx(movie.title)}</span></a>`;
