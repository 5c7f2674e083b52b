// Sharing an address: the system's own sheet where there is one, else the clipboard, else the address to copy by hand.
import { record } from '../events.js';
import { t } from '../i18n.js';
import { toast } from './toast.js';

let open = false;

/** Tells of a share when there was one: not when the sheet was closed again. */
export async function share({ url, title, text, test }) {
  if (open) return;
  open = true;
  if (await hand({ url, title, text })) record('share', test ? { test } : {});
  open = false;
}

async function hand(what) {
  try {
    if (!navigator.share) return copy(what.url);
    await navigator.share(what);
    return true;
  } catch (error) {
    return error.name !== 'AbortError' && copy(what.url);
  }
}

/** Whether the address is on its way: copied, or shown to be copied and not waved away. */
export async function copy(url) {
  try {
    await navigator.clipboard.writeText(url);
    toast(t('share.copied'));
    return true;
  } catch {
    return prompt(t('share.byhand'), url) !== null;
  }
}
