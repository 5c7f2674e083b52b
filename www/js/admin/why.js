// Why a visitor got this list: the stored test beside the same asked again of its snapshot.
import { html } from '../../vendor/lit-html.js';
import { fetchNow } from '../api.js';
import { tx } from '../i18n.js';
import { moment, real, sheet } from './parts.js';
import { known, t } from './words.js';

const chosen = () => location.hash.split('/')[1];

export async function load() {
  const which = chosen();
  return { test: which ? await fetchNow(`admin/tests/${encodeURIComponent(which)}`) : null };
}

function find(event) {
  event.preventDefault();
  const said = new FormData(event.target).get('test').trim();
  location.hash = `why/${said.split('/').at(-1)}`;
}

const named = (pair, id) => (pair ? tx(pair) : String(id));

function row(x) {
  const a = x.again;
  return [
    named(x.name, x.character_id),
    `${x.percent} %`,
    a ? `${a.percent} %` : '–',
    known('type', x.type),
    a ? real(a.film, 3) : '–',
    a ? real(a.enneagram, 3) : '–',
    a ? real(a.certainty, 3) : '–',
    a ? real(a.fame, 3) : '–',
    a ? real(a.points, 1) : '–',
    a?.because.length
      ? a.because.map((b) => html`<div>${named(b.title, b.movie_id)} ${(100 * b.share).toFixed(1)} %</div>`)
      : '–',
  ];
}

const list = (test, name) =>
  html`<section><h2>${known('list', name)}</h2>${sheet(known('list', name), [[t('people.character')], [t('why.shown'), true], [t('why.again'), true], [t('why.type')], [t('why.film'), true], [t('why.enneagram'), true], [t('why.certainty'), true], [t('why.fame'), true], [t('why.points'), true], [t('why.because'), false, true]], test.items.filter((x) => x.list === name).map(row))}</section>`;

function told(test) {
  const { weights: w } = test;
  return html`<section><p>${t('why.test', { n: test.test })} · <a href="#people/${test.visitor}">${t('people.visitor', { n: test.visitor })}</a> · ${moment(test.created)} · ${test.mbti} ${test.enneagram ?? t('why.skipped')} · ${test.locale}</p>
    <p>${t('why.movies')}: ${test.movies.map((m) => named(m.title, m.movie_id)).join(', ')}</p>
    <p>${t('live.snapshot')} <code>${test.snapshot}</code> · ${t('why.ranker')} ${test.ranker ?? '–'}</p>
    ${test.variants.length ? html`<p>${t('why.variants')}: ${test.variants.map((v) => html`${v.experiment} = <b>${v.variant}</b> (${real(v.propensity, 3)}) `)}</p>` : ''}
    ${test.left_out ? html`<p>${t('why.left', { n: test.left_out })}</p>` : ''}
    <p class="said">${t(test.kept ? (test.same ? 'why.same' : 'why.other') : 'why.gone')}</p>
    <p class="fine">${t('why.formula', { film: w.film, enneagram: w.enneagram, certainty: w.certainty, fame: w.fame })} ${test.enneagram ? '' : t('why.skipped.text')}</p></section>
    ${list(test, 'same')}${list(test, 'compatible')}`;
}

export const view = (
  data,
) => html`<form @submit=${find}><label>${t('why.find')}<input name="test" required></label><button class="button">${t('people.look')}</button></form>
  <p class="fine">${t('why.note')}</p>${data.test ? told(data.test) : ''}`;
