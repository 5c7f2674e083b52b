// The button below a list that comes in pages.
import { html } from '../../vendor/lit-html.js';
import { fetchNow, query } from '../api.js';
import { t } from '../i18n.js';
import { toast } from './toast.js';

/**
 * A function of no arguments that shows the button while there is more. from: where the list comes from, or a function that says so; now(): the list
 * as it is shown, {items, next_cursor}; keep(list): the longer one; draw: the page again.
 */
export function pager(from, now, keep, draw) {
  const after = (cursor) => {
    const path = typeof from === 'function' ? from() : from;
    return path + (path.includes('?') ? query({ cursor }).replace('?', '&') : query({ cursor }));
  };
  let busy = false;
  const run = async (event) => {
    if (busy) return;
    const section = event.currentTarget.closest('section');
    const {
      items: { length: had },
      next_cursor: cursor,
    } = now();
    busy = true;
    draw();
    try {
      const page = await fetchNow(after(cursor));
      const list = now();
      // Otherwise the list was loaded anew meanwhile, and ends elsewhere.
      if (list.next_cursor === cursor)
        keep({ ...list, items: [...list.items, ...page.items], next_cursor: page.next_cursor });
    } catch (error) {
      // The button stays: pressing it again tries again.
      toast(t(`error.${error.kind ?? 'fault'}.text`), 'bad');
    }
    busy = false;
    draw();
    // A button that is gone leaves the keyboard nowhere.
    if (!now().next_cursor)
      section.querySelector(':is(ul, ol, .faces):not(.chosen)')?.children[had]?.querySelector('a')?.focus();
  };
  return () =>
    now()?.next_cursor
      ? html`<p class="more-row"><button type="button" class="button quiet" @click=${run} aria-busy=${busy ? 'true' : 'false'}>${t('type.more')}</button></p>`
      : '';
}
