// What was done in the console, newest first.
import { html } from '../../vendor/lit-html.js';
import { fetchNow } from '../api.js';
import { sentence, sheet, stamp } from './parts.js';
import { known, t } from './words.js';

export const load = () => fetchNow('admin/actions');

async function more(data, console) {
  const next = await fetchNow(`admin/actions?cursor=${data.next_cursor}`);
  data.items.push(...next.items);
  data.next_cursor = next.next_cursor;
  console.draw();
}

const tone = { asked: '', done: 'good', failed: 'bad' };

/** Something before or after an action: a snapshot's name, or a word of ours. */
function state(text) {
  const count = /^(\d+) (votes|reports)$/.exec(text ?? '');
  const word = count ? t(`state.${count[2]}`, { n: count[1] }) : known('state', text);
  return word === text ? html`<code>${text || '–'}</code>` : (word ?? '–');
}

const row = (a) => [
  stamp(a.asked),
  html`<code>${a.admin}</code>`,
  html`${known('action', a.action)} <code>${a.subject}</code>`,
  a.before !== null || a.after !== null ? html`${state(a.before)} → ${state(a.after)}` : '–',
  html`<span class="tag ${tone[a.outcome]}">${known('outcome', a.outcome)}</span> ${sentence(a.saying, a.said)}`,
];

export function view(data, console) {
  const heads = ['when', 'who', 'what', 'change', 'outcome'].map((h) => [
    t(`actions.${h}`),
    false,
    h === 'outcome',
  ]);
  return html`<p class="fine">${t('actions.lead')}</p>
    ${data.items.length ? sheet(t('nav.actions'), heads, data.items.map(row)) : html`<p>${t('actions.empty')}</p>`}
    ${data.next_cursor ? html`<p><button type="button" class="button quiet" @click=${() => console.run(() => more(data, console))}>${t('more')}</button></p>` : ''}`;
}
