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

// ---- circles: whoever compares, by type and by character; never by name ----

/** Somebody's character, or of who has none the type's emblem, in a box. */
const figure = (one, x, y, size) =>
  one.who ? framed(portrait(one.who), x, y, size, size, size * 0.12) : tile(one.mbti, typePalette(one.mbti), x, y, size);

/** Two colours that meet in a slanted line about x = middle. */
function halves(w, h, left, right, middle, slant) {
  return svg`<rect width=${w} height=${h} fill=${left.bg} /><circle cx=${middle * 0.45} cy=${h * 0.45} r=${h * 0.42} fill=${mix(left.bg, left.light, 0.12)} />
    <path d=${`M${middle + slant} 0H${w}V${h}H${middle - slant}Z`} fill=${right.bg} />
    <circle cx=${w - middle * 0.45} cy=${h * 0.45} r=${h * 0.42} fill=${mix(right.bg, right.light, 0.12)} />
    <path d=${`M${middle + slant} 0L${middle - slant} ${h}`} stroke=${CREAM} stroke-width="6" />`;
}

const NIGHT = '#241a3a';

/** How the types of two go together. */
const grade = (n, x, y, r) => svg`<circle cx=${x} cy=${y} r=${r} fill=${NIGHT} stroke=${CREAM} stroke-width=${r * 0.06} />
  ${text(x, y + r * 0.18, r * 0.86, CREAM, n, { weight: 900, anchor: 'middle' })}
  ${words(t('grade'), x, y + r * 0.3, r * 1.5, r * 0.42, '#ffd479', { max: r * 0.27, min: 10, weight: 700, anchor: 'middle' })}`;

/** One of two: portrait, name, type. x: left edge of the portrait. */
function one(who, x, y, size, scale) {
  const p = typePalette(who.mbti);
  const middle = x + size / 2;
  return svg`${figure(who, x, y, size)}
    ${words(who.who ? tx(who.who.name) : tx(who.typeName), middle, y + size + 10 * scale, size, 50 * scale, CREAM, { max: 38 * scale, min: 17 * scale, anchor: 'middle' })}
    ${letters(who, middle, y + size + 116 * scale, 58 * scale, p, 'middle')}`;
}

function twoCard(f) {
  const [a, b] = f.people;
  const [p, q] = [typePalette(a.mbti), typePalette(b.mbti)];
  return sheet(1200, 630, svg`${halves(1200, 630, p, q, 600, 46)}
    ${one(a, 118, 48, 344, 1)}${one(b, 738, 48, 344, 1)}${grade(f.grade, 600, 214, 92)}
    ${f.movie ? svg`<rect x="478" y="330" width="244" height="124" rx="20" fill=${NIGHT} />${words(film(f.movie), 600, 342, 220, 100, CREAM, { max: 30, min: 14, weight: 700, anchor: 'middle' })}` : ''}
    ${brand(58, 592, 28, p.pop)}${text(1142, 592, 24, q.light, t('askTwo'), { weight: 600, anchor: 'end' })}`);
}

function twoStory(f) {
  const [a, b] = f.people;
  const [p, q] = [typePalette(a.mbti), typePalette(b.mbti)];
  return sheet(1080, 1920, svg`<rect width="1080" height="1920" fill=${p.bg} /><circle cx="540" cy="560" r="520" fill=${mix(p.bg, p.light, 0.12)} />
    <path d="M0 1030L1080 890V1920H0Z" fill=${q.bg} /><circle cx="540" cy="1360" r="420" fill=${mix(q.bg, q.light, 0.12)} />
    <path d="M0 1030L1080 890" stroke=${CREAM} stroke-width="8" />
    ${brand(540, 200, 52, p.pop, 'middle')}${text(540, 300, 48, CREAM, t('pair'), { weight: 800, anchor: 'middle' })}
    ${one(a, 110, 346, 440, 1.3)}${one(b, 530, 1030, 440, 1.3)}${grade(f.grade, 790, 700, 140)}
    ${f.movie ? words(film(f.movie), 290, 1120, 380, 260, CREAM, { max: 46, min: 20, weight: 700, anchor: 'middle' }) : ''}
    ${text(540, 1778, 42, CREAM, t('askTwo'), { weight: 800, anchor: 'middle' })}
    ${f.host ? text(540, 1836, 34, q.pop, f.host, { weight: 600, anchor: 'middle' }) : ''}`);
}

