// The emblem of each type: a drawing of the image its name speaks of (a compass, a galaxy, a porch light …), 200 × 200.
import { html, svg } from '../../vendor/lit-html.js';
import { mix, typePalette } from './palette.js';
import { r1, rng } from './rng.js';

const ring = (x, y, r, stroke, w) =>
  svg`<circle cx=${x} cy=${y} r=${r} fill="none" stroke=${stroke} stroke-width=${w} />`;
const disc = (x, y, r, fill) => svg`<circle cx=${r1(x)} cy=${r1(y)} r=${r1(r)} fill=${fill} />`;
const shape = (d, fill) => svg`<path d=${d} fill=${fill} />`;
const line = (d, stroke, w) =>
  svg`<path d=${d} fill="none" stroke=${stroke} stroke-width=${w} stroke-linecap="round" stroke-linejoin="round" />`;
const around = (n, draw) =>
  Array.from(
    { length: n },
    (_, i) => svg`<g transform=${`rotate(${r1((360 / n) * i)} 100 100)`}>${draw(i)}</g>`,
  );

const DRAW = {
  // An eye that looks over a board.
  INTJ: (
    p,
  ) => svg`${[0, 1, 2, 3, 4, 5].map((i) => [0, 1].map((j) => svg`<rect x=${i * 34 - 2 + (j ? 17 : 0)} y=${150 + j * 22} width="17" height="22" fill=${p.pop2} opacity=".7" />`))}
    ${shape('M14 96Q100 12 186 96Q100 180 14 96Z', p.light)}${disc(100, 96, 40, p.pop2)}${disc(100, 96, 24, p.deep)}${disc(112, 84, 8, p.pop)}
    ${line('M100 34V14M58 48L46 30M142 48L154 30', p.pop, 5)}`,
  // A question mark that ends in a ladder of dots.
  INTP: (p) => svg`${ring(100, 88, 74, p.pop2, 2)}${ring(100, 88, 58, mix(p.bg, p.pop2, 0.6), 2)}
    ${line('M66 74C66 38 134 38 134 74C134 100 100 98 100 128', p.light, 17)}${disc(100, 160, 11, p.pop)}
    ${disc(26, 88, 6, p.pop)}${disc(152, 36, 5, p.light)}${disc(158, 134, 8, p.pop2)}`,
  // A compass.
  ENTJ: (
    p,
  ) => svg`${disc(100, 100, 82, p.pop2)}${disc(100, 100, 68, p.light)}${around(12, (i) => svg`<rect x="98" y="38" width=${i % 3 ? 3 : 4} height=${i % 3 ? 7 : 13} fill=${p.deep} />`)}
    <g transform="rotate(32 100 100)">${shape('M100 42L116 100H84Z', p.pop)}${shape('M100 158L116 100H84Z', p.bg)}${disc(100, 100, 7, p.deep)}</g>`,
  // A spark off the rails.
  ENTP: (
    p,
  ) => svg`${around(14, (i) => shape(i % 2 ? 'M97 62L100 14L103 62Z' : 'M95 62L100 32L105 62Z', i % 2 ? p.pop2 : p.light))}
    ${disc(100, 100, 44, p.pop2)}${shape('M112 50L70 108H98L86 152L132 88H103Z', p.pop)}`,
  // A still lake with a moon in it.
  INFJ: (
    p,
  ) => svg`${disc(100, 70, 34, p.pop)}${shape('M0 104H200V200H0Z', p.pop2)}${shape('M0 104L48 66L84 104ZM116 104L158 58L200 104Z', p.deep)}
    ${[0, 1, 2, 3, 4].map((i) => svg`<rect x=${66 + i * 5} y=${112 + i * 15} width=${68 - i * 10} height="6" rx="3" fill=${p.pop} opacity=${0.95 - i * 0.12} />`)}
    ${[0, 1, 2].map((i) => svg`<rect x=${14 + i * 8} y=${124 + i * 22} width="34" height="4" rx="2" fill=${p.light} opacity=".5" /><rect x=${150 - i * 6} y=${132 + i * 20} width="38" height="4" rx="2" fill=${p.light} opacity=".5" />`)}`,
  // A galaxy.
  INFP: (p) => {
    const dice = rng(7);
    const arm = (turn, fill) =>
      Array.from({ length: 30 }, (_, i) => {
        const a = i * 0.17 + turn;
        const r = 12 + i * 2.5;
        return disc(
          100 + Math.cos(a) * r * 1.08 + dice.range(-3, 3),
          100 + Math.sin(a) * r * 0.72 + dice.range(-3, 3),
          5.6 - i * 0.13,
          fill,
        );
      });
    const stars = Array.from({ length: 26 }, () =>
      disc(dice.range(6, 194), dice.range(6, 194), dice.range(0.7, 2), p.light),
    );
    return svg`${stars}<g transform="rotate(-24 100 100)">${arm(0, p.pop2)}${arm(Math.PI, p.pop2)}${arm(0.4, p.light)}${arm(Math.PI + 0.4, p.light)}${disc(100, 100, 16, p.pop)}${disc(100, 100, 8, p.light)}</g>`;
  },
  // A campfire with people around it.
  ENFJ: (
    p,
  ) => svg`${disc(100, 104, 84, p.deep)}${shape('M100 26C132 66 142 86 136 112C132 134 116 146 100 146C82 146 66 134 64 110C63 92 74 84 80 66C88 76 92 82 92 92C102 76 104 52 100 26Z', p.pop2)}
    ${shape('M102 76C118 98 122 108 118 122C115 136 108 144 100 144C90 144 82 136 82 122C82 112 88 106 92 98C96 104 97 108 97 112C102 102 104 90 102 76Z', p.pop)}
    ${line('M66 156L134 138M134 156L66 138', p.light, 9)}${[
      [24, 150],
      [52, 178],
      [148, 178],
      [176, 150],
    ].map(
      ([x, y]) =>
        svg`${disc(x, y - 18, 9, p.light)}${shape(`M${x - 15} ${y + 18}C${x - 15} ${y - 12} ${x + 15} ${y - 12} ${x + 15} ${y + 18}Z`, p.light)}`,
    )}`,
  // An open window.
  ENFP: (
    p,
  ) => svg`<rect x="52" y="28" width="96" height="132" fill=${p.light} />${disc(104, 84, 26, p.pop)}${shape('M52 160V124Q78 104 104 124T148 118V160Z', p.pop2)}
    ${shape('M52 28L16 46V178L52 160Z', p.pop2)}${shape('M148 28L184 46V178L148 160Z', p.pop2)}${shape('M24 56L44 46V98L24 104ZM24 114L44 108V154L24 164ZM176 56L156 46V98L176 104ZM176 114L156 108V154L176 164Z', p.deep)}
    <rect x="40" y="158" width="120" height="9" fill=${p.pop} />${line('M112 44q6-8 12 0q6-8 12 0M84 56q5-6 9 0q5-6 9 0', p.deep, 3)}`,
  // A clock.
  ISTJ: (
    p,
  ) => svg`${disc(100, 100, 82, p.pop2)}${disc(100, 100, 70, p.light)}${around(12, (i) => svg`<rect x=${i % 3 ? 98.5 : 97} y="36" width=${i % 3 ? 3 : 6} height=${i % 3 ? 9 : 14} fill=${p.bg} />`)}
    ${line('M100 100V56', p.deep, 8)}${line('M100 100L132 116', p.deep, 6)}${line('M92 124L108 76', p.pop, 3)}${disc(100, 100, 7, p.pop)}`,
  // A porch light.
  ISFJ: (
    p,
  ) => svg`${shape('M60 92L20 200H180L140 92Z', mix(p.bg, p.pop, 0.55))}${shape('M74 92L52 200H148L126 92Z', p.pop)}${line('M100 0V36', p.light, 5)}
    ${shape('M72 52L100 34L128 52Z', p.light)}<rect x="76" y="54" width="48" height="42" fill=${p.light} />${disc(100, 76, 13, p.pop)}<rect x="70" y="94" width="60" height="7" fill=${p.pop2} />
    ${shape('M84 200V158Q100 142 116 158V200Z', p.deep)}${disc(110, 182, 2.4, p.pop)}`,
  // A bridge.
  ESTJ: (
    p,
  ) => svg`${disc(150, 52, 24, p.pop)}${line('M-6 122Q26 118 56 44Q100 150 144 44Q174 118 206 122', p.light, 5)}
    ${[12, 28, 44, 68, 84, 100, 116, 132, 156, 172, 188].map((x) => line(`M${x} 128V${r1(x < 56 ? 44 + ((56 - x) / 60) ** 0.6 * 78 : x > 144 ? 44 + ((x - 144) / 60) ** 0.6 * 78 : 97 - (Math.abs(100 - x) / 44) ** 2 * 53)}`, p.pop2, 2))}
    <rect x="50" y="36" width="12" height="140" fill=${p.light} /><rect x="138" y="36" width="12" height="140" fill=${p.light} /><rect x="-4" y="126" width="208" height="12" fill=${p.pop} />
    ${[0, 1, 2].map((i) => svg`<rect x=${6 + i * 70} y=${160 + (i % 2) * 12} width="48" height="5" rx="2.5" fill=${p.pop2} />`)}`,
  // A table for everyone.
  ESFJ: (
    p,
  ) => svg`${disc(100, 100, 80, p.light)}${around(8, (i) => svg`${disc(100, 44, 15, i % 2 ? p.pop : p.pop2)}${disc(100, 44, 9, p.light)}`)}
    ${disc(100, 100, 30, p.pop2)}${around(6, () => shape('M100 100C92 88 94 76 100 74C106 76 108 88 100 100Z', p.light))}${disc(100, 100, 7, p.pop)}`,
  // A pocket multitool.
  ISTP: (
    p,
  ) => svg`<g transform="rotate(-28 100 100)">${shape('M60 88L40 22Q46 10 58 16L82 84Z', p.light)}${shape('M88 84V18L100 6L108 20V84Z', p.pop2)}
    ${line('M132 82Q120 58 138 50T150 20', p.light, 6)}<rect x="44" y="82" width="112" height="40" rx="20" fill=${p.pop} /><rect x="58" y="96" width="84" height="5" rx="2.5" fill=${p.deep} opacity=".55" />
    ${disc(64, 102, 6, p.deep)}${disc(136, 102, 6, p.deep)}${shape('M70 122L64 184L78 190L92 122Z', p.pop2)}${line('M120 124V176M112 176H128', p.light, 6)}</g>`,
  // A palette at sunset.
  ISFP: (
    p,
  ) => svg`${shape('M104 24C158 24 186 62 180 102C176 130 150 126 138 128C122 131 130 150 122 166C114 182 86 180 62 166C32 148 16 120 22 88C29 50 62 24 104 24Z', p.light)}
    ${disc(66, 78, 15, p.pop)}${disc(104, 58, 13, p.pop2)}${disc(142, 76, 12, p.bg)}${disc(54, 118, 12, mix(p.pop2, p.deep, 0.35))}${disc(84, 146, 14, p.deep)}${disc(96, 104, 14, p.bg)}
    ${line('M196 26L124 110', p.pop, 6)}${shape('M130 96L114 124L138 108Z', p.deep)}`,
  // The first leap.
  ESTP: (
    p,
  ) => svg`${shape('M0 150H66L78 200H0Z', p.pop2)}${shape('M200 122H140L126 200H200Z', p.pop2)}${disc(112, 44, 13, p.light)}
    ${line('M108 62L92 102L118 124L110 156', p.light, 13)}${line('M92 102L66 112L50 142', p.light, 13)}${line('M106 68L134 84L156 74', p.light, 10)}${line('M104 70L80 72L66 88', p.light, 10)}
    ${line('M12 70H44M4 92H34M16 114H40', p.pop, 5)}`,
  // Midsummer fireworks and paper lights.
  ESFP: (
    p,
  ) => svg`${around(12, (i) => svg`${shape('M98 70L100 28L102 70Z', i % 2 ? p.pop : p.light)}${disc(100, 22, i % 2 ? 5 : 3.4, i % 2 ? p.pop2 : p.pop)}`)}${disc(100, 100, 17, p.pop)}${around(8, () => disc(100, 74, 3.4, p.light))}
    ${line('M-4 152Q100 204 204 152', p.light, 2.5)}${[
      [20, 163],
      [60, 176],
      [100, 180],
      [140, 176],
      [180, 163],
    ].map(([x, y], i) =>
      shape(`M${x - 12} ${y}H${x + 12}L${x} ${y + 24}Z`, [p.pop, p.pop2, p.light][i % 3]),
    )}`,
};

/** The emblem on nothing; its tile gives the ground. */
export function emblem(mbti) {
  const p = typePalette(mbti);
  return html`<svg class="emblem" viewBox="0 0 200 200" aria-hidden="true" focusable="false">${(DRAW[mbti] ?? DRAW.INFJ)(p)}</svg>`;
}
