// Sharing an address: the system's own sheet where there is one, else the clipboard, else the address to copy by hand.
import { record } from '../events.js';
import { t } from '../i18n.js';
import { toast } from './toast.js';

let open = false;

/** Tells of a share when there was one: not when the sheet was closed again. about: {test} or {character}. */
export const share = ({ url, title, text, about }) => once(about, () => hand({ url, title, text }));

/** The same, without the sheet. */
export const copy = (url, about) => once(about, () => clip(url));

async function once(about, way) {
  if (open) return;
  open = true;
  record('share_start', about);
  const value = await way();
  if (value) record('share', { ...about, value });
  open = false;
}

async function hand(what) {
  try {
    if (!navigator.share) return clip(what.url);
    await navigator.share(what);
    return 'sheet';
  } catch (error) {
    return error.name === 'AbortError' ? null : clip(what.url);
  }
}

/** Null unless the address is on its way: copied, or shown to be copied and not waved away. */
async function clip(url) {
  try {
    await navigator.clipboard.writeText(url);
    toast(t('share.copied'));
    return 'copy';
  } catch {
    return prompt(t('share.byhand'), url) === null ? null : 'copy';
  }
}
