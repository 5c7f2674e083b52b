// Comparing with friends: who is in the circle, and what two of them are in films. One address, which its members send on.
import { html } from '../../vendor/lit-html.js';
import { account } from '../account.js';
import { ApiError, del, fetchNow, forgetPath, put } from '../api.js';
import { emblem } from '../art/emblem.js';
import { poster } from '../art/poster.js';
import { draft } from '../draft.js';
import { allWords, at, quoted, t, tx } from '../i18n.js';
import { go } from '../navigation.js';
import { CIRCLE, forgetHere, rememberHere } from '../storage.js';
import { chip, face, filmLine } from '../ui/card.js';
import { ring } from '../ui/match.js';
import { copy, share } from '../ui/share.js';
import { failure, resource, skeleton } from '../ui/states.js';
import { toast } from '../ui/toast.js';

const NAME_MOST = 20;
const address = (c) => location.origin + at(`/w/${c.circle}`);
const mine = (c) => c.members.find((m) => m.mine);
const full = (x) => Math.round(x * 100);

/** What somebody is called here: themselves, by name, or by their place. */
const called = (c, place) => {
  const m = c.members[place];
  if (m.mine) return m.name ? t('circle.me.named', { name: m.name }) : t('circle.me');
  return m.name ?? t('circle.friend', { n: place + 1 });
};

const art = (m) =>
  m.character ? face(m.character) : html`<span class=${`t-${m.mbti}`}>${emblem(m.mbti)}</span>`;

/** The newest result of this browser or this session, that one may take part with; null: none. */
async function newest() {
  if (draft().done) return draft().done;
  const { items } = await fetchNow('me/tests?limit=1');
  return items[0]?.token ?? null;
}

// ---- two of them ----

const side = (c, place) => {
  const m = c.members[place];
  return html`<div class=${`two-side t-${m.mbti}`}><span class="two-art">${art(m)}</span><strong>${called(c, place)}</strong>
    <span class="two-type">${chip(m.mbti, m.enneagram)}</span><span>${tx(m.type_name)}</span></div>`;
};

const head = (c) => {
  const { a, b, grade, enneagram } = c.two;
  return html`<section class="two"><div class="wrap"><h1 tabindex="-1" data-focus>${t('circle.two', { a: called(c, a), b: called(c, b) })}</h1>
    <div class="two-in">${side(c, a)}<div class="two-fit"><b>${full(grade)}</b><span>${t('circle.grade')}</span></div>${side(c, b)}</div>
    <p class="two-line">${t(`circle.fit.${grade >= 0.8 ? 'high' : grade >= 0.5 ? 'mid' : 'low'}`)}${enneagram === null ? '' : ` ${t('circle.enneagram', { n: full(enneagram) })}`}</p></div></section>`;
};

const letters = (c) => {
  const [x, y] = [c.members[c.two.a].mbti, c.members[c.two.b].mbti];
  return html`<section class="panel" aria-labelledby="letters"><h2 id="letters">${t('circle.letters')}</h2><ul class="letters-fit">${c.two.letters.map(
    ({ axis, same }, i) =>
      html`<li><b aria-hidden="true">${same ? x[i] : `${x[i]} · ${y[i]}`}</b><span>${t(`circle.letter.${axis}.${same ? x[i] : 'other'}`)}</span></li>`,
  )}</ul></section>`;
};

const role = (c, place, who) =>
  html`<a class="role" href=${at(`/c/${who.id}`)}><span class="role-art">${face(who)}</span><span><small>${called(c, place)}</small><strong>${tx(who.name)}</strong>${chip(who.mbti, who.enneagram)}</span></a>`;

const roles = (c) =>
  c.two.roles.length
    ? html`<section class="band" aria-labelledby="roles"><div class="band-head"><h2 id="roles">${t('circle.roles')}</h2><p>${t('circle.roles.text')}</p></div>
  <ol class="roles">${c.two.roles.map(
    (r) =>
      html`<li class="panel"><p class="role-film"><a href=${at(`/m/${r.a.movie.id}`)}>${filmLine(r.a.movie)}</a>${ring(r.percent)}</p>${role(c, c.two.a, r.a)}${role(c, c.two.b, r.b)}</li>`,
  )}</ol></section>`
    : '';

