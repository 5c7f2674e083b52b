// What this is, how numbers come about, what is simulated, what is stored.
import { html } from '../../vendor/lit-html.js';
import { askMe } from '../api.js';
import { analytics } from '../consent.js';
import { allWords, t } from '../i18n.js';
import { choice } from '../ui/consent.js';
import { hasKakao } from '../ui/kakao.js';

const upTo = (n) => Array.from({ length: n }, (_, i) => i + 1);
const part = (id, keys, more = '') =>
  html`<section id=${id}><h2>${t(`about.${id}.title`)}</h2>${keys.map((key) => html`<p>${t(`about.${id}.${key}`, analytics() ?? {})}</p>`)}${more}</section>`;

/** What Google gets stands behind what we keep, where it gets something; what Kakao learns at the end, where it may. */
const kept = () =>
  analytics() ? upTo(13).flatMap((n) => (n === 4 ? ['4.google', 'google', 'google.end'] : [n])) : upTo(13);
const privacy = () => (hasKakao() ? [...kept(), 'kakao'] : kept());

// In percent: www/build puts the program's own numbers here (lib/app/recommend.h).
const SHARES = {
  film: '%RECOMMEND_FILM%',
  enneagram: '%RECOMMEND_ENNEAGRAM%',
  sure: '%RECOMMEND_CERTAINTY%',
  fame: '%RECOMMEND_FAME%',
};

const formula = () =>
  html`<dl class="formula">${Object.entries(SHARES).map(([k, share]) => html`<div><dt>${t(`about.formula.${k}`)}</dt><dd>${share}%</dd></div>`)}</dl>`;

export async function open(params, draw) {
  await Promise.all([allWords(), askMe()]);
  return {
    title: () => t('title.about'),
    view: () => html`<div class="wrap pad page prose"><h1 tabindex="-1" data-focus>${t('about.title')}</h1>
      ${part('what', upTo(2))}<section id="match"><h2>${t('about.match.title')}</h2><p>${t('about.match.1')}</p>${formula()}<p>${t('about.match.2')}</p><p>${t('about.match.3')}</p><p>${t('about.match.4')}</p></section>
      ${part('art', upTo(1))}${part('simulated', upTo(2))}${part('privacy', privacy(), choice(draw))}${part('mark', upTo(2))}</div>`,
  };
}
