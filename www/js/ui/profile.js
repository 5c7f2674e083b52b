// What somebody says of themselves: the name that they want, and their language.
import { html } from '../../vendor/lit-html.js';
import { keepLang } from '../account.js';
import { put } from '../api.js';
import { at, bare, chooseLang, lang, t } from '../i18n.js';
import { toast } from './toast.js';

const NAME_MOST = 20;
const LANGS = ['ko', 'en'];

async function speak(to, draw) {
  await chooseLang(to);
  history.replaceState(history.state, '', at(bare(location.pathname), to));
  draw();
  keepLang(to).catch(() => {}); // here it is kept in any case
}

/** who: of GET me. What is kept then stands in it. */
export function profileForm(who, draw) {
  const save = async (event) => {
    event.preventDefault();
    const name = new FormData(event.target).get('name').trim();
    try {
      who.profile = await put('me/profile', { name: name || null });
      toast(
        t(who.profile.name ? 'me.name.kept' : name ? 'me.name.bad' : 'me.name.gone'),
        name && !who.profile.name ? 'bad' : 'info',
      );
    } catch (error) {
      toast(t(error.kind === 'age' ? 'error.age.text' : 'me.failed'), 'bad');
    }
    draw();
  };
  return html`<section aria-labelledby="profile"><h2 id="profile">${t('me.profile')}</h2><div class="panel profile">
    <form class="circle-form" @submit=${save}><label for="my-name">${t('me.name')}</label><input id="my-name" name="name" maxlength=${NAME_MOST} autocomplete="nickname" aria-describedby="my-name-text" .value=${who.profile.name ?? ''} />
    <button class="button quiet">${t('me.name.save')}</button></form><p class="muted" id="my-name-text">${t('me.name.text')}</p>
    <div role="group" aria-labelledby="my-lang"><h3 id="my-lang">${t('me.lang')}</h3><p class="actions">${LANGS.map(
      (l) =>
        html`<button type="button" class="button quiet" lang=${l} aria-pressed=${l === lang() ? 'true' : 'false'} @click=${() => speak(l, draw)}>${t(`lang.${l}`)}</button>`,
    )}</p>${who.signed_in ? html`<p class="muted">${t('me.lang.text')}</p>` : ''}</div></div></section>`;
}
