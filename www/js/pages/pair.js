// One of the 288 pairs of an MBTI and an Enneagram type: the profile that a result has, and who is so in films.
import { html } from '../../vendor/lit-html.js';
import { emblem } from '../art/emblem.js';
import { TYPES } from '../art/palette.js';
import { at, resultWords, t, tx, txs } from '../i18n.js';
import { begin, fit, hero, kindPage, ranking } from '../ui/kinds.js';
import { rail } from '../ui/parts.js';

await resultWords();

const top = (p) =>
  hero({
    mbti: p.mbti,
    art: emblem(p.mbti),
    over: t('pair.over'),
    big: p.mbti,
    wing: p.enneagram,
    name: p.name,
    wingName: p.wing_name,
    list: p.tags,
  });

const parent = (path, type) =>
  html`<a class="button quiet" href=${at(path)}>${t('pair.parent', { type })}</a>`;

const parents = (p) =>
  html`<h3>${t('pair.parents')}</h3><p class="actions">${parent(`/t/${p.mbti}`, p.mbti)}${parent(`/e/${p.enneagram}`, p.enneagram)}</p>`;

function body(answer, { more, near }) {
  const p = answer.personality;
  const pair = `${p.mbti} ${p.enneagram}`;
  const rule = answer.characters ? undefined : t('pair.nobody', { pair, mbti: p.mbti });
  return html`${top(p)}<div class="wrap columns"><section class="prose"><p class="lead">${tx(p.summary)}</p><p>${txs(p.description).join(' ')}</p>
  ${begin()}</section>${fit(p.mbti, p.partner, p.compatible, answer.grades, parents(p))}</div>
  ${ranking(answer, t('pair.ranking', { pair }), { more, near, rule })}
  ${rail('near', t('pair.near', { mbti: p.mbti }), answer.near, 'similar', answer)}`;
}

export function open({ mbti, enneagram }, draw) {
  const type = mbti.toUpperCase();
  return kindPage(
    {
      path: `types/${type}/${enneagram.toLowerCase()}`,
      exists: type in TYPES,
      title: (a) =>
        t('title.pair', {
          pair: `${a.personality.mbti} ${a.personality.enneagram}`,
          name: tx(a.personality.name),
        }),
      view: body,
    },
    draw,
  );
}
