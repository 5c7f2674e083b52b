// One's own page: who one is here, the newest type, tests, likes, votes, and the way out.
import { html } from '../../vendor/lit-html.js';
import { account, carryLang, forgetAccount, forgetPerson, forgetTest, logout } from '../account.js';
import { del, fetchNow, forgetPath, get } from '../api.js';
import { poster } from '../art/poster.js';
import { again as editFilms } from '../draft.js';
import { place } from '../events.js';
import { allWords, at, date, t, tx } from '../i18n.js';
import { go } from '../navigation.js';
import { again, data, sessions, ways } from '../ui/account_parts.js';
import { axes } from '../ui/axes.js';
import { chip, faceCard } from '../ui/card.js';
import { leftOut } from '../ui/left_out.js';
import { pager } from '../ui/paged.js';
import { past } from '../ui/past.js';
import { profileForm } from '../ui/profile.js';
import { empty, failure, resource, skeleton } from '../ui/states.js';
import { toast } from '../ui/toast.js';

const invitation =
  () => html`<section class="login-note"><h2>${t('me.guest')}</h2><p>${t('me.guest.text')}</p>
  <p><a class="button" href=${at(`/login?return=${at('/me')}`)}>${t('nav.login')}</a></p></section>`;

/** The films of a test, and the way to choose others without answering it again. */
function change(test, movies) {
  editFilms(test, movies);
  go(at('/test?step=films'));
}

const films = (test, movies) =>
  movies
    ? html`<div class="panel"><h3>${t('me.films')}</h3><ul class="chosen">${movies.map((m) => html`<li><a href=${at(`/m/${m.id}`)}>${poster(m)}<span class="sr">${tx(m.title)}</span></a></li>`)}</ul>
      <p class="muted">${t('me.films.edit.text')}</p><p class="actions"><button type="button" class="button quiet" @click=${() => change(test, movies)}>${t('me.films.edit')}</button></p></div>`
    : '';

/** test: of the list; more: the same with axes and films, or null when they could not be had. */
const newest = (test, more) =>
  test
    ? html`<section aria-labelledby="newest"><h2 id="newest">${t('me.newest')}</h2>
  <p><a class="me-type" href=${at(`/r/${test.token}`)}>${chip(test.mbti, test.enneagram)}<span>${more?.personality?.name ? tx(more.personality.name) : date(test.created)}</span></a></p>
  <div class="me-panels">${more?.personality?.axes ? html`<div class="panel"><h3>${t('result.axes')}</h3>${axes(more.personality.axes, more.personality.mbti)}</div>` : ''}${films(test, more?.movies)}</div></section>`
    : empty(
        t('me.notype'),
        t('liked.notests'),
        html`<a class="button" href=${at('/test')}>${t('home.begin')}</a>`,
      );

const history = ({ items }, remove, more) =>
  items.length
    ? html`<section aria-labelledby="history"><h2 id="history">${t('me.history')}</h2>
  <ul class="mytests">${items.map(
    (
      x,
    ) => html`<li><a href=${at(`/r/${x.token}`)}>${chip(x.mbti, x.enneagram)}<span>${date(x.created)}</span></a>
    <button type="button" class="text-button" aria-label=${t('liked.delete.label', { mbti: x.mbti, date: date(x.created) })} @click=${() => remove(x)}>${t('liked.delete')}</button></li>`,
  )}</ul>${more()}</section>`
    : '';

const hearts = (likes) => html`<section aria-labelledby="hearts"><h2 id="hearts">${t('liked.hearts')}</h2>
  ${likes.length ? html`<div class="faces">${likes.slice(0, 12).map((c, i) => faceCard(c, place('liked', i)))}</div>${likes.length > 12 ? html`<p><a class="text-button" href=${at('/liked')}>${t('me.more')}</a></p>` : ''}` : html`<p class="muted">${t('liked.none.text')}</p>`}</section>`;

const votes = (list, more) =>
  list
    ? html`<section aria-labelledby="votes"><h2 id="votes">${t('me.votes')}</h2>
  ${
    list.items.length
      ? html`<ul class="mytests">${list.items.map((v) => html`<li><a href=${at(`/c/${v.character.id}`)}><span>${tx(v.character.name)}</span>${chip(v.mbti, v.enneagram)}</a></li>`)}</ul>${more()}`
      : html`<p class="muted">${t('me.votes.none')}</p>`
  }</section>`
    : '';

