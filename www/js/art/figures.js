// Figures that are no people: creatures, robots, and what stands for somebody of whom nothing is known (200 × 200, as portrait.js).
// Each takes {p, c, dice, disc}: palette of the type, colours of the figure, dice, and the colour behind it.
import { svg } from '../../vendor/lit-html.js';
import { contrast, mix } from './palette.js';
import { r1 } from './rng.js';

const path = (d, fill) => svg`<path d=${d} fill=${fill} />`;
const circle = (x, y, r, fill) => svg`<circle cx=${r1(x)} cy=${r1(y)} r=${r1(r)} fill=${fill} />`;
const BODY = 'M34 204C34 168 58 150 100 150C142 150 166 168 166 204Z';

const EARS = [
  // pointed
  (c) =>
    svg`${path('M58 84L52 26L92 56ZM142 84L148 26L108 56Z', c.fur)}${path('M62 72L60 42L82 58ZM138 72L140 42L118 58Z', c.inner)}`,
  // round
  (c) =>
    svg`${circle(64, 54, 24, c.fur)}${circle(136, 54, 24, c.fur)}${circle(64, 54, 13, c.inner)}${circle(136, 54, 13, c.inner)}`,
  // long
  (c) =>
    svg`${path('M72 70C56 10 70 2 80 8C92 14 94 40 92 64ZM128 70C144 10 130 2 120 8C108 14 106 40 108 64Z', c.fur)}${path('M77 58C70 24 74 16 79 20C84 26 86 42 85 56ZM123 58C130 24 126 16 121 20C116 26 114 42 115 56Z', c.inner)}`,
  // horns
  (c) =>
    svg`${path('M70 64C52 52 46 34 52 20C58 38 70 46 88 52ZM130 64C148 52 154 34 148 20C142 38 130 46 112 52Z', c.horn)}`,
  // feelers
  (c) =>
    svg`<path d="M84 56Q76 34 62 28M116 56Q124 34 138 28" fill="none" stroke=${c.fur} stroke-width="5" stroke-linecap="round" />${circle(60, 27, 8, c.inner)}${circle(140, 27, 8, c.inner)}`,
  // fins
  (c) =>
    svg`${path('M62 92C34 84 28 60 40 50C48 62 58 66 70 68ZM138 92C166 84 172 60 160 50C152 62 142 66 130 68ZM88 54Q100 18 112 54Z', c.inner)}`,
];

const EYES = [
  (c) =>
    [78, 122].map(
      (x) =>
        svg`${circle(x, 94, 13, '#fffaf0')}${circle(x + 1, 95, 6.5, c.ink)}${circle(x + 3.4, 92, 2, '#fffaf0')}`,
    ),
  (c) =>
    [78, 122].map(
      (x) =>
        svg`<ellipse cx=${x} cy="95" rx="6" ry="8.500" fill=${c.ink} />${circle(x + 1.8, 91.5, 2, '#fffaf0')}`,
    ),
  (c) =>
    svg`${circle(100, 90, 19, '#fffaf0')}${circle(100, 91, 9.5, c.ink)}${circle(103.5, 87, 3, '#fffaf0')}`,
  (c) =>
    [78, 122].map(
      (x) =>
        svg`<path d=${`M${x - 11} 97Q${x} 84 ${x + 11} 97`} fill="none" stroke=${c.ink} stroke-width="4" stroke-linecap="round" />`,
    ),
];

const MUZZLES = [
  (c) =>
    svg`<ellipse cx="100" cy="122" rx="25" ry="18" fill=${c.inner} />${path('M91 112H109L100 121Z', c.ink)}<path d="M100 120V127M100 127q-7 7 -13 2M100 127q7 7 13 2" fill="none" stroke=${c.ink} stroke-width="2.800" stroke-linecap="round" />`,
  (c) =>
    svg`${path('M84 112Q100 104 116 112L100 134Z', c.horn)}<path d="M86 118Q100 124 114 118" fill="none" stroke=${c.ink} stroke-width="2" />`,
  (c) =>
    svg`${path('M74 118Q100 146 126 118Z', c.ink)}${path('M82 119L87 128L92 121ZM118 119L113 128L108 121Z', '#fffaf0')}`,
  (c) =>
    svg`<path d="M88 122q12 9 24 0" fill="none" stroke=${c.ink} stroke-width="3.600" stroke-linecap="round" />`,
];

