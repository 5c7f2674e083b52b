// One of the sixteen types: what it is like, whom it goes with, and its best-known characters.
import { html } from '../../vendor/lit-html.js';
import { emblem } from '../art/emblem.js';
import { TYPES } from '../art/palette.js';
import { number, t, tx, txs } from '../i18n.js';
import { begin, fit, hero, kindLink, kindLinks, kindPage, ranking } from '../ui/kinds.js';

const top = (p) =>
  hero({ mbti: p.mbti, art: emblem(p.mbti), over: t('type.over'), big: p.mbti, name: p.name, list: p.tags });

const pairs = (p) =>
  html`<section class="wrap band" aria-labelledby="pairs"><div class="band-head"><h2 id="pairs">${t('type.pairs', { mbti: p.mbti })}</h2><p>${t('type.pairs.text')}</p></div>${kindLinks(
    p.enneagrams.map((e) =>
      kindLink(p.mbti, `/t/${p.mbti}/${e.enneagram}`, e.enneagram, number(e.characters)),
    ),
  )}</section>`;

const body = (p, more) =>
  html`${top(p)}<div class="wrap columns"><section class="prose"><p class="lead">${tx(p.summary)}</p><p>${txs(p.description).join(' ')}</p><p>${tx(p.in_films)}</p>
  ${begin()}</section>${fit(p.mbti, p.compatible.mbti, p.compatible.text, p.grades)}</div>
  ${ranking(p, t('type.ranking', { mbti: p.mbti }), { more })}${pairs(p)}`;

export function open({ mbti }, draw) {
  const type = mbti.toUpperCase();
  return kindPage(
    {
      path: `types/${type}`,
      exists: type in TYPES,
      title: (p) => t('title.type', { mbti: type, name: tx(p.name) }),
      view: body,
    },
    draw,
  );
}
