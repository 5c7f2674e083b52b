// Liking a character: shown at once, taken back with a word if the server could not keep it.
import { html } from '../../vendor/lit-html.js';
import { del, forgetPath, get, put } from '../api.js';
import { record } from '../events.js';
import { t, tx } from '../i18n.js';
import { toast } from './toast.js';

const known = new Map();
let loaded = null;

/** What this browser's visitor likes, asked for once. Silence from the server means nothing is known. */
export function likes() {
  loaded ??= get('me/likes').then((r) => r.items.forEach((c) => known.has(c.id) || known.set(c.id, true)), () => { loaded = null; });
  return loaded;
}

export const isLiked = (id) => known.get(id) === true;

const busy = new Set();

/** One request at a time for each character: whoever changes their mind meanwhile is followed by the next one. */
export async function toggle(who, draw) {
  const was = known.get(who.id) === true;
  known.set(who.id, !was);
  draw();
  if (busy.has(who.id)) return null;
  busy.add(who.id);
  let kept = was;
  let answer = null;
  try {
    while (known.get(who.id) !== kept) {
      const wanted = known.get(who.id);
      answer = await (wanted ? put : del)(`characters/${who.id}/like`);
      kept = wanted;
      if (kept) record('like', { character: who.id });
    }
    forgetPath('me/likes');
    forgetPath(`characters/${who.id}`);
  } catch {
    known.set(who.id, kept);
    toast(t('like.failed'), 'bad');
  }
  busy.delete(who.id);
  draw();
  return answer?.likes ?? null;
}

export const heart = (who, liked = isLiked(who.id), onLike) => html`<button type="button" class="heart" aria-pressed=${liked ? 'true' : 'false'}
  aria-label=${t('like.label', { name: tx(who.name) })} @click=${() => onLike(who)}>
  <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M12 20.500C3 14.5 2.5 9.5 4 6.800C5.6 4 9.6 3.8 12 7.200C14.4 3.8 18.4 4 20 6.800C21.5 9.5 21 14.5 12 20.500Z" /></svg></button>`;