const SKULLS = [
  'M56 96C52 58 74 46 100 46C126 46 148 58 144 96C142 128 124 146 100 146C76 146 58 128 56 96Z',
  'M48 108C48 66 72 48 100 48C128 48 152 66 152 108C152 134 130 146 100 146C70 146 48 134 48 108Z',
  'M62 84C62 52 80 44 100 44C120 44 138 52 138 84C138 108 124 150 100 150C76 150 62 108 62 84Z',
];

/** An animal, a monster, a toy: none in particular. */
export function creature({ p, c, dice, disc }) {
  const fur = dice.pick(
    [p.pop, p.pop2, p.light, mix(p.pop2, p.deep, 0.45), mix(p.pop, p.pop2, 0.5)].filter((f) => f !== disc),
  );
  const colours = { fur, inner: mix(fur, p.light, 0.6), horn: mix(p.pop, '#fff6e4', 0.4), ink: c.ink };
  const marks = dice.pick([
    '',
    path('M100 46Q92 62 100 78Q108 62 100 46Z', colours.inner),
    svg`${circle(66, 74, 5, mix(fur, c.ink, 0.25))}${circle(134, 74, 5, mix(fur, c.ink, 0.25))}${circle(100, 60, 5, mix(fur, c.ink, 0.25))}`,
  ]);
  return svg`${path(BODY, mix(fur, c.ink, 0.18))}${path('M70 204Q100 150 130 204Z', colours.inner)}${dice.pick(EARS)(colours)}${path(dice.pick(SKULLS), fur)}${marks}${dice.pick(EYES)(colours)}${dice.pick(MUZZLES)(colours)}`;
}

/** A machine with a face. */
export function robot({ p, c, dice, disc }) {
  const shell = dice.pick(
    [p.light, mix(p.light, '#9aa6b2', 0.5), mix(p.pop, '#8a8f96', 0.45), mix(p.pop2, '#c4ccd4', 0.5)].filter(
      (f) => f !== disc,
    ),
  );
  const dark = mix(shell, c.ink, 0.55);
  const lamp = contrast(p.pop, dark) > 2 ? p.pop : '#fff6e4';
  const head = dice.pick([
    svg`<rect x="58" y="54" width="84" height="84" rx="18" fill=${shell} />`,
    svg`<rect x="50" y="60" width="100" height="70" rx="34" fill=${shell} />`,
    svg`<path d="M60 138V86C60 58 78 48 100 48C122 48 140 58 140 86V138Z" fill=${shell} />`,
  ]);
  const face = dice.pick([
    svg`<rect x="66" y="80" width="68" height="26" rx="13" fill=${dark} />${circle(82, 93, 7, lamp)}${circle(118, 93, 7, lamp)}`,
    svg`${circle(80, 92, 15, dark)}${circle(120, 92, 15, dark)}${circle(80, 92, 7.5, lamp)}${circle(120, 92, 7.5, lamp)}`,
    svg`${circle(100, 88, 21, dark)}${circle(100, 88, 11, lamp)}${circle(104, 84, 3, '#fff6e4')}`,
    svg`<rect x="70" y="78" width="60" height="42" rx="8" fill=${dark} /><path d="M80 96q5 -8 10 0M110 96q5 -8 10 0M88 108q12 7 24 0" fill="none" stroke=${lamp} stroke-width="3.400" stroke-linecap="round" />`,
  ]);
  const top = dice.pick([
    svg`<path d="M100 56V32" stroke=${dark} stroke-width="5" />${circle(100, 28, 8, lamp)}`,
    svg`<rect x="46" y="82" width="12" height="26" rx="5" fill=${dark} /><rect x="142" y="82" width="12" height="26" rx="5" fill=${dark} />`,
    svg`<path d="M76 54L66 36M124 54L134 36" stroke=${dark} stroke-width="5" stroke-linecap="round" />`,
  ]);
  return svg`<rect x="88" y="128" width="24" height="30" fill=${dark} />${path('M38 204V178Q38 152 68 152H132Q162 152 162 178V204Z', mix(shell, c.ink, 0.16))}<rect x="80" y="168" width="40" height="26" rx="6" fill=${dark} />${circle(91, 181, 4, lamp)}${circle(104, 181, 4, shell)}${top}${head}${face}
    ${[0, 1, 2, 3].map((i) => svg`<rect x=${80 + i * 11} y="122" width="7" height="7" rx="2" fill=${dark} />`)}`;
}

