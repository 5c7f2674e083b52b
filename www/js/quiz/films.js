// Choosing films: a wall that goes on and learns from what is chosen, a search, and the strip of what has been chosen.
import { html } from '../../vendor/lit-html.js';
import { fetchNow, query } from '../api.js';
import { motif, poster } from '../art/poster.js';
import { draft, keep } from '../draft.js';
import { place, record } from '../events.js';
import { number, resultWords, t, tx } from '../i18n.js';
import { skeleton } from '../ui/states.js';
import { clean, said } from '../ui/text.js';
import { spread } from './spread.js';

await resultWords();

export const LEAST = 3;
export const MOST = 100;
const PAGE = 20;
const WORD = /[\p{L}\p{N}]/u;

const slim = ({ id, title, year, genres, theme }) => ({ id, title, year, genres, theme });
const draw32 = () => Math.floor(Math.random() * 1e9) + 1;

/**
 * A list that grows page by page: {items: of {movie, made}, more(), busy, error, end}. Late answers of an older list are dropped. key: what tells it
 * from others of its name; begin(kept): it goes on behind these, which do not come again; join(before, items): puts what comes behind what is there,
 * all of it if it is the last.
 */
function pager(first, key, draw, join) {
  const it = { items: [], busy: false, error: null, end: false, cursor: '' };
  let kept = new Set();
  let waiting = [];
  const go = (before, items) => {
    const all = items.filter(({ movie }) => !kept.has(movie.id));
    const next = join(before, all);
    waiting = it.end ? [] : next.waiting;
    it.items = [...before, ...next.placed, ...(it.end ? next.waiting : [])];
  };
  it.begin = (items) => {
    kept = new Set(items.map(({ movie }) => movie.id));
    go(items, [...it.items, ...waiting]);
  };
  it.more = async () => {
    if (it.busy || it.end) return;
    it.busy = true;
    it.error = null;
    draw();
    try {
      const page = await fetchNow(`movies${query({ ...first, limit: PAGE, cursor: it.cursor })}`);
      const made = { snapshot: page.snapshot, ranker: page.ranker, key };
      it.cursor = page.next_cursor;
      it.end = !page.next_cursor;
      go(it.items, [...waiting, ...page.items.map((movie) => ({ movie, made }))]);
    } catch (error) {
      it.error = error;
    }
    it.busy = false;
    draw();
  };
  return it;
}

const asTheyCome = (_, items) => ({ placed: items, waiting: [] });
const shown = ({ movie }) => motif(movie);
const apart = (before, items) => spread(before.map(shown), items, shown);

