// What the sections of the console share: numbers, times, tables, bars.
import { html, svg } from '../../vendor/lit-html.js';
import { lang, number } from '../i18n.js';
import { t } from './words.js';

export const n = (x) => (x === null || x === undefined ? '–' : number(x));
export const real = (x, digits = 4) => (x === null || x === undefined ? '–' : x.toFixed(digits));
export const percent = (part, all, digits = 1) =>
  all > 0 ? `${((100 * part) / all).toFixed(digits)} %` : '–';

const locale = () => (lang() === 'ko' ? 'ko-KR' : 'en-GB');
/** A moment, in the time of whoever reads. */
export const moment = (iso) =>
  iso
    ? new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso))
    : '–';
/** The same in a table, in one piece. */
export const stamp = (iso) => html`<span class="stamp">${moment(iso)}</span>`;

/** "2026-11-30" as a short day. */
export const shortDay = (day) =>
  new Intl.DateTimeFormat(locale(), { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );

/** Milliseconds as day and hour, in the time of whoever reads. */
export const shortMoment = (ms) =>
  new Intl.DateTimeFormat(locale(), { month: 'numeric', day: 'numeric', hour: 'numeric' }).format(
    new Date(ms),
  );

/** heads: [text, isNumber?, isLong?]; rows: lists of cells, the first of which names the row. */
export const sheet = (
  caption,
  heads,
  rows,
) => html`<div class="sheet" role="region" tabindex="0" aria-label=${caption}><table><caption>${caption}</caption>
  <thead><tr>${heads.map(([text, isNumber]) => html`<th scope="col" class=${isNumber ? 'n' : ''}>${text}</th>`)}</tr></thead>
  <tbody>${rows.map(
    (cells) =>
      html`<tr>${cells.map((cell, i) =>
        i === 0
          ? html`<th scope="row">${cell}</th>`
          : html`<td class=${heads[i][1] ? 'n' : heads[i][2] ? 'w' : ''}>${cell}</td>`,
      )}</tr>`,
  )}</tbody></table></div>`;

/** A small word about a state. tone: good, bad or nothing. */
export const tag = (text, tone = '') => html`<span class="tag ${tone}">${text}</span>`;

/** A share of a whole as a bar; the number stands beside it. */
export const bar = (part, all) =>
  html`<svg class="part-bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">${svg`<rect class="all" width="100" height="12" rx="3" />
  <rect class="part" width=${all > 0 ? Math.min(100, (100 * part) / all) : 0} height="12" rx="3" />`}</svg>`;

/** Why a request did not succeed, and what to do next. */
export function failure(error, retry) {
  const ended = error.status === 401;
  const text = ended
    ? t('error.ended')
    : error.status === 409
      ? t('error.conflict')
      : t(`error.${error.kind}`, { id: error.problem?.request_id ?? '–', text: said(error) });
  return html`<div class="state" role="alert"><h2>${t('error.title')}</h2><p>${text}</p><p class="actions">
    ${ended ? html`<a class="button" href="/login?again=1&return=/admin">${t('sign.in')}</a>` : retry ? html`<button type="button" class="button" @click=${retry}>${t('again')}</button>` : ''}</p></div>`;
}

/** What a job has said: in the language of the page if the console knows the sentence, else as it is. A snapshot's file has its name in it. */
export const sentence = (saying, text) =>
  saying
    ? t(
        `saying.${saying.code}`,
        saying.values.map((v) => v.replace(/^mvti-(\w+)\.mvs$/, '$1')),
      )
    : text
      ? html`<span lang="en">${text}</span>`
      : '';

/** The server's own sentence about a request that it refused. */
export const said = (error) => error.problem?.errors?.[0]?.message ?? error.problem?.detail ?? String(error);
