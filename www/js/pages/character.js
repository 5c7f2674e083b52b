// One character.
import { html } from '../../vendor/lit-html.js';
import { poster } from '../art/poster.js';
import { at, genre, number, quoted, resultWords, t, tn, tx } from '../i18n.js';
import { asTold, mine } from '../me.js';
import { chip, face } from '../ui/card.js';
import { heart, isLiked, likes, toggle } from '../ui/heart.js';
import { ring } from '../ui/match.js';
import { marks, marksRow } from '../ui/marks.js';
import { rail, watchLinks } from '../ui/parts.js';
import { reportBox } from '../ui/report.js';
import { share } from '../ui/share.js';
import { said, tags } from '../ui/text.js';
import { voteBox } from '../ui/vote.js';
import { failure, resource, skeleton } from '../ui/states.js';

await resultWords();

function sure(c) {
  if (c.votes === null) return t('sure.editorial');
  const level = c.certainty >= 0.85 ? 'high' : c.certainty >= 0.5 ? 'middle' : 'low';
  return t(`sure.${level}`, { n: number(c.votes) });
}

const top = (
  c,
  onLike,
  draw,
) => html`<section class=${`who t-${c.mbti}`}><div class="wrap who-in"><div class="who-art">${face(c)}</div>
  <div class="who-text"><p class="over"><a href=${at(`/m/${c.movie.id}`)}>${said(c.movie.title)}</a>${c.movie.year ? html` · ${c.movie.year}` : ''}</p>
  <h1 tabindex="-1" data-focus>${said(c.name)}</h1><p class="who-type"><a href=${at(`/t/${c.mbti}`)}>${c.mbti}</a> <a class="wing" href=${at(`/e/${c.enneagram}`)}>${c.enneagram}</a></p>
  <p class="tags">${tags(c.hashtags)}</p>
  <p class="actions">${heart(c, isLiked(c.id), onLike)}${c.likes > 0 ? html`<span>${tn('like.count', c.likes)}</span>` : ''}
  <button type="button" class="button quiet" @click=${() => share({ url: location.href, title: tx(c.name), text: t('share.character', { name: tx(c.name), mbti: c.mbti }), about: { character: c.id } })}>${t('share.action')}</button></p>${marksRow(c, draw)}</div>
  ${c.match ? html`<div class="who-match">${ring(c.match.percent)}<span>${t(c.match.film === null ? 'match.you' : 'match.yours')}</span></div>` : ''}</div></section>`;

const body = (
  c,
  vote,
  report,
) => html`<div class="wrap columns"><section class="prose" aria-labelledby="about-who"><h2 id="about-who">${t('character.about')}</h2><p>${said(c.description)}</p>
  <p class="sure">${chip(c.mbti, c.enneagram)} ${sure(c)}</p></section>
  <section class="panel film-panel" aria-labelledby="film"><h2 id="film">${t('character.film')}</h2><div class="film-row"><a href=${at(`/m/${c.movie.id}`)} class="film-poster" aria-hidden="true" tabindex="-1">${poster(c.movie)}</a>
  <div><p class="film-title"><a href=${at(`/m/${c.movie.id}`)}>${said(c.movie.title)}</a></p><p class="muted">${[c.movie.year, ...(c.movie.genres ?? []).map(genre)].filter(Boolean).join(' · ')}</p><p>${said(c.plot)}</p></div></div>
  <h3>${t('watch.title')}</h3>${watchLinks(c.links, { movie: c.movie.id, character: c.id })}</section></div>
  ${vote.view()}
  ${rail('others', t('character.others', { film: quoted(tx(c.movie.title)) }), c.others, 'film', c)}
  ${rail('similar', t('character.similar'), c.similar, 'similar', c)}${report.view()}`;

export function open({ id }, draw) {
  const vote = voteBox(id, draw);
  const report = reportBox('character', id, draw);
  const it = resource(
    () =>
      mine(`characters/${id}`).then(async (c) => {
        await vote.know(c); // so that the box is where the worker has written it
        return { ...asTold(c), others: c.others.map(asTold), similar: c.similar.map(asTold) };
      }),
    draw,
  );
  it.run();
  likes().then(draw);
  marks().then(draw);
  const onLike = async (who) => {
    const n = await toggle(who, draw);
    if (n !== null) {
      it.value = { ...it.value, likes: n };
      draw();
    }
  };
  return {
    title: () =>
      it.value ? t('title.character', { name: tx(it.value.name), mbti: it.value.mbti }) : t('title.site'),
    ready: () => it.done,
    whole: () => it.value !== undefined,
    view: () =>
      it.value
        ? html`${top(it.value, onLike, draw)}${body(it.value, vote, report)}`
        : it.error
          ? failure(it.error, it.run)
          : html`<div class="wrap pad">${skeleton(5)}</div>`,
  };
}
