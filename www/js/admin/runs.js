// Training and evaluation runs: what each reached, how a model has gone from run to run, and everything of one.
import { html } from '../../vendor/lit-html.js';
import { fetchNow } from '../api.js';
import { curves } from './chart.js';
import { moment, n, real, sheet, stamp } from './parts.js';
import { known, t } from './words.js';

const chosen = () => location.hash.split('/')[1];

export async function load() {
  const id = chosen();
  return id ? { one: await fetchNow(`admin/runs/${id}`) } : fetchNow('admin/runs');
}

const tone = { finished: 'good', failed: 'bad', killed: 'bad' };
const status = (r) => html`<span class="tag ${tone[r.status] ?? ''}">${known('status', r.status)}</span>`;

const epochs = (curves) =>
  [...new Set(curves.flatMap((c) => c.points.map(([step]) => step)))].sort((a, b) => a - b);
// Names of figures have no plus (MLflow's rule), so that of lightgcn++ is written with dots.
const spoken = (name) => name.replace(/^(\w+)\.\.(?=\.|$)/, '$1++');
const isLoss = (c) => /(^|\.)loss$/.test(c.name);
const QUALITIES = /^(ndcg|recall|hit)\.10$/; // of one model
const MEMBER = /\.ndcg\.10$/; // of each member of an ensemble

function drawn(name, title, all) {
  const steps = epochs(all);
  return html`<section><h2>${title}</h2>${curves(
    name,
    title,
    steps,
    all.map((c) => {
      const at = new Map(c.points);
      return { label: spoken(c.name), values: steps.map((step) => at.get(step) ?? null) };
    }),
    { show: real, axis: t('runs.epoch') },
  )}</section>`;
}

/** What was measured after each epoch. Losses of two models have nothing in common, so each has a chart of its own. */
function course(r) {
  const qualities = r.curves.filter((c) => QUALITIES.test(c.name) || MEMBER.test(c.name));
  const losses = r.curves.filter(isLoss);
  return html`<div class="two">${losses.map((c) => drawn(c.name, t('runs.loss', { name: spoken(c.name.replace(/\.?loss$/, '')) || r.model }), [c]))}
    ${qualities.length ? drawn('quality', t('runs.quality'), qualities) : ''}</div>`;
}

function values(r, kind) {
  const all = r.values.filter((v) => v.kind === kind);
  const rows = all.map((v) => [
    v.name,
    typeof v.value === 'number' ? String(v.value) : html`<span class="long">${v.value ?? '–'}</span>`,
  ]);
  return html`<section><h2>${t(`runs.${kind}`)}</h2><details ?open=${rows.length <= 20}><summary>${t('table')} (${n(rows.length)})</summary>${sheet(
    t(`runs.${kind}`),
    [[t('runs.name')], [t('runs.value')]],
    rows,
  )}</details></section>`;
}

const one = (r) => html`<p><a href="#runs">${t('runs.back')}</a></p>
    <div class="figures"><div class="figure"><span>${known('command', r.command)} ${r.model}</span><b>${r.id}</b><small>${status(r)} ${moment(r.started)}, ${t('runs.took', { n: n(Math.round(r.seconds)) })}</small></div>
    <div class="figure"><span>NDCG@10</span><b>${real(r.ndcg)}</b></div><div class="figure"><span>Recall@10</span><b>${real(r.recall)}</b></div><div class="figure"><span>Hit@10</span><b>${real(r.hit)}</b></div></div>
    <p>${t('live.dataset')} <code>${r.dataset || '–'}</code> · ${t('live.snapshot')} <code>${r.snapshot || '–'}</code></p>
    ${r.curves.length ? course(r) : ''}
    <div class="two">${values(r, 'metric')}${values(r, 'param')}</div>`;

/** NDCG@10 of the models that were trained more than once, from run to run. */
function progress(items) {
  const measured = items.filter((r) => r.ndcg !== null).reverse();
  const often = (m) => measured.filter((r) => r.model === m).length > 1;
  const models = [...new Set(measured.map((r) => r.model))].filter(often);
  if (models.length === 0) return '';
  return html`<section><h2>${t('runs.progress')}</h2>${curves(
    'runs',
    t('runs.progress'),
    measured.map((r) => r.id),
    models
      .slice(0, 4)
      .map((m) => ({ label: m, values: measured.map((r) => (r.model === m ? r.ndcg : null)) })),
    { show: real, axis: t('live.run') },
  )}</section>`;
}

export function view(data) {
  if (data.one) return one(data.one);
  const heads = [
    [t('live.run'), false],
    [t('runs.what')],
    [t('runs.status')],
    [t('actions.when')],
    [t('runs.seconds'), true],
    ['NDCG@10', true],
    ['Recall@10', true],
    ['Hit@10', true],
  ];
  return html`${progress(data.items)}${
    data.items.length
      ? sheet(
          t('nav.runs'),
          heads,
          data.items.map((r) => [
            html`<a href="#runs/${r.id}">${r.id}</a>`,
            `${known('command', r.command)} ${r.model}`,
            status(r),
            stamp(r.started),
            n(Math.round(r.seconds)),
            real(r.ndcg),
            real(r.recall),
            real(r.hit),
          ]),
        )
      : html`<p>${t('none')}</p>`
  }`;
}