/** null where there is no answer: the part is left out then. */
const maybe = (promise) => promise.catch(() => null);
const list = (path) => maybe(fetchNow(path).then((r) => (r.items ? r : null)));

async function load() {
  const who = await account();
  carryLang();
  const [tests, likes, marks, mine, open] = await Promise.all([
    fetchNow('me/tests'),
    fetchNow('me/likes'),
    list('me/marks'),
    who.signed_in ? list('me/votes') : null,
    who.signed_in ? list('me/sessions') : null,
  ]);
  const first = tests.items[0];
  const more = first ? await maybe(get(`tests/${first.token}`)) : null;
  return { who, tests, likes: likes.items, marks, votes: mine, sessions: open?.items ?? null, more };
}

const wantsLogin = (error) => error.problem?.errors?.some((e) => e.field === 'login');

/** What the buttons do. s: {asking, busy, stale}: the second step of deleting everything, and whether a login comes first. */
function acts(it, draw, s) {
  const stale = () => {
    s.stale = true;
    draw();
    document.getElementById('again')?.focus();
  };
  const refused = (error) => {
    if (wantsLogin(error)) stale();
    return t(wantsLogin(error) ? 'me.stale' : 'me.failed');
  };
  let working = false;
  const attempt = async (work, done, failed = refused) => {
    if (working) return;
    working = true;
    try {
      await work();
      toast(done);
      await it.run();
    } catch (error) {
      toast(failed(error), 'bad');
      draw();
    }
    working = false;
  };
  const step = (asking, focus) => {
    s.asking = asking;
    draw();
    document.getElementById(focus)?.focus();
  };
  return {
    leave: (everywhere) =>
      attempt(
        () => logout(everywhere),
        t('me.left'),
        () => t('me.notleft'),
      ),
    remove: (x) =>
      attempt(
        async () => {
          await del(`me/tests/${x.token}`);
          forgetTest(x.token);
        },
        t('liked.deleted'),
        () => t('liked.notdeleted'),
      ),
    end: (x) => attempt(() => del(`me/sessions/${x.id}`), t('me.session.ended')),
    unlink: (id) =>
      attempt(async () => {
        await del(`me/identities/${id}`);
        forgetAccount();
      }, t('me.unlinked')),
    ask: () => (it.value.who.account?.fresh === false ? stale() : step(true, 'really')),
    keep: () => step(false, 'erase'),
    erase: async () => {
      if (s.busy) return;
      s.busy = true;
      draw();
      await attempt(async () => {
        await del('me', { confirm: 'delete' });
        forgetAccount();
        forgetPath('');
        forgetPerson();
        s.asking = false;
      }, t('me.deleted'));
      s.busy = false;
      draw();
    },
  };
}

const somebody = (v) => v.who.signed_in || v.tests.items.length || v.likes.length || v.marks?.items.length;

const body = (
  it,
  act,
  s,
  next,
  draw,
  v = it.value,
) => html`${v.who.signed_in ? '' : invitation()}${newest(v.tests.items[0], v.more)}${past(v.tests.items)}${history(v.tests, act.remove, next.tests)}${hearts(v.likes)}${leftOut(it, draw, next.marks)}${votes(v.votes, next.votes)}${somebody(v) ? profileForm(v.who, draw) : ''}
  ${v.who.signed_in ? html`${ways(v.who, act.unlink)}${s.stale ? again(v.who) : ''}${sessions(v.sessions, act.end, act.leave)}` : ''}
  ${somebody(v) ? data({ ...s, signedIn: v.who.signed_in }, act) : ''}`;

export async function open(params, draw) {
  await allWords();
  const it = resource(load, draw);
  const s = { asking: false, busy: false, stale: false };
  const act = acts(it, draw, s);
  const part = (key) =>
    pager(
      `me/${key}`,
      () => it.value?.[key],
      (more) => {
        it.value = { ...it.value, [key]: more };
      },
      draw,
    );
  const next = { tests: part('tests'), votes: part('votes'), marks: part('marks') };
  it.run();
  const hello = () => {
    const name = it.value?.who.profile.name ?? it.value?.who.account?.name;
    return name ? t('me.hello', { name }) : t('me.title');
  };
  return {
    title: () => t('title.me'),
    ready: () => it.done,
    view: () =>
      it.error
        ? failure(it.error, it.run)
        : html`<div class="wrap pad page"><h1 tabindex="-1" data-focus>${hello()}</h1>${it.value ? body(it, act, s, next, draw) : skeleton(4)}</div>`,
  };
}
