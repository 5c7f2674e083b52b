// A question with one answer: real radio buttons. A tap goes on by itself; from the keyboard, arrows choose and Enter goes on.
import { html } from '../../vendor/lit-html.js';
import { t } from '../i18n.js';

let byKey = false;
addEventListener(
  'keydown',
  () => {
    byKey = true;
  },
  true,
);
addEventListener(
  'pointerdown',
  () => {
    byKey = false;
  },
  true,
);

/**
 * options: [{value, view, cls?, head?}], head: a heading before it; pick(value) keeps the answer; next() goes on.
 * legend is the question; lead a line below it; intro what stands before the options, extra what follows them.
 */
export function choice({ name, legend, lead, options, value, pick, next, kind = 'stack', intro, extra }) {
  const changed = (event) => {
    const chosen = event.target.value;
    pick(chosen);
    if (!byKey) next();
  };
  const onward = (event) => {
    event.preventDefault();
    if (value !== null && value !== undefined) next();
  };
  return html`<form class="ask" @submit=${onward} novalidate><fieldset><legend><h1 tabindex="-1" data-focus>${legend}</h1>${lead ? html`<span class="lead">${lead}</span>` : ''}</legend>
    ${intro ?? ''}<div class=${`options ${kind}`}>${options.map(
      (
        o,
      ) => html`${o.head ? html`<h2 class="likely">${o.head}</h2>` : ''}<label class=${`option ${o.cls ?? ''}`}>
      <input type="radio" name=${name} value=${String(o.value)} .checked=${String(value) === String(o.value)} @change=${changed} @click=${(e) => again(e, value, o.value, next)} />
      <span class="option-view">${o.view}</span></label>`,
    )}</div></fieldset>${extra ?? ''}
    <p class="onward"><button type="submit" class="button" ?disabled=${value === null || value === undefined}>${t('test.next')}</button></p></form>`;
}

/** Tapping the answer that is chosen already means: go on. */
function again(event, value, own, next) {
  if (!byKey && String(value) === String(own) && event.detail !== 0) next();
}
