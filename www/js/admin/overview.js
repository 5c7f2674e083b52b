// Today and this week beside last week, five weeks as curves, and the way through the test.
import { html } from '../../vendor/lit-html.js';
import { fetchNow } from '../api.js';
import { curves } from './chart.js';
import { bar, moment, n, percent, sheet } from './parts.js';
import { known, t } from './words.js';

const FIRST = ['visitors', 'tests', 'likes', 'watch'];
const SPANS = ['today', 'same_day', 'this_week', 'same_days', 'last_week'];

export const load = () => fetchNow('admin/overview');

function change(now, before) {
  if (before === 0) return '';
  const by = Math.round((100 * (now - before)) / before);
  return html` <span class=${by < 0 ? 'down' : 'up'}>${by < 0 ? '▼' : '▲'} ${Math.abs(by)} %</span>`;
}

const card = (
  figure,
  now,
  before,
  beside,
) => html`<div class="figure"><span>${t(`figure.${figure}`)}</span><b>${n(now)}</b>
  <small>${t(beside, { n: n(before) })}${change(now, before)}</small></div>`;

const cards = (title, now, before, beside) =>
  html`<section><h2>${title}</h2><div class="figures">${FIRST.map((f) => card(f, now[f], before[f], beside))}</div></section>`;

function every({ periods }) {
  const figures = Object.keys(periods.today).filter((k) => k !== 'from' && k !== 'to');
  return html`<details><summary>${t('overview.all')}</summary>${sheet(
    t('overview.all'),
    [[t('figure')], ...SPANS.map((s) => [t(`span.${s}`), true])],
    figures.map((f) => [t(`figure.${f}`), ...SPANS.map((s) => n(periods[s][f]))]),
  )}</details>`;
}

function funnel({ funnel: { this_week: now, last_week: before } }) {
  const all = now[0].people;
  return html`<section><h2>${t('overview.funnel')}</h2><p class="fine">${t('overview.funnel.note')}</p>${sheet(
    t('overview.funnel'),
    [
      [t('step')],
      [t('funnel.people'), true],
      [t('funnel.part')],
      [t('funnel.events'), true],
      [t('funnel.last'), true],
    ],
    now.map((s, i) => [
      known('step', s.step),
      n(s.people),
      html`${bar(s.people, all)} ${percent(s.people, all)}`,
      n(s.events),
      n(before[i].people),
    ]),
  )}</section>`;
}

export function view(data) {
  const { periods, days } = data;
  const of = (figure) => ({ label: t(`figure.${figure}`), values: days.map((d) => d[figure]) });
  return html`<p class="fine">${data.counted_until ? t('overview.counted', { at: moment(data.counted_until), zone: data.time_zone }) : t('overview.uncounted')}</p>
    ${cards(t('overview.today'), periods.today, periods.same_day, 'overview.beside.today')}
    ${cards(t('overview.week'), periods.this_week, periods.same_days, 'overview.beside.week')}
    ${every(data)}
    <section><h2>${t('overview.curve')}</h2>${curves(
      'days',
      t('overview.curve'),
      days.map((d) => d.day),
      FIRST.map(of),
    )}</section>
    ${funnel(data)}`;
}
