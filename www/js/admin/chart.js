// Curves over days or steps: uPlot for the eye, the same numbers as a table for everybody.
import { html } from '../../vendor/lit-html.js';
import UPlot from '../../vendor/uplot.js';
import { n, sheet } from './parts.js';
import { t } from './words.js';

const HEIGHT = 220;
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10000]; // steps between marks of numbers that are whole
const COLOURS = ['--accent', '--gold', '--good', '--soft'];
const asked = new Map();
const drawn = new Map();

/** name: unique in the section. x: days ("2026-11-30") or numbers. series: [{label, values}]; show: how a number is written. */
export function curves(name, title, x, series, { show = n, axis = t('day') } = {}) {
  asked.set(name, { x, series, show, axis });
  return html`<div class="chart" role="img" aria-label=${title} data-chart=${name}></div>
    <details><summary>${t('table')}</summary>${sheet(
      title,
      [[axis], ...series.map((s) => [s.label, true])],
      x.map((at, i) => [String(at), ...series.map((s) => show(s.values[i]))]),
    )}</details>`;
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const isDay = (x) => typeof x === 'string';

function options(box, { x, series, show, axis }) {
  const line = {
    stroke: colour('--soft'),
    grid: { stroke: colour('--line') },
    ticks: { stroke: colour('--line') },
  };
  return {
    width: Math.max(240, box.clientWidth - 10),
    height: HEIGHT,
    scales: { x: { time: isDay(x[0]) } },
    axes: [
      isDay(x[0]) ? line : { ...line, incrs: WHOLE },
      { ...line, size: 56, values: (u, at) => at.map((v) => show(v)) },
    ],
    series: [
      {
        label: axis,
        value: (u, v) => (v === null ? '–' : isDay(x[0]) ? new Date(1000 * v).toISOString().slice(0, 10) : v),
      },
      ...series.map((s, i) => ({
        label: s.label,
        stroke: colour(COLOURS[i % COLOURS.length]),
        width: 2,
        spanGaps: true,
        points: { show: x.length < 3 },
        value: (u, v) => show(v),
      })),
    ],
    tzDate: (seconds) => UPlot.tzDate(new Date(1000 * seconds), 'Etc/UTC'),
  };
}

const numbers = (x) => (isDay(x[0]) ? x.map((day) => Date.parse(`${day}T00:00:00Z`) / 1000) : x);

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
