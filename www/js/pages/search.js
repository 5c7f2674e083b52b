// What a search over everything has found: kinds of people, characters, films.
import { html } from '../../vendor/lit-html.js';
import { get, query } from '../api.js';
import { TYPES } from '../art/palette.js';
import { poster } from '../art/poster.js';
import { place } from '../events.js';
import { at, number, resultWords, t } from '../i18n.js';
import { faceCard } from '../ui/card.js';
import { typeName, typePath } from '../ui/seek.js';
import { failure, resource, skeleton } from '../ui/states.js';
import { clean, said } from '../ui/text.js';

await resultWords();

const ORDER = Object.keys(TYPES);
const SHOWN = 24; // as many as the worker writes (cgi/page_search.c)

const band = (id, heading, list, rest = '') =>
  html`<section class="found" aria-labelledby=${id}><h2 id=${id}>${heading}</h2>${list}${rest}</section>`;

const rest = ({ found, items }) =>
  found > items.length
    ? html`<p class="muted">${t('search.rest', { n: number(found), m: number(items.length) })}</p>`
    : '';

const kind = (k) =>
  html`<li><a class=${`grade ${k.mbti ? `t-${k.mbti}` : 'plain'}`} href=${at(typePath(k))}><b>${typeName(k)}</b><span>${said(k.names[0])}</span></a></li>`;

const film = (m) =>
  html`<li><a class="pick" href=${at(`/m/${m.id}`)}>${poster(m)}<span class="pick-title">${said(m.title)} <small>${m.year || ''}</small></span></a></li>`;

const characters = ({ characters: c, snapshot }) =>
  band(
    'found-characters',
    t('search.characters'),
    html`<div class="faces">${c.items.map((who, i) => faceCard(who, place('search', i, { snapshot })))}</div>`,
    rest(c),
  );

const none = () =>
  html`<div class="state"><p>${t('search.none')}</p><p class="muted">${t('search.none.text')}</p></div>`;

/** Where nothing was asked: what can be, and the types to look around in. */
const types = ({ items }) =>
  html`<p class="muted">${t('search.lead')}</p>${band(
    'found-types',
    t('home.types'),
    html`<ul class="grades">${ORDER.map((mbti) => kind({ mbti, names: [items.find((x) => x.mbti === mbti).name] }))}</ul>`,
  )}`;

function lists(found) {
  const { types, movies } = found;
  if (!types.found && !found.characters.found && !movies.found) return none();
  return html`${types.found ? band('found-types', t('type.over'), html`<ul class="grades">${types.items.map(kind)}</ul>`) : ''}
  ${found.characters.found ? characters(found) : ''}
  ${movies.found ? band('found-movies', t('search.movies'), html`<ul class="wall">${movies.items.map(film)}</ul>`, rest(movies)) : ''}`;
}

export function open(_, draw) {
  const q = clean(new URLSearchParams(location.search).get('q') ?? '').slice(0, 60);
  const it = resource(() => get(q ? `search${query({ q, limit: SHOWN })}` : 'types'), draw);
  it.run();
  const answer = () => {
    if (it.value) return q ? lists(it.value) : types(it.value);
    return it.error ? failure(it.error, it.run) : skeleton(6);
  };
  return {
    title: () => t('title.search'),
    ready: () => it.done,
    whole: () => it.value !== undefined,
    view: () => html`<div class="wrap pad search"><h1 id="search-title" tabindex="-1" data-focus>${q ? t('search.found', { q }) : t('search.ask')}</h1>
      <form class="finder seek" role="search" aria-labelledby="search-title" action=${at('/search')}><label class="sr" for="search-q">${t('search.label')}</label><input id="search-q" type="search" name="q" maxlength="60" autocomplete="off" placeholder=${t('search.hint')} .value=${q} /><button class="button">${t('search.label')}</button></form>
      ${answer()}</div>`,
  };
}
