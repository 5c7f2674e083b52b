// Pieces of the pages of types: of one, of an Enneagram type, of both together.
import { html } from '../../vendor/lit-html.js';
import { ApiError, get, know } from '../api.js';
import { place } from '../events.js';
import { at, number, t, tx } from '../i18n.js';
import { chip, clicked, face } from './card.js';
import { nearing } from './near.js';
import { pager } from './paged.js';
import { failure, resource, skeleton } from './states.js';
import { said, tags } from './text.js';

/** The head of a page in the colours of the type mbti. wing: a second type and its name. */
export const hero = ({ mbti, art, over, big, wing, name, wingName, list }) =>
  html`<section class=${`marquee t-${mbti}`}><div class="wrap marquee-in"><div class="marquee-art">${art}</div>
  <div class="marquee-text"><p class="over">${over}</p><h1 tabindex="-1" data-focus><span class="big-type">${big}</span>${wing ? html` <span class="big-wing">${wing}</span>` : ''}</h1>
  <p class="names"><strong>${tx(name)}</strong>${wing ? html`<span>${tx(wingName)}</span>` : ''}</p><p class="tags">${tags(list)}</p></div></div></section>`;

/** A link to a type in its colours: a word, and a number behind it where there is one. */
export const kindLink = (mbti, path, word, n = '') =>
  html`<a class=${`grade t-${mbti}`} href=${at(path)}><b>${word}</b>${n === '' ? '' : html`<span>${n}</span>`}</a>`;

export const kindLinks = (links) =>
  html`<ul class="grades">${links.map((link) => html`<li>${link}</li>`)}</ul>`;

/** Whom a type goes with. */
export const fit = (mbti, partner, text, grades, more = '') =>
  html`<section class="panel" aria-labelledby="fit"><h2 id="fit">${t('type.fit')}</h2><p class="fit-line">${kindLink(partner, `/t/${partner}`, partner)}</p><p>${tx(text)}</p><h3>${t('type.grades')}</h3>${kindLinks(
    grades
      .filter((g) => g.mbti !== mbti)
      .sort((a, b) => b.grade - a.grade)
      .slice(0, 6)
      .map((g) => kindLink(g.mbti, `/t/${g.mbti}`, g.mbti, Math.round(g.grade * 100))),
  )}${more}</section>`;

export const begin = () => html`<p><a class="button" href=${at('/test')}>${t('home.begin')}</a></p>`;

const ranked = (c, facts, both, near) =>
  html`<li data-seen .facts=${facts} data-character=${c.id} data-list="ranking"><a class="ranked" href=${at(`/c/${c.id}`)} @click=${clicked(facts)}><b class="rank">${facts.position + 1}</b><span class="rank-art">${near ? face(c) : ''}</span>
  <span class="rank-text"><strong>${said(c.name)}</strong><span class="film">${said(c.movie.title)}${c.movie.year ? ` (${c.movie.year})` : ''}</span><span class="rank-tags">${tags(c.hashtags)}</span></span>${both ? chip(c.mbti, c.enneagram) : html`<span class="rank-en">${c.enneagram}</span>`}</a></li>`;

/** A ranking under a title. rule: how it is ordered; both: rows show both types; spans: the ways to other spans of time. near: whether its portraits
 * are drawn. */
export function ranking(p, title, { rule, both, more, spans, near }) {
  const said = rule ?? t(`type.rule.${p.ranking}`, { n: number(p.characters) });
  return html`<section class="wrap band" aria-labelledby="ranking"><div class="band-head"><h2 id="ranking">${title}</h2>${spans ? '' : html`<p>${said}</p>`}</div>
  ${spans ? html`${spans}<p class="muted">${said}</p>` : ''}
  ${p.items.length ? html`<ol class="ranking">${p.items.map((c, i) => ranked(c, { character: c.id, ...place('ranking', i, { ...p, ranker: p.ranking }) }, both, near))}</ol>` : ''}
  ${more()}</section>`;
}

/** The page of what the API has at path, in pages of a ranking: title and view of its answer, which gets more and near for ranking(). exists: whether it can be there. What the ranking shows beside words is
 * drawn when somebody is about to see it: two dozen portraits are most of such a page's work. */
export function kindPage({ path, exists, title, view }, draw) {
  const it = resource(() => (exists ? get(path) : Promise.reject(new ApiError(404))), draw);
  const more = pager(
    path,
    () => it.value,
    (list) => {
      it.value = list;
      know(path, list); // who comes back finds the page as long as it was
    },
    draw,
  );
  const list = nearing('ranking', draw);
  it.run();
  return {
    title: () => (it.value ? title(it.value) : t('title.site')),
    ready: () => it.done,
    whole: () => it.value !== undefined,
    close: list.close,
    view: () => {
      queueMicrotask(list.watch);
      return it.value
        ? view(it.value, { more, near: list.near() })
        : it.error
          ? failure(it.error, it.run)
          : html`<div class="wrap pad">${skeleton(6)}</div>`;
    },
  };
}
