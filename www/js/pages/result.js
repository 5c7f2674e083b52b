// A result: who you are in films, who is like you, who goes well with you.
import { html } from '../../vendor/lit-html.js';
import { forgetPath, get, post, put } from '../api.js';
import { young } from '../age.js';
import { emblem } from '../art/emblem.js';
import { restart } from '../draft.js';
import { place, record, told } from '../events.js';
import { at, date, resultWords, t, tn, tx, txs } from '../i18n.js';
import { knowMe } from '../me.js';
import { go } from '../navigation.js';
import { send } from '../quiz/send.js';
import { FRIEND, rememberHere } from '../storage.js';
import { axes } from '../ui/axes.js';
import { closeCall } from '../ui/close_call.js';
import { clicked, face, filmLine } from '../ui/card.js';
import { matchCard, ring, sentences } from '../ui/match.js';
import { heart, isLiked, likes, toggle } from '../ui/heart.js';
import { leftOut, marks } from '../ui/marks.js';
import { refine } from '../ui/refine.js';
import { copy, share } from '../ui/share.js';
import { failure, resource, skeleton } from '../ui/states.js';
import { said, tags } from '../ui/text.js';
import { toast } from '../ui/toast.js';
import { poster } from '../art/poster.js';

// Whoever shows a result has its words.
await resultWords();

// One large card and two rows of three on a wide screen.
const FIRST = 7;
const unfolded = new Set();

const address = (r) => location.origin + at(r.token ? `/r/${r.token}` : `/t/${r.personality.mbti}`);

const stands = (r, kind, i) => place(kind, i, { ...r, ...about(r) });

const about = (r) => (r.token ? { test: r.token } : {});

const toShare = (r) => ({
  url: address(r),
  about: about(r),
  title: t('share.title', { mbti: r.personality.mbti, name: tx(r.personality.name) }),
  text: t('share.text'),
});

const shareIt = (r) => share(toShare(r));

const pictureOf = async (r) => {
  const { shareSheet } = await import('../ui/share_sheet.js');
  shareSheet({
    ...toShare(r),
    picture: {
      path: `/r/${r.token}.png`,
      name: `mvti-${r.personality.mbti}.png`,
      heading: t('share.sheet'),
      alt: t('share.sheet.alt'),
    },
  });
};

/** "INFP 4w5", or "INFP" of who has skipped the Enneagram. */
const types = ({ mbti, enneagram }) => (enneagram ? `${mbti} ${enneagram}` : mbti);

const whose = (r) => (r.mine === false ? t('result.friend') : t('result.yours'));

/** Without anybody to meet: the type alone. */
function banner(r) {
  const p = r.personality;
  return html`<section class=${`marquee t-${p.mbti}`}><div class="wrap marquee-in">
    <div class="marquee-art">${emblem(p.mbti)}</div><div class="marquee-text"><p class="over">${whose(r)}</p>
    <h1 tabindex="-1" data-focus><span class="big-type">${p.mbti}</span>${p.enneagram ? html` <span class="big-wing">${p.enneagram}</span>` : ''}</h1>
    <p class="names"><strong>${tx(p.name)}</strong>${p.enneagram ? html`<span>${tx(p.wing_name)}</span>` : ''}</p></div></div>
    <div class="wrap">${tools(r)}</div></section>`;
}

/** The person most like them: all that is shown to others is on the first screen of a phone. */
function meet(r, draw) {
  const p = r.personality;
  const who = r.same[0];
  if (!who) return banner(r);
  const where = stands(r, 'same', 0);
  const facts = { character: who.id, ...where };
  return html`<section class=${`marquee meet t-${p.mbti}`}><article class="wrap meet-in" data-seen .facts=${facts} data-character=${who.id} data-list="same">
    <p class="meet-type"><span class="meet-emblem">${emblem(p.mbti)}</span><span>${whose(r)} <b>${p.mbti}</b> ${p.enneagram ? html`<b>${p.enneagram}</b> ` : ''}<span class="meet-name">${tx(p.name)}</span></span></p>
    <a class="meet-art" href=${at(`/c/${who.id}`)} tabindex="-1" aria-hidden="true" @click=${clicked(facts)}>${face(who)}</a>
    <div class="meet-text"><p class="over">${t(r.mine === false ? 'match.best.friend' : 'match.best.same')}</p><div class="match-head"><div><h1 tabindex="-1" data-focus><a href=${at(`/c/${who.id}`)} @click=${clicked(facts)}>${said(who.name)}</a></h1>
      <p class="film"><a href=${at(`/m/${who.movie.id}`)}>${filmLine(who.movie)}</a></p></div>${ring(who.match.percent)}</div>
    <p class="because">${sentences(r.same.slice(0, 1))[0]}</p>
    <div class="meet-foot">${tools(r)}${heart(who, isLiked(who.id), (w) => toggle(w, draw, where))}</div></div></article></section>`;
}

