// What an experiment has found so far: for each variant how far it is from the control, whether that may be chance, and what to do.
import { html, svg } from '../../vendor/lit-html.js';
import { lang } from '../i18n.js';
import { n, percent, sheet } from './parts.js';
import { known, t } from './words.js';

const points = (rate) => (rate === null ? '–' : (100 * rate).toFixed(1));
const signed = (rate) => (rate === null ? '–' : `${rate > 0 ? '+' : ''}${points(rate)}`);
/** To two digits: nobody knows more. */
const about = (x) => n(Number(Math.ceil(x).toPrecision(2)));

/** An interval beside nothing at all, the line in the middle. most: where the picture ends on both sides. */
const interval = (d, most) => {
  const x = (rate) => 50 + 48 * Math.max(-1, Math.min(1, rate / most));
  return html`<svg class="interval ${d.verdict}" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">${svg`<rect class="all" width="100" height="12" rx="3" />
    <rect class="range" x=${x(d.low)} width=${Math.max(1, x(d.high) - x(d.low))} y="3" height="6" /><rect class="zero" x="49.6" width=".8" height="12" />`}</svg>`;
};

const deciding = (v) => v.cuped;
const measured = (v) => v.cuped && v.cuped.low !== null;

function table(r) {
  const most = Math.max(0.001, ...r.variants.filter(measured).flatMap((v) => [-v.cuped.low, v.cuped.high]));
  return sheet(
    t('found.title'),
    [
      [t('trial.variant')],
      [t('found.rate'), true],
      [t('found.difference'), false, true],
      [t('found.converted'), true],
      [t('found.visitors'), true],
      [t('found.expected'), true],
    ],
    r.variants.map((v) => [
      v.name,
      percent(v.converted, v.visitors),
      measured(v)
        ? html`${signed(deciding(v).difference)} (${signed(deciding(v).low)} … ${signed(deciding(v).high)})${interval(deciding(v), most)}`
        : '–',
      n(v.converted),
      n(v.visitors),
      n(v.expected === null ? null : Math.round(v.expected)),
    ]),
  );
}

/** Who divides visitors otherwise than the experiment says has other groups, whatever the variants do. */
const divided = (r) =>
  html`<p><span class="tag ${r.shares.refused ? 'bad' : 'good'}">${t(r.shares.refused ? 'found.uneven' : 'found.even')}</span>
  <span class="fine">χ² ${r.shares.chi_square?.toFixed(2) ?? '–'}, p ${r.shares.p === null ? '–' : r.shares.p < 0.0001 ? r.shares.p.toExponential(1) : r.shares.p.toFixed(4)}</span></p>`;

function power(r, v) {
  const said = [t('found.power', { by: points(v.cuped.detectable) })];
  const more = v.visitors_needed === null ? 0 : v.visitors_needed - r.visitors;
  if (more > 0) {
    said.push(t('found.more', { by: points(v.planned_difference), n: about(more) }));
    if (r.visitors_per_day > 0) said.push(t('found.days', { n: about(more / r.visitors_per_day) }));
  }
  return said.join(' ');
}

function sentence(r, v) {
  const d = deciding(v);
  const values = {
    name: v.name,
    control: r.variants[0].name,
    low: signed(d.low),
    high: signed(d.high),
    own: points(d.variant),
    other: points(d.control),
  };
  const said = t(`found.${d.verdict === 'too early' ? 'early' : d.verdict}`, values);
  return d.verdict === 'open' ? `${said} ${power(r, v)}` : said;
}

function verdict(r) {
  if (r.visitors === 0) return html`<p class="said">${t('found.nobody')}</p>`;
  if (r.shares.refused) return html`<p class="said">${t('found.refused')}</p>`;
  return r.variants.slice(1).map((v) => html`<p class="said">${sentence(r, v)}</p>`);
}

export const found = ({ report: r }) => html`<section lang=${lang()}><h2>${t('found.title')}</h2>
  <p class="fine">${t('found.note', { did: known('goal', r.goal) })}</p>${verdict(r)}${r.visitors > 0 ? html`${divided(r)}${table(r)}` : ''}
  ${r.bots_left_out > 0 ? html`<p class="fine">${t('found.bots', { n: n(r.bots_left_out) })}</p>` : ''}</section>`;
