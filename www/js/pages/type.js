// One of the sixteen types: what it is like, whom it goes with, and its best-known characters.
import { html } from '../../vendor/lit-html.js';
import { get, know } from '../api.js';
import { emblem } from '../art/emblem.js';
import { TYPES } from '../art/palette.js';
import { at, number, t, tx, txs } from '../i18n.js';
import { begin, fit, hero, kindLink, kindLinks, kindPage, ranking } from '../ui/kinds.js';
import { pager } from '../ui/paged.js';

const top = (p) =>
  hero({ mbti: p.mbti, art: emblem(p.mbti), over: t('type.over'), big: p.mbti, name: p.name, list: p.tags });

const pairs = (p) =>
  html`<section class="wrap band" aria-labelledby="pairs"><div class="band-head"><h2 id="pairs">${t('type.pairs', { mbti: p.mbti })}</h2><p>${t('type.pairs.text')}</p></div>${kindLinks(
    p.enneagrams.map((e) =>
      kindLink(p.mbti, `/t/${p.mbti}/${e.enneagram}`, e.enneagram, number(e.characters)),
    ),
  )}</section>`;

const SPANS = ['week', 'month', 'all'];
const DAYS = { week: 7, month: 30, all: 0 };

/** The span of time that the address asks for, in days; 0: all time. */
const asked = () => {
  const days = Number(new URLSearchParams(location.search).get('days'));
  return Object.values(DAYS).includes(days) ? days : 0;
};

const spans = (p, days) =>
  html`<ul class="spans">${SPANS.map((s) => html`<li><a class="span" href=${at(`/t/${p.mbti}`) + (DAYS[s] ? `?days=${DAYS[s]}` : '')} aria-current=${DAYS[s] === days ? 'true' : 'false'}>${t(`type.span.${s}`)}</a></li>`)}</ul>`;

/** The ranking by the last days, where the address asks for it: {shown(): what is shown in the place of that of all time, load(), failed()}. */
function recentRanking(type, draw) {
  const lists = {}; // by days
  let wanted = 0;
  let failed = false;
  const path = () => `types/${type}/recent?days=${wanted}`;
  const more = pager(
    path,
    () => lists[wanted],
    (list) => {
      lists[wanted] = list;
      know(path(), list);
    },
    draw,
  );
  return {
    more,
    days: () => (lists[wanted] ? wanted : 0),
    shown: () => lists[wanted],
    failed: () => failed,
    async load() {
      wanted = asked();
      failed = false;
      const days = wanted;
      if (!days) return;
      try {
        lists[days] = await get(path());
      } catch {
        failed = true;
      }
    },
  };
}

function body(p, { more, near }, recent) {
  const list = recent.shown();
  const days = recent.days();
  const rule = list
    ? t('type.rule.recent', { n: number(days) })
    : recent.failed()
      ? t('type.recent.failed')
      : undefined;
  return html`${top(p)}<div class="wrap columns"><section class="prose"><p class="lead">${tx(p.summary)}</p><p>${txs(p.description).join(' ')}</p><p>${tx(p.in_films)}</p>
  ${begin()}</section>${fit(p.mbti, p.compatible.mbti, p.compatible.text, p.grades)}</div>
  ${ranking({ ...p, ...list }, t('type.ranking', { mbti: p.mbti }), { more: list ? recent.more : more, near, rule, spans: spans(p, days) })}${pairs(p)}`;
}

export function open({ mbti }, draw) {
  const type = mbti.toUpperCase();
  const recent = recentRanking(type, draw);
  const page = kindPage(
    {
      path: `types/${type}`,
      exists: type in TYPES,
      title: (p) => t('title.type', { mbti: type, name: tx(p.name) }),
      view: (p, shown) => body(p, shown, recent),
    },
    draw,
  );
  const address = at(`/t/${type}`);
  let loaded = false;
  const first = recent.load().then(() => {
    loaded = true;
    draw();
  });
  return {
    ...page,
    ready: () => Promise.all([page.ready(), first]),
    whole: () => page.whole() && loaded,
    // Another span of time is the same page: it stays where it is.
    stays: (where) => where.pathname === address && page.whole(),
    moved: async () => {
      await recent.load();
      draw();
      return scrollY;
    },
  };
}
