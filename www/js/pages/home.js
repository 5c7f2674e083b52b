// The first page: what this is, the way in, the sixteen types, people everybody knows.
import { html } from '../../vendor/lit-html.js';
import { get } from '../api.js';
import { emblem } from '../art/emblem.js';
import { TYPES } from '../art/palette.js';
import { portrait } from '../art/portrait.js';
import { draft } from '../draft.js';
import { place } from '../events.js';
import { at, number, t, tn, tx } from '../i18n.js';
import { faceCard } from '../ui/card.js';
import { nearing } from '../ui/near.js';
import { failure, resource, skeleton } from '../ui/states.js';

/** Nobody in particular: a figure of each kind for the first screen. */
const CAST = [
  ['INFP', '4w5', 'woman'],
  ['ENTJ', '8w7', 'man'],
  ['ESFP', '7w6', 'creature'],
  ['ISTJ', '1w9', 'man', 'old'],
  ['ENFP', '7w8', 'woman'],
  ['INTP', '5w4', 'robot'],
  ['ESFJ', '2w1', 'woman', 'child'],
].map(([mbti, enneagram, figure, age = null], i) => ({
  mbti,
  enneagram,
  presentation: { figure, age },
  name: { en: `cast ${i * 7 + 3}` },
  movie: { title: { en: '' } },
}));

const begin = (data) =>
  draft().started && !draft().done ? t('home.resume') : data?.mine ? t('home.again') : t('home.begin');

const today = ({ tests, more }) =>
  more ? t('home.today.more', { n: number(tests) }) : tn('home.today', tests);

const hero = (
  data,
) => html`<section class="hero"><div class="beam" aria-hidden="true"></div><div class="wrap hero-in">
  <div class="hero-text"><p class="over">${t('home.over')}</p><h1 tabindex="-1" data-focus>${t('home.title.1')}<br />${t('home.title.2')}</h1>
  <p class="lead">${t('home.lead')}</p>
  <p class="actions"><a class="button big" href=${at('/test')}>${begin(data)}</a><span class="took">${t('home.takes')}</span></p>
  ${data?.tests > 0 ? html`<p class="count">${tn('home.count', data.tests)}${data.today?.tests > 0 ? html`<br />${today(data.today)}` : ''}</p>` : ''}</div>
  <div class="cast" aria-hidden="true">${CAST.map((who) => html`<div>${portrait(who)}</div>`)}</div></div></section>`;

const tile = (
  type,
) => html`<a class=${`tile t-${type.mbti}`} href=${at(`/t/${type.mbti}`)}>${emblem(type.mbti)}<span class="tile-text"><strong>${type.mbti}</strong>
  <span>${tx(type.name)}</span></span></a>`;

const mine = (
  m,
) => html`<section class="wrap band" aria-labelledby="mine"><div class="band-head"><h2 id="mine">${t('home.mine', { mbti: m.mbti })}</h2>
  <a class="more" href=${at(`/r/${m.token}`)}>${t('home.myresult')}</a></div>
  <div class="rail" role="group" tabindex="0" aria-labelledby="mine">${m.same.map((c, i) => faceCard(c, place('mine', i, { snapshot: m.snapshot, test: m.token })))}</div></section>`;

/** Whom people met most today; few are no news. */
const met = (data) =>
  data.today?.met.length >= 4
    ? html`<section class="wrap band" aria-labelledby="met"><div class="band-head"><h2 id="met">${t('home.met')}</h2><p>${t('home.met.text')}</p></div>
  <div class="rail" role="group" tabindex="0" aria-labelledby="met">${data.today.met.map((c, i) => faceCard(c, place('met', i, { ...data, ranker: 'today' })))}</div></section>`
    : '';

const steps =
  () => html`<section class="wrap band steps" aria-labelledby="how"><h2 id="how">${t('home.how')}</h2><ol>
  ${[1, 2, 3].map((n) => html`<li><b aria-hidden="true">${n}</b><strong>${t(`home.step${n}`)}</strong><span>${t(`home.step${n}.text`)}</span></li>`)}</ol></section>`;

const ORDER = Object.keys(TYPES);
const ordered = (types) => [...types].sort((a, b) => ORDER.indexOf(a.mbti) - ORDER.indexOf(b.mbti));

const body = (data, near) => html`${data.mine ? mine(data.mine) : ''}
  <section class="wrap band" aria-labelledby="types"><div class="band-head"><h2 id="types">${t('home.types')}</h2><p>${t('home.types.text')}</p></div><div class="tiles">${ordered(data.types).map(tile)}</div></section>
  <section class="wrap band" aria-labelledby="popular"><div class="band-head"><h2 id="popular">${t('home.popular')}</h2><p>${t('home.popular.text')}</p></div>
  <div class="rail" role="group" tabindex="0" aria-labelledby="popular">${near ? data.popular.map((c, i) => faceCard(c, place('popular', i, { ...data, ranker: 'popularity' }))) : data.popular.map(() => html`<div class="skeleton" aria-hidden="true"></div>`)}</div></section>
  ${near ? met(data) : ''}${steps()}<section class="wrap band closing"><p>${t('home.stock', { movies: number(data.movies), characters: number(data.characters) })}</p><a class="button big" href=${at('/test')}>${begin(data)}</a></section>`;

export function open(params, draw) {
  // The row of faces comes when somebody is about to see it: its names are what needs further letters of the font.
  const row = nearing('popular', () => redraw());
  const redraw = () => {
    draw();
    queueMicrotask(row.watch);
  };
  const it = resource(() => get('home'), redraw);
  it.run();
  return {
    title: () => t('title.home'),
    ready: () => it.done,
    whole: () => it.value !== undefined,
    close: row.close,
    view: () =>
      html`${hero(it.value)}${it.value ? body(it.value, row.near()) : it.error ? failure(it.error, it.run) : html`<div class="wrap band">${skeleton(8, 'grid')}</div>`}`,
  };
}
