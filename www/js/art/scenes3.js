// Poster scenes, third part: one thing on a ground, several of them, or a row; see scenes.js.
import { svg } from '../../vendor/lit-html.js';
import { contrast, mix } from './palette.js';
import { r1 } from './rng.js';
import { THINGS } from './things.js';

const sheet = (fill) => svg`<rect width="200" height="300" fill=${fill} />`;
const CX = 100;
const CY = 150;

const GROUNDS = [
  (p, dice) => svg`<circle cx=${CX} cy=${CY} r=${r1(dice.range(70, 84))} fill=${mix(p.bg, p.c, 0.4)} />`,
  (p, dice) => {
    const turn = dice.range(0, 30);
    return Array.from(
      { length: 12 },
      (_, i) =>
        svg`<path d=${`M${CX} ${CY}L${CX - 22} -130H${CX + 22}Z`} fill=${mix(p.bg, p.c, 0.3)} transform=${`rotate(${r1(turn + i * 30)} ${CX} ${CY})`} />`,
    );
  },
  (p, dice) => {
    const y = dice.range(150, 186);
    return svg`<rect y=${r1(y)} width="200" height=${r1(300 - y)} fill=${mix(p.bg, p.c, 0.45)} />`;
  },
  (p, dice) => {
    const high = dice.range(6, 18);
    return Array.from(
      { length: 7 },
      (_, i) => svg`<rect y=${70 + i * 26} width="200" height=${r1(high)} fill=${mix(p.bg, p.c, 0.28)} />`,
    );
  },
  (p, dice) => {
    const [left, right] = dice.shuffle([dice.range(96, 180), dice.range(40, 110)]);
    return svg`<path d=${`M0 300V${r1(left)}L200 ${r1(right)}V300Z`} fill=${mix(p.bg, p.b, 0.36)} />`;
  },
  (p, dice) => {
    const r = dice.range(2.5, 7);
    return Array.from(
      { length: 48 },
      (_, i) =>
        svg`<circle cx=${(i % 6) * 40 + (Math.floor(i / 6) % 2 ? 20 : 0)} cy=${66 + Math.floor(i / 6) * 26} r=${r1(r)} fill=${mix(p.bg, p.c, 0.34)} />`,
    );
  },
  (p, dice) => {
    const high = dice.range(112, 164);
    return svg`<rect x="26" y=${r1(CY + 2 - high / 2)} width="148" height=${r1(high)} rx=${r1(dice.range(24, 68))} fill=${mix(p.bg, p.b, 0.3)} />`;
  },
  () => '',
];

const at = (x, y, scale, turn, thing) =>
  svg`<g transform=${`translate(${r1(x)} ${r1(y)}) rotate(${r1(turn)}) scale(${r1(scale * 100) / 100})`}>${thing}</g>`;

// How often, and where.
const LAYOUTS = [
  (draw, dice) => at(CX + dice.range(-8, 8), CY, dice.range(1.35, 1.6), dice.range(-6, 6), draw(0)),
  (draw, dice) => at(CX + dice.range(-24, 24), CY + 14, dice.range(1.9, 2.2), dice.range(-10, 10), draw(0)),
  (draw, dice) =>
    [0, 1, 2].map((i) => at(48 + i * 52, 122 + i * 26, 0.62 + i * 0.1, dice.range(-8, 8), draw(i))),
  (draw, dice) =>
    Array.from({ length: 6 }, (_, i) =>
      at(38 + (i % 3) * 62, 112 + Math.floor(i / 3) * 74, 0.58, dice.range(-12, 12), draw(i)),
    ),
  (draw, dice) => {
    const one = at(CX + dice.range(-30, 30), 136, dice.range(1.05, 1.2), 0, draw(0));
    return svg`${one}<g transform="matrix(1 0 0 -1 0 408)" opacity=".35">${one}</g>`;
  },
];

/** A scene that shows a thing (things.js): (palette, dice) → { art, box }, as every scene. */
export const thing = (name) => (p, dice) => {
  const seen = [p.a, p.b, p.c, p.ink].filter((x) => contrast(x, p.bg) > 1.5);
  const [a, b = p.ink, c = a] = dice.shuffle(seen);
  const colours = [
    { a, b, c },
    { a: b, b: a, c },
    { a: c, b, c: a },
  ];
  const draw = (i) => THINGS[name](colours[i % 3]);
  const ground = dice.pick(GROUNDS)(p, dice);
  const art = dice.pick(LAYOUTS)(draw, dice);
  return {
    art: svg`${sheet(p.bg)}${ground}${art}<rect width="200" height="76" fill=${p.bg} />`,
    box: { x: 14, y: 14, w: 172, h: 60, fill: p.ink },
  };
};
