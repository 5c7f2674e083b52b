// Hair, hats and clothes of the paper figures (200 × 200; the face lies in 60…140 × 46…146). All fit every face.
import { svg } from '../../vendor/lit-html.js';
import { mix } from './palette.js';

const path = (d, fill) => svg`<path d=${d} fill=${fill} />`;

/** [what lies behind the head, what lies before it] */
const HAIR = {
  short: (c) => [
    '',
    path(
      'M60 92C54 46 84 34 108 36C138 38 148 62 140 92C136 74 126 68 112 68C96 70 78 68 72 62C66 70 62 80 60 92Z',
      c.hair,
    ),
  ],
  bob: (c) => [
    path('M52 136C44 60 66 34 100 34C134 34 156 60 148 136Z', c.hair),
    path('M62 86C62 54 80 46 100 46C120 46 138 54 138 86C124 80 116 70 112 60C100 74 80 82 62 86Z', c.hair),
  ],
  long: (c) => [
    path('M50 176C44 70 58 32 100 32C142 32 156 70 150 176Z', c.hair),
    path('M61 96C58 58 78 42 100 42C122 42 142 58 139 96C130 84 122 66 100 60C78 66 70 84 61 96Z', c.hair),
  ],
  bun: (c) => [
    svg`<circle cx="100" cy="28" r="18" fill=${c.hair} />`,
    path('M60 90C58 52 80 40 100 40C120 40 142 52 140 90C134 70 120 60 100 60C80 60 66 70 60 90Z', c.hair),
  ],
  curls: (c) => [
    [
      [64, 62],
      [84, 44],
      [108, 40],
      [130, 52],
      [142, 74],
      [56, 84],
    ].map(([x, y]) => svg`<circle cx=${x} cy=${y} r="19" fill=${c.hair} />`),
    [
      [76, 56],
      [96, 50],
      [116, 54],
      [130, 66],
      [66, 70],
    ].map(([x, y]) => svg`<circle cx=${x} cy=${y} r="12" fill=${c.hair} />`),
  ],
  swept: (c) => [
    '',
    path(
      'M61 88C56 60 66 42 84 34C98 16 134 18 144 36C138 36 136 38 134 42C144 54 144 74 139 88C134 72 126 64 114 62C94 64 70 62 61 88Z',
      c.hair,
    ),
  ],
  hat: (c) => [
    path('M54 112C48 60 66 44 100 44C134 44 152 60 146 112Z', c.hair),
    svg`${path('M36 68Q100 46 164 68Q166 76 158 76Q100 60 42 76Q34 76 36 68Z', c.ink)}${path('M66 60C66 24 76 18 88 22Q100 28 112 22C124 18 134 24 134 60Q100 50 66 60Z', c.ink)}${path('M66 52Q100 42 134 52V61Q100 51 66 61Z', c.trim)}`,
  ],
  beret: (c) => [
    path('M56 104C50 66 68 48 100 48C132 48 150 66 144 104Z', c.hair),
    svg`${path('M52 72C40 46 72 22 108 26C146 30 158 54 146 70C120 56 80 58 52 72Z', c.trim)}${path('M96 27L100 16L104 27Z', c.trim)}`,
  ],
  plaits: (c) => [
    svg`${path('M60 96C40 120 44 150 52 172L66 170C60 150 62 124 72 104Z', c.hair)}${path('M140 96C160 120 156 150 148 172L134 170C140 150 138 124 128 104Z', c.hair)}<rect x="49" y="164" width="19" height="7" rx="3" fill=${c.trim} /><rect x="132" y="164" width="19" height="7" rx="3" fill=${c.trim} />`,
    path('M60 94C56 54 78 40 100 40C122 40 144 54 140 94C136 76 118 64 100 52C82 64 64 76 60 94Z', c.hair),
  ],
  cropped: (c) => [
    '',
    path('M62 82C62 52 78 42 100 42C122 42 138 52 138 82C134 66 124 58 100 58C76 58 66 66 62 82Z', c.hair),
  ],
  fringe: (c) => [
    path('M54 120C46 58 66 34 100 34C134 34 154 58 146 120Z', c.hair),
    path('M60 84C60 50 78 40 100 40C122 40 140 50 140 84Q120 76 100 80Q80 76 60 84Z', c.hair),
  ],
  spikes: (c) => [
    '',
    path(
      'M60 90L54 62L68 66L66 42L84 52L92 28L104 48L122 30L124 52L144 46L136 66L148 68L140 90C134 72 120 66 100 66C80 66 66 72 60 90Z',
      c.hair,
    ),
  ],
  headband: (c) => [
    path('M52 140C46 62 66 36 100 36C134 36 154 62 148 140Z', c.hair),
    svg`${path('M61 84C60 52 80 42 100 42C120 42 140 52 139 84C130 70 118 62 100 62C82 62 70 70 61 84Z', c.hair)}${path('M58 74C66 50 84 44 100 44C116 44 134 50 142 74L138 80C130 60 116 53 100 53C84 53 70 60 62 80Z', c.trim)}`,
  ],
  wave: (c) => [
    path('M56 108C48 58 70 34 102 34C140 34 158 72 150 150C140 140 140 120 138 100Z', c.hair),
    path('M60 88C58 52 82 38 104 40C130 42 142 62 139 90C130 88 108 78 96 58C90 72 74 82 60 88Z', c.hair),
  ],
  braid: (c) => [
    path('M56 128C48 60 68 40 100 40C132 40 152 60 144 128Z', c.hair),
    svg`${path('M62 90C62 62 80 54 100 54C120 54 138 62 138 90C128 76 118 70 100 70C82 70 72 76 62 90Z', c.hair)}${[0, 1, 2, 3, 4, 5, 6].map((i) => svg`<ellipse cx=${64 + i * 12} cy=${58 - Math.sin((i / 6) * Math.PI) * 16} rx="8" ry="6" fill=${mix(c.hair, c.trim, i % 2 ? 0.12 : 0.3)} />`)}`,
  ],
};

