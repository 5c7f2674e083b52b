// What the drawings of js/art import as lit-html when they are drawn on the server: the same template tags, written out as text.
// www/picture/build puts this file in the place of vendor/lit-html.js.

const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu; // XML 1.0, production [2]
const NAMES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escape = (value) => String(value).replace(FORBIDDEN, '').replace(/[&<>"]/g, (c) => NAMES[c]);

function child(value) {
  if (value === null || value === undefined || value === false) return '';
  if (Array.isArray(value)) return value.map(child).join('');
  return value instanceof Markup ? value.text : escape(value);
}

class Markup {
  constructor(text) {
    this.text = text;
  }
}

/** A value behind `name=` is an attribute, anywhere else it is content; that is all the drawings use. */
export function svg(strings, ...values) {
  let out = strings[0];
  values.forEach((value, i) => {
    out += strings[i].endsWith('=') ? `"${escape(value)}"` : child(value);
    out += strings[i + 1];
  });
  return new Markup(out);
}

export const html = svg;
