// Asking for what the jobs account carries out, and what came of the newest request.
import { html } from '../../vendor/lit-html.js';
import { post } from '../api.js';
import { moment, sentence } from './parts.js';
import { known, t } from './words.js';

const OPEN = ['asked', 'taken'];
const tone = { done: 'good', failed: 'bad' };

/** Asks the owner first, by `sure` or in the usual words, and then the server. on: what it is about, for people. */
export function ask(console, action, { subject, on = subject, sure }) {
  if (!confirm(sure ?? t('live.sure', { what: known('action', action), on }))) return;
  console.run(async () => {
    await post('admin/requests', { action, ...(subject && { subject }) });
    await console.reload();
  });
}

/** The newest of these actions; while it waits, the section looks again. */
export function newest(actions, ours, console) {
  const last = actions.find((a) => ours.includes(a.action));
  if (!last) return '';
  const open = OPEN.includes(last.outcome);
  if (open) console.later();
  return html`<p class="said" role="status">${moment(last.asked)} · ${known('action', last.action)} <code>${last.subject}</code> ·
    <span class="tag ${tone[last.outcome] ?? ''}">${known('outcome', last.outcome)}</span> ${sentence(last.saying, last.said) || (open ? t('live.waits') : '')}</p>`;
}
