// Sharing an address: the system's own sheet where there is one, else the clipboard, else the address to copy by hand.
import { record } from '../events.js';
import { t } from '../i18n.js';
import { toast } from './toast.js';

export async function share({ url, title, text, test }) {
  record('share', test ? { test } : {});
  if (navigator.share) {
    try {
      await navigator.share({ url, title, text });
      return;
    } catch (error) {
      if (error.name === 'AbortError') return;
    }
  }
  await copy(url);
}

export async function copy(url) {
  try {
    await navigator.clipboard.writeText(url);
    toast(t('share.copied'));
  } catch {
    prompt(t('share.byhand'), url);
  }
}
