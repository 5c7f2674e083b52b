// The shell around every page: header, main, footer, the word to screen readers, and which page is open.
import { html, render } from '../vendor/lit-html.js';
import { ApiError, askMe } from './api.js';
import { consent, onDecision, settled } from './consent.js';
import { newPage, watchSeen } from './events.js';
import { at, bare, chooseLang, followLang, lang, setLang, t, wishLang } from './i18n.js';
import { land } from './landing.js';
import { keepScroll, start } from './navigation.js';
import { resolve } from './routes.js';
import { failure, skeleton } from './ui/states.js';
import { HEARTS, kept } from './storage.js';
import { screenDrawn } from './taps.js';
import { glass, mark } from './ui/mark.js';
import { toasts } from './ui/toast.js';

const root = document.getElementById('app');
// What a worker has written for who runs no scripts stands until the page has its data; a page that never gets them stays as it is.
let written = 'static' in root.dataset;
const stood = written;
const stays = root.dataset.static === 'page';
let page = null;
let turn = 0;
let ask = null; // the question whether what is seen may be kept, while it is open

const other = () => (lang() === 'ko' ? 'en' : 'ko');

/** The same page in the other language, without loading it again. */
async function toggle(event) {
  event.preventDefault();
  const to = other();
  await chooseLang(to);
  history.replaceState(history.state, '', at(bare(location.pathname), to) + location.search + location.hash);
  draw();
  import('./account.js').then((m) => m.keepLang(to)).catch(() => {}); // here it is kept in any case
  const { follow } = await import('./head.js');
  await follow();
}

const header = (here = bare(location.pathname)) => html`<header class="top"><div class="wrap top-in">
  <a class="logo" href=${at('/')} aria-label=${t('nav.home')}>${mark()}<span>MVTI</span></a>
  <form class="seek top-seek" role="search" action=${at('/search')}><label class="sr" for="seek-q">${t('search.label')}</label><input id="seek-q" type="search" name="q" maxlength="60" autocomplete="off" placeholder=${t('search.hint')} /></form>
  <nav aria-label=${t('nav.label')}>
    <a class="seek-link" href=${at('/search')} aria-label=${t('search.label')} aria-current=${here === '/search' ? 'page' : 'false'}>${glass()}</a>
    <a href=${at('/test')} class="nav-test" aria-current=${here === '/test' ? 'page' : 'false'}>${t('nav.test')}</a>
    <a href=${at('/liked')} aria-current=${here === '/liked' ? 'page' : 'false'}>${t('nav.liked')}</a>
    <a href=${at('/me')} aria-current=${here === '/me' ? 'page' : 'false'}>${t('nav.me')}</a>
    <a class="lang" href=${at(bare(location.pathname), other())} lang=${other()} hreflang=${other()} @click=${toggle}>${t('nav.other')}</a>
  </nav></div></header>`;

const footer = () => html`<footer class="foot"><div class="wrap">
  <p class="foot-name">${mark()}<span>MVTI</span></p><p>${t('foot.line')}</p>
  <p><a href=${at('/about')}>${t('nav.about')}</a><a href=${at('/about#privacy')}>${t('foot.privacy')}</a></p>
  <p class="fine">${t('foot.mark')}</p></div></footer>`;

/** Puts the page in the place of what was written, in one step; what had the focus has it again, and a search what was typed. */
function takeOver() {
  const held = document.activeElement;
  const href = held?.getAttribute('href');
  root.replaceChildren();
  delete root.dataset.static;
  written = false;
  draw();
  if (href) root.querySelector(`a[href="${CSS.escape(href)}"]`)?.focus({ preventScroll: true });
  const field = held?.closest?.('.seek') && document.getElementById(held.id);
  if (!field) return;
  field.value = held.value;
  field.focus({ preventScroll: true });
}

/** Draws everything from what is known now. */
function draw() {
  if (written) {
    if (page && !(stays && page.whole?.() === false)) takeOver();
    return;
  }
  document.title = page ? page.title() : 'MVTI';
  const bare = page?.bare?.() ?? false;
  render(
    html`<a class="skip" href="#main" @click=${skip}>${t('nav.skip')}</a>${header()}
    <main id="main" tabindex="-1">${page ? page.view() : html`<div class="wrap pad">${skeleton(4)}</div>`}</main>
    ${bare ? '' : footer()}${bare || !ask ? '' : ask()}${toasts(draw)}`,
    root,
  );
  screenDrawn(root);
  watchSeen(root);
}

function skip(event) {
  event.preventDefault();
  document.getElementById('main').focus();
}

const broken = (error, retry) => ({
  title: () => 'MVTI',
  view: () => failure(error, retry),
  whole: () => false,
});

async function move({ pop, first, y = 0 }) {
  const mine = ++turn;
  const url = location.pathname + location.search;
  if (page?.stays?.(location)) {
    const here = await page.moved(); // where the page wants to stay, if it does
    if (mine !== turn) return;
    if (pop || here === undefined) settle(pop ? y : 0, first);
    else keepScroll();
    return;
  }
  const { load, params } = resolve(bare(location.pathname));
  page?.close?.();
  newPage();
  try {
    await followLang(location.pathname);
    // A part of the site that does not come says of the connection what an answer that does not come says.
    const module = await load().catch(() => Promise.reject(new ApiError(0)));
    let next = {};
    next = await module.open(params, () => next === page && draw());
    if (mine !== turn) return;
    page = next;
    draw();
    if (!first) import('./head.js').then((head) => mine === turn && head.leave());
    if (!pop) scrollTo(0, 0);
    await page.ready?.();
  } catch (error) {
    if (mine !== turn) return;
    page = broken(error, () => move({ pop, y }));
  }
  if (mine === turn && url === location.pathname + location.search) settle(pop ? y : 0, first);
}

function settle(y, first) {
  draw();
  const anchor = location.hash && document.getElementById(location.hash.slice(1));
  if (first && stood) return; // who reads already is where they want to be
  if (anchor) anchor.scrollIntoView();
  else scrollTo(0, y);
  if (!first)
    (document.querySelector('main [data-focus]') ?? document.getElementById('main')).focus({
      preventScroll: true,
    });
}

/** Somebody who looks around: until then what they came for has the screen to itself, and nothing is recorded. */
const lookAround = () =>
  new Promise((done) => {
    for (const kind of ['scroll', 'click', 'keydown'])
      addEventListener(kind, done, { once: true, passive: true });
  });

async function begin() {
  if (consent() === 'no') return;
  land();
  if (consent() === 'ask' && bare(location.pathname) !== '/about') await lookAround();
  if (!settled()) await askMe();
  if (consent() === 'yes') return;
  ask = (await import('./ui/consent.js')).question;
  draw();
}

onDecision(draw); // the question is gone, and the page about privacy says the answer, in whichever tab it was given
// The link to the other language is the browser's own as long as what was written stands.
root.addEventListener('click', (event) => {
  const to = written && event.target.closest?.('a.lang')?.hreflang;
  if (to) wishLang(to);
});
root.addEventListener('focusin', ({ target }) => {
  if (!written && target.closest?.('.seek input'))
    import('./ui/seek.js').then(
      (m) => m.suggest(target),
      () => {},
    ); // without it the form asks for the page
});
await setLang(lang());
start(move, () => !written);
begin().catch(() => {}); // without it the site is the same, and nothing is recorded
if (kept(HEARTS).length)
  import('./ui/wishes.js').then(
    (m) => m.resume(draw),
    () => {},
  );
