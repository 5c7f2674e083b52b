// Curves over days or steps: uPlot for the eye, the same numbers as a table for everybody.
import { html } from '../../vendor/lit-html.js';
import UPlot from '../../vendor/uplot.js';
import { moment, n, sheet, shortDay, shortMoment } from './parts.js';
import { t } from './words.js';

const HEIGHT = 220;
// Steps between marks: of numbers that are whole, of days, and of moments (an hour to a month).
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10000];
const DAY = 86400;
const DAYS = [1, 2, 7, 14, 28, 91, 182, 364].map((n) => n * DAY);
const MOMENTS = [3600, 3 * 3600, 6 * 3600, 12 * 3600, ...DAYS];
const COLOURS = ['--accent', '--gold', '--good', '--soft'];
const asked = new Map();
const drawn = new Map();

/** name: unique in the section. x: days ("2026-11-30"), moments or numbers. series: [{label, values}]; show: how a number is written; steps: a value
 * stays until the next. */
export function curves(name, title, x, series, { show = n, axis = t('day'), steps = false } = {}) {
  asked.set(name, { x, series, show, axis, steps });
  return html`<div class="chart" role="img" aria-label=${title} data-chart=${name}></div>
    <details><summary>${t('table')}</summary>${sheet(
      title,
      [[axis], ...series.map((s) => [s.label, true])],
      x.map((at, i) => [isMoment(at) ? moment(at) : String(at), ...series.map((s) => show(s.values[i]))]),
    )}</details>`;
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const isDay = (x) => typeof x === 'string' && x.length === 10;
const isMoment = (x) => typeof x === 'string' && x.length > 10;
const isTime = (x) => isDay(x) || isMoment(x);
/** A number of uPlot's as people read it. */
const written = (like, v) =>
  v === null || v === undefined
    ? '–'
    : isMoment(like)
      ? moment(1000 * v)
      : isDay(like)
        ? new Date(1000 * v).toISOString().slice(0, 10)
        : v;

/** For the longest mark on the left, in pixels. */
const room = (u, marks) => 28 + 7 * Math.max(4, ...(marks ?? []).map((mark) => mark.length));

/** Marks along the bottom, in the language of the page. */
const along = (like) =>
  isDay(like)
    ? {
        incrs: DAYS,
        space: 80,
        values: (u, at) => at.map((v) => shortDay(new Date(1000 * v).toISOString().slice(0, 10))),
      }
    : isMoment(like)
      ? { incrs: MOMENTS, space: 80, values: (u, at) => at.map((v) => shortMoment(1000 * v)) }
      : { incrs: WHOLE };

function options(box, { x, series, show, axis, steps }) {
  const line = {
    stroke: colour('--soft'),
    grid: { stroke: colour('--line') },
    ticks: { stroke: colour('--line') },
  };
  return {
    width: Math.max(240, box.clientWidth - 10),
    height: HEIGHT,
    scales: { x: { time: isTime(x[0]) } },
    axes: [
      { ...line, ...along(x[0]) },
      { ...line, size: room, values: (u, at) => at.map((v) => show(v)) },
    ],
    series: [
      {
        label: axis,
        value: (u, v) => written(x[0], v),
      },
      ...series.map((s, i) => ({
        label: s.label,
        stroke: colour(COLOURS[i % COLOURS.length]),
        width: 2,
        spanGaps: true,
        points: { show: x.length < 3 },
        ...(steps && { paths: UPlot.paths.stepped({ align: 1 }) }),
        value: (u, v) => show(v),
      })),
    ],
    ...(isDay(x[0]) && { tzDate: (seconds) => UPlot.tzDate(new Date(1000 * seconds), 'Etc/UTC') }),
  };
}

const numbers = (x) =>
  isTime(x[0]) ? x.map((at) => Date.parse(isDay(at) ? `${at}T00:00:00Z` : at) / 1000) : x;

function paint(box, wanted) {
  drawn.get(box)?.plot.destroy();
  box.replaceChildren();
  const plot = new UPlot(
    options(box, wanted),
    [numbers(wanted.x), ...wanted.series.map((s) => s.values)],
    box,
  );
  drawn.set(box, { plot, wanted, width: box.clientWidth });
}

/** After the page was drawn: each box gets its curves, if they are others or it has another width. anew: all of them, as when colours change. */
export function paintAll(anew = false) {
  for (const [box, { plot }] of drawn)
    if (!box.isConnected) {
      plot.destroy();
      drawn.delete(box);
    }
  for (const box of document.querySelectorAll('[data-chart]')) {
    const wanted = asked.get(box.dataset.chart);
    const old = drawn.get(box);
    const same =
      old && JSON.stringify(old.wanted) === JSON.stringify(wanted) && old.width === box.clientWidth;
    if (wanted.x.length > 0 && (anew || !same)) paint(box, wanted);
  }
}

addEventListener('resize', () => paintAll());
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => paintAll(true));
