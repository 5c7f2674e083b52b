// A character as a small card, in rows of faces. The full one of a result: match.js.
import { html } from '../../vendor/lit-html.js';
import { portrait } from '../art/portrait.js';
import { record } from '../events.js';
import { at } from '../i18n.js';
import { said } from './text.js';

/** The catalog's picture if it lies on our own host, else our drawing. */
export function face(who) {
  const own = who.image && new URL(who.image, location.href).origin === location.origin;
  return own
    ? html`<img class="portrait" src=${who.image} alt="" loading="lazy" width="200" height="200" />`
    : portrait(who);
}

export const chip = (mbti, enneagram) =>
  html`<span class=${`chip t-${mbti}`}>${mbti}${enneagram ? html`<i>${enneagram}</i>` : ''}</span>`;

export const filmLine = (movie) => html`${said(movie.title)}${movie.year ? ` (${movie.year})` : ''}`;

export const clicked = (facts) => () => record('click', facts);

/** Portrait, name, film, type: for rows and grids. place: where it is (events.js). */
export function faceCard(who, place) {
  const facts = { character: who.id, ...place };
  return html`<article class="face" data-seen .facts=${facts} data-character=${who.id} data-list=${place.list}>
    <a href=${at(`/c/${who.id}`)} @click=${clicked(facts)}><span class="face-art">${face(who)}</span>
    <span class="face-text"><strong>${said(who.name)}</strong><span class="film">${filmLine(who.movie)}</span>
    <span class="face-row">${chip(who.mbti, who.enneagram)}${who.match ? html`<b class="pct">${who.match.percent}%</b>` : ''}</span></span></a></article>`;
}
