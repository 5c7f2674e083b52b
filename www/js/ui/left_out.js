// What results are without, because its visitor said so, each with its way back.
import { html } from '../../vendor/lit-html.js';
import { at, quoted, t, tx } from '../i18n.js';
import { setMark } from './marks.js';
import { toast } from './toast.js';

/** A mark of the list, of a character or of a film alone. */
const whom = ({ character, movie }) => ({ ...character, movie });

/** it: a resource whose value has the list as marks, from which one that was taken back goes. */
async function unmark(it, mark, draw) {
  const kept = await setMark(mark.mark, whom(mark), false, draw);
  if (!kept) return;
  const { marks } = it.value;
  it.value = { ...it.value, marks: { ...marks, items: marks.items.filter((x) => x !== mark) } };
  draw();
  toast(t('mark.undone'));
}

const about = ({ mark, character, movie }) =>
  mark === 'not_me' ? tx(character.name) : quoted(tx(movie.title));

export const leftOut = (it, draw, more) => {
  const items = it.value.marks?.items ?? [];
  return items.length
    ? html`<section aria-labelledby="marks"><h2 id="marks">${t('liked.marks')}</h2><p class="muted">${t('liked.marks.text')}</p>
  <ul class="mytests">${items.map(
    (
      x,
    ) => html`<li><a href=${at(x.mark === 'not_me' ? `/c/${x.character.id}` : `/m/${x.movie.id}`)}><span>${about(x)}</span><span class="muted">${t(`mark.${x.mark}`)}</span></a>
    <button type="button" class="text-button" aria-label=${t('mark.undo.label', { what: t(`mark.${x.mark}`), name: about(x) })} @click=${() => unmark(it, x, draw)}>${t('mark.undo')}</button></li>`,
  )}</ul>${more()}</section>`
    : '';
};
