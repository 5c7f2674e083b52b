// Sizes of tables, and when the jobs last did their work.
import { html } from '../../vendor/lit-html.js';
import { fetchNow } from '../api.js';
import { moment, n, sheet } from './parts.js';
import { t } from './words.js';

export const load = () => fetchNow('admin/system');

const size = (bytes) =>
  bytes < 1e6
    ? `${(bytes / 1e3).toFixed(0)} KB`
    : bytes < 1e9
      ? `${(bytes / 1e6).toFixed(1)} MB`
      : `${(bytes / 1e9).toFixed(2)} GB`;
const TIMES = ['trained', 'published', 'counted_until', 'newest_event'];

export const view = (
  data,
) => html`<div class="figures">${TIMES.map((k) => html`<div class="figure"><span>${t(`system.${k}`)}</span><strong>${moment(data[k])}</strong></div>`)}</div>
  <section><h2>${t('system.tables')}</h2><p class="fine">${t('system.note', { n: size(data.tables.reduce((all, x) => all + x.bytes, 0)) })}</p>
  ${sheet(
    t('system.tables'),
    [[t('system.table')], [t('system.rows'), true], [t('system.size'), true]],
    data.tables.map((x) => [html`<code>${x.name}</code>`, n(x.rows), size(x.bytes)]),
  )}</section>`;