const again = (r) => {
  if (r.mine !== false) record('retake', about(r));
  restart();
  go(at('/test'));
};

async function compare(r) {
  try {
    const { circle } = await post('circles', { test: r.token });
    forgetPath(`tests/${r.token}`);
    go(at(`/w/${circle}`));
  } catch (error) {
    toast(t(`error.${error.kind ?? 'fault'}.text`), 'bad');
  }
}

/** Where this result is compared with friends'. */
const circles = (r) =>
  r.circles?.length
    ? html`<section class="wrap"><div class="panel"><h2>${t('circle.yours')}</h2><ul class="mytests">${r.circles.map(
        (c) =>
          html`<li><a href=${at(`/w/${c.circle}`)}><span>${tn('circle.count', c.members)}</span><span class="muted">${date(c.joined)}</span></a></li>`,
      )}</ul></div></section>`
    : '';

const press = (cls, work, word) => html`<button type="button" class=${cls} @click=${work}>${word}</button>`;

/** What can be done with a result: one's own is shown, a friend's makes one want a result. */
const tools = (r) => html`<p class="actions tools">
  ${r.mine === false ? press('button', () => again(r), t('result.try')) : press('button', () => shareIt(r), t('share.action'))}
  ${r.token && r.mine !== false ? press('button quiet', () => pictureOf(r), t('share.picture')) : ''}
  ${r.token && r.mine !== false ? press('button quiet', () => compare(r), t('circle.compare')) : ''}
  ${r.token ? press('button quiet', () => copy(address(r), about(r)), t('share.copy')) : ''}
  ${r.mine === false ? press('button quiet', () => shareIt(r), t('share.action')) : press('button quiet', () => again(r), t('result.again'))}</p>`;

/** The way to the result of another type with the same films and Enneagram; the test in progress stays as it is. */
function turning(draw) {
  const sending = send(draw, () => {});
  const turn = async (r, mbti) => {
    const token = await sending.run({
      mbti,
      enneagram: r.personality.enneagram,
      movies: r.movies.map((m) => m.id),
      locale: document.documentElement.lang,
    });
    if (token) go(at(`/r/${token}`));
    else if (token === null) go(at('/test?step=result'));
    else if (sending.error()) toast(t(`error.${sending.error().kind}.text`), 'bad');
  };
  return (r) =>
    closeCall(r.personality.axes, r.personality.mbti, (mbti) => turn(r, mbti), 'result.turn', sending.busy());
}

function portrayal(r, closeTo) {
  const p = r.personality;
  return html`<section class="wrap about-me"><div class="prose"><p class="lead">${tx(p.summary)}</p><p class="tags">${tags(p.tags)}</p><p>${txs(p.description).join(' ')}</p><p><a class="button quiet" href=${at(`/t/${types(p).replace(' ', '/')}`)}>${t('pair.more', { pair: types(p) })}</a></p></div>
    ${p.axes ? html`<div class="panel"><h2>${t('result.axes')}</h2>${axes(p.axes, p.mbti)}${r.mine !== false ? closeTo?.(r) : ''}</div>` : ''}
    ${r.movies?.length ? html`<div class="panel"><h2>${t('result.films')}</h2><ul class="chosen">${r.movies.map((m) => html`<li><a href=${at(`/m/${m.id}`)}>${poster(m)}<span class="sr">${tx(m.title)}</span></a></li>`)}</ul></div>` : ''}</section>`;
}

/** One list; who stands above it already is not in it again. other: lists that were asked for in its place (refine.js). */
function list(r, kind, draw, other) {
  const above = kind === 'same' && !other ? 1 : 0;
  const items = (other ?? r)[kind];
  const where = (i) =>
    other
      ? place(kind, i, { ...other, ...about(r), ranker: 'refined', key: 'refined' })
      : stands(r, kind, above + i);
  const all = items.slice(above);
  const near = all.some((c) => c.match.type === 'near');
  const key = `${r.token}${kind}`;
  const shown = unfolded.has(key) ? all : all.slice(0, FIRST);
  const p = r.personality;
  const say = sentences(items.slice(0, above + shown.length)).slice(above);
  const heading = r.mine === false ? `result.${kind}.theirs` : `result.${kind}`;
  return html`<section class="wrap band" id=${kind} aria-labelledby=${`h-${kind}`}><div class="band-head"><h2 id=${`h-${kind}`}>${t(heading)}</h2>
    <p>${kind === 'same' ? t(`${heading}.text`, { mbti: p.mbti }) : html`${tx(p.compatible)}`}</p></div>
    ${near ? html`<p class="note">${t('result.near', { mbti: kind === 'same' ? p.mbti : p.partner })}</p>` : ''}
    <div class="matches">${shown.map((c, i) => matchCard(c, where(i), { liked: isLiked(c.id), onLike: (who, spot) => toggle(who, draw, spot), draw: r.mine !== false && draw, say: say[i] }))}</div>
    ${items.length ? '' : html`<p class="note">${t(other ? 'refine.none' : 'result.empty')}</p>`}
    ${
      shown.length < all.length
        ? html`<p class="more-row"><button type="button" class="button quiet" @click=${() => {
            unfolded.add(key);
            draw();
          }}>${t('result.more', { n: all.length - shown.length })}</button></p>`
        : ''
    }${r.mine && r.token && !other ? feedback(r, kind, draw) : ''}</section>`;
}

