// A character's portrait: a cut-paper figure. The type gives colours, eyes and ground, the Enneagram core a badge, the catalog's presentation
// what kind of figure it is, the name everything else. Nobody's likeness: faces are paper, not people. Where the catalog does not say
// who somebody is, a thing or a mask stands for them (figures.js).
import { html, svg } from '../../vendor/lit-html.js';
import { mix, typePalette } from './palette.js';
import { hash, r1, rng } from './rng.js';
import { creature, robot, stranger } from './figures.js';
import { beard, clothes, hair } from './wardrobe.js';

const circle = (x, y, r, fill) => svg`<circle cx=${r1(x)} cy=${r1(y)} r=${r1(r)} fill=${fill} />`;
const stroke = (d, colour, w) =>
  svg`<path d=${d} fill="none" stroke=${colour} stroke-width=${w} stroke-linecap="round" stroke-linejoin="round" />`;

/** Ground: ordered for S, dreaming for N. */
function ground(mbti, p, dice) {
  const [base, soft] = dice.pick([
    [p.bg, mix(p.bg, p.pop2, 0.34)],
    [p.deep, mix(p.deep, p.pop2, 0.34)],
    [mix(p.pop2, p.bg, 0.25), mix(p.pop2, p.bg, 0.55)],
    [p.light, mix(p.light, p.pop2, 0.34)],
    [mix(p.pop, p.light, 0.15), mix(p.pop, p.light, 0.5)],
  ]);
  const kinds =
    mbti[1] === 'S'
      ? [
          () =>
            Array.from(
              { length: 7 },
              (_, i) => svg`<rect x=${i * 30 - 4} y="0" width="13" height="200" fill=${soft} />`,
            ),
          () =>
            Array.from({ length: 25 }, (_, i) =>
              circle((i % 5) * 44 + 12, Math.floor(i / 5) * 44 + 12, 5, soft),
            ),
          () =>
            [0, 1, 2, 3].map((j) =>
              [0, 1, 2, 3].map((i) =>
                (i + j) % 2 ? svg`<rect x=${i * 50} y=${j * 50} width="50" height="50" fill=${soft} />` : '',
              ),
            ),
          () =>
            Array.from(
              { length: 9 },
              (_, i) =>
                svg`<rect x="-80" y=${i * 34 - 20} width="380" height="13" fill=${soft} transform="rotate(-32 100 100)" />`,
            ),
        ]
      : [
          () => [96, 74, 52].map((r, i) => circle(dice.range(60, 140), 66, r, i % 2 ? base : soft)),
          () =>
            Array.from(
              { length: 16 },
              (_, i) =>
                svg`<path d="M100 84L92 -90L108 -90Z" fill=${soft} transform=${`rotate(${i * 22.5} 100 84)`} />`,
            ),
          () =>
            Array.from({ length: 30 }, () =>
              circle(dice.range(0, 200), dice.range(0, 150), dice.range(1, 4), soft),
            ),
          () =>
            Array.from({ length: 6 }, (_, i) =>
              stroke(`M-10 ${24 + i * 30}q27.5 -22 55 0t55 0t55 0t55 0`, soft, 7),
            ),
        ];
  return svg`<rect width="200" height="200" fill=${base} />${dice.pick(kinds)()}`;
}

const HEADS = [
  'M62 88C62 46 138 46 138 88C138 122 122 144 100 144C78 144 62 122 62 88Z',
  'M66 70C66 50 134 50 134 70V110C134 132 120 144 100 144C80 144 66 132 66 110Z',
  'M60 92C60 56 78 48 100 48C122 48 140 56 140 92C140 116 118 146 100 146C82 146 60 116 60 92Z',
  'M64 84C64 54 82 46 100 46C118 46 136 54 136 84C138 120 120 142 100 142C80 142 62 120 64 84Z',
];

