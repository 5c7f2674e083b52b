// One of the eighteen Enneagram types: what it is like by itself and with each temperament, and who has it.
import { html } from '../../vendor/lit-html.js';
import { enneagram as figure } from '../art/enneagram.js';
import { number, resultWords, t, tx, txs } from '../i18n.js';
import { begin, hero, kindLink, kindLinks, kindPage, ranking } from '../ui/kinds.js';

await resultWords();

const top = (p, mbti) =>
  hero({
    mbti,
    art: figure(p.enneagram),
    over: t('enneagram.over'),
    big: p.enneagram,
    name: p.name,
    list: p.tags,
  });

const prose = (p) =>
  html`<section class="prose"><p class="lead">${tx(p.statement)}</p><p>${[tx(p.core), ...txs(p.description)].join(' ')}</p>
  <h2>${t('enneagram.with')}</h2><dl class="with">${p.with.map((w) => html`<dt>${t(`enneagram.${w.temperament}`)}</dt><dd>${tx(w.text)}</dd>`)}</dl>${begin()}</section>`;

const kin = (p, mbti) =>
  html`<section class="panel" aria-labelledby="types"><h2 id="types">${t('enneagram.types')}</h2><p>${t('enneagram.types.text', { type: p.enneagram })}</p>${kindLinks(
    p.types.map((m) => kindLink(m.mbti, `/t/${m.mbti}/${p.enneagram}`, m.mbti, number(m.characters))),
  )}<h3>${t('enneagram.kin')}</h3>${kindLinks(
    p.similar.map((s) =>
      kindLink(mbti, `/e/${s.enneagram}`, s.enneagram, `${Math.round(s.similarity * 100)}%`),
    ),
  )}</section>`;

function body(p, { more, near }) {
  const mbti = p.types[0].mbti;
  const rule = p.characters ? undefined : t('enneagram.nobody', { type: p.enneagram });
  return html`${top(p, mbti)}<div class="wrap columns">${prose(p)}${kin(p, mbti)}</div>
  ${ranking(p, t('pair.ranking', { pair: p.enneagram }), { more, near, rule, both: true })}`;
}

export function open({ enneagram }, draw) {
  return kindPage(
    {
      path: `enneagrams/${enneagram.toLowerCase()}`,
      exists: true,
      title: (p) => `${t('title.enneagram', { type: p.enneagram, name: tx(p.name) })} · MVTI`,
      view: body,
    },
    draw,
  );
}
