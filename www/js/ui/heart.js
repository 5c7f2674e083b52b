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

export async function toggle(who, draw) {
  const was = known.get(who.id) === true;
  known.set(who.id, !was);
  draw();
  if (!was) record('like', { character: who.id });
  try {
    const answer = await (was ? del(`characters/${who.id}/like`) : put(`characters/${who.id}/like`));
    known.set(who.id, answer.liked);
    forgetPath('me/likes');
    forgetPath(`characters/${who.id}`);
    draw();
    return answer.likes;
  } catch {
    known.set(who.id, was);
    toast(t('like.failed'), 'bad');
    draw();
    return null;
  }
}

export const heart = (who, liked = isLiked(who.id), onLike) => html`<button type="button" class="heart" aria-pressed=${liked ? 'true' : 'false'}
  aria-label=${t('like.label', { name: tx(who.name) })} @click=${() => onLike(who)}>
  <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M12 20.500C3 14.5 2.5 9.5 4 6.800C5.6 4 9.6 3.8 12 7.200C14.4 3.8 18.4 4 20 6.800C21.5 9.5 21 14.5 12 20.500Z" /></svg></button>`;