function eyes(mbti, core, ink, paper, dice) {
  const y = 96;
  const [l, r] = [83, 117];
  const both = (draw) => svg`${draw(l)}${draw(r)}`;
  const sets =
    mbti[2] === 'F'
      ? [
          () => both((x) => stroke(`M${x - 8} ${y}q8 7 16 0`, ink, 3.4)),
          () => both((x) => svg`${circle(x, y, 5.4, ink)}${circle(x + 1.8, y - 1.9, 1.7, paper)}`),
          () =>
            both(
              (x) =>
                svg`<path d=${`M${x - 10} ${y}Q${x} ${y - 11} ${x + 10} ${y}Q${x} ${y + 8} ${x - 10} ${y}Z`} fill=${paper} />${circle(x, y - 0.6, 4.2, ink)}`,
            ),
        ]
      : [
          () => both((x) => svg`<rect x=${x - 8} y=${y - 3} width="16" height="5" rx="2.5" fill=${ink} />`),
          () =>
            both(
              (x) =>
                svg`<path d=${`M${x - 10} ${y - 3}H${x + 10}Q${x + 8} ${y + 7} ${x} ${y + 7}Q${x - 8} ${y + 7} ${x - 10} ${y - 3}Z`} fill=${paper} />${circle(x, y + 1, 4, ink)}${stroke(`M${x - 10} ${y - 3}H${x + 10}`, ink, 3)}`,
            ),
          () => both((x) => circle(x, y, 4.6, ink)),
        ];
  const brow =
    mbti[3] === 'J'
      ? svg`${stroke(`M73 ${y - 15}L93 ${y - 13}`, ink, 3.6)}${stroke(`M107 ${y - 13}L127 ${y - 15}`, ink, 3.6)}`
      : svg`${stroke(`M73 ${y - 13}q9 -8 20 -3`, ink, 3.2)}${stroke(`M107 ${y - 18}q11 -4 20 4`, ink, 3.2)}`;
  const glasses =
    core === 5 || (core === 1 && dice.chance(0.4)) || dice.chance(0.07)
      ? svg`<g fill="none" stroke=${ink} stroke-width="3"><circle cx=${l} cy=${y} r="13" /><circle cx=${r} cy=${y} r="13" /><path d="M96 94q4-3 8 0" /></g>`
      : '';
  return svg`${dice.pick(sets)()}${brow}${glasses}`;
}

/** lip: null where none is painted. */
function mouth(mbti, ink, lip, dice) {
  const sets =
    mbti[0] === 'E'
      ? [
          () =>
            svg`<path d="M86 121Q100 139 114 121Z" fill=${ink} /><path d="M90 122.500H110L108 125H92Z" fill="#fff6e4" />`,
          () => stroke('M86 122q14 12 28 0', ink, 3.6),
          () => svg`<path d="M87 123Q94 117 100 120Q106 117 113 123Q100 134 87 123Z" fill=${lip} />`,
        ]
      : [
          () => stroke('M91 125h18', ink, 3.4),
          () => stroke('M90 124q10 5 20 0', ink, 3.2),
          () => svg`<path d="M91 124Q96 120 100 122Q104 120 109 124Q100 130 91 124Z" fill=${lip} />`,
        ];
  return dice.pick(lip ? sets : sets.slice(0, 2))();
}

const BADGES = [
  null,
  (c) => svg`<path d="M-7 7L0 -8L7 7Z" fill=${c} />`,
  (c) => svg`<path d="M0 8C-12 -1 -8 -9 -3.5 -8Q-0.5 -7 0 -4Q0.5 -7 3.5 -8C8 -9 12 -1 0 8Z" fill=${c} />`,
  (c) =>
    svg`<path d="M0 -9L2.6 -3L9 -2.600L4 1.600L5.6 8L0 4.500L-5.6 8L-4 1.600L-9 -2.600L-2.6 -3Z" fill=${c} />`,
  (c) => svg`<path d="M3 -8A8.5 8.5 0 1 0 8 4A7 7 0 1 1 3 -8Z" fill=${c} />`,
  (c) =>
    svg`<path d="M-9 0Q0 -10 9 0Q0 10 -9 0ZM0 -3.200A3.2 3.2 0 1 0 0 3.200A3.2 3.2 0 1 0 0 -3.200Z" fill=${c} fill-rule="evenodd" />`,
  (c) => svg`<path d="M-7 -7H7V1Q6 6 0 9Q-6 6 -7 1Z" fill=${c} />`,
  (c) =>
    svg`<g stroke=${c} stroke-width="2.6" stroke-linecap="round"><path d="M0 -8.500V8.500M-8.5 0H8.500M-6 -6L6 6M-6 6L6 -6" /></g>`,
  (c) => svg`<path d="M1 -9L-7 2H-1L-2.5 9L7 -3H1Z" fill=${c} />`,
  (c) =>
    svg`<g fill="none" stroke=${c} stroke-width="2.6" stroke-linecap="round"><path d="M-8 -3q4-4 8 0t8 0M-8 4q4-4 8 0t8 0" /></g>`,
];

function badge(core, p) {
  return BADGES[core]
    ? svg`<g transform="translate(176 24)"><circle r="15" fill=${p.pop} />${BADGES[core](p.deep)}</g>`
    : '';
}

const GREY = ['#e9e6e1', '#c9c6c4', '#a7a5a6'];

