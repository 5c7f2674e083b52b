// The full card of a result: portrait, match and reasons.
import { html, svg } from '../../vendor/lit-html.js';
import { at, genre, number, quoted, t, tx } from '../i18n.js';
import { chip, clicked, face, filmLine } from './card.js';
import { heart } from './heart.js';
import { folded, markOf, menu, menuButton } from './marks.js';
import { said, tags } from './text.js';

// In percent: www/build puts the program's own numbers here (lib/app/recommend.h).
const WEIGHT = {
  film: Number('%RECOMMEND_FILM%'),
  person: Number('%RECOMMEND_ENNEAGRAM%'),
  certainty: Number('%RECOMMEND_CERTAINTY%'),
  fame: Number('%RECOMMEND_FAME%'),
};
/** The weights of a match: without an Enneagram to compare, the others share its weight (lib/app/recommend.h). */
function weights({ by }) {
  if (by) return WEIGHT;
  const more = 100 / (100 - WEIGHT.person);
  return {
    film: more * WEIGHT.film,
    person: 0,
    certainty: more * WEIGHT.certainty,
    fame: more * WEIGHT.fame,
  };
}
// Taken off a match for each letter that the type is away.
const NEAR_STEP = Number('%RECOMMEND_NEAR_STEP%') / 100;
// And where its film is of a tone that none of the chosen ones has.
const STRANGE = 1 - Number('%RECOMMEND_STRANGE%') / 100;

// From which decade on a film is not told by it, and from which share on one film is what matters (cgi/reasons.c).
const RECENT = 2010;
const MOST_SHARE = 0.5;

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
  if (like.theme) return t('why.theme', { film, theme: t(`theme.${like.theme}`) });
  return like.genres.length
    ? t('why.genres', { film, genres: like.genres.map(genre).join(t('why.genres.and')) })
    : t('why.place', { film, decade: like.decade });
}

/** What a chosen film that speaks for the film shares with it; null: nothing that tells much (drama alone does not). */
function shares(because) {
  const like = because?.common;
  if (!like) return null;
  const telling = like.genres.length > 1 || (like.genres.length === 1 && like.genres[0] !== 'Drama');
  if (!like.series && !like.theme && !telling) return null;
  const film = { title: because.title, ...like };
  if (like.series || like.theme || !like.decade || like.decade >= RECENT) return inCommon(film);
  return t('why.era', {
    film: quoted(tx(because.title)),
    genres: like.genres.map(genre).join(t('why.genres.and')),
    decade: like.decade,
  });
}

/** What the chosen films have to do with it, most telling first: the film that matters and what they share, or that it were two. */
function filmReasons(who) {
  const films = reasonOf(who, 'movies')?.because ?? [];
  const like = reasonOf(who, 'content');
  if (like) return [inCommon(like)];
  if (!films.length) return reasonOf(who, 'popular') ? [t('why.popular')] : [];
  const one = films.map((f) => t('why.one', { film: quoted(tx(f.title)) }));
  const [a, b] = films
    .slice(0, 2)
    .map((f) => tx(f.title))
    .sort();
  const two = b && t('why.two', { a: quoted(a), b: quoted(b) });
  const first = shares(films[0]);
  const even = films[0].share < MOST_SHARE && !first;
  return [first, even && two, one[0], shares(films[1]), two, ...one.slice(1)].filter(Boolean);
}

function typeReason(who) {
  const { match, mbti, enneagram: type } = who;
  if (match.type !== 'same') return t(`why.type.${match.type}`, { mbti, n: Math.round(match.grade * 100) });
  const step = match.enneagram >= 1 ? 'same' : match.enneagram >= 0.8 ? 'close' : 'other';
  return t(`why.type.same.${step}`, { mbti, type });
}

/** What can be said of one card, the larger part of its match first; all of it true. */
function reasons(who) {
  const { film, by } = who.match;
  const weight = weights(who.match);
  const [first, ...more] = filmReasons(who);
  const person = typeReason(who);
  if (!first) return [person];
  const byFilm = (film ?? 1) * weight.film >= (who.match[by] ?? 0) * weight.person;
  return byFilm || who.match.type === 'near' ? [first, person, ...more] : [person, first, ...more];
}

/** One sentence for each card of a list: why this one. What a card above has said is said again only where nothing else is true. */
export function sentences(list) {
  const said = new Set();
  return list.map((who) => {
    const all = reasons(who);
    const one = all.find((x) => !said.has(x)) ?? all[0];
    said.add(one);
    return one;
  });
}

