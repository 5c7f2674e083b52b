// The question whether what is seen and touched may be kept, and sent to Google where this site does so: it stands below the page and is in
// nobody's way; all answers look alike.
import { html } from '../../vendor/lit-html.js';
import { sayAge, young } from '../age.js';
import { analytics, byBrowser, consent, decide, shared } from '../consent.js';
import { at, bare, t } from '../i18n.js';

/** Whether it may be kept, whether Google may have it too, and how that is called. */
const choices = () =>
  analytics()
    ? [
        [false, false, 'consent.no'],
        [true, false, 'consent.own'],
        [true, true, 'consent.all'],
      ]
    : [
        [false, false, 'consent.no'],
        [true, false, 'consent.yes'],
      ];

const chosen = (allowed, named) =>
  consent() === (allowed ? 'yes' : 'no') && (!analytics() || shared() === named);

const answers = () =>
  choices().map(
    ([allowed, named, key]) =>
      html`<button type="button" class="button quiet" aria-pressed=${chosen(allowed, named) ? 'true' : 'false'} @click=${() => decide(allowed, named)}>${t(key)}</button>`,
  );

const now = () => (consent() === 'yes' && analytics() ? (shared() ? 'all' : 'own') : consent());

/** Nothing once there is an answer, and where the page itself asks. */
export const question = () =>
  consent() === 'ask' && bare(location.pathname) !== '/about'
    ? html`<aside class="consent" aria-label=${t('consent.title')}><div class="wrap"><p>${t(analytics() ? 'consent.ask.google' : 'consent.ask')} <a href=${at('/about#privacy')}>${t('consent.more')}</a></p>
  <p class="actions">${answers()}</p></div></aside>`
    : '';

/** A wrong tap is no fate: they are asked anew when something is to be stored. */
function again(draw) {
  sayAge();
  draw();
}

/** The same on the page about privacy, where the answer can be changed. */
export const choice = (draw) =>
  html`<div class="note consent-choice"><p>${byBrowser() ? t('consent.browser') : young() ? t('consent.young') : t(`consent.now.${now()}`)}</p>
  ${young() ? html`<p><button type="button" class="text-button" @click=${() => again(draw)}>${t('age.again')}</button></p>` : byBrowser() ? '' : html`<p class="actions">${answers()}</p>`}</div>`;