/** Colours of one figure: from its type's palette, turned by the dice so that two of a type differ. */
function colours(p, dice, age) {
  const paper = dice.pick([
    p.light,
    mix(p.light, '#f6c9a0', 0.7),
    mix(p.light, '#e3a877', 0.8),
    mix(p.pop2, '#cf8d62', 0.85),
    mix(p.pop, p.light, 0.5),
    mix(p.bg, '#a9683f', 0.82),
  ]);
  const dark = mix(p.deep, '#0d0a0e', 0.25);
  const hairs = [
    dark,
    p.pop,
    mix(p.pop2, p.deep, 0.35),
    mix(p.light, p.deep, 0.72),
    mix(p.pop, p.deep, 0.45),
  ];
  return {
    paper,
    shade: mix(paper, p.bg, 0.25),
    ink: dark,
    hair: dice.pick(age === 'old' ? GREY : hairs.filter((h) => h !== paper)),
    cloth: dice.pick([p.pop, p.pop2, p.light, mix(p.pop2, p.deep, 0.5)]),
    trim: dice.pick([p.pop, p.light, p.deep]),
  };
}

const drawn = new Map();

/** Portrait of {name, mbti, enneagram, movie, presentation: {figure, age}}; drawn once, then remembered. Without a presentation: a stranger. */
export function portrait(who) {
  const { figure = null, age = null } = who.presentation ?? {};
  const key = `${who.name.en || who.name.ko}|${who.movie?.title?.en ?? ''}|${who.mbti}`;
  const name = `${key}|${figure}|${age}`;
  if (!drawn.has(name)) drawn.set(name, draw(who, figure, age, hash(key)));
  return drawn.get(name);
}

/** A face of paper: head, neck, what is worn on it and below. */
function person(who, figure, age, { p, c, dice, core, seed }) {
  const head = dice.pick(HEADS);
  const clip = `face${seed}`;
  const [behind, before] = hair(dice, c, figure, age);
  const lines = mix(c.shade, c.ink, 0.35);
  const blush = age === 'child' || (who.mbti[2] === 'F' && figure === 'woman');
  const wrinkles =
    age === 'old'
      ? svg`${stroke('M84 76q16 -5 32 0', lines, 1.8)}${stroke('M88 69q12 -4 24 0', lines, 1.8)}${stroke('M76 112q-3 8 2 14', lines, 1.8)}${stroke('M124 112q3 8 -2 14', lines, 1.8)}`
      : '';
  return svg`${behind}${clothes(dice, c)}
    <path d="M86 128H114V160Q100 170 86 160Z" fill=${c.shade} />
    <clipPath id=${clip}><path d=${head} /></clipPath>
    <path d=${head} fill=${c.paper} />
    <g clip-path=${`url(#${clip})`}><path d="M100 40H150V150H100V122L108 112L100 92Z" fill=${c.shade} />
    ${blush ? svg`${circle(73, 114, 9, mix(c.paper, p.pop2, 0.55))}${circle(127, 114, 9, mix(c.shade, p.pop2, 0.55))}` : ''}</g>
    ${age === 'child' ? stroke('M100 106l4 5', lines, 2.6) : stroke('M101 90L109 111L100 114', lines, 2.6)}${wrinkles}
    ${eyes(who.mbti, core, c.ink, '#fffaf0', dice)}${figure === 'man' ? beard(dice, c, age) : ''}${mouth(who.mbti, c.ink, figure === 'woman' && age === null ? mix(p.pop2, p.deep, 0.3) : null, dice)}${before}`;
}

/** The inner figure of each kind. A child is smaller in its frame, with a head that is large for its shoulders. */
function inner(who, figure, age, tools) {
  if (figure === 'creature') return creature(tools);
  if (figure === 'robot') return robot(tools);
  if (figure === null) return stranger(tools);
  const drawn = person(who, figure, age, tools);
  return age === 'child' ? svg`<g transform="translate(17 38) scale(.83)">${drawn}</g>` : drawn;
}

function draw(who, figure, age, seed) {
  const p = typePalette(who.mbti);
  const dice = rng(seed);
  const c = colours(p, dice, age);
  const core = Number(who.enneagram?.[0]) || 0;
  const disc = dice.pick([p.pop, p.pop2, p.bg, p.light, mix(p.bg, p.light, 0.3)]);
  const tilt = r1(dice.range(-4, 4));
  return html`<svg class="portrait" data-figure=${figure ?? 'stranger'} viewBox="0 0 200 200" preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false">
    ${ground(who.mbti, p, dice)}${circle(100 + dice.range(-22, 22), 92, dice.range(66, 80), disc)}
    <g transform=${`rotate(${tilt} 100 150)${dice.chance(0.5) ? ' matrix(-1 0 0 1 200 0)' : ''}`}>
    ${inner(who, figure, age, { p, c, dice, core, seed, disc })}</g>
    ${badge(core, p)}</svg>`;
}
