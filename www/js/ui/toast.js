// Short notices, read out politely, gone after a while.
import { html } from '../../vendor/lit-html.js';

let list = [];
let redraw = () => {};

export function toast(text, tone = 'info') {
  const one = { text, tone };
  list = [...list.slice(-1), one];
  redraw();
  setTimeout(() => {
    list = list.filter((o) => o !== one);
    redraw();
  }, 5000);
}

export function toasts(draw) {
  redraw = draw;
  return html`<div class="toasts" role="status" aria-live="polite">${list.map(
    (o) =>
      html`<p class="toast ${o.tone}"><span aria-hidden="true">${o.tone === 'bad' ? '!' : '✓'}</span>${o.text}</p>`,
  )}</div>`;
}
