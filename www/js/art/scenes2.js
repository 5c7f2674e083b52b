// Poster scenes, second half: see scenes.js.
import { svg } from '../../vendor/lit-html.js';
import { lettersOn, mix } from './palette.js';
import { r1 } from './rng.js';
import { width } from './text.js';

const sheet = (fill) => svg`<rect width="200" height="300" fill=${fill} />`;
const circle = (x, y, r, fill) => svg`<circle cx=${r1(x)} cy=${r1(y)} r=${r1(r)} fill=${fill} />`;
const path = (d, fill) => svg`<path d=${d} fill=${fill} />`;

/** A flower of petals. */
export function rosette(p, dice) {
  const n = dice.pick([6, 8, 10, 12]);
  const cy = 122;
  const ring = (k, r, fat, fill, turn) =>
    Array.from({ length: k }, (_, i) => {
      const d = `M100 ${cy}C${r1(100 - fat)} ${r1(cy - r * 0.45)} ${r1(100 - fat * 0.8)} ${r1(cy - r * 0.85)} 100 ${r1(cy - r)}C${r1(100 + fat * 0.8)} ${r1(cy - r * 0.85)} ${r1(100 + fat)} ${r1(cy - r * 0.45)} 100 ${cy}Z`;
      return svg`<path d=${d} fill=${fill} transform=${`rotate(${r1((360 / k) * i + turn)} 100 ${cy})`} />`;
    });
  const fat = (150 / n + 4) * dice.range(0.8, 1.1);
  const turn = dice.range(0, 360 / n);
  const inner = dice.range(48, 66);
  return {
    art: svg`${sheet(p.bg)}${ring(n, 106, fat * 1.25, mix(p.bg, p.c, 0.45), turn + 180 / n)}${ring(n, 90, fat, p.a, turn)}
      ${ring(n, inner, fat * 0.7, p.b, turn + 180 / n)}${circle(100, cy, dice.range(13, 20), p.c)}${circle(100, cy, 7, p.bg)}`,
    box: { x: 100, y: 285, w: 172, h: 50, fill: p.ink, anchor: 'middle', from: 'bottom' },
  };
}

/** A ringed planet. */
export function planet(p, dice) {
  const stars = Array.from({ length: 34 }, () =>
    circle(dice.range(4, 196), dice.range(4, 232), dice.range(0.5, 1.5), p.ink),
  );
  const cx = dice.range(70, 130);
  const cy = dice.range(104, 132);
  const r = dice.range(46, 62);
  const tilt = dice.range(-28, 28);
  const half = (sweep) =>
    `M${r1(cx - r * 1.75)} ${r1(cy)}A${r1(r * 1.75)} ${r1(r * 0.46)} 0 0 ${sweep} ${r1(cx + r * 1.75)} ${r1(cy)}`;
  return {
    art: svg`${sheet(p.bg)}${stars}
      <g transform=${`rotate(${r1(tilt)} ${r1(cx)} ${r1(cy)})`}>
        <path d=${half(1)} fill="none" stroke=${p.b} stroke-width="5" />
        ${circle(cx, cy, r, p.a)}
        ${path(`M${r1(cx)} ${r1(cy - r)}A${r1(r)} ${r1(r)} 0 0 1 ${r1(cx)} ${r1(cy + r)}A${r1(r * 1.5)} ${r1(r * 1.5)} 0 0 0 ${r1(cx)} ${r1(cy - r)}Z`, mix(p.a, p.bg, 0.42))}
        <path d=${half(0)} fill="none" stroke=${p.b} stroke-width="5" /></g>
      ${circle(dice.range(20, 50), dice.range(30, 60), dice.range(5, 10), p.c)}
      ${path('M0 300V250Q100 222 200 250V300Z', mix(p.bg, p.c, 0.5))}`,
    box: { x: 100, y: 240, w: 172, h: 54, fill: p.ink, anchor: 'middle', from: 'bottom', max: 34 },
  };
}

