// Poster scenes, first half. A scene is (palette, dice, title) → { art, box }: shapes on a 200 × 300 sheet and where
// the title goes ({x, y, w, h, fill, anchor, from}).
import { svg } from '../../vendor/lit-html.js';
import { contrast, darkest, lettersOn, mix } from './palette.js';
import { r1 } from './rng.js';

const sheet = (fill) => svg`<rect width="200" height="300" fill=${fill} />`;
const circle = (x, y, r, fill) => svg`<circle cx=${r1(x)} cy=${r1(y)} r=${r1(r)} fill=${fill} />`;
const path = (d, fill) => svg`<path d=${d} fill=${fill} />`;

function ridge(dice, y, swing) {
  let d = `M0 300V${r1(y + dice.range(-swing, swing))}`;
  for (let x = 0; x < 200; x += 50) {
    d += `C${x + 18} ${r1(y + dice.range(-swing, swing))} ${x + 32} ${r1(y + dice.range(-swing, swing))} ${x + 50} ${r1(y + dice.range(-swing, swing) / 2)}`;
  }
  return d + 'V300Z';
}

/** A sun behind hills. */
export function horizon(p, dice) {
  const cx = dice.range(60, 140);
  const cy = dice.range(96, 130);
  const r = dice.range(42, 62);
  const front = mix(p.bg, p.ink, 0.82);
  const bands = dice.chance(0.5);
  return {
    art: svg`${sheet(p.bg)}${circle(cx, cy, r + 26, mix(p.bg, p.a, 0.22))}${circle(cx, cy, r + 12, mix(p.bg, p.a, 0.5))}
      ${circle(cx, cy, r, p.a)}
      ${bands ? [0, 1, 2, 3].map((i) => svg`<rect x="0" y=${r1(cy + 8 + i * 12)} width="200" height=${2 + i * 1.6} fill=${p.bg} />`) : ''}
      ${path(ridge(dice, 150, 16), mix(p.b, p.bg, 0.25))}${path(ridge(dice, 178, 14), p.c)}
      ${path(ridge(dice, 208, 8), front)}`,
    box: { x: 14, y: 284, w: 172, h: 62, fill: lettersOn(front, [p.bg, p.a]), from: 'bottom' },
  };
}

/** Circles drawing one in, with a small falling figure. */
export function vortex(p, dice) {
  const cx = dice.range(80, 150);
  const cy = dice.range(182, 208);
  const colours = [p.a, p.bg, p.b, p.bg, p.c, p.bg, p.a, p.bg];
  const drift = dice.range(-5, 5);
  const figure = mix(p.ink, p.bg, 0.05);
  return {
    art: svg`${sheet(p.bg)}
      ${colours.map((f, i) => circle(cx - i * drift, cy - i * 2.4, 104 - i * 13, f))}
      ${circle(cx - 8 * drift, cy - 19, 7, p.ink)}
      <g transform=${`translate(${r1(cx - 52)} ${r1(cy + 34)}) rotate(${r1(dice.range(-40, 40))})`} fill=${figure}>
        <circle cx="0" cy="-11" r="4.2" /><path d="M-4 -6h8l3 11-3 1-2-6-1 9 5 12-3 1-5-11-5 9-3-2 4-9z" /></g>`,
    box: { x: 14, y: 14, w: 172, h: 62, fill: p.ink },
  };
}

function tile(dice, x, y, s, colours) {
  const [f, g, h] = dice.shuffle(colours);
  const base = svg`<rect x=${x} y=${y} width=${s + 0.3} height=${s + 0.3} fill=${f} />`;
  const turn = `rotate(${dice.int(4) * 90} ${x + s / 2} ${y + s / 2})`;
  const kinds = [
    () => path(`M${x} ${y}A${s} ${s} 0 0 1 ${x + s} ${y + s}H${x}Z`, g),
    () => svg`${circle(x + s / 2, y + s / 2, s * 0.36, g)}${circle(x + s / 2, y + s / 2, s * 0.15, h)}`,
    () =>
      svg`${path(`M${x} ${y}A${s / 2} ${s / 2} 0 0 0 ${x + s} ${y}Z`, g)}${path(`M${x} ${y + s / 2}A${s / 2} ${s / 2} 0 0 0 ${x + s} ${y + s / 2}Z`, h)}`,
    () => path(`M${x} ${y + s}L${x + s} ${y}V${y + s}Z`, g),
    () =>
      [0, 1, 2].map(
        (i) => svg`<rect x=${r1(x + (i * s) / 3)} y=${y} width=${r1(s / 6)} height=${s} fill=${g} />`,
      ),
    () =>
      svg`${path(`M${x} ${y}A${s} ${s} 0 0 1 ${x + s} ${y + s}H${x}Z`, g)}${path(`M${x} ${y + s / 2}A${s / 2} ${s / 2} 0 0 1 ${x + s / 2} ${y + s}H${x}Z`, h)}`,
  ];
  return svg`<g transform=${turn}>${base}${dice.pick(kinds)()}</g>`;
}

/** A quilt of quarter circles. */
export function quilt(p, dice) {
  const n = dice.pick([3, 4]);
  const s = 200 / n;
  const rows = n === 3 ? 3 : 4;
  const top = dice.chance(0.5) ? 0 : 300 - rows * s;
  const colours = [p.a, p.b, p.c, mix(p.bg, p.ink, 0.12)];
  const cells = [];
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < n; i++) cells.push(tile(dice, r1(i * s), r1(top + j * s), r1(s), colours));
  return {
    art: svg`${sheet(p.bg)}${cells}`,
    box: top
      ? { x: 14, y: 14, w: 172, h: 72, fill: p.ink }
      : { x: 14, y: 286, w: 172, h: 66, fill: p.ink, from: 'bottom' },
  };
}