const BODY = 'M20 204C22 168 50 156 84 150Q100 166 116 150C150 156 178 168 180 204Z';

const CLOTHES = [
  (c) => path(BODY, c.cloth),
  // collar
  (c) => svg`${path(BODY, c.cloth)}${path('M84 148L100 176L74 168ZM116 148L100 176L126 168Z', c.trim)}`,
  // jacket and shirt
  (c) =>
    svg`${path(BODY, c.cloth)}${path('M84 150L100 204L116 150Q100 166 84 150Z', '#fff6e4')}${path('M84 150L100 204H76L64 160ZM116 150L100 204H124L136 160Z', mix(c.cloth, c.ink, 0.35))}${path('M96 168H104L107 204H93Z', c.trim)}`,
  // turtleneck
  (c) =>
    svg`${path(BODY, c.cloth)}<rect x="82" y="140" width="36" height="24" rx="7" fill=${mix(c.cloth, c.ink, 0.25)} />`,
  // stripes
  (c) =>
    svg`${path(BODY, c.cloth)}${path('M37 170Q100 196 163 170L168 176Q100 204 32 176Z', c.trim)}${path('M26 184Q100 212 174 184L177 192Q100 220 23 192Z', c.trim)}`,
  // scarf
  (c) =>
    svg`${path(BODY, c.cloth)}${path('M74 144Q100 166 126 144L132 158Q100 184 68 158Z', c.trim)}${path('M112 162L128 204H108L102 168Z', mix(c.trim, c.ink, 0.25))}`,
  // round yoke with dots
  (c) =>
    svg`${path(BODY, c.cloth)}${path('M62 156Q100 208 138 156L116 150Q100 166 84 150Z', c.trim)}${[70, 85, 100, 115, 130].map((x, i) => svg`<circle cx=${x} cy=${[184, 194, 198, 194, 184][i]} r="3.4" fill=${c.trim} />`)}`,
  // crossed wrap
  (c) =>
    svg`${path(BODY, c.cloth)}${path('M84 150L112 204H88L66 158Z', mix(c.cloth, c.ink, 0.28))}${path('M116 150L84 204H108L134 158Z', c.trim)}`,
];

// Who wears what: of somebody whose kind the catalog does not say, nothing is drawn that would say it.
const STYLES = {
  woman: [
    'bob',
    'long',
    'bun',
    'curls',
    'beret',
    'plaits',
    'fringe',
    'headband',
    'wave',
    'braid',
    'long',
    'wave',
  ],
  man: ['short', 'swept', 'cropped', 'spikes', 'curls', 'hat', 'short', 'swept', 'cropped'],
  neither: ['curls', 'cropped', 'fringe', 'beret', 'spikes'],
};
const FOR_GROWN = ['hat', 'braid', 'bun', 'beret'];
const FOR_YOUNG = ['plaits', 'spikes'];

/** Hair of a figure (woman, man, neither) of an age (child, old or null). */
export function hair(dice, c, figure, age) {
  const not = age === 'child' ? FOR_GROWN : age === 'old' ? FOR_YOUNG : ['plaits'];
  return HAIR[dice.pick(STYLES[figure].filter((name) => !not.includes(name)))](c);
}

/** Beards, between face and hair; '' for most. */
export function beard(dice, c, age) {
  if (age === 'child' || !dice.chance(age === 'old' ? 0.7 : 0.3)) return '';
  return dice.pick([
    () =>
      path(
        'M64 104C66 140 84 158 100 158C116 158 134 140 136 104C130 122 122 116 112 114Q100 110 88 114C78 116 70 122 64 104ZM90 124Q100 119 110 124Q100 132 90 124Z',
        c.hair,
      ),
    () => path('M82 118Q92 110 100 116Q108 110 118 118Q110 121 100 118Q90 121 82 118Z', c.hair),
    () => path('M90 134Q100 128 110 134Q108 152 100 154Q92 152 90 134Z', c.hair),
  ])();
}

export function clothes(dice, c) {
  return svg`<path d=${BODY} fill=${c.cloth} />${dice.pick(CLOTHES)(c)}`;
}
