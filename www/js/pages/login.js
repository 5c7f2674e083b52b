// Why one would sign in, and with whom. Also what is shown when it did not work.
import { html } from '../../vendor/lit-html.js';
import { account } from '../account.js';
import { over14 } from '../age.js';
import { allWords, at, lang, t } from '../i18n.js';
import { inApp, wayOut } from '../inapp.js';
import { ageAnswers } from '../ui/age.js';
import { copy } from '../ui/share.js';
import { failure, resource, skeleton } from '../ui/states.js';

/** A page of ours to come back to; anything else goes to one's own page. */
function wanted() {
  const path = new URLSearchParams(location.search).get('return') ?? '';
  return /^\/(?![/\\])/.test(path) ? path : at('/me');
}

const app = inApp(navigator.userAgent, navigator.standalone === true);

/** In place of Google's button: that it does not work here, the way out, and what to do if that way is shut. */
function outside() {
  const way = wayOut(app, location.href);
  return html`<div class="login-note"><p>${t('login.inapp')}</p><p class="muted">${t(app.os === 'ios' ? 'login.inapp.ios' : 'login.inapp.menu')}</p>
    <p class="actions">${way ? html`<a class="button quiet" data-outside href=${way}>${t('login.inapp.open')}</a>` : ''}
    <button type="button" class="button quiet" @click=${() => copy(location.href)}>${t('share.copy')}</button></p></div>`;
}

const button = (p) =>
  p.id === 'google' && app
    ? outside()
    : html`<a class="login-button ${p.id}" data-outside href=${`/auth/${p.id}?return=${encodeURIComponent(wanted())}`}>${t('login.with', { name: p.name[lang()] })}</a>`;

/** Where a page asks for a new login, somebody who is signed in may sign in again. */
const again = () => new URLSearchParams(location.search).has('again');

const young = (draw) =>
  over14()
    ? html`<p class="note" role="status">${t('login.young')}</p>`
    : html`<section class="login-note" aria-labelledby="age"><h2 id="age">${t('age.ask')}</h2><p>${t('login.age')}</p>${ageAnswers(draw)}</section>`;

const buttons = (who, draw) =>
  over14() !== 'yes' && who.providers.length && (!who.signed_in || again())
    ? young(draw)
    : who.signed_in && !again()
      ? html`<p>${t('login.already')}</p><p class="actions"><a class="button" href=${at('/me')}>${t('nav.me')}</a></p>`
      : who.providers.length
        ? html`<div class="login-buttons">${who.providers.map(button)}</div><p class="muted">${t('login.kept')} <a href=${at('/about#privacy')}>${t('foot.privacy')}</a></p>`
        : html`<p class="muted">${t('login.none')}</p>`;

export async function open(params, draw) {
  await allWords();
  const it = resource(account, draw);
  it.run();
  return {
    title: () => t('title.login'),
    ready: () => it.done,
    view: () =>
      it.error
        ? failure(it.error, it.run)
        : html`<div class="wrap pad page narrow"><h1 tabindex="-1" data-focus>${t('login.title')}</h1><p class="lead">${t('login.lead')}</p>
      <ul class="login-why"><li>${t('login.why.1')}</li><li>${t('login.why.2')}</li><li>${t('login.why.3')}</li></ul>
      ${it.value ? buttons(it.value, draw) : skeleton(3)}</div>`,
  };
}
