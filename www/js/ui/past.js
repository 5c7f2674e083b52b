// The four axes over one's tests, drawn: a row an axis, a step a test. The table below it says the same.
import { html, svg } from '../../vendor/lit-html.js';
import { date, t } from '../i18n.js';

const AXES = ['EI', 'SN', 'TF', 'JP'];
const [WIDTH, HEIGHT, SIDE, TOP] = [320, 64, 30, 8];
/** Of a type that was chosen the letter alone is known: it stands in the middle of its half. */
const CHOSEN = 25;

/** Percent towards the second letter, and whether questions have found it. */
const stand = (test, i) => {
  const percent = test.axes?.[i].percent;
  return percent === undefined
    ? { percent: test.mbti[i] === AXES[i][1] ? 100 - CHOSEN : CHOSEN, found: false }
    : { percent, found: true };
};

const row = (tests, i) => {
  const step = (WIDTH - 2 * SIDE) / Math.max(1, tests.length - 1);
  const points = tests.map((test, k) => {
    const { percent, found } = stand(test, i);
    return { x: SIDE + k * step, y: TOP + ((HEIGHT - 2 * TOP) * (100 - percent)) / 100, found };
  });
  return svg`<g transform=${`translate(0 ${i * HEIGHT})`}><rect class="past-row" x="0" y="2" width=${WIDTH} height=${HEIGHT - 4} rx="10" />
    <text x="10" y="22">${AXES[i][1]}</text><text x="10" y=${HEIGHT - 12}>${AXES[i][0]}</text>
    <line class="past-mid" x1=${SIDE} x2=${WIDTH - SIDE} y1=${HEIGHT / 2} y2=${HEIGHT / 2} />
    <polyline class="past-line" points=${points.map((p) => `${p.x},${p.y}`).join(' ')} />
    ${points.map((p) => svg`<circle class=${p.found ? 'past-dot' : 'past-dot chosen'} cx=${p.x} cy=${p.y} r="5" />`)}</g>`;
};

const said = (test, i) => {
  const { percent, found } = stand(test, i);
  const letter = AXES[i][percent >= 50 ? 1 : 0];
  return found
    ? t('axis.says', { letter, n: percent >= 50 ? percent : 100 - percent })
    : t('past.letter', { letter });
};

const dot = (cls) =>
  svg`<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false"><circle class=${cls} cx="8" cy="8" r="5" /></svg>`;

/** Of the newest tests, as the list has them: two at least, or there is no way from one to the next. */
export function past(items) {
  if (items.length < 2) return '';
  const tests = items.slice(0, 12).reverse();
  return html`<section aria-labelledby="past"><h2 id="past">${t('past.title')}</h2><p class="muted">${t('past.text')}</p>
    <div class="panel past"><svg viewBox=${`0 0 ${WIDTH} ${HEIGHT * AXES.length}`} role="img" aria-label=${t('past.picture', { n: tests.length })}>${AXES.map((_, i) => row(tests, i))}</svg>
    <p class="past-key"><span>${dot('past-dot')}${t('past.survey')}</span><span>${dot('past-dot chosen')}${t('past.chosen')}</span></p>
    <details><summary>${t('past.table')}</summary><div class="past-table" tabindex="0" role="region" aria-label=${t('past.table')}><table><caption class="sr">${t('past.title')}</caption>
      <thead><tr><th scope="col">${t('past.date')}</th>${AXES.map((pair) => html`<th scope="col">${pair[0]} – ${pair[1]}</th>`)}</tr></thead>
      <tbody>${tests.map((test) => html`<tr><th scope="row">${date(test.created)}</th>${AXES.map((_, i) => html`<td>${said(test, i)}</td>`)}</tr>`)}</tbody></table></div></details></div></section>`;
}
