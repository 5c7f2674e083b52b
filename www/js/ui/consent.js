// The question whether what is seen and touched may be kept: it stands below the page and is in nobody's way; both answers look alike.
import { html } from '../../vendor/lit-html.js';
import { byBrowser, consent, decide } from '../consent.js';
import { t } from '../i18n.js';

const answers = (draw) =>
  [
    [false, 'consent.no'],
    [true, 'consent.yes'],
  ].map(
    ([allowed, key]) =>
      html`<button type="button" class="button quiet" aria-pressed=${(consent() === 'yes') === allowed && consent() !== 'ask' ? 'true' : 'false'} @click=${() => {
        decide(allowed);
        draw();
      }}>${t(key)}</button>`,
  );

/** Nothing once there is an answer, and where the page itself asks. */
export const question = (draw) =>
  consent() === 'ask' && location.pathname !== '/about'
    ? html`<aside class="consent" aria-label=${t('consent.title')}><div class="wrap"><p>${t('consent.ask')} <a href="/about#privacy">${t('consent.more')}</a></p>
  <p class="actions">${answers(draw)}</p></div></aside>`
    : '';

/** The same on the page about privacy, where the answer can be changed. */
export const choice = (draw) =>
  html`<div class="note consent-choice"><p>${byBrowser() ? t('consent.browser') : t(`consent.now.${consent()}`)}</p>
  ${byBrowser() ? '' : html`<p class="actions">${answers(draw)}</p>`}</div>`;