async function rate(r, list, value, draw) {
  const was = r.feedback[list];
  const now = was === value ? 'none' : value;
  const { view, snapshot, ranker } = told(place(list, 0, { ...r, ...about(r) })) ?? {};
  r.feedback = { ...r.feedback, [list]: now };
  draw();
  try {
    await put(`tests/${r.token}/feedback`, { list, value: now, view, snapshot, ranker });
    if (now !== 'none') toast(t('feedback.thanks'));
  } catch {
    r.feedback = { ...r.feedback, [list]: was };
    toast(t('feedback.failed'), 'bad');
    draw();
  }
}

const thumb = (
  r,
  list,
  value,
  draw,
) => html`<button type="button" class="thumb" aria-pressed=${r.feedback[list] === value ? 'true' : 'false'} @click=${() => rate(r, list, value, draw)}>
  <svg class=${value} viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M7 10v11H3V10zM9 21V10l4-8q3 0 2.5 3.5L15 9h5.5q1.5.5 1.200 2l-2 8.5q-.4 1.5-2.2 1.5z" /></svg>${t(`feedback.${list}.${value}`)}</button>`;

const feedback = (
  r,
  list,
  draw,
) => html`<div class="rate" role="group" aria-labelledby=${`rate-${list}`}><h3 id=${`rate-${list}`}>${t(`feedback.${list}.ask`)}</h3>
  <p class="actions">${thumb(r, list, 'up', draw)}${thumb(r, list, 'down', draw)}</p></div>`;

const unsavedNote = ({ again: save, sending }) =>
  young()
    ? html`<div class="wrap"><div class="note warn" role="status"><p>${t('result.young')}</p></div></div>`
    : html`<div class="wrap"><div class="note warn" role="status"><p>${t('result.unsaved')}</p>
  <button type="button" class="button quiet" @click=${save} aria-busy=${sending.busy() ? 'true' : 'false'}>${sending.busy() ? t('films.sending') : t('result.save')}</button>
  ${sending.error() ? html`<p>${t(`error.${sending.error().kind}.text`)}</p>` : ''}</div></div>`;

/** The result r (of POST tests or GET tests/{token}). unsaved: the note and its way to save; refined: the way to choose again; closeTo: to the neighbouring type. */
export function resultView(r, draw, { unsaved, refined, closeTo } = {}) {
  if (r.mine !== false) knowMe(r);
  return html`${meet(r, draw)}${unsaved ? unsavedNote(unsaved) : ''}${portrayal(r, closeTo)}${circles(r)}${leftOut(r.left_out)}${refined?.view(r)}${list(r, 'same', draw, refined?.lists())}${list(r, 'compatible', draw, refined?.lists())}
    <section class="wrap band closing"><p>${r.mine === false ? t('result.invite') : t('result.end')}</p>${tools(r)}
    <p class="fine">${r.created ? t('result.made', { date: date(r.created) }) : ''} ${r.simulated ? html`${t('simulated.note')} <a href=${at('/about#simulated')}>${t('simulated.more')}</a>` : ''}</p></section>`;
}

/** Whose result it is decides what opening it means; who comes by a friend's is remembered until they have taken the test. */
function opened(r) {
  record(r.mine ? 'result' : 'share_open', { test: r.token });
  if (!r.mine) return rememberHere(FRIEND, r.token);
  // Last of all: nobody waits for it.
  const later = window.requestIdleCallback ?? ((work) => setTimeout(work, 2000));
  later(() => import('../offline.js').then(({ keepResult }) => keepResult(r.token)).catch(() => {}));
}

export function open({ token }, draw) {
  const it = resource(() => get(`tests/${token}`), draw);
  const refined = refine(draw);
  const closeTo = turning(draw);
  it.run().then(() => it.value && opened(it.value));
  likes().then(draw);
  marks().then(draw);
  return {
    title: () =>
      it.value
        ? t('title.result', { mbti: it.value.personality.mbti, name: tx(it.value.personality.name) })
        : t('title.site'),
    ready: () => it.done,
    whole: () => it.value !== undefined,
    view: () =>
      it.value
        ? resultView(it.value, draw, { refined, closeTo })
        : it.error
          ? failure(it.error, it.run)
          : html`<div class="wrap pad">${skeleton(6)}</div>`,
  };
}
