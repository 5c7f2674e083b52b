// One of the sixteen types: what it is like, whom it goes with, and its best-known characters.
import { html } from '../../vendor/lit-html.js';
import { ApiError, get, know } from '../api.js';
import { emblem } from '../art/emblem.js';
import { place } from '../events.js';
import { at, number, t, tx, txs } from '../i18n.js';
import { clicked, face } from '../ui/card.js';
import { pager } from '../ui/paged.js';
import { said, tags } from '../ui/text.js';
import { failure, resource, skeleton } from '../ui/states.js';
import { TYPES } from '../art/palette.js';

const hero = (
  p,
) => html`<section class=${`marquee t-${p.mbti}`}><div class="wrap marquee-in"><div class="marquee-art">${emblem(p.mbti)}</div>
  <div class="marquee-text"><p class="over">${t('type.over')}</p><h1 tabindex="-1" data-focus><span class="big-type">${p.mbti}</span></h1><p class="names"><strong>${tx(p.name)}</strong></p>
  <p class="tags">${tags(p.tags)}</p></div></div></section>`;

const ranked = (
  c,
  facts,
) => html`<li data-seen .facts=${facts} data-character=${c.id} data-list="ranking"><a class="ranked" href=${at(`/c/${c.id}`)} @click=${clicked(facts)}><b class="rank">${facts.position + 1}</b><span class="rank-art">${face(c)}</span>
  <span class="rank-text"><strong>${said(c.name)}</strong><span class="film">${said(c.movie.title)}${c.movie.year ? ` (${c.movie.year})` : ''}</span><span class="rank-tags">${tags(c.hashtags)}</span></span><span class="rank-en">${c.enneagram}</span></a></li>`;

const grades = (p) =>
  html`<ul class="grades">${p.grades
    .filter((g) => g.mbti !== p.mbti)
    .sort((a, b) => b.grade - a.grade)
    .slice(0, 6)
    .map(
      (g) =>
        html`<li><a class=${`grade t-${g.mbti}`} href=${at(`/t/${g.mbti}`)}><b>${g.mbti}</b><span>${Math.round(g.grade * 100)}</span></a></li>`,
    )}</ul>`;

const body = (
  p,
  more,
) => html`<div class="wrap columns"><section class="prose"><p class="lead">${tx(p.summary)}</p><p>${txs(p.description).join(' ')}</p><p>${tx(p.in_films)}</p>
  <p><a class="button" href=${at('/test')}>${t('home.begin')}</a></p></section>
  <section class="panel" aria-labelledby="fit"><h2 id="fit">${t('type.fit')}</h2><p class="fit-line"><a class=${`grade t-${p.compatible.mbti}`} href=${at(`/t/${p.compatible.mbti}`)}><b>${p.compatible.mbti}</b></a></p><p>${tx(p.compatible.text)}</p><h3>${t('type.grades')}</h3>${grades(p)}</section></div>
  <section class="wrap band" aria-labelledby="ranking"><div class="band-head"><h2 id="ranking">${t('type.ranking', { mbti: p.mbti })}</h2><p>${t(`type.rule.${p.ranking}`, { n: number(p.characters) })}</p></div>
  <ol class="ranking">${p.items.map((c, i) => ranked(c, { character: c.id, ...place('ranking', i, { ...p, ranker: p.ranking }) }))}</ol>
  ${more()}</section>`;

export function open({ mbti }, draw) {
  const type = mbti.toUpperCase();
  const it = resource(() => (TYPES[type] ? get(`types/${type}`) : Promise.reject(new ApiError(404))), draw);
  const more = pager(
    `types/${type}`,
    () => it.value,
    (list) => {
      it.value = list;
      know(`types/${type}`, list); // who comes back finds the page as long as it was
    },
    draw,
  );
  it.run();
  return {
    title: () => (it.value ? t('title.type', { mbti: type, name: tx(it.value.name) }) : t('title.site')),
    ready: () => it.done,
    whole: () => it.value !== undefined,
    view: () =>
      it.value
        ? html`${hero(it.value)}${body(it.value, more)}`
        : it.error
          ? failure(it.error, it.run)
          : html`<div class="wrap pad">${skeleton(6)}</div>`,
  };
}
