// Parts of one's own page that only an account has: ways in, browsers, and the way out.
import { html } from '../../vendor/lit-html.js';
import { at, date, lang, t } from '../i18n.js';

const nameOf = (who, id) => who.providers?.find((p) => p.id === id)?.name?.[lang()] ?? id;

const way = (who, i, unlink) => {
  const name = nameOf(who, i.provider);
  return html`<li><span class="row-text">${name}<span class="muted">${t('me.since', { date: date(i.created) })}</span></span>
    ${unlink ? html`<button type="button" class="text-button" aria-label=${t('me.unlink.label', { name })} @click=${() => unlink(i.provider)}>${t('me.unlink')}</button>` : ''}</li>`;
};

/** How one signs in. The last way in cannot be taken away. */
export function ways(who, unlink) {
  const have = who.account?.identities ?? [];
  const more = (who.providers ?? []).filter((p) => !have.some((i) => i.provider === p.id));
  return html`<section aria-labelledby="ways"><h2 id="ways">${t('me.ways')}</h2>
    <ul class="mytests">${have.map((i) => way(who, i, have.length > 1 ? unlink : null))}</ul>
    ${have.length === 1 ? html`<p class="muted">${t('me.last')}</p>` : ''}
    ${more.length ? html`<p class="actions">${more.map((p) => html`<a class="button quiet" data-outside href=${`/auth/${p.id}?action=link&return=${at('/me')}&proof=${who.account.link_proof}`}>${t('me.link', { name: p.name[lang()] })}</a>`)}</p>` : ''}</section>`;
}

/** Before what cannot be taken back one signs in once more, and comes back here. */
export const again = (
  who,
) => html`<section class="login-note" aria-labelledby="again"><h2 id="again" tabindex="-1">${t('me.again.title')}</h2><p>${t('me.stale')}</p>
  <p class="actions">${who.account.identities.map((i) => html`<a class="button" data-outside href=${`/auth/${i.provider}?return=${at('/me')}`}>${t('me.again', { name: nameOf(who, i.provider) })}</a>`)}</p></section>`;

const browser = (s, end) => {
  const client = s.client || t('me.session.unknown');
  return html`<li><span class="row-text">${client}<span class="muted">${s.current ? t('me.session.current') : t('me.session.seen', { date: date(s.last_seen ?? s.created) })}</span></span>
    ${s.current ? '' : html`<button type="button" class="text-button" aria-label=${t('me.session.end.label', { client })} @click=${() => end(s)}>${t('me.leave')}</button>`}</li>`;
};

/** Where one is signed in; list is null when the server does not say. */
export const sessions = (
  list,
  end,
  leave,
) => html`<section aria-labelledby="sessions"><h2 id="sessions">${t('me.sessions')}</h2>
  ${list?.length ? html`<ul class="mytests">${list.map((s) => browser(s, end))}</ul>` : ''}
  <p class="actions"><button type="button" class="button quiet" @click=${() => leave(false)}>${t('me.leave')}</button>
  <button type="button" class="text-button" @click=${() => leave(true)}>${t('me.leave.all')}</button></p></section>`;

/** Everything as a file, and everything gone. asking: the second step is open. */
export const data = (
  { asking, busy, signedIn },
  act,
) => html`<section aria-labelledby="data"><h2 id="data">${t('me.data')}</h2>
  <p><a class="button quiet" href="/api/v1/me/export" download="mvti-export.json">${t('me.export')}</a></p>
  ${
    asking
      ? html`<div class="login-note danger" role="group" aria-labelledby="really"><h3 id="really" tabindex="-1">${t('me.delete.title')}</h3><p>${t('me.delete.text')}</p>
    <p class="actions"><button type="button" class="button bad" aria-busy=${busy ? 'true' : 'false'} @click=${act.erase}>${t('me.delete.yes')}</button>
    <button type="button" class="button quiet" @click=${act.keep}>${t('me.delete.no')}</button></p></div>`
      : html`<p><button type="button" class="text-button" id="erase" @click=${act.ask}>${signedIn ? t('me.delete.account') : t('me.delete.guest')}</button></p>`
  }</section>`;
