// Four bars from one letter to the other: of a test that gave this type.
import { html, svg } from '../../vendor/lit-html.js';
import { t } from '../i18n.js';
import { nearMiddle } from '../quiz/score.js';

function bar({ axis, percent }, mbti) {
  const [first, second] = axis;
  const toSecond = mbti.includes(second); // who is exactly in the middle has a letter too
  const strong = toSecond ? percent : 100 - percent;
  const letter = toSecond ? second : first;
  const x = 100 - percent;
  return html`<li class=${nearMiddle(percent) ? 'axis close' : 'axis'}>
    <span class=${toSecond ? '' : 'on'}><b>${first}</b> ${t(`letter.${first}`)}</span>
    <svg viewBox="0 0 200 16" preserveAspectRatio="none" aria-hidden="true" focusable="false">${svg`<rect class="rest" y="4" width="200" height="8" rx="4" />
      <rect class="part" x=${toSecond ? 100 : percent * 2} y="4" width=${Math.abs(percent - 50) * 2} height="8" /><rect class="mid" x="99" width="2" height="16" /><rect class="knob" x=${(100 - x) * 2 - 4} y="0" width="8" height="16" rx="4" />`}</svg>
    <span class=${toSecond ? 'on' : ''}><b>${second}</b> ${t(`letter.${second}`)}</span>
    <em class=${toSecond ? 'second' : ''}>${nearMiddle(percent) ? t('axis.close', { n: strong }) : t('axis.says', { letter, n: strong })}</em></li>`;
}

export const axes = (list, mbti) =>
  html`<ul class="axes" aria-label=${t('axis.label')}>${list.map((one) => bar(one, mbti))}</ul>`;
