// Pictures to send: what a link preview or a story shows of a result, a type, a character, a film or the site. mvti-draw calls
// picture(JSON) and gets SVG. Portraits, posters and emblems are the page's own (js/art).
import { emblem } from '../js/art/emblem.js';
import { mix, typePalette } from '../js/art/palette.js';
import { portrait } from '../js/art/portrait.js';
import { poster } from '../js/art/poster.js';
import { setText } from '../js/art/text.js';
import { lang, quoted, setLang, t, tx } from '../js/i18n.js';
import { svg } from '../vendor/lit-html.js';


const CREAM = '#fff6e4';
const FONTS = "Pretendard, 'Noto Sans CJK KR', 'Noto Color Emoji', 'DejaVu Sans', sans-serif";

const text = (x, y, size, fill, words, { weight = 800, anchor = 'start', spacing = 0 } = {}) =>
  svg`<text x=${x} y=${y} font-size=${size} font-weight=${weight} fill=${fill} text-anchor=${anchor} letter-spacing=${spacing}>${words}</text>`;

/** A drawing in a box with round corners. */
let clips = 0;
function framed(drawing, x, y, w, h, r) {
  const id = `f${clips++}`;
  return svg`<clipPath id=${id}><rect x=${x} y=${y} width=${w} height=${h} rx=${r} /></clipPath>
    <g clip-path=${`url(#${id})`}><svg x=${x} y=${y} width=${w} height=${h}>${drawing}</svg></g>`;
}

function ring(percent, x, y, r, p) {
  const around = 2 * Math.PI * r;
  const w = r * 0.2;
  const digits = `${percent}`;
  const size = r * (digits.length > 2 ? 0.66 : 0.8);
  return svg`<circle cx=${x} cy=${y} r=${r + w * 1.1} fill=${p.deep} />
    <circle cx=${x} cy=${y} r=${r} fill="none" stroke=${mix(p.deep, p.light, 0.2)} stroke-width=${w} />
    <circle cx=${x} cy=${y} r=${r} fill="none" stroke=${p.pop} stroke-width=${w} stroke-linecap="round" stroke-dasharray=${`${(around * percent) / 100} ${around}`} transform=${`rotate(-90 ${x} ${y})`} />
    <text x=${x} y=${y + size * 0.36} font-size=${size} font-weight="800" fill=${CREAM} text-anchor="middle">${digits}<tspan font-size=${size * 0.56}>%</tspan></text>`;
}

/** Words in a box, as large as fits, in whole words where that is possible. */
const words = (said, x, y, w, h, fill, { max, min = 16, weight = 800, anchor, from } = {}) =>
  setText(said, { x, y, w, h, fill, max, min, weight, anchor, from });

const brand = (x, y, size, fill, anchor = 'start') =>
  text(x, y, size, fill, 'MVTI', { weight: 900, anchor, spacing: size * 0.06 });

const sheet = (w, h, body) =>
  svg`<svg xmlns="http://www.w3.org/2000/svg" width=${w} height=${h} viewBox=${`0 0 ${w} ${h}`} font-family=${FONTS} lang=${lang()} xml:lang=${lang()}>${body}</svg>`;

const film = (movie) => `${quoted(tx(movie.title))}${movie.year ? ` ${movie.year}` : ''}`;

const posters = (movies, x, y, w, gap, r) =>
  movies.map((m, i) => framed(poster(m), x + i * (w + gap), y, w, w * 1.5, r));

/** The ground of every picture: the type's colour and two discs of light. */
const ground = (w, h, p, x, y, r) => svg`<rect width=${w} height=${h} fill=${p.bg} />
  <circle cx=${x} cy=${y} r=${r} fill=${mix(p.bg, p.light, 0.09)} /><circle cx=${x} cy=${y} r=${r * 0.76} fill=${mix(p.bg, p.light, 0.18)} />`;

const tile = (mbti, p, x, y, size) =>
  framed(svg`<rect width="100%" height="100%" fill=${p.deep} />${emblem(mbti)}`, x, y, size, size, size * 0.23);

/** "INFP 4w5" on one line of letters. */
const letters = (f, x, y, size, p, anchor = 'start') =>
  svg`<text x=${x} y=${y} font-size=${size} font-weight="900" fill=${CREAM} letter-spacing=${-size * 0.02} text-anchor=${anchor}>${f.mbti}${
    f.enneagram ? svg`<tspan dx=${size * 0.18} font-size=${size * 0.5} font-weight="800" fill=${p.pop} letter-spacing="0">${f.enneagram}</tspan>` : ''
  }</text>`;

/** The line at the foot of a card: whose picture it is, and what it asks. */
const foot = (x, y, p, said = t('ask')) =>
  svg`${brand(x, y, 28, p.pop)}${text(x + 108, y, 24, p.light, said, { weight: 600 })}`;

function bestOf(best, p) {
  return svg`${framed(portrait(best), 750, 52, 390, 390, 44)}
    ${best.percent ? ring(best.percent, 1096, 410, 60, p) : ''}
    ${text(752, 494, 23, p.pop, t('best'), { weight: 700 })}
    ${words(tx(best.name), 750, 504, 396, 56, CREAM, { max: 48, min: 20 })}
    ${words(film(best.movie), 752, 562, 396, 50, p.light, { max: 26, min: 14, weight: 600 })}`;
}

function resultCard(f) {
  const p = typePalette(f.mbti);
  return sheet(1200, 630, svg`${ground(1200, 630, p, 945, 280, 450)}
    ${tile(f.mbti, p, 56, 52, 132)}${letters(f, 212, 128, 104, p)}
    ${words(tx(f.typeName), 214, 143, 470, 46, p.light, { max: 36, weight: 700 })}
    ${text(58, 262, 23, p.pop, t('films'), { weight: 700 })}${posters(f.movies, 58, 284, 168, 24, 14)}
    ${foot(58, 592, p)}${f.best ? bestOf(f.best, p) : ''}`);
}

const face = (who, x, y, size, p) => svg`${framed(portrait(who), x, y, size, size, size * 0.13)}
  ${words(tx(who.name), x, y + size + 12, size, 34, CREAM, { max: 25, min: 14, weight: 700 })}`;

function typeCard(f) {
  const p = typePalette(f.mbti);
  const [first, ...others] = f.characters;
  return sheet(1200, 630, svg`${ground(1200, 630, p, 990, 300, 450)}
    ${tile(f.mbti, p, 56, 56, 176)}${letters(f, 258, 152, 116, p)}
    ${words(tx(f.typeName), 260, 172, 540, 56, p.light, { max: 40, weight: 700 })}
    ${f.wingName ? text(58, 292, 26, p.pop, `${f.enneagram} ${tx(f.wingName)}`, { weight: 700 }) : ''}
    ${words(tx(f.summary), 58, f.wingName ? 318 : 284, 720, f.wingName ? 220 : 250, CREAM, { max: 40, min: 20, weight: 700 })}
    ${foot(58, 592, p)}
    ${first ? face(first, 844, 56, 300, p) : ''}
    ${others.map((who, i) => face(who, 844 + i * 158, 412, 142, p))}`);
}

function characterCard(f) {
  const who = f.character;
  const p = typePalette(who.mbti);
  return sheet(1200, 630, svg`${ground(1200, 630, p, 310, 330, 470)}
    ${framed(portrait(who), 56, 56, 518, 518, 56)}
    ${words(tx(who.name), 632, 52, 326, 150, CREAM, { max: 62, min: 24 })}
    ${words(film(who.movie), 634, 212, 324, 106, p.light, { max: 30, min: 15, weight: 600 })}
    ${framed(poster(who.movie), 980, 56, 164, 246, 16)}
    ${text(634, 364, 23, p.pop, t('typed'), { weight: 700 })}
    ${tile(who.mbti, p, 632, 386, 124)}${letters(who, 776, 458, 88, p)}
    ${words(tx(who.typeName), 778, 472, 366, 44, p.light, { max: 30, weight: 700 })}
    ${foot(634, 572, p)}`);
}

function movieCard(f) {
  const p = typePalette(f.characters[0]?.mbti ?? 'INFJ');
  return sheet(1200, 630, svg`${ground(1200, 630, p, 230, 320, 460)}
    ${framed(poster(f.movie), 56, 56, 345, 518, 22)}
    ${words(film(f.movie), 452, 50, 692, 150, CREAM, { max: 62, min: 24 })}
    ${f.characters.length ? text(454, 242, 23, p.pop, t('cast'), { weight: 700 }) : ''}
    ${f.characters.map((who, i) => svg`${face(who, 452 + i * 236, 262, 208, p)}${text(452 + i * 236, 530, 20, p.pop, `${who.mbti} ${who.enneagram}`, { weight: 700 })}`)}
    ${foot(454, 592, p)}`);
}

function siteCard(f) {
  const p = typePalette('INFJ');
  const [first, second] = t('home').split('\n');
  return sheet(1200, 630, svg`${ground(1200, 630, p, 900, 315, 480)}
    ${brand(56, 138, 84, p.pop)}
    ${words(first, 58, 200, 520, 70, CREAM, { max: 56 })}${words(second, 58, 272, 520, 70, CREAM, { max: 56 })}
    ${words(t('homeAsk'), 58, 376, 460, 130, p.light, { max: 30, weight: 600 })}
    ${f.host ? text(58, 586, 24, p.pop, f.host, { weight: 600 }) : ''}
    ${f.characters.map((who, i) => framed(portrait(who), 612 + (i % 3) * 184, 136 + Math.floor(i / 3) * 184, 166, 166, 26))}`);
}

/* Between the bars that apps lay over a story, in y from 250 to 1580. */
function resultStory(f) {
  const p = typePalette(f.mbti);
  const best = f.best;
  const n = f.movies.length;
  return sheet(1080, 1920, svg`${ground(1080, 1920, p, 540, 760, 760)}
    ${brand(540, 200, 52, p.pop, 'middle')}
    ${tile(f.mbti, p, 210, 256, 172)}${letters(f, 412, 362, 136, p)}
    ${words(tx(f.typeName), 416, 380, 470, 56, p.light, { max: 44, weight: 700 })}
    ${
      best
        ? svg`${framed(portrait(best), 210, 478, 660, 660, 72)}${best.percent ? ring(best.percent, 838, 1098, 92, p) : ''}
    ${text(212, 1214, 34, p.pop, t('best'), { weight: 700 })}
    ${words(tx(best.name), 210, 1228, 660, 90, CREAM, { max: 76, min: 30 })}
    ${words(film(best.movie), 212, 1322, 660, 78, p.light, { max: 40, min: 22, weight: 600 })}`
        : ''
    }
    ${posters(f.movies, 210, 1412, 188, 48, 18)}
    ${text(540, 1778, 42, CREAM, t('ask'), { weight: 800, anchor: 'middle' })}
    ${f.host ? text(540, 1836, 34, p.pop, f.host, { weight: 600, anchor: 'middle' }) : ''}`);
}

function typeStory(f) {
  const p = typePalette(f.mbti);
  return sheet(1080, 1920, svg`${ground(1080, 1920, p, 540, 640, 780)}
    ${brand(540, 200, 52, p.pop, 'middle')}
    ${tile(f.mbti, p, 300, 270, 480)}${letters(f, 540, 916, 160, p, 'middle')}
    ${words(tx(f.typeName), 540, 946, 860, 80, p.light, { max: 58, weight: 700, anchor: 'middle' })}
    ${words(tx(f.summary), 540, 1060, 820, 190, CREAM, { max: 42, min: 24, weight: 700, anchor: 'middle' })}
    ${f.characters.map((who, i) => face(who, 120 + i * 290, 1290, 260, p))}
    ${text(540, 1778, 42, CREAM, t('ask'), { weight: 800, anchor: 'middle' })}
    ${f.host ? text(540, 1836, 34, p.pop, f.host, { weight: 600, anchor: 'middle' }) : ''}`);
}

const DRAW = {
  result: { card: resultCard, story: resultStory },
  type: { card: typeCard, story: typeStory },
  character: { card: characterCard },
  movie: { card: movieCard },
  site: { card: siteCard },
};

/** facts: as lib/picture/shown.h writes them. A size that a kind has not is its card. */
globalThis.picture = (json) => {
  const facts = JSON.parse(json);
  setLang(facts.lang);
  clips = 0;
  const kind = DRAW[facts.kind];
  return (kind[facts.size] ?? kind.card)(facts).text;
};
