// Texts of the catalog as they stand on a page: each says its language where it is not the page's.
import { html, nothing } from '../../vendor/lit-html.js';
import { otherLang, tx, txs } from '../i18n.js';

/** The text of a {ko, en} pair. */
export function said(pair) {
  const text = tx(pair);
  const other = otherLang(text);
  return other ? html`<span lang=${other}>${text}</span>` : text;
}

/** Hashtags; none is broken behind its #. */
export const tags = (pair) =>
  txs(pair).map((tag) => html`<span class="tag" lang=${otherLang(tag) ?? nothing}>${tag}</span> `);