/** A row of people, its middle at x: portraits with their types. */
const row = (people, x, y, size, gap) =>
  people.map((who, i) => {
    const left = x - (people.length * (size + gap) - gap) / 2 + i * (size + gap);
    const p = typePalette(who.mbti);
    return svg`<rect x=${left - 6} y=${y - 6} width=${size + 12} height=${size * 1.32 + 12} rx=${size * 0.16} fill=${p.bg} />
      ${figure(who, left, y, size)}${letters(who, left + size / 2, y + size * 1.23, size * 0.19, p, 'middle')}`;
  });

/** In one row, or in two of which the upper is as long or longer by one. */
function rows(people, most) {
  const upper = people.length > most ? Math.ceil(people.length / 2) : people.length;
  return [people.slice(0, upper), people.slice(upper)].filter((r) => r.length);
}

function everybodyCard(f) {
  const p = typePalette('INFJ');
  const lines = rows(f.people, 4);
  const size = lines.length > 1 ? 146 : 232;
  return sheet(1200, 630, svg`${ground(1200, 630, p, 600, 330, 480)}
    ${text(600, 106, 54, CREAM, t('everybody'), { weight: 900, anchor: 'middle' })}
    ${lines.map((line, i) => row(line, 600, (lines.length > 1 ? 142 : 180) + i * size * 1.46, size, lines.length > 1 ? 40 : 44))}
    ${brand(58, 592, 28, p.pop)}${text(1142, 592, 24, p.light, t('ask'), { weight: 600, anchor: 'end' })}`);
}

function everybodyStory(f) {
  const p = typePalette('INFJ');
  const lines = [];
  for (let i = 0; i < f.people.length; i += 2) lines.push(f.people.slice(i, i + 2));
  const size = lines.length > 3 ? 224 : lines.length > 2 ? 280 : 400;
  const high = size * 1.46;
  return sheet(1080, 1920, svg`${ground(1080, 1920, p, 540, 960, 760)}
    ${brand(540, 200, 52, p.pop, 'middle')}${text(540, 310, 64, CREAM, t('everybody'), { weight: 900, anchor: 'middle' })}
    ${lines.map((line, i) => row(line, 540, 1020 - (lines.length * high) / 2 + i * high, size, size * 0.2))}
    ${text(540, 1778, 42, CREAM, t('ask'), { weight: 800, anchor: 'middle' })}
    ${f.host ? text(540, 1836, 34, p.pop, f.host, { weight: 600, anchor: 'middle' }) : ''}`);
}

/** The place that is kept for whoever is asked. */
const empty = (x, y, size) => svg`<rect x=${x} y=${y} width=${size} height=${size} rx=${size * 0.12} fill="none" stroke=${CREAM} stroke-width="6" stroke-dasharray="18 16" />
  ${text(x + size / 2, y + size * 0.68, size * 0.52, CREAM, '?', { weight: 900, anchor: 'middle' })}`;

function inviteCard(f) {
  const [a] = f.people;
  const p = typePalette(a.mbti);
  const [first, second] = t('invite').split('\n');
  return sheet(1200, 630, svg`${ground(1200, 630, p, 830, 300, 470)}
    ${words(first, 58, 120, 420, 84, CREAM, { max: 68 })}${words(second, 58, 204, 440, 84, CREAM, { max: 68 })}
    ${words(t('askTwo'), 58, 322, 400, 110, p.light, { max: 32, weight: 600 })}
    ${one(a, 508, 110, 300, 0.9)}${empty(850, 110, 300)}${text(1000, 470, 40, CREAM, t('you'), { anchor: 'middle' })}
    ${foot(58, 592, p, '')}`);
}

function inviteStory(f) {
  const [a] = f.people;
  const p = typePalette(a.mbti);
  return sheet(1080, 1920, svg`${ground(1080, 1920, p, 540, 900, 760)}
    ${brand(540, 200, 52, p.pop, 'middle')}
    ${words(t('invite').replace('\n', ' '), 540, 280, 860, 130, CREAM, { max: 84, anchor: 'middle' })}
    ${one(a, 130, 440, 460, 1.5)}${empty(520, 1120, 400)}${text(720, 1620, 60, CREAM, t('you'), { anchor: 'middle' })}
    ${text(540, 1778, 42, CREAM, t('askTwo'), { weight: 800, anchor: 'middle' })}
    ${f.host ? text(540, 1836, 34, p.pop, f.host, { weight: 600, anchor: 'middle' }) : ''}`);
}

const of = (invite, two, everybody) => (f) => (f.people.length > 2 ? everybody : f.people.length > 1 ? two : invite)(f);

const DRAW = {
  circle: { card: of(inviteCard, twoCard, everybodyCard), story: of(inviteStory, twoStory, everybodyStory) },
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
