// An address as a QR code, for the camera of whoever sits beside; loaded when somebody asks for it.
import { html } from '../../vendor/lit-html.js';
import { encode } from '../../vendor/uqr.js';
import { t } from '../i18n.js';

/** Dark on light in every scheme, with the four empty modules around that cameras look for (ISO/IEC 18004). */
export function qr(address) {
  const { size, data } = encode(address, { border: 4 });
  const dark = data.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : '')));
  return html`<figure class="qr"><svg viewBox=${`0 0 ${size} ${size}`} role="img" aria-label=${t('share.qr.alt')} shape-rendering="crispEdges"><path fill="#fff" d=${`M0 0h${size}v${size}h-${size}z`}></path><path fill="#000" d=${dark.join('')}></path></svg>
    <figcaption>${t('share.qr.how')}</figcaption></figure>`;
}
