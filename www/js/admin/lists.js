// What is shown, opened and liked: by list, by position, by what ordered the list and the snapshot that made it, by variant of an experiment.
import { html } from '../../vendor/lit-html.js';
import { fetchNow } from '../api.js';
import { curves } from './chart.js';
import { n, percent, sheet } from './parts.js';
import { known, t } from './words.js';

let days = 7;
export const load = () => fetchNow(`admin/lists?days=${days}`);

const FIGURES = () => [
  [t('figure.impressions'), true],
  [t('figure.clicks'), true],
  [t('lists.ctr'), true],
  [t('figure.likes'), true],
  [t('lists.liked'), true],
];
/** Of films nothing is opened or liked: they are chosen. */
const FILMS = ['wall', 'search'];
const figures = (f) => [
  n(f.impressions),
  ...(FILMS.includes(f.list)
    ? ['–', '–', '–', '–']
    : [n(f.clicks), percent(f.clicks, f.impressions), n(f.likes), percent(f.likes, f.impressions)]),
];

function chooser(console) {
  const choose = (event) => {
    days = Number(event.target.value);
    console.run(console.reload);
  };
  return html`<form @submit=${(e) => e.preventDefault()}><label>${t('lists.days')}<select @change=${choose}>${[1, 7, 28, 90].map((d) => html`<option value=${d} ?selected=${d === days}>${t('lists.last', { n: d })}</option>`)}</select></label></form>`;
}

/** Of the lists that are ordered: how often each place is opened, as far down as anybody looked. */
function places(data) {
  const looked = (list) => data.positions.filter((p) => p.list === list && p.impressions > 0);
  const made = ['same', 'compatible'].filter((list) => looked(list).length);
  if (!made.length) return html`<p>${t('none')}</p>`;
  const last = Math.max(...made.flatMap(looked).map((p) => p.position));
  const places = Array.from({ length: Math.min(20, last + 1) }, (_, i) => i);
  const at = (list, i) => data.positions.find((p) => p.list === list && p.position === i);
  const ctr = (p) => (p && p.impressions > 0 ? (100 * p.clicks) / p.impressions : null);
  return curves(
    'places',
    t('lists.places'),
    places.map((i) => i + 1),
    made.map((list) => ({ label: known('list', list), values: places.map((i) => ctr(at(list, i))) })),
    {
      show: (v) => (v === null || v === undefined ? '–' : `${v.toFixed(1)} %`),
      axis: t('lists.place'),
    },
  );
}

export const view = (data, console) => html`${chooser(console)}
  <section><h2>${t('lists.by.list')}</h2>${sheet(
    t('lists.by.list'),
    [[t('lists.list')], ...FIGURES()],
    data.lists.map((f) => [known('list', f.list), ...figures(f)]),
  )}</section>
  <section><h2>${t('lists.places')}</h2>${places(data)}</section>
  <section><h2>${t('lists.by.snapshot')}</h2>${sheet(
    t('lists.by.snapshot'),
    [[t('lists.list')], [t('live.snapshot')], ...FIGURES()],
    data.snapshots.map((f) => [known('list', f.list), html`<code>${f.snapshot}</code>`, ...figures(f)]),
  )}</section>
  <section><h2>${t('lists.by.ranker')}</h2>${
    data.rankers.length
      ? sheet(
          t('lists.by.ranker'),
          [[t('lists.list')], [t('why.ranker')], ...FIGURES()],
          data.rankers.map((f) => [known('list', f.list), f.ranker, ...figures(f)]),
        )
      : html`<p>${t('none')}</p>`
  }</section>
  <section><h2>${t('lists.by.variant')}</h2><p class="fine">${t('lists.by.variant.note')}</p>${
    data.variants.length
      ? sheet(
          t('lists.by.variant'),
          [[t('trial.experiment')], [t('trial.variant')], [t('lists.list')], ...FIGURES()],
          data.variants.map((f) => [
            html`<a href="#experiments/${f.experiment_id}">${f.experiment}</a>`,
            f.variant,
            known('list', f.list),
            ...figures(f),
          ]),
        )
      : html`<p>${t('none')}</p>`
  }</section>`;
