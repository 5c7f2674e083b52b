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

/** What somebody typed, as it may be shown again: without what hides or turns text, as workers do it (lib/base/name.h). */
export const clean = (text) =>
  text
    .normalize()
    .replace(
      /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu,
      '',
    )
    .trim();
