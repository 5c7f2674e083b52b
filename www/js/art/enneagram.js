// The figure of the Enneagram: nine points on a circle, the lines that join them, and the core and the wing of a type.
import { svg } from '../../vendor/lit-html.js';

const CENTRE = 120;
const RADIUS = 84;
const LINES = ['142857', '369'];

/** 9 stands at the top, the others follow clockwise. */
const point = (n, r = RADIUS) => {
  const turn = ((n % 9) * 2 * Math.PI) / 9;
  return [CENTRE + r * Math.sin(turn), CENTRE - r * Math.cos(turn)].map((v) => v.toFixed(1));
};

const line = (points) => `M${[...points].map((n) => point(Number(n)).join(' ')).join('L')}Z`;

/** type: "4w5". */
export function enneagram(type) {
  const [core, wing] = [Number(type[0]), Number(type[2])];
  const kind = (n) => (n === core ? 'core' : n === wing ? 'wing' : 'other');
  return svg`<svg class="emblem ennea" viewBox="0 0 240 240" aria-hidden="true" focusable="false"><circle class="ennea-round" cx=${CENTRE} cy=${CENTRE} r=${RADIUS} />
  ${LINES.map((points) => svg`<path class="ennea-line" d=${line(points)} />`)}
  ${Array.from({ length: 9 }, (_, i) => {
    const [x, y] = point(i + 1);
    return svg`<g class=${`ennea-${kind(i + 1)}`}><circle cx=${x} cy=${y} r=${i + 1 === core ? 27 : i + 1 === wing ? 20 : 13} /><text x=${x} y=${y} dy=".36em">${i + 1}</text></g>`;
  })}</svg>`;
}
