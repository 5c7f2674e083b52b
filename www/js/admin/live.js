// What is live: snapshot, models, dataset; every step with its comparison; and asking for another.
import { html } from '../../vendor/lit-html.js';
import { fetchNow } from '../api.js';
import { moment, real, sentence, sheet, stamp } from './parts.js';
import { ask, newest } from './requests.js';
import { known, t } from './words.js';

export async function load() {
  const [live, actions] = await Promise.all([fetchNow('admin/live'), fetchNow('admin/actions?limit=10')]);
  return { ...live, actions: actions.items };
}

const OURS = ['rollback', 'forward', 'pin', 'unpin'];

const button = (console, action, subject, label = known('action', action)) =>
  html`<button type="button" class="button quiet" @click=${() => ask(console, action, { subject, on: subject ?? t('live.one') })}>${label}</button>`;

const models = (data) =>
  sheet(
    t('live.models'),
    [
      [t('live.model')],
      [t('live.weight'), true],
      [t('live.run'), true],
      [t('live.trained')],
      [t('live.dataset')],
    ],
    data.models.map((m) => [
      m.kind,
      real(m.weight, 3),
      m.run === null ? '–' : html`<a href="#runs/${m.run}">${m.run}</a>`,
      stamp(m.trained),
      html`<code>${m.dataset.slice(0, 16)}</code>`,
    ]),
  );

const score = (s) =>
  html`<div class="score">${known('people', s.people)} ${s.n}: ${real(s.live)} → ${real(s.new)} (${s.difference > 0 ? '+' : ''}${real(s.difference)}, ${real(s.low)} … ${real(s.high)})</div>`;

/** What the figures beside it do not say. */
const why = (s) =>
  html`${s.scores.length ? '' : sentence(s.saying, s.reason)}${s.decision === 'worse' && s.outcome === 'live' ? html` ${t('live.forced')}` : ''}`;

const step = (data, console) => (s) => [
  stamp(s.decided),
  html`${known('action', s.action)} <span class="tag ${s.outcome === 'live' ? 'good' : s.outcome === 'refused' ? 'bad' : ''}">${known('outcome', s.outcome)}</span>`,
  html`<code>${s.snapshot}</code>`,
  html`${s.decision ? html`<b>${known('decision', s.decision)}</b>` : '–'} ${s.scores.map(score)} <small>${why(s)}</small>`,
  s.again
    ? ''
    : s.kept
      ? html`<div class="row-actions">${s.snapshot === data.live ? '' : button(console, 'rollback', s.snapshot, t('live.make'))}${s.snapshot === data.pinned ? '' : button(console, 'pin', s.snapshot)}</div>`
      : t('live.gone'),
];

export function view(data, console) {
  const seen = new Set();
  const once = (s) => ({ ...s, again: seen.has(s.snapshot) || !seen.add(s.snapshot) });
  return html`${newest(data.actions, OURS, console)}
    <section><div class="figures">
      <div class="figure"><span>${t('live.now')}</span><b><code>${data.live ?? '–'}</code></b><small>${data.since ? t('live.since', { at: moment(data.since) }) : ''}</small></div>
      <div class="figure"><span>${t('live.pinned')}</span><b><code>${data.pinned ?? t('none')}</code></b><small>${data.serving && data.serving !== data.live ? t('live.serving', { id: data.serving }) : ''}</small></div>
    </div>
    <div class="row-actions">${button(console, 'rollback')}${button(console, 'forward')}${data.pinned ? button(console, 'unpin') : button(console, 'pin')}</div>
    <p class="fine">${t('live.note')}</p></section>
    <section><h2>${t('live.models')}</h2>${data.models.length ? models(data) : html`<p>${t('none')}</p>`}</section>
    <section><h2>${t('live.history')}</h2><p class="fine">${t('live.history.note')}</p>${sheet(
      t('live.history'),
      [
        [t('actions.when')],
        [t('live.step')],
        [t('live.snapshot')],
        [t('live.verdict'), false, true],
        [t('live.do')],
      ],
      data.history.map(once).map(step(data, console)),
    )}</section>`;
}