const because = (m) => {
  const [x, y] = [m.because_a, m.because_b].map((f) => f && quoted(tx(f.title)));
  if (x && y) return x === y ? t('circle.because.one', { x }) : t('circle.because.both', { x, y });
  return x || y ? t('circle.because.one', { x: x || y }) : '';
};

const films = (c) =>
  c.two.movies.length
    ? html`<section class="band" aria-labelledby="films"><div class="band-head"><h2 id="films">${t('circle.films')}</h2><p>${t('circle.films.text')}</p></div>
  <ol class="two-films">${c.two.movies.map(
    (m) =>
      html`<li><a href=${at(`/m/${m.movie.id}`)}>${poster(m.movie)}<strong>${filmLine(m.movie)}</strong></a><p>${because(m)}</p></li>`,
  )}</ol></section>`
    : '';

// ---- everybody ----

/** A wall of who is who, best pairs first; only where there are more than two. */
function wall(c, choose) {
  if (c.members.length < 3) return '';
  const pairs = [...c.pairs].sort((x, y) => y.grade - x.grade || x.a - y.a || x.b - y.b);
  const chosen = (p) => [c.two.a, c.two.b].sort().join() === [p.a, p.b].join();
  return html`<section class="band" aria-labelledby="wall"><div class="band-head"><h2 id="wall">${t('circle.wall', { n: c.members.length })}</h2><p>${t('circle.wall.text')}</p></div>
    <ul class="circle-wall">${c.members.map(
      (m, place) =>
        html`<li class=${`t-${m.mbti}`}><span class="role-art">${art(m)}</span><strong>${called(c, place)}</strong>${chip(m.mbti, m.enneagram)}<small>${m.character ? tx(m.character.name) : ''}</small></li>`,
    )}</ul>
    <h3>${t('circle.pairs')}</h3><ol class="circle-pairs">${pairs.map(
      (p) =>
        html`<li><button type="button" aria-pressed=${chosen(p) ? 'true' : 'false'} @click=${() => choose(p)}><span>${t('circle.pair', { a: called(c, p.a), b: called(c, p.b) })}</span><b>${full(p.grade)}</b></button></li>`,
    )}</ol></section>`;
}

const alone = (c) => {
  const m = c.members[0];
  return html`<section class=${`marquee t-${m.mbti}`}><div class="wrap marquee-in"><div class="marquee-art who-art">${art(m)}</div><div class="marquee-text">
    <p class="over">${t('circle.over')}</p><h1 tabindex="-1" data-focus class="circle-ask">${m.mine ? t('circle.invite') : t('circle.invited', { name: m.name ?? t('circle.somebody') })}</h1>
    <p>${m.mine ? t('circle.invite.text') : t('circle.invited.text', { mbti: m.mbti })}</p></div></div></section>`;
};

// ---- taking part ----

const toShare = (c) => ({
  url: address(c),
  about: {},
  title: t('circle.share.title'),
  text: t('circle.share.text'),
});

/** Of the two who were chosen, of the only two, or of everybody. */
const pictureOf = async (c, chosen) => {
  const { shareSheet } = await import('../ui/share_sheet.js');
  shareSheet({
    ...toShare(c),
    picture: {
      path: `/w/${c.circle}.png`,
      of: chosen && c.members.length > 2 ? { a: c.two.a, b: c.two.b } : {},
      name: 'mvti.png',
      heading: t('circle.picture'),
      alt: t('circle.picture.alt'),
    },
  });
};

const invite = (c) =>
  html`<button type="button" class="button" @click=${() => share(toShare(c))}>${t('circle.send')}</button>
  <button type="button" class="button quiet" @click=${() => copy(address(c), {})}>${t('share.copy')}</button>`;

const tools = (c, chosen) =>
  html`<p class="actions tools">${c.full ? '' : invite(c)}<button type="button" class=${`button ${c.full ? '' : 'quiet'}`} @click=${() => pictureOf(c, chosen)}>${t('share.picture')}</button></p>`;