const STRANGERS = [
  // a mask on a stick
  ({ a, b, ink }) =>
    svg`<path d="M100 130V210" stroke=${ink} stroke-width="7" />${path('M48 62Q100 38 152 62Q154 132 100 150Q46 132 48 62Z', a)}${path('M100 46V150Q46 132 48 62Q72 48 100 46Z', b)}<path d="M66 90q12 -12 24 0q-12 9 -24 0zM110 90q12 -12 24 0q-12 9 -24 0zM78 120q22 12 44 0q-22 20 -44 0z" fill=${ink} />`,
  // a figure against the light, from behind
  ({ a, ink }) =>
    svg`${path('M26 204C28 164 60 156 84 150C82 144 82 138 84 132C68 122 64 104 64 88C64 60 80 46 100 46C120 46 136 60 136 88C136 104 132 122 116 132C118 138 118 144 116 150C140 156 172 164 174 204Z', ink)}<path d="M132 66C138 84 136 108 118 130M120 150C146 156 168 166 172 198" fill="none" stroke=${a} stroke-width="4" stroke-linecap="round" />`,
  // a coat and a hat with nobody in them
  ({ a, b, ink }) =>
    svg`${path('M24 204C26 160 62 146 82 138L100 150L118 138C138 146 174 160 176 204Z', a)}${path('M82 138L100 204H66L58 150ZM118 138L100 204H134L142 150Z', b)}${path('M40 92Q100 66 160 92Q162 101 152 101Q100 84 48 101Q38 101 40 92Z', ink)}${path('M66 86C66 46 78 36 90 42Q100 48 110 42C122 36 134 46 134 86Q100 72 66 86Z', ink)}`,
  // a chair of a film set
  ({ a, b, ink }) =>
    svg`<path d="M56 92V188M144 92V188M58 186L142 138M142 186L58 138" stroke=${ink} stroke-width="7" stroke-linecap="round" />${path('M54 56H146V88H54Z', a)}${path('M50 124H150V142H50Z', b)}<path d="M50 112H72M128 112H150" stroke=${ink} stroke-width="7" stroke-linecap="round" />`,
  // a lamp that is on
  ({ a, b, ink }) =>
    svg`${path('M52 204L78 92H122L148 204Z', b)}${path('M70 92L84 48H116L130 92Z', ink)}<path d="M100 48V22" stroke=${ink} stroke-width="5" />${circle(100, 94, 13, a)}`,
  // an umbrella
  ({ a, b, ink }) =>
    svg`<path d="M100 60V172q0 16 14 16q13 0 13 -14" fill="none" stroke=${ink} stroke-width="6" stroke-linecap="round" />${path('M36 118C38 76 66 54 100 54C134 54 162 76 164 118Q148 104 132 118Q116 104 100 118Q84 104 68 118Q52 104 36 118Z', a)}${path('M68 118C70 86 84 62 100 54C116 62 130 86 132 118Q116 104 100 118Q84 104 68 118Z', b)}`,
];

/** Somebody of whom the catalog says no more: a mask, a silhouette, a thing. */
export function stranger({ p, c, dice, disc }) {
  const seen = [p.pop, p.light, p.pop2, mix(p.pop, p.deep, 0.35)].filter((f) => contrast(f, disc) > 1.4);
  const a = dice.pick(seen.length ? seen : [p.light]);
  return dice.pick(STRANGERS)({
    a,
    b: mix(a, c.ink, 0.25),
    ink: contrast(c.ink, disc) > 2 ? c.ink : p.light,
  });
}