/** Stairs up (or down). */
export function stairs(p, dice) {
  const n = dice.pick([5, 6, 7]);
  const w = 200 / n;
  const flip = dice.chance(0.5);
  const steps = Array.from({ length: n }, (_, i) => {
    const y = 292 - (i + 1) * (166 / n);
    return svg`<rect x=${r1(i * w)} y=${r1(y)} width=${r1(w + 0.4)} height="200" fill=${i % 2 ? p.a : mix(p.a, p.bg, 0.22)} />
      <rect x=${r1(i * w)} y=${r1(y)} width=${r1(w + 0.4)} height="5" fill=${p.b} />`;
  });
  const k = dice.int(n - 2) + 1;
  const fx = (k + 0.5) * w;
  const fy = 292 - (k + 1) * (166 / n);
  return {
    art: svg`${sheet(p.bg)}<g transform=${flip ? 'matrix(-1 0 0 1 200 0)' : ''}>
      ${circle(dice.range(112, 166), dice.range(92, 112), dice.range(20, 34), p.c)}${steps}
      <g fill=${p.ink === '#1b1b1e' ? p.ink : mix(p.bg, '#0c0a10', 0.6)}><circle cx=${r1(fx)} cy=${r1(fy - 34)} r="5" /><path d=${`M${r1(fx - 5.5)} ${r1(fy - 28)}h11l1 14h-3l-1 14h-5l-1-14h-3z`} /></g></g>`,
    box: { x: 14, y: 14, w: 172, h: 62, fill: p.ink },
  };
}

/** Light on an empty stage. */
export function stage(p, dice) {
  const curtain = p.c;
  const dark = mix(curtain, '#140c10', 0.35);
  const folds = [0, 1, 2, 3].map(
    (i) => svg`
    <path d=${`M${i * 11} 0h11v${232 - i * 30}q-5 8-11 0z`} fill=${i % 2 ? dark : curtain} />
    <path d=${`M${200 - i * 11} 0h-11v${232 - i * 30}q5 8 11 0z`} fill=${i % 2 ? dark : curtain} />`,
  );
  const x = dice.range(86, 114);
  const prop = dice.pick([
    svg`<g transform=${`translate(${r1(x)} 196)`} fill=${p.ink}><rect x="-1.6" y="-62" width="3.2" height="62" /><ellipse cx="0" cy="0" rx="13" ry="3.4" /><rect x="-6" y="-78" width="12" height="20" rx="6" /></g>`,
    svg`<g transform=${`translate(${r1(x)} 196)`} fill=${p.ink}><rect x="-15" y="-24" width="30" height="5" /><path d="M-13 -19h4l-3 20h-4zM13 -19h-4l3 20h4zM-13 -60h4v40h-4zM9 -60h4v40h-4z" /><rect x="-13" y="-58" width="26" height="5" /><rect x="-13" y="-44" width="26" height="4" /></g>`,
    svg`<g transform=${`translate(${r1(x)} 198)`} fill=${p.ink}><circle cx="0" cy="-58" r="7" /><path d="M-8 -49h16l9 28-4 2-6-14 4 33H-11l4-33-6 14-4-2z" /></g>`,
  ]);
  const floor = mix(p.bg, '#120d14', 0.5);
  return {
    art: svg`${sheet(p.bg)}<rect y="186" width="200" height="120" fill=${floor} />
      <path d=${`M${r1(x - 12)} -4h24L${r1(x + 62)} 196H${r1(x - 62)}Z`} fill=${p.a} opacity=".5" /><ellipse cx=${r1(x)} cy="197" rx="62" ry="15" fill=${p.a} />
      ${prop}${folds}`,
    box: {
      x: 100,
      y: 285,
      w: 172,
      h: 60,
      fill: lettersOn(floor, [p.a, p.b, p.ink]),
      anchor: 'middle',
      from: 'bottom',
    },
  };
}

