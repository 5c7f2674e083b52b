// What this is, how numbers come about, what is simulated, what is stored.
import { html } from '../../vendor/lit-html.js';
import { allWords, t } from '../i18n.js';
import { choice } from '../ui/consent.js';

const part = (id, n, more = '') =>
  html`<section id=${id}><h2>${t(`about.${id}.title`)}</h2>${Array.from({ length: n }, (_, i) => html`<p>${t(`about.${id}.${i + 1}`)}</p>`)}${more}</section>`;

// In percent: www/build puts the program's own numbers here (lib/app/recommend.h).
const SHARES = {
  film: '%RECOMMEND_FILM%',
  enneagram: '%RECOMMEND_ENNEAGRAM%',
  sure: '%RECOMMEND_CERTAINTY%',
};

const formula = () =>
  html`<dl class="formula">${Object.entries(SHARES).map(([k, share]) => html`<div><dt>${t(`about.formula.${k}`)}</dt><dd>${share}%</dd></div>`)}</dl>`;

export async function open(params, draw) {
  await allWords();
  return {
    title: () => t('title.about'),
    view: () => html`<div class="wrap pad page prose"><h1 tabindex="-1" data-focus>${t('about.title')}</h1>
      ${part('what', 2)}<section id="match"><h2>${t('about.match.title')}</h2><p>${t('about.match.1')}</p>${formula()}<p>${t('about.match.2')}</p><p>${t('about.match.3')}</p></section>
      ${part('art', 1)}${part('simulated', 2)}${part('privacy', 11, choice(draw))}${part('mark', 2)}</div>`,
  };
}
