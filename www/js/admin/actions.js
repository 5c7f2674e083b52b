// What was done in the console, newest first.
import { html } from '../../vendor/lit-html.js';
import { fetchNow } from '../api.js';
import { moment, sheet } from './parts.js';
import { known, t } from './words.js';

export const load = () => fetchNow('admin/actions');

async function more(data, console) {
  const next = await fetchNow(`admin/actions?cursor=${data.next_cursor}`);
  data.items.push(...next.items);
  data.next_cursor = next.next_cursor;
  console.draw();
}

const tone = { asked: '', done: 'good', failed: 'bad' };

const row = (a) => [
  moment(a.asked),
  html`<code>${a.admin}</code>`,
  html`${known('action', a.action)} <code>${a.subject}</code>`,
  a.before !== null || a.after !== null
    ? html`<code>${a.before ?? '–'}</code> → <code>${a.after ?? '–'}</code>`
    : '–',
  html`<span class="tag ${tone[a.outcome]}">${known('outcome', a.outcome)}</span> ${a.said}`,
];

export function view(data, console) {
  const heads = ['when', 'who', 'what', 'change', 'outcome'].map((h) => [t(`actions.${h}`)]);
  return html`<p class="fine">${t('actions.lead')}</p>
    ${data.items.length ? sheet(t('nav.actions'), heads, data.items.map(row)) : html`<p>${t('actions.empty')}</p>`}
    ${data.next_cursor ? html`<p><button type="button" class="button quiet" @click=${() => console.run(() => more(data, console))}>${t('more')}</button></p>` : ''}`;
}
