// What a page shows when it has nothing to show yet, nothing at all, or trouble.
import { html } from '../../vendor/lit-html.js';
import { at, t } from '../i18n.js';

/** Grey cards in the place of n real ones. */
export const skeleton = (
  n,
  kind = 'row',
) => html`<div class="skeletons ${kind}" role="status"><span class="sr">${t('state.loading')}</span>
  ${Array.from({ length: n }, () => html`<div class="skeleton" aria-hidden="true"></div>`)}</div>`;

export const empty = (title, text, action) =>
  html`<div class="state"><h2>${title}</h2><p>${text}</p>${action ?? ''}</div>`;

/** What went wrong and what to do next. retry may be left out. */
export function failure(error, retry) {
  const kind = error?.kind ?? 'fault';
  return html`<div class="wrap pad"><div class="state" role="alert"><h1 data-focus tabindex="-1">${t(`error.${kind}.title`)}</h1><p>${t(`error.${kind}.text`)}</p>
    <p class="actions">${retry && kind !== 'notfound' ? html`<button type="button" class="button" @click=${retry}>${t('action.retry')}</button>` : ''}
    <a class="button quiet" href=${at('/')}>${t('action.home')}</a></p></div></div>`;
}

/** A promise a page waits for: {value} | {error} | {} while waiting; run() again to retry. */
export function resource(load, draw) {
  const it = { value: undefined, error: undefined };
  it.run = () => {
    it.error = undefined;
    draw();
    it.done = load()
      .then(
        (v) => {
          it.value = v;
        },
        (e) => {
          it.error = e;
        },
      )
      .then(draw);
    return it.done;
  };
  return it;
}
