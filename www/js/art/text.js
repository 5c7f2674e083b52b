// Setting a title into a box without a layout engine: generous advance widths of Pretendard ExtraBold, per em.
import { svg } from '../../vendor/lit-html.js';
import { r1 } from './rng.js';

const WIDE = /[A-HJ-LN-RT-VX-Z0-9&+=~?#$@]/;

function advance(ch) {
  const c = ch.codePointAt(0);
  if (c >= 0x1100) return 0.93;
  if (ch === ' ') return 0.26;
  if ('MW%'.includes(ch)) return 0.95;
  if (ch === 'm' || ch === 'w') return 0.9;
  if ("ijl.,:;'|!I()-·".includes(ch)) return 0.34;
  if (ch === 'f' || ch === 't' || ch === 'r') return 0.42;
  return WIDE.test(ch) ? 0.72 : 0.62;
}

const segmenter = globalThis.Intl?.Segmenter && new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** What people take for one character: an emoji family or a letter with its marks is never cut in two. */
const clusters = (text) => (segmenter ? Array.from(segmenter.segment(text), (s) => s.segment) : [...text]);

/** Width of a text in em. */
export const width = (text) => [...text].reduce((w, ch) => w + advance(ch), 0);

function cut(word, limit) {
  const parts = [''];
  for (const ch of clusters(word)) {
    if (width(parts.at(-1) + ch) > limit && parts.at(-1)) parts.push('');
    parts[parts.length - 1] += ch;
  }
  return parts;
}

/** Breaks at blanks (and, only where a word alone is too wide, inside it) into lines of at most `limit` em. */
export function wrap(text, limit, mayCut = true) {
  const lines = [];
  let line = '';
  for (const word of text.trim().split(/\s+/)) {
    const joined = line ? `${line} ${word}` : word;
    if (width(joined) <= limit) {
      line = joined;
      continue;
    }
    if (line) lines.push(line);
    if (width(word) <= limit) {
      line = word;
      continue;
    }
    if (!mayCut) return null;
    const parts = cut(word, limit);
    line = parts.pop();
    lines.push(...parts);
  }
  lines.push(line);
  return lines;
}

/** The largest of the sizes at which the text fits a box w × h; words stay whole if any size allows it. */
export function fit(text, w, h, max = 40, min = 9) {
  const leading = 1.12;
  for (const mayCut of [false, true]) {
    for (let size = max; size >= min; size -= 1) {
      const lines = wrap(text, w / size, mayCut);
      if (lines && lines.length * size * leading <= h) return { lines, size, leading };
    }
    // Cutting words beats letters nobody can read: words stay whole only down to a readable size.
  }
  const lines = wrap(text, w / min, true).slice(0, Math.max(1, Math.floor(h / (min * leading))));
  lines[lines.length - 1] = clusters(lines.at(-1)).slice(0, -1).join('') + '…';
  return { lines, size: min, leading };
}

/** Lines as SVG text; `anchor` start, middle or end at x; `from` top or bottom of the box at y. */
export function setText(text, box) {
  const { x, y, w, h, fill, anchor = 'start', from = 'top', max = 40, weight = 800 } = box;
  const set = fit(text, w, h, max, box.min ?? 11);
  const step = set.size * set.leading;
  const top = from === 'top' ? y + set.size * 0.86 : y - (set.lines.length - 1) * step - set.size * 0.14;
  return svg`<text font-size=${set.size} font-weight=${weight} fill=${fill} text-anchor=${anchor} letter-spacing=${
    set.size > 22 ? -0.6 : -0.2
  }>${set.lines.map((line, i) => svg`<tspan x=${r1(x)} y=${r1(top + i * step)}>${line}</tspan>`)}</text>`;
}
