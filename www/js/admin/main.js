// The owner's console: one page, a section for each part behind the # of the address. A section module exports load() → data and
// view(data, console) → template; console has draw(), reload() and run(work), which shows what fails.
import { html, render } from '../../vendor/lit-html.js';
import { chooseLang, lang, setLang } from '../i18n.js';
import { mark } from '../ui/mark.js';
import * as actions from './actions.js';
import { paintAll } from './chart.js';
import * as experiments from './experiments.js';
import * as lists from './lists.js';
import * as live from './live.js';
import * as overview from './overview.js';
import { failure } from './parts.js';
import * as people from './people.js';
import * as reports from './reports.js';
import * as runs from './runs.js';
import * as system from './system.js';
import * as why from './why.js';
import { loadWords, t } from './words.js';

const SECTIONS = { overview, lists, experiments, live, runs, why, people, reports, system, actions };
const root = document.getElementById('app');
let name = '';
let data = null;
let error = null;
let turn = 0;
let busy = false; // a button is at work: a second tap waits for the answer to the first

const console_ = { draw, reload, run, later };

const link = (s) =>
  html`<li><a href=${`#${s}`} aria-current=${s === name ? 'page' : 'false'}>${t(`nav.${s}`)}</a></li>`;

async function otherLanguage() {
  await chooseLang(lang() === 'ko' ? 'en' : 'ko');
  await loadWords();
  draw();
}

function body() {
  if (data === null && error === null) return html`<p role="status">${t('loading')}</p>`;
  return html`${error ? failure(error, reload) : ''}${data !== null ? SECTIONS[name].view(data, console_) : ''}`;
}

function draw() {
  document.title = `${t(`nav.${name}`)} · ${t('title')} · MVTI`;
  render(
    html`<header class="top"><div class="wrap top-in"><a class="logo" href="#overview" aria-label=${t('title')}>${mark()}<span>${t('title')}</span></a>
      <nav><a href="/">${t('nav.site')}</a><button type="button" class="lang" lang=${lang() === 'ko' ? 'en' : 'ko'} @click=${otherLanguage}>${t('nav.other')}</button></nav></div></header>
    <nav class="desk-nav" aria-label=${t('nav.label')}><div class="wrap"><ul>${Object.keys(SECTIONS).map(link)}</ul></div></nav>
    <main id="main" tabindex="-1" class="wrap desk" aria-busy=${data === null && error === null ? 'true' : 'false'}><h1 tabindex="-1">${t(`nav.${name}`)}</h1>${body()}</main>`,
    root,
  );
  paintAll();
}

async function reload() {
  const mine = ++turn;
  error = null;
  try {
    const fresh = await SECTIONS[name].load();
    if (mine === turn) data = fresh;
  } catch (failed) {
    if (mine === turn) error = failed;
  }
  if (mine === turn) draw();
}

/** Does what a button asks for; what fails stands above the section. */
async function run(work) {
  if (busy) return;
  busy = true;
  error = null;
  try {
    await work();
  } catch (failed) {
    error = failed;
    draw();
    document.querySelector('[role="alert"]')?.scrollIntoView({ block: 'nearest' });
  } finally {
    busy = false;
  }
}

/** While something is asked for, the section looks again, as long as it is open. */
function later() {
  const mine = turn;
  setTimeout(() => mine === turn && reload(), 3000);
}

function open(focus) {
  const [wanted] = location.hash.slice(1).split('/');
  name = Object.hasOwn(SECTIONS, wanted) ? wanted : 'overview';
  data = null;
  error = null;
  draw();
  if (focus) document.querySelector('h1').focus({ preventScroll: true });
  reload();
}

await setLang(lang());
await loadWords();
addEventListener('hashchange', () => open(true));
open(false);