const row = (label, value, note) =>
  html`<div><dt>${label}</dt><dd>${value}${note ? html`<small>${note}</small>` : ''}</dd></div>`;

/** Points of each part, as they add up to all points; null where they do not: another model or an experiment made it. */
function points({ match, certainty }) {
  if (match.film === null || match.points === null) return null;
  const weight = weights(match);
  const parts = [
    weight.film * match.film,
    weight.person * (match[match.by] ?? 0),
    weight.certainty * certainty,
    weight.fame * match.fame,
  ];
  return Math.abs(parts.reduce((a, b) => a + b) - match.points) < 1.6 ? parts : null;
}

function breakdown(who) {
  const { match } = who;
  const films = reasonOf(who, 'movies')?.because ?? [];
  const like = reasonOf(who, 'content');
  const type = reasonOf(who, 'type');
  const votes = reasonOf(who, 'votes');
  const pc = (x) => `${Math.round(x * 100)}%`;
  const all = points(who);
  const weight = weights(match);
  const value = (at, most, x) =>
    all ? t('why.points', { n: Math.round(all[at]), most: Math.round(most) }) : x === null ? '–' : pc(x);
  const shares = films.map((f) => `${quoted(tx(f.title))} ${pc(f.share)}`).join(', ');
  return html`<details class="why"><summary>${t('why.more')}</summary><dl>
    ${row(t('why.part.film'), value(0, weight.film, match.film), shares || (like ? inCommon(like) : t('why.part.none')))}
    ${match.by === 'grade' ? row(t('why.part.grade', { mbti: who.mbti }), value(1, weight.person, match.grade)) : ''}
    ${match.by === 'enneagram' ? row(t('why.enneagram', { type: who.enneagram }), value(1, weight.person, match.enneagram)) : ''}
    ${row(t('why.certainty'), value(2, weight.certainty, votes.certainty), votes.votes === null ? t('why.editorial') : t('why.votes', { n: number(votes.votes) }))}
    ${row(t('why.fame'), value(3, weight.fame, match.fame))}
    ${all ? row(t('why.all'), t('why.points', { n: match.points, most: 100 }), t('why.above', { n: Math.round(100 * match.above) })) : ''}
    ${match.strange ? row(t('why.strange'), `−${Math.round(100 * STRANGE)}%`) : ''}
    ${type.distance ? row(t('why.relation.near', { n: type.distance }), `−${Math.round(100 * NEAR_STEP * type.distance)}%`) : ''}
  </dl><p><a href=${at('/about#match')}>${t('why.how')}</a></p></details>`;
}

const grade = ({ match }) =>
  match.type === 'compatible'
    ? html`<span class="near">${t('match.grade', { n: Math.round(match.grade * 100) })}</span>`
    : match.type === 'near'
      ? html`<span class="near">${t('match.near')}</span>`
      : '';

/** The full card of a result. say: its sentence; draw: the page again, null where the lists are somebody else's. */
export function matchCard(who, place, { liked, onLike, draw, say }) {
  const facts = { character: who.id, ...place };
  const marked = draw && markOf(who);
  if (marked) return folded(marked, who, place, draw);
  return html`<article class=${`match ${place.position === 0 ? 'top-match' : ''}`} data-seen .facts=${facts} data-character=${who.id} data-list=${place.list}>
    <a class="match-art" href=${at(`/c/${who.id}`)} tabindex="-1" aria-hidden="true" @click=${clicked(facts)}>${face(who)}</a>
    <div class="match-text"><p class="best">${t(`match.best.${place.list}`)}</p><div class="match-head"><div><h3><a href=${at(`/c/${who.id}`)} @click=${clicked(facts)}>${said(who.name)}</a></h3>
      <p class="film"><a href=${at(`/m/${who.movie.id}`)}>${filmLine(who.movie)}</a></p></div>${ring(who.match.percent)}</div>
      <p class="tags">${chip(who.mbti, who.enneagram)}${grade(who)}<span>${tags(who.hashtags)}</span></p>
      <p class="because">${say}</p>
      <div class="match-foot">${breakdown(who)}${draw ? menuButton(who, place, draw) : ''}${heart(who, liked, (w) => onLike(w, place))}</div>${draw ? menu(who, place, draw) : ''}</div></article>`;
}
