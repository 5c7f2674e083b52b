// Things that stand for what a film is about, for posters (scenes3.js): each is drawn around 0, 0 within a circle of 46, from colours {a, b, c}
// on a ground that none of them is.
import { svg } from '../../vendor/lit-html.js';

const path = (d, fill) => svg`<path d=${d} fill=${fill} />`;
const circle = (x, y, r, fill) => svg`<circle cx=${x} cy=${y} r=${r} fill=${fill} />`;
const line = (d, colour, w) =>
  svg`<path d=${d} fill="none" stroke=${colour} stroke-width=${w} stroke-linecap="round" stroke-linejoin="round" />`;
const turned = (n, draw) =>
  Array.from({ length: n }, (_, i) => svg`<g transform=${`rotate(${(360 / n) * i})`}>${draw(i)}</g>`);

export const THINGS = {
  tree: ({ a, b }) =>
    svg`${path('M-5 44V4H5V44Z', b)}${circle(0, -14, 28, a)}${circle(-22, 0, 16, a)}${circle(22, 0, 16, a)}`,
  pines: ({ a, b, c }) =>
    [-26, 26, 0].map((x, i) =>
      path(`M${x} ${-44 + (i < 2 ? 14 : 0)}l20 40h-8l12 26h-48l12 -26h-8z`, [b, c, a][i]),
    ),
  mountain: ({ a, b, c }) =>
    svg`${path('M-46 36L-8 -34L30 36Z', a)}${path('M-4 36L22 -10L46 36Z', b)}${path('M-8 -34L-20 -12L-10 -16L-4 -8L4 -13Z', c)}`,
  flake: ({ a, b }) =>
    turned(
      6,
      () =>
        svg`${line('M0 0V-42M0 -18L-10 -28M0 -18L10 -28M0 -31L-7 -38M0 -31L7 -38', a, 5)}${circle(0, -12, 3, b)}`,
    ),
  cactus: ({ a, b }) =>
    svg`${line('M0 42V-34M0 10H-22V-8M0 -2H22V-22', a, 14)}${path('M-40 40H40V46H-40Z', b)}`,
  train: ({ a, b, c }) =>
    svg`${path('M-26 24V-20Q-26 -38 0 -38Q26 -38 26 -20V24Z', a)}${path('M-18 -22H-3V-4H-18ZM3 -22H18V-4H3Z', b)}${circle(-14, 12, 5, c)}${circle(14, 12, 5, c)}${line('M-20 30L-34 46M20 30L34 46M-26 38H26', b, 4)}`,
  car: ({ a, b, c }) =>
    svg`${path('M-42 18Q-42 2 -28 0L-18 -18H16L30 0Q44 2 44 18Z', a)}${path('M-14 -12H-2V0H-22ZM4 -12H13L22 0H4Z', b)}${circle(-22, 20, 11, b)}${circle(24, 20, 11, b)}${circle(-22, 20, 4.5, c)}${circle(24, 20, 4.5, c)}`,
  record: ({ a, b, c }) =>
    svg`${circle(0, 0, 42, a)}${[34, 27, 20].map((r) => svg`<circle r=${r} fill="none" stroke=${b} stroke-width="1.600" />`)}${circle(0, 0, 14, c)}${circle(0, 0, 3, a)}`,
  note: ({ a, b }) =>
    svg`${line('M-14 26V-30L26 -38V18', a, 6)}${path('M-14 -30L26 -38V-24L-14 -16Z', a)}<ellipse cx="-22" cy="28" rx="12" ry="9" fill=${b} /><ellipse cx="18" cy="20" rx="12" ry="9" fill=${b} />`,
  book: ({ a, b, c }) =>
    svg`${path('M0 -24Q-20 -36 -44 -28V26Q-20 18 0 30Z', a)}${path('M0 -24Q20 -36 44 -28V26Q20 18 0 30Z', b)}${line('M-34 -14Q-20 -19 -8 -12M-34 -2Q-20 -7 -8 0M10 -12Q22 -19 34 -14M10 0Q22 -7 34 -2', c, 2.6)}`,
  envelope: ({ a, b, c }) =>
    svg`<rect x="-42" y="-28" width="84" height="58" rx="4" fill=${a} />${path('M-42 -24L0 10L42 -24L38 -28H-38Z', b)}${circle(0, 8, 8, c)}`,
  clock: ({ a, b, c }) =>
    svg`${circle(0, 0, 42, a)}${circle(0, 0, 35, b)}${turned(12, () => svg`<rect x="-1.500" y="-33" width="3" height="6" fill=${a} />`)}${line('M0 0V-24M0 0L15 10', c, 4.5)}${circle(0, 0, 4, c)}`,
  eye: ({ a, b, c }) =>
    svg`${path('M-46 0Q0 -44 46 0Q0 44 -46 0Z', a)}${circle(0, 0, 20, b)}${circle(0, 0, 9, c)}${circle(6, -6, 4, a)}`,
  key: ({ a, b }) =>
    svg`${circle(-22, 0, 20, a)}${circle(-22, 0, 9, b)}${path('M-4 -5H44V20H34V6H26V14H17V5H-4Z', a)}`,
  crown: ({ a, b, c }) =>
    svg`${path('M-40 24L-44 -20L-20 2L0 -34L20 2L44 -20L40 24Z', a)}${path('M-40 30H40V38H-40Z', b)}${circle(0, -34, 6, c)}${circle(-44, -20, 5, c)}${circle(44, -20, 5, c)}`,
  rocket: ({ a, b, c }) =>
    svg`${path('M0 -46Q22 -22 18 22H-18Q-22 -22 0 -46Z', a)}${path('M-18 4L-34 30L-16 24ZM18 4L34 30L16 24Z', b)}${circle(0, -10, 8, b)}${path('M-9 26H9L0 46Z', c)}`,
  gear: ({ a, b }) =>
    svg`${turned(10, () => svg`<rect x="-6" y="-44" width="12" height="16" rx="2" fill=${a} />`)}${circle(0, 0, 34, a)}${circle(0, 0, 15, b)}`,
  bird: ({ a, b, c }) =>
    svg`${path('M-44 4Q-14 -8 -4 -32Q16 -22 22 -4L44 -8L28 12Q14 34 -14 26Q-2 20 0 8Q-18 14 -44 4Z', a)}${path('M-6 -6Q8 4 2 18Q-14 16 -22 8Q-10 6 -6 -6Z', b)}${circle(20, 0, 2.6, c)}`,
  fish: ({ a, b, c }) =>
    svg`${path('M-20 0L-46 -22V22Z', b)}${path('M-28 0Q0 -34 42 0Q0 34 -28 0Z', a)}${circle(22, -5, 4.5, c)}${line('M2 -14Q10 0 2 14M-8 -10Q-1 0 -8 10', b, 3)}`,
  cards: ({ a, b, c }) =>
    svg`<g transform="rotate(-16 0 40)"><rect x="-24" y="-36" width="48" height="68" rx="6" fill=${a} /></g><g transform="rotate(12 0 40)"><rect x="-22" y="-36" width="48" height="68" rx="6" fill=${b} />${path('M2 -20L16 0L2 20L-12 0Z', c)}</g>`,
  ball: ({ a, b }) =>
    svg`${circle(0, 0, 40, a)}${path('M0 -16L15 -5L9 13H-9L-15 -5Z', b)}${line('M0 -16V-38M15 -5L37 -12M9 13L22 33M-9 13L-22 33M-15 -5L-37 -12', b, 4)}`,
  house: ({ a, b, c }) =>
    svg`${path('M-46 -2L0 -42L46 -2Z', b)}${path('M-36 -6H36V40H-36Z', a)}${path('M-9 40V12H9V40ZM-28 4H-16V16H-28ZM16 4H28V16H16Z', c)}`,
  masks: ({ a, b, c }) =>
    svg`${path('M-46 -26H2V4Q-8 32 -22 32Q-36 32 -46 4Z', a)}${line('M-36 -8h8M-18 -8h8M-32 10Q-22 22 -12 10', c, 4)}<g transform="translate(22 6)">${path('M-24 -26H24V4Q14 32 0 32Q-14 32 -24 4Z', b)}${line('M-14 -8h8M6 -8h8M-10 18Q0 8 10 18', c, 4)}</g>`,
  rain: ({ a, b, c }) =>
    svg`${path('M-44 2C-42 -26 -24 -40 0 -40C24 -40 42 -26 44 2Q33 -7 22 2Q11 -7 0 2Q-11 -7 -22 2Q-33 -7 -44 2Z', a)}${line('M0 0V34q0 10 9 10q8 0 8 -8', b, 5)}${line('M-34 14v10M-20 26v12M30 16v10', c, 4)}`,
  candle: ({ a, b, c }) =>
    svg`${path('M-13 -8H13V40H-13Z', a)}${path('M0 -46Q18 -24 0 -12Q-18 -24 0 -46Z', b)}${path('M0 -32Q7 -22 0 -16Q-7 -22 0 -32Z', c)}${path('M-28 40H28V46H-28Z', b)}`,
  sword: ({ a, b, c }) =>
    svg`<g transform="rotate(38)">${path('M-6 -46L0 -52L6 -46V18H-6Z', a)}${path('M-20 16H20V24H-20Z', b)}${path('M-4 24H4V44H-4Z', c)}${circle(0, 46, 5, b)}</g>`,
  glass: ({ a, b, c }) =>
    svg`${line('M16 16L40 42', b, 10)}${circle(-6, -8, 32, a)}${circle(-6, -8, 24, c)}${line('M-20 -14Q-16 -26 -4 -27', a, 4)}`,
  bowl: ({ a, b, c }) =>
    svg`${path('M-42 2H42Q40 38 0 38Q-40 38 -42 2Z', a)}${path('M-42 2Q0 18 42 2Q0 -10 -42 2Z', b)}${line('M-16 -14q8 -8 0 -16t0 -14M0 -14q8 -8 0 -16t0 -14M16 -14q8 -8 0 -16t0 -14', c, 4)}`,
  board: ({ a, b, c }) =>
    svg`<rect x="-44" y="-34" width="88" height="58" rx="3" fill=${b} /><rect x="-38" y="-28" width="76" height="46" fill=${a} />${line('M-26 -14H14M-26 -2H24M-26 10H2', c, 4)}${line('M-24 24L-32 44M24 24L32 44', b, 5)}`,
  rings: ({ a, b, c }) =>
    svg`<circle cx="-15" cy="6" r="25" fill="none" stroke=${a} stroke-width="8" /><circle cx="15" cy="6" r="25" fill="none" stroke=${b} stroke-width="8" />${path('M-15 -40L-5 -28L-15 -18L-25 -28Z', c)}`,
  wheel: ({ a, b, c }) =>
    svg`<circle r="40" fill="none" stroke=${a} stroke-width="5" />${turned(8, (i) => svg`${line('M0 0V-40', a, 2.6)}${circle(0, -40, 6.5, i % 2 ? b : c)}`)}${circle(0, 0, 8, b)}`,
  paw: ({ a, b }) =>
    svg`${path('M0 -2C18 -2 30 14 28 28C26 40 12 36 0 36C-12 36 -26 40 -28 28C-30 14 -18 -2 0 -2Z', a)}${circle(-30, -6, 9, b)}${circle(-12, -24, 10, b)}${circle(12, -24, 10, b)}${circle(30, -6, 9, b)}`,
  wand: ({ a, b, c }) =>
    svg`${line('M-34 38L14 -12', a, 7)}${path('M22 -44L27 -27L44 -22L27 -17L22 0L17 -17L0 -22L17 -27Z', b)}${path('M-18 -32L-15 -24L-7 -21L-15 -18L-18 -10L-21 -18L-29 -21L-21 -24Z', c)}`,
  dragon: ({ a, b, c }) =>
    svg`${line('M-40 30Q-44 -4 -12 -2T22 -28Q38 -40 42 -20Q30 -22 26 -10Q16 20 -6 18T-40 30', a, 9)}${path('M-6 -8L-14 -40L12 -20Z', b)}${circle(33, -24, 2.6, c)}`,
  wings: ({ a, b }) =>
    svg`${path('M-3 6Q-10 -34 -46 -30Q-40 -6 -20 2Q-34 8 -32 24Q-14 24 -3 6Z', a)}${path('M3 6Q10 -34 46 -30Q40 -6 20 2Q34 8 32 24Q14 24 3 6Z', a)}${line('M0 -6V36', b, 6)}`,
  scales: ({ a, b, c }) =>
    svg`${line('M0 -40V36M-36 -24H36', a, 6)}${path('M-50 6H-22Q-26 22 -36 22Q-46 22 -50 6ZM22 6H50Q46 22 36 22Q26 22 22 6Z', b)}${line('M-36 -24L-48 6M-36 -24L-24 6M36 -24L24 6M36 -24L48 6', c, 2.4)}${path('M-22 36H22V44H-22Z', a)}`,
  heart: ({ a, b }) =>
    svg`${path('M0 40C-56 6 -44 -38 -18 -34Q-4 -32 0 -16Q4 -32 18 -34C44 -38 56 6 0 40Z', a)}${path('M-22 -22Q-32 -16 -28 -2', b)}${line('M-24 -20Q-33 -12 -28 2', b, 4)}`,
  lamp: ({ a, b, c }) =>
    svg`${path('M-30 -6Q0 -34 26 -8L46 -16L34 6Q28 26 0 26Q-26 26 -30 -6Z', a)}${path('M-14 26H14L20 40H-20Z', b)}${line('M-30 -2Q-48 -2 -44 12Q-40 20 -28 14', b, 5)}${path('M44 -20Q50 -34 40 -44Q38 -32 32 -30Q40 -28 44 -20Z', c)}`,
};
