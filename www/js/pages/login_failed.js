// The worker's page at /auth/…: a login that did not happen, why, and what to do.
import { html } from '../../vendor/lit-html.js';
import { allWords, at, t } from '../i18n.js';

const CAUSES = [
  'denied',
  'expired',
  'elsewhere',
  'provider',
  'unavailable',
  'taken',
  'stale',
  'limited',
  'request',
  'busy',
  'young',
];

export async function open() {
  await allWords();
  const said = document.querySelector('meta[name="mvti-login"]')?.content;
  const cause = CAUSES.includes(said) ? said : 'request';
  return {
    title: () => t('title.login'),
    view: () => html`<div class="wrap pad"><div class="state" role="alert"><h1 tabindex="-1" data-focus>${t(`login.${cause}.title`)}</h1><p>${t(`login.${cause}.text`)}</p>
      <p class="actions"><a class="button" href=${at('/login')}>${t('login.again')}</a><a class="button quiet" href=${at('/')}>${t('action.home')}</a></p></div></div>`,
  };
}