export async function open({ token }, draw) {
  await allWords();
  let two = /^\?a=\d&b=\d$/.test(location.search) ? location.search : ''; // once somebody has chosen
  let test; // what one would take part with; undefined: not known yet
  let busy = false;
  let wrong = '';
  let name = ''; // that they have given themselves on their own page
  const it = resource(() => fetchNow(`circles/${token}${two}`), draw);

  account().then(
    (me) => {
      name = me.profile.name ?? '';
      draw();
    },
    () => {}, // then nothing stands there
  );

  const ask = () =>
    it
      .run()
      .then(() => (it.value ? newest() : null))
      .then((found) => {
        test = found;
        if (it.value && !mine(it.value)) rememberHere(CIRCLE, token);
        draw();
      })
      .catch(() => {
        test = null;
        draw();
      });

  async function act(what) {
    if (busy) return;
    busy = true;
    wrong = '';
    draw();
    try {
      await what();
      forgetPath('tests/');
    } catch (error) {
      const e = error instanceof ApiError ? error : new ApiError(0);
      wrong = e.status === 409 ? t('circle.full') : t(`error.${e.kind}.text`);
    }
    busy = false;
    draw();
  }
  const join = (event) => {
    event.preventDefault();
    const name = new FormData(event.target).get('name');
    return act(async () => {
      it.value = await put(`circles/${token}/me`, { test, name });
      forgetHere(CIRCLE);
      scrollTo(0, 0);
    });
  };
  const leave = () =>
    act(async () => {
      await del(`circles/${token}/me`, {});
      toast(t('circle.left'));
      go(at('/'));
    });
  const choose = (p) => {
    two = `?a=${p.a}&b=${p.b}`;
    return act(async () => {
      it.value = await fetchNow(`circles/${token}${two}`);
      scrollTo(0, 0);
    });
  };

  const nameForm = (c) =>
    html`<form class="circle-form" @submit=${join}><label for="circle-name">${t('circle.name')}</label><input id="circle-name" name="name" maxlength=${NAME_MOST} autocomplete="nickname" .value=${mine(c) ? (mine(c).name ?? '') : name} />
    <button class="button" aria-busy=${busy ? 'true' : 'false'}>${mine(c) ? t('circle.rename') : t('circle.join')}</button></form>`;

  const guest = (c) => {
    if (c.full) return html`<p class="note">${t('circle.full')}</p>`;
    if (test === undefined) return skeleton(1);
    return html`<h2 id="take">${t('circle.take')}</h2><p>${t('circle.seen')}</p>${
      test
        ? nameForm(c)
        : html`<p class="actions"><a class="button" href=${at('/test')}>${t('circle.begin')}</a></p>`
    }`;
  };
  const member = (c) =>
    html`<h2 id="take">${t('circle.more')}</h2><p>${t('circle.more.text')}</p>${c.full ? html`<p class="note">${t('circle.full')}</p>` : ''}${tools(c, two)}
    <details><summary>${t('circle.mine')}</summary><p>${t('circle.seen')}</p>${nameOfMine(c)}<p class="actions"><button type="button" class="button quiet" @click=${leave}>${t('circle.leave')}</button></p></details>`;
  const nameOfMine = (c) => (test ? nameForm(c) : '');

  const view = (c) => html`${c.two ? head(c) : alone(c)}<div class="wrap circle">
    ${mine(c) ? '' : html`<section class="panel circle-take" aria-labelledby="take">${guest(c)}${wrong ? html`<p role="alert" class="bad">${wrong}</p>` : ''}</section>`}
    ${wall(c, choose)}${c.two ? html`${letters(c)}${roles(c)}${films(c)}` : ''}
    ${mine(c) ? html`<section class="panel circle-take" aria-labelledby="take">${member(c)}${wrong ? html`<p role="alert" class="bad">${wrong}</p>` : ''}</section>` : ''}
    ${c.simulated ? html`<p class="fine">${t('simulated.note')} <a href=${at('/about#simulated')}>${t('simulated.more')}</a></p>` : ''}</div>`;

  ask();
  return {
    title: () => t('circle.title'),
    ready: () => it.done,
    whole: () => it.value !== undefined,
    view: () =>
      it.value
        ? view(it.value)
        : it.error
          ? failure(it.error, ask)
          : html`<div class="wrap pad">${skeleton(6)}</div>`,
  };
}