/** The first letter of the title, far too large. */
export function letter(p, dice, title) {
  const ch = [...title.replace(/^(the|a|an) /i, '')].find((c) => /[\p{L}\p{N}]/u.test(c)) ?? '·';
  const size = 250 / Math.max(0.8, width(ch));
  const stripes = dice.chance(0.5);
  const lean = dice.range(-24, 24);
  const gap = dice.range(30, 46);
  return {
    art: svg`${sheet(p.a === p.ink ? p.b : p.bg)}
      ${stripes ? [-2, -1, 0, 1, 2].map((i) => svg`<rect x="-60" y=${r1(102 + i * gap)} width="320" height=${r1(gap / 2)} fill=${mix(p.bg, p.c, 0.3)} transform=${`rotate(${r1(lean)} 100 113)`} />`) : circle(dice.range(50, 150), dice.range(84, 136), dice.range(70, 92), mix(p.bg, p.c, 0.4))}
      <text x="100" y=${r1(116 + size * 0.36)} font-size=${r1(size)} font-weight="900" text-anchor="middle" fill=${p.a}>${ch.toUpperCase()}</text>
      <rect y="226" width="200" height="74" fill=${p.ink} /><rect y="220" width="200" height="6" fill=${p.c} />`,
    box: { x: 14, y: 286, w: 172, h: 50, fill: lettersOn(p.ink, [p.bg, p.b]), from: 'bottom' },
  };
}

/** Two people, one overlap. */
export function pair(p, dice) {
  const gap = dice.range(18, 30);
  const bust = (x, fill, scale) => svg`<g transform=${`translate(${r1(x)} 214) scale(${scale})`} fill=${fill}>
    <path d="M-46 0C-46 -34 -24 -42 -11 -47V-58C-21 -64 -25 -76 -24 -88C-22 -108 -10 -116 2 -115C17 -114 25 -102 24 -86C23 -73 18 -63 11 -58V-47C24 -42 46 -34 46 0Z" /></g>`;
  return {
    art: svg`${sheet(p.bg)}${circle(100, 112, dice.range(72, 86), mix(p.bg, p.c, 0.55))}
      ${bust(100 - gap, p.a, dice.range(1, 1.15))}
      ${bust(100 + gap + 6, p.b, dice.range(0.9, 1.05))}
      <rect y="213" width="200" height="87" fill=${p.bg} />
      <rect y="213" width="200" height="4" fill=${p.ink} />`,
    box: { x: 100, y: 284, w: 176, h: 56, fill: p.ink, anchor: 'middle', from: 'bottom' },
  };
}

/** A road to the vanishing point. */
export function road(p, dice) {
  const vx = dice.range(70, 130);
  const y = 150;
  const asphalt = mix(p.bg, '#15110f', 0.72);
  const dashes = [0, 1, 2, 3, 4].map((i) => {
    const t = [0.06, 0.17, 0.32, 0.53, 0.8][i];
    const u = t + 0.035 + t * 0.11;
    const at = (s) => [vx + (100 - vx) * s, y + 150 * s];
    const [x1, y1] = at(t);
    const [x2, y2] = at(u);
    return path(`M${r1(x1 - 3 * t)} ${r1(y1)}h${r1(6 * t)}L${r1(x2 + 3 * u)} ${r1(y2)}h${r1(-6 * u)}Z`, p.a);
  });
  const rays = dice.chance(0.5)
    ? Array.from({ length: 9 }, (_, i) =>
        path(`M${r1(vx)} ${y}L${r1(vx - 260 + i * 62)} -60h30Z`, mix(p.bg, p.a, 0.28)),
      )
    : '';
  return {
    art: svg`${sheet(p.bg)}${rays}${circle(vx, y - 6, dice.range(26, 38), p.a)}
      ${path(`M0 ${y}L${r1(vx - 40)} ${y - 26}L${r1(vx - 12)} ${y}L${r1(vx + 34)} ${y - 34}L200 ${y}V300H0Z`, p.c)}
      <rect y=${y} width="200" height="150" fill=${p.b} />${path(`M${r1(vx - 2)} ${y}h4L184 300H16Z`, asphalt)}${dashes}`,
    box: { x: 14, y: 14, w: 172, h: 66, fill: p.ink },
  };
}
