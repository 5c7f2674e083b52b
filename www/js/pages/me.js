// One's own page: who one is here, the newest type, tests, likes, and the way out.
import { html } from '../../vendor/lit-html.js';
import { account, logout } from '../account.js';
import { fetchNow } from '../api.js';
import { date, lang, t } from '../i18n.js';
import { chip, faceCard } from '../ui/card.js';
import { empty, failure, resource, skeleton } from '../ui/states.js';
import { toast } from '../ui/toast.js';

const invitation = () => html`<section class="login-note"><h2>${t('me.guest')}</h2><p>${t('me.guest.text')}</p>
  <p><a class="button" href="/login?return=/me">${t('nav.login')}</a></p></section>`;

async function leave(everywhere, it) {
  try {
    await logout(everywhere);
    toast(t('me.left'));
    await it.run();
  } catch {
    toast(t('me.notleft'), 'bad');
  }
}

const providerName = (who, id) => who.providers.find((p) => p.id === id)?.name[lang()] ?? id;

const person = (who, it) => html`<section aria-labelledby="ways"><h2 id="ways">${t('me.ways')}</h2>
  <ul class="mytests">${who.account.identities.map((i) => html`<li><span>${providerName(who, i.provider)}</span><span class="muted">${t('me.since', { date: date(i.created) })}</span></li>`)}</ul>
  ${who.providers.filter((p) => !who.account.identities.some((i) => i.provider === p.id)).map((p) => html`<p><a class="button quiet" data-outside href=${`/auth/${p.id}?action=link&return=/me`}>${t('me.link', { name: p.name[lang()] })}</a></p>`)}
  <p class="actions"><button type="button" class="button quiet" @click=${() => leave(false, it)}>${t('me.leave')}</button><button type="button" class="text-button" @click=${() => leave(true, it)}>${t('me.leave.all')}</button></p></section>`;

const newest = (test) => test ? html`<section aria-labelledby="newest"><h2 id="newest">${t('me.newest')}</h2><p><a class="me-type" href=${`/r/${test.token}`}>${chip(test.mbti, test.enneagram)}<span>${date(test.created)}</span></a></p></section>`
  : empty(t('me.notype'), t('liked.notests'), html`<a class="button" href="/test">${t('home.begin')}</a>`);

const body = ({ who, tests, likes }, it) => html`${who.signed_in ? '' : invitation()}${newest(tests[0])}
  ${tests.length > 1 ? html`<section aria-labelledby="history"><h2 id="history">${t('me.history')}</h2><ul class="mytests">${tests.slice(1).map((x) => html`<li><a href=${`/r/${x.token}`}>${chip(x.mbti, x.enneagram)}<span>${date(x.created)}</span></a></li>`)}</ul></section>` : ''}
  <section aria-labelledby="hearts"><h2 id="hearts">${t('liked.hearts')}</h2>${likes.length ? html`<div class="faces">${likes.slice(0, 12).map((c, i) => faceCard(c, { list: 'film', position: i }))}</div><p><a href="/liked">${t('me.more')}</a></p>` : html`<p class="muted">${t('liked.none.text')}</p>`}</section>
  ${who.signed_in ? person(who, it) : ''}`;

export function open(params, draw) {
  const it = resource(async () => {
    const [who, tests, likes] = await Promise.all([account(), fetchNow('me/tests'), fetchNow('me/likes')]);
    return { who, tests: tests.items, likes: likes.items };
  }, draw);
  it.run();
  const hello = () => it.value?.who.account?.name ? t('me.hello', { name: it.value.who.account.name }) : t('me.title');
  return {
    title: () => t('title.me'),
    ready: () => it.done,
    view: () => it.error ? failure(it.error, it.run) : html`<div class="wrap pad page"><h1 tabindex="-1" data-focus>${hello()}</h1>${it.value ? body(it.value, it) : skeleton(4)}</div>`,
  };
}
