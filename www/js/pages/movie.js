// One film: its plot, where to watch it, and who lives in it.
import { html } from '../../vendor/lit-html.js';
import { poster } from '../art/poster.js';
import { place } from '../events.js';
import { genre, resultWords, t, tx } from '../i18n.js';
import { asTold, mine } from '../me.js';
import { faceCard } from '../ui/card.js';
import { filmMarks, marks } from '../ui/marks.js';
import { watchLinks } from '../ui/parts.js';
import { reportBox } from '../ui/report.js';
import { said } from '../ui/text.js';
import { failure, resource, skeleton } from '../ui/states.js';

await resultWords();

const page = (
  m,
  report,
  draw,
) => html`<div class="wrap film-page"><div class="film-art">${poster(m)}</div><div class="film-text"><p class="over">${[m.year, ...(m.genres ?? []).map(genre)].filter(Boolean).join(' · ')}</p>
  <h1 tabindex="-1" data-focus>${said(m.title)}</h1>${tx(m.plot) ? html`<p class="lead">${said(m.plot)}</p>` : ''}
  ${filmMarks(m, draw)}
  <h2>${t('watch.title')}</h2>${watchLinks(m.links, { movie: m.id })}</div></div>
  <section class="wrap band" aria-labelledby="people"><div class="band-head"><h2 id="people">${t('movie.people')}</h2>${m.characters?.[0]?.match ? html`<p>${t(m.characters[0].match.film === null ? 'movie.match' : 'movie.match.films')}</p>` : ''}</div>
  ${m.characters?.length ? html`<div class="faces">${m.characters.map((c, i) => faceCard(c, place('film', i, m)))}</div>` : html`<p class="muted">${t('movie.nobody')}</p>`}</section>${report.view()}`;

export function open({ id }, draw) {
  const report = reportBox('movie', id, draw);
  const it = resource(
    () => mine(`movies/${id}`).then((m) => ({ ...m, characters: m.characters.map(asTold) })),
    draw,
  );
  it.run();
  marks().then(draw);
  return {
    title: () => (it.value ? t('title.movie', { film: tx(it.value.title) }) : t('title.site')),
    ready: () => it.done,
    whole: () => it.value !== undefined,
    view: () =>
      it.value
        ? page(it.value, report, draw)
        : it.error
          ? failure(it.error, it.run)
          : html`<div class="wrap pad">${skeleton(5)}</div>`,
  };
}
