// Where a visitor comes from: told once, when the first page of a visit is there.
import { record } from './events.js';
import { bare, lang } from './i18n.js';
import { inApp } from './inapp.js';

const TEXT = 60;

/** The host that led here, unless it is ours or says nothing. */
function referrer() {
  try {
    const { host } = new URL(document.referrer);
    return host && host !== location.host ? host.slice(0, 100) : undefined;
  } catch {
    return undefined;
  }
}

function campaign() {
  const asked = new URLSearchParams(location.search);
  const out = {};
  for (const name of ['utm_source', 'utm_medium', 'utm_campaign']) {
    const value = [...(asked.get(name) ?? '')].slice(0, TEXT).join('');
    if (value) out[name] = value;
  }
  return out;
}

/** Not of a page that was only loaded again, or gone back to. */
export function land() {
  const [entry] = performance.getEntriesByType('navigation');
  if (entry && entry.type !== 'navigate') return;
  const app = inApp(navigator.userAgent, navigator.standalone)?.name;
  record('landing', {
    source: {
      path: /^\/[a-z]*/.exec(bare(location.pathname))?.[0].slice(0, 12) ?? '/',
      locale: lang(),
      referrer: referrer(),
      ...campaign(),
      ...(app && { app }),
      touch: navigator.maxTouchPoints > 1,
    },
  });
}
