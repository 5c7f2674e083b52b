// What is tried with visitors: its state, shares and figures; start and stop; what one has found, and how its shares have moved.
import { html } from '../../vendor/lit-html.js';
import { fetchNow } from '../api.js';
import { curves } from './chart.js';
import { found } from './found.js';
import { bar, moment, n, percent, sentence, sheet, tag } from './parts.js';
import { ask, newest } from './requests.js';
import { known, t } from './words.js';

const chosen = () => location.hash.split('/')[1];
const OURS = ['start_experiment', 'stop_experiment'];

export async function load() {
  const id = chosen();
  const [all, one, actions] = await Promise.all([
    id ? null : fetchNow('admin/experiments'),
    id ? fetchNow(`admin/experiments/${id}`) : null,
    fetchNow('admin/actions?limit=20'),
  ]);
  return { all, one, actions: actions.items };
}

const tone = { running: 'good', stopped: '', draft: '' };
const state = (e) => tag(known('state', e.state), tone[e.state]);

function button(console, e) {
  if (e.state === 'stopped') return '';
  const action = e.state === 'draft' ? 'start_experiment' : 'stop_experiment';
  const press = () =>
    ask(console, action, { subject: e.name, sure: t(`trial.sure.${action}`, { name: e.name }) });
  return html`<div class="row-actions"><button type="button" class="button quiet" @click=${press}>${t(`trial.${action}`)}</button></div>`;
}

function about(e) {
  const times = [
    e.started && t('trial.started', { at: moment(e.started) }),
    e.starts && t('trial.starts', { at: moment(e.starts) }),
    e.ends && t('trial.ends', { at: moment(e.ends) }),
    e.stopped && t('trial.stopped', { at: moment(e.stopped) }),
  ].filter(Boolean);
  return html`<p class="fine">${known('kind', e.kind)} · ${t('trial.goal')}: ${known('goal', e.goal)} · ${t('trial.layer', { name: e.layer, part: Math.round(1000 * e.traffic) / 10 })}${times.map((x) => html` · ${x}`)}</p>
    ${e.stop_reason ? html`<p>${t('trial.reason')}: ${sentence(e.saying, e.stop_reason)}</p>` : ''}
    ${e.state === 'running' && !e.served ? html`<p class="said">${t('trial.unserved')}</p>` : ''}`;
}

const share = (v) => html`${(100 * v.weight).toFixed(1)} % ${bar(v.weight, 1)}`;

const variants = (e) =>
  sheet(
    t('trial.variants', { name: e.name }),
    [
      [t('trial.variant')],
      [t('trial.share'), true],
      [t('trial.tests'), true],
      [t('trial.liked'), true],
      [t('trial.engaged'), true],
      [t('trial.down'), true],
    ],
    e.variants.map((v, i) => [
      html`${v.name}${i === 0 && v.name !== t('trial.control') ? html` <small>${t('trial.control')}</small>` : ''}${v.stopped ? html` ${tag(known('state', 'stopped'), 'bad')} <small>${sentence(v.saying, v.stop_reason)}</small>` : ''}`,
      v.stopped ? '–' : share(v),
      n(v.tests),
      percent(v.liked, v.tests),
      percent(v.engaged, v.tests),
      percent(v.down, v.tests),
    ]),
  );

const head = (console) => (e) =>
  html`<section class="trial"><h2><a href="#experiments/${e.id}">${e.name}</a> ${state(e)}</h2>${about(e)}${variants(e)}${button(console, e)}</section>`;

/** The share of each variant since it began to move. */
function shares(e) {
  if (e.weights.length < 2) return '';
  const changes = e.weights.toReversed();
  return html`<section><h2>${t('trial.shares')}</h2>${curves(
    'shares',
    t('trial.shares'),
    changes.map((w) => w.since),
    e.variants.map((v, i) => ({ label: v.name, values: changes.map((w) => 100 * w.weights[i]) })),
    {
      show: (x) => (x === null || x === undefined ? '–' : `${x.toFixed(1)} %`),
      axis: t('actions.when'),
      steps: true,
    },
  )}</section>`;
}

/** Of the results of a day, how many led to a like or a click. */
function days(e) {
  const all = [...new Set(e.days.map((d) => d.day))].toReversed();
  if (all.length < 2) return '';
  const rate = (day, i) => {
    const d = e.days.find((x) => x.day === day && x.position === i);
    return d?.tests ? (100 * d.engaged) / d.tests : null;
  };
  return html`<section><h2>${t('trial.days')}</h2>${curves(
    'days',
    t('trial.days'),
    all,
    e.variants.map((v, i) => ({ label: v.name, values: all.map((day) => rate(day, i)) })),
    { show: (x) => (x === null || x === undefined ? '–' : `${x.toFixed(1)} %`) },
  )}</section>`;
}

const one = (e, console) => html`<p><a href="#experiments">${t('trial.all')}</a></p>
  <section class="trial"><h2>${e.name} ${state(e)}</h2>${about(e)}${button(console, e)}</section>
  ${found(e)}
  <section><h2>${t('trial.results')}</h2><p class="fine">${t('trial.results.note')}</p>${variants(e)}</section>
  ${shares(e)}${days(e)}
  <section><h2>${t('trial.settings')}</h2>${sheet(
    t('trial.settings'),
    [[t('trial.variant')], [t('trial.setting'), false, true]],
    e.variants.map((v) => [
      v.name,
      v.settings === '{}' ? t('trial.asis') : html`<code class="wrapped">${v.settings}</code>`,
    ]),
  )}</section>`;

export const view = (data, console) => html`${newest(data.actions, OURS, console)}
  ${
    data.one
      ? one(data.one, console)
      : html`<p class="fine">${t('trial.note')}</p>${data.all.items.length ? data.all.items.map(head(console)) : html`<p>${t('trial.none')}</p>`}`
  }`;