/** Cut-paper shards in the manner of title sequences of the fifties. */
export function shards(p, dice) {
  const cut = (fill) => {
    const x = dice.range(-10, 150);
    const w = dice.range(24, 56);
    const lean = dice.range(-60, 60);
    return path(
      `M${r1(x)} -5L${r1(x + w)} -5L${r1(x + w * dice.range(0.5, 1) + lean)} ${r1(dice.range(150, 214))}L${r1(x + lean + w * 0.2)} ${r1(dice.range(120, 190))}Z`,
      fill,
    );
  };
  const band = p.ink;
  return {
    art: svg`${sheet(p.bg)}${cut(p.b)}${cut(p.c)}${cut(p.a)}${cut(p.a)}${cut(mix(p.bg, p.ink, 0.5))}
      ${path(`M-5 ${r1(dice.range(206, 220))}L205 ${r1(dice.range(196, 212))}V305H-5Z`, band)}
      ${circle(dice.range(30, 170), dice.range(60, 120), dice.range(9, 17), p.ink)}`,
    box: { x: 14, y: 284, w: 172, h: 60, fill: lettersOn(band, [p.bg, p.a, p.b]), from: 'bottom' },
  };
}

function tower(dice, x, w, h, fill, lit) {
  const windows = [];
  for (let wy = 300 - h + 10; wy < 286; wy += 12) {
    for (let wx = x + 5; wx < x + w - 6; wx += 9) {
      if (dice.chance(0.42))
        windows.push(svg`<rect x=${r1(wx)} y=${r1(wy)} width="4.6" height="6" fill=${lit} />`);
    }
  }
  return svg`<rect x=${r1(x)} y=${r1(300 - h)} width=${r1(w)} height=${r1(h)} fill=${fill} />${windows}`;
}

/** Night windows under a moon. */
export function skyline(p, dice) {
  const back = mix(p.bg, p.c, 0.45);
  const front = mix(p.bg, '#0d0b12', 0.72);
  const towers = [];
  for (let x = -6; x < 200; ) {
    const w = dice.range(26, 46);
    towers.push(tower(dice, x, w, dice.range(60, 150), front, dice.chance(0.7) ? p.a : p.b));
    x += w + dice.range(1, 5);
  }
  const farther = [0, 1, 2, 3, 4, 5].map(
    (i) =>
      svg`<rect x=${r1(i * 36 - dice.range(0, 12))} y=${r1(dice.range(120, 165))} width="30" height="200" fill=${back} />`,
  );
  const mx = dice.range(40, 160);
  return {
    art: svg`${sheet(p.bg)}${circle(mx, 128, 36, p.a)}${circle(mx + dice.range(10, 18), 120, 32, dice.chance(0.4) ? p.bg : p.a)}${farther}${towers}`,
    box: { x: 14, y: 14, w: 172, h: 66, fill: p.ink },
  };
}

/** Layers of waves. */
export function waves(p, dice) {
  const colours = [mix(p.bg, p.a, 0.5), p.a, p.b, p.c, mix(p.c, '#100c14', 0.35)];
  const shift = dice.range(0, 50);
  const rows = colours.map((fill, i) => {
    const y = 138 + i * 34;
    const amp = 13 - i;
    let d = `M${r1(-60 + ((shift + i * 23) % 50))} ${y}`;
    for (let k = 0; k < 6; k++) d += `q12.5 ${-amp * 2} 25 0t25 0`;
    return path(d + 'V310H-60Z', fill);
  });
  const bx = dice.range(50, 150);
  return {
    art: svg`${sheet(p.bg)}${circle(dice.range(40, 160), dice.range(108, 126), dice.range(24, 34), p.c)}${rows.slice(0, 2)}
      <g fill=${p.ink} transform=${`translate(${r1(bx)} 168)`}><path d="M-17 0h34l-6 9h-22z" /><path d="M-1 -2V-32L15 -5Z" /><path d="M-3 -2V-24L-13 -5Z" /></g>
      ${rows.slice(2)}`,
    box: { x: 14, y: 14, w: 172, h: 68, fill: p.ink },
  };
}

/** A door of light and somebody small before it. */
export function door(p, dice) {
  const x = dice.range(74, 112);
  const w = dice.range(36, 48);
  const wall = mix(darkest([p.bg, p.a, p.b, p.c, p.ink]), '#0c0a10', 0.2);
  const light = dice.pick([p.a, p.b, p.c, p.bg].filter((c) => contrast(c, wall) > 3));
  const spill = mix(light, wall, 0.35);
  const floor = 214;
  const fx = x + w / 2 + dice.range(-6, 6);
  return {
    art: svg`${sheet(wall)}<rect x="0" y=${floor} width="200" height="90" fill=${mix(wall, light, 0.16)} />
      <rect x=${r1(x - 7)} y="93" width=${r1(w + 14)} height="121" fill=${mix(wall, light, 0.42)} />
      <rect x=${r1(x)} y="100" width=${r1(w)} height="114" fill=${light} />
      ${path(`M${r1(x)} ${floor}H${r1(x + w)}L${r1(x + w + 42)} 300H${r1(x - 50)}Z`, spill)}
      <g fill=${wall}><circle cx=${r1(fx)} cy="172" r="5.4" /><path d=${`M${r1(fx - 6)} 179h12l2 24h-4l-1 15h-6l-1-15h-4z`} />
      <path opacity=".55" d=${`M${r1(fx - 4)} 218h8l12 82h-34z`} /></g>`,
    box: { x: 14, y: 16, w: 172, h: 66, fill: lettersOn(wall, [light, p.b, p.a]) },
  };
}
