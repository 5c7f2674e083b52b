// The full card of a result: portrait, match and reasons.
import { html, svg } from '../../vendor/lit-html.js';
import { genre, lang, quoted, t, tx, txs } from '../i18n.js';
import { chip, clicked, face, filmLine } from './card.js';
import { heart } from './heart.js';
import { folded, markOf, menu, menuButton } from './marks.js';

/** A ring with the percentage inside. */
export function ring(percent) {
  const around = 2 * Math.PI * 19;
  return html`<span class="ring" role="img" aria-label=${t('match.percent', { n: percent })}>
    <svg viewBox="0 0 48 48" aria-hidden="true" focusable="false">${svg`<circle class="ring-rest" cx="24" cy="24" r="19" />
    <circle class="ring-part" cx="24" cy="24" r="19" stroke-dasharray=${`${(around * percent) / 100} ${around}`} transform="rotate(-90 24 24)" />`}</svg>
    <span aria-hidden="true"><b>${percent}</b>%</span></span>`;
}

const reasonOf = (who, kind) => who.reasons?.find((r) => r.kind === kind);

/** What a film that no chosen one speaks for has in common with one of them. */
function inCommon(like) {
  const film = quoted(tx(like.title));
  if (like.series) return t('why.series', { film });
  return like.genres.length
    ? t('why.genres', { film, genres: like.genres.map(genre).join(t('why.genres.and')) })
    : t('why.place', { film, decade: like.decade });
}

/** What the films have to do with it: nothing that the API does not say. */
function filmReason(who) {
  const films = reasonOf(who, 'movies')?.because ?? [];
  const like = reasonOf(who, 'content');
  const say = (f) => t('why.film', { film: quoted(tx(f.title)), n: Math.round(f.share * 100) });
  if (like) return inCommon(like);
  if (films.length === 0) return reasonOf(who, 'popular') ? t('why.popular') : '';
  return films.length === 1
    ? t('why.one', { film: quoted(tx(films[0].title)) })
    : t('why.films', { films: films.slice(0, 3).map(say).join(', ') });
}

/** Why this one, as one sentence a friend would say. */
export function because(who) {
  const type = reasonOf(who, 'type');
  const first = filmReason(who);
  const en = reasonOf(who, 'enneagram');
  const votes = reasonOf(who, 'votes');
  const second =
    type && en ? t(`why.type.${type.relation}`, { mbti: type.mbti, n: Math.round(en.similarity * 100) }) : '';
  const third = !votes
    ? ''
    : votes.votes === null
      ? t('sure.editorial')
      : t('why.sure', { n: Math.round(votes.certainty * 100) });
  return [first, second, third].filter(Boolean).join(' ');
}

const row = (label, value, note) =>
  html`<div><dt>${label}</dt><dd>${value}${note ? html`<small>${note}</small>` : ''}</dd></div>`;

function breakdown(who) {
  const films = reasonOf(who, 'movies')?.because ?? [];
  const type = reasonOf(who, 'type');
  const en = reasonOf(who, 'enneagram');
  const votes = reasonOf(who, 'votes');
  const pc = (x) => `${Math.round(x * 100)}%`;
  return html`<details class="why"><summary>${t('why.more')}</summary><dl>
    ${films.map((f) => row(t('why.share', { film: quoted(tx(f.title)) }), pc(f.share)))}
    ${type ? row(t('why.type'), type.mbti, t(`why.relation.${type.relation}`, { n: type.distance })) : ''}
    ${en ? row(t('why.enneagram', { type: en.enneagram }), pc(en.similarity)) : ''}
    ${votes ? row(t('why.certainty'), pc(votes.certainty), votes.votes === null ? t('why.editorial') : t('why.votes', { n: votes.votes })) : ''}
  </dl><p><a href="/about#match">${t('why.how')}</a></p></details>`;
}

/** The full card of a result. onLike(who, place); draw: the page again, null where the lists are somebody else's. */
export function matchCard(who, place, liked, onLike, draw) {
  const facts = { character: who.id, ...place };
  const said = draw && markOf(who);
  if (said) return folded(said, who, place, draw);
  return html`<article class=${`match ${place.position === 0 ? 'top-match' : ''}`} data-seen .facts=${facts} data-character=${who.id} data-list=${place.list}>
    <a class="match-art" href=${`/c/${who.id}`} tabindex="-1" aria-hidden="true" @click=${clicked(facts)}>${face(who)}</a>
    <div class="match-text"><p class="best">${t(`match.best.${place.list}`)}</p><div class="match-head"><div><h3><a href=${`/c/${who.id}`} @click=${clicked(facts)}>${tx(who.name)}</a></h3>
      <p class="film"><a href=${`/m/${who.movie.id}`}>${filmLine(who.movie)}</a></p></div>${ring(who.match.percent)}</div>
      <p class="tags">${chip(who.mbti, who.enneagram)}${who.match.type === 'near' ? html`<span class="near">${t('match.near')}</span>` : ''}<span lang=${lang()}>${txs(who.hashtags).join(' ')}</span></p>
      <p class="because">${because(who)}</p><div class="match-foot">${breakdown(who)}${draw ? menuButton(who, place, draw) : ''}${heart(who, liked, (w) => onLike(w, place))}</div>${draw ? menu(who, place, draw) : ''}</div></article>`;
}