export function films(draw) {
  if (!draft().seed) keep({ seed: draw32() });
  const wallOf = (draw) => {
    const { seed, movies } = draft();
    const chosen = movies.map((m) => m.id).sort((a, b) => a - b);
    return pager({ seed, chosen: chosen.join() }, `${seed} ${chosen}`, draw, apart);
  };
  let wall = wallOf(draw);
  wall.begin(draft().shown);
  let next = null; // the one that learns from the last choice, until it is there
  let looked = 0; // how many films of the wall have been on the screen
  let found = null; // the list of the last query that was answered
  let asked = null; // the list of the newest query
  let q = '';
  let timer = 0;
  let undo = null;
  let gone = []; // films that were chosen and are in the catalog no more
  const chosen = () => draft().movies;
  const list = () => found ?? wall;
  // Not at once: drawing needs the wall this call returns.
  queueMicrotask(wall.more);

  const look = () => {
    const places = document.querySelectorAll('#wall > li');
    while (places[looked]?.getBoundingClientRect().top < innerHeight) looked++;
  };
  addEventListener('scroll', look, { passive: true });
  const onScreen = () => {
    look();
    return wall.items.slice(0, looked);
  };
  // What has been on the screen stays where it is, after a reload too; what comes below is chosen anew. Without an answer the wall goes on as it was.
  const learn = (changes) => {
    const kept = () => onScreen().map(({ movie, made }) => ({ movie: slim(movie), made }));
    keep({ ...changes, shown: kept() });
    const list = wallOf(() => {
      if (list === wall) draw();
      if (list !== next || list.busy) return;
      next = null;
      if (list.error) return;
      keep({ shown: kept() });
      list.begin(onScreen());
      wall = list;
      draw();
    });
    next = list;
    list.more();
  };
  const change = (movies) => {
    undo = chosen();
    gone = [];
    learn({ movies, done: null });
    draw();
  };
  const flip = (movie, where) => {
    const has = chosen().some((m) => m.id === movie.id);
    if (!has && chosen().length >= MOST) return;
    record(has ? 'unchoose' : 'choose', { movie: movie.id, ...where });
    change(has ? chosen().filter((m) => m.id !== movie.id) : [...chosen(), slim(movie)]);
  };
  // The draft is older than the catalog: what has left it goes, with a word, and what is one film by now is there once.
  // True where only the latter happened: the answers can be sent again as they are.
  const check = async () => {
    const before = chosen().length;
    const there = new Map();
    const left = [];
    for (const movie of chosen()) {
      try {
        const now = await fetchNow(`movies/${movie.id}`);
        there.set(now.id, there.get(now.id) ?? slim(now));
      } catch (error) {
        if (error.kind !== 'notfound') return false;
        left.push(movie);
      }
    }
    undo = null;
    gone = left;
    keep({ movies: [...there.values()] });
    draw();
    return !left.length && there.size < before && there.size >= LEAST;
  };
  // Typing asks while an input method still puts a syllable together. What is shown stays until the newest question has
  // its answer; older answers are dropped, and nothing is missing as long as only "(" or a dot was typed.
  const ask = () => {
    const text = q;
    const redraw = () => {
      if (list === asked && list !== found && !list.busy)
        found = list.error || list.items.length || WORD.test(text) ? list : null;
      draw();
    };
    const list = pager({ q: text }, text, redraw, asTheyCome);
    list.q = text;
    asked = list;
    list.more();
  };
  const typed = (event) => {
    const text = clean(event.target.value);
    if (text === q) return;
    q = text;
    clearTimeout(timer);
    if (q) timer = setTimeout(ask, 220);
    else {
      asked = found = null;
      draw();
    }
  };
  const reshuffle = () => {
    keep({ seed: draw32(), shown: [] });
    wall = wallOf(draw);
    next = null;
    looked = 0;
    wall.more();
    scrollTo(0, 0);
  };
  const watcher = new IntersectionObserver(
    (entries) => entries.some((e) => e.isIntersecting) && !list().error && list().more(),
    { rootMargin: '600px' },
  );
  let target = null;
  const watch = () =>
    queueMicrotask(() => {
      const next = document.getElementById('wall-end');
      if (target) watcher.unobserve(target);
      target = next;
      // Observing anew reports at once: a page that did not fill the screen asks for the next.
      if (next && !list().busy) watcher.observe(next);
    });

  const one = ({ movie, made }, i) => {
    const on = chosen().some((m) => m.id === movie.id);
    const where = place(found ? 'search' : 'wall', i, made);
    return html`<li data-seen .facts=${{ movie: movie.id, ...where }}><button type="button" class="pick" aria-pressed=${on ? 'true' : 'false'} @click=${() => flip(movie, where)}>
      ${poster(movie)}<span class="pick-mark" aria-hidden="true">✓</span><span class="pick-title">${said(movie.title)} <small>${movie.year || ''}</small></span></button></li>`;
  };
  const grid = () => {
    const l = list();
    return html`<ul class="wall" id=${found ? 'found' : 'wall'} aria-label=${found ? t('films.found') : t('films.wall')} aria-busy=${asked && asked !== found ? 'true' : 'false'}>${l.items.map(one)}</ul>
      ${l.busy ? skeleton(6, 'posters') : ''}
      ${l.error ? html`<div class="state" role="alert"><p>${t(`error.${l.error.kind}.text`)}</p><button type="button" class="button" @click=${l.more}>${t('action.retry')}</button></div>` : ''}
      ${found && l.end && !l.items.length ? html`<div class="state"><p>${t('films.none', { q: l.q })}</p></div>` : ''}
      ${l.end && !found ? html`<p class="wall-done">${t('films.end')}</p>` : ''}<div id="wall-end"></div>`;
  };
  // Stands before the wall, which has no end: who goes by keyboard comes back to it.
  const strip = ({ submit, sending }) => {
    const n = chosen().length;
    const left = LEAST - n;
    return html`<section class="strip" aria-label=${t('films.chosen')}><div class="wrap">
      ${gone.length ? html`<p class="strip-error" role="alert">${t('films.gone', { films: gone.map((m) => tx(m.title)).join(', ') })}</p>` : sending.error() ? html`<p class="strip-error" role="alert">${t('films.failed', { why: t(`error.${sending.error().kind}.text`) })}</p>` : ''}
      ${n ? html`<ul class="strip-list">${chosen().map((m) => html`<li><button type="button" @click=${() => flip(m)}><span class="sr">${t('films.remove', { film: tx(m.title) })}</span>${poster(m)}<i aria-hidden="true">×</i></button></li>`)}</ul>` : ''}
      <div class="strip-foot"><p role="status">${left > 0 ? t('films.left', { n: left }) : t('films.enough', { n: number(n) })}</p>
      ${
        undo
          ? html`<button type="button" class="text-button" @click=${() => {
              const was = undo;
              undo = null;
              learn({ movies: was });
              draw();
            }}>${t('films.undo')}</button>`
          : ''
      }
      <button type="button" class="button" ?disabled=${left > 0} aria-busy=${sending.busy() ? 'true' : 'false'} @click=${submit}>${sending.busy() ? t('films.sending') : sending.error() ? t('action.retry') : t('films.submit')}</button></div></div></section>`;
  };
  return {
    close: () => {
      watcher.disconnect();
      removeEventListener('scroll', look);
    },
    check,
    view: (ctx) => {
      watch();
      return html`<div class="films"><h1 tabindex="-1" data-focus>${t(draft().from ? 'films.again' : 'films.ask')}</h1><p class="lead">${draft().from ? t('films.again.lead', { type: [draft().mbti, draft().enneagram].filter(Boolean).join(' ') }) : t('films.lead')}</p>
        <div class="finder"><label class="sr" for="film-q">${t('films.search')}</label><input id="film-q" type="search" enterkeyhint="search" autocomplete="off" maxlength="60" placeholder=${t('films.hint')} @input=${typed} />
        <button type="button" class="button quiet" @click=${reshuffle} ?hidden=${Boolean(found)}>${t('films.other')}</button></div>${strip(ctx)}${grid()}</div>`;
    },
  };
}
