// Preferences near the middle, and the types with the other letter, each one tap away.
import { html } from '../../vendor/lit-html.js';
import { t } from '../i18n.js';
import { nearMiddle, neighbour } from '../quiz/score.js';

/** all: [{axis, percent}]; take(type) is what a tap does; word says it, of {mbti}. Nothing where no preference is near the middle. */
export function closeCall(all, mbti, take, word, busy = false) {
  const others = all.filter((a) => nearMiddle(a.percent)).map((a) => neighbour(mbti, a.axis));
  if (!others.length) return '';
  return html`<div class="aside-card close-call"><div><p class="close-title">${t('survey.close')}</p><p>${t(others.length > 1 ? 'survey.close.many' : 'survey.close.text')}</p></div><p class="actions">${others.map(
    (other) =>
      html`<button type="button" class="button quiet" aria-busy=${busy ? 'true' : 'false'} @click=${() => take(other)}>${t(word, { mbti: other })}</button>`,
  )}</p></div>`;
}
