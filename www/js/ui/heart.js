// Liking a character: shown at once, taken back with a word if the server could not keep it.
import { html } from '../../vendor/lit-html.js';
import { del, forgetPath, get, put } from '../api.js';
import { told } from '../events.js';
import { resultWords, t, tx } from '../i18n.js';
import { HEARTS, forget, recall, remember } from '../storage.js';
import { toast } from './toast.js';

await resultWords();

const known = new Map();
let loaded = null;

/** What this browser's visitor likes, asked for once. Silence from the server means nothing is known. */
export function likes() {
  loaded ??= get('me/likes').then(
    (r) => {
      for (const c of r.items) if (!known.has(c.id)) known.set(c.id, true);
    },
    () => {
      loaded = null;
    },
  );
  return loaded;
}

export const isLiked = (id) => known.get(id) === true;

// A tap is kept in this browser until the server has it: who leaves meanwhile (a new visitor's browser has work to do first,
// proof.js) finds it on the next page, which sends it then.
const LEAVING = 5000; // a page that is left hears of no answer, or of a script that did not come, before it is gone
const busy = new Set();
export const isBusy = (id) => busy.has(id);
export const wish = (id, wanted) => known.set(id, wanted);

/** One tab at a time speaks of a character; a page that was left does until it is gone. */
const alone = (id, work) => (navigator.locks ? navigator.locks.request(`mvti.${HEARTS}${id}`, work) : work());

function drop(id, at) {
  if (recall(HEARTS + id)?.at === at) forget(HEARTS + id);
}

/** Until the server has what is wanted: whoever changes their mind meanwhile is followed by the next request. place: where (events.js). */
export async function follow(id, was, draw, { waits, place } = {}) {
  let has = was;
  let answer = null;
  busy.add(id);
  try {
    await alone(id, async () => {
      if (waits && !waits()) has = known.get(id);
      while (known.get(id) !== has) {
        const wanted = known.get(id);
        answer = await (wanted ? put : del)(`characters/${id}/like`, told(place));
        has = wanted;
      }
    });
    forget(HEARTS + id);
    forgetPath('me/likes');
    forgetPath(`characters/${id}`);
    return answer;
  } finally {
    known.set(id, has);
    busy.delete(id);
    draw();
  }
}

export async function toggle(who, draw, place) {
  const was = known.get(who.id) === true;
  known.set(who.id, !was);
  remember(HEARTS + who.id, { wanted: !was, at: Date.now() });
  draw();
  if (busy.has(who.id)) return null;
  try {
    return (await follow(who.id, was, draw, { place }))?.likes ?? null;
  } catch (error) {
    setTimeout(drop, error.status > 0 ? 0 : LEAVING, who.id, recall(HEARTS + who.id)?.at);
    toast(t(error.kind === 'age' ? 'error.age.text' : 'like.failed'), 'bad');
    return null;
  }
}

export const heart = (
  who,
  liked = isLiked(who.id),
  onLike,
) => html`<button type="button" class="heart" aria-pressed=${liked ? 'true' : 'false'}
  aria-label=${t('like.label', { name: tx(who.name) })} @click=${() => onLike(who)}>
  <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M12 20.500C3 14.5 2.5 9.5 4 6.800C5.6 4 9.6 3.8 12 7.200C14.4 3.8 18.4 4 20 6.800C21.5 9.5 21 14.5 12 20.500Z" /></svg></button>`;
