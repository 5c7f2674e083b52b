// The mark of the site, a ticket with a face in its light, and the glass that one searches with.
import { html } from '../../vendor/lit-html.js';

export const mark = () => html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
  <path class="mark-a" d="M4 6h24v6a4 4 0 0 0 0 8v6H4v-6a4 4 0 0 0 0-8z" />
  <circle class="mark-b" cx="16" cy="16" r="7" /><path class="mark-c" d="M16 9a7 7 0 0 1 0 14v-5l2-2-2-3z" /></svg>`;

export const glass = () => html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <path class="glass" d="M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M15.3 15.3L20.5 20.5" /></svg>`;
