// An address that leads nowhere.
import { html } from '../../vendor/lit-html.js';
import { at, t } from '../i18n.js';

export function open() {
  return {
    title: () => t('title.missing'),
    view: () => html`<div class="wrap pad"><div class="state"><p class="lost" aria-hidden="true">404</p><h1 tabindex="-1" data-focus>${t('error.notfound.title')}</h1><p>${t('error.notfound.text')}</p>
      <p class="actions"><a class="button" href=${at('/')}>${t('action.home')}</a><a class="button quiet" href=${at('/test')}>${t('nav.test')}</a></p></div></div>`,
  };
}
