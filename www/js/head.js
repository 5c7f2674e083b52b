// The head of the page: what a browser shares, and what a search engine that runs scripts reads, beside the title. A worker wrote it for the
// address that was opened; inside the site the address changes, and the head with it.
import { at, bare } from './i18n.js';

const ABOUT =
  'link[rel="canonical"], link[rel="alternate"][hreflang], meta[name="description"], meta[name="robots"], meta[name^="twitter:"], meta[property^="og:"], script[type="application/ld+json"]';

const removed = () => {
  for (const one of document.head.querySelectorAll(ABOUT)) one.remove();
};

function link(rel, href, hreflang) {
  const one = Object.assign(document.createElement('link'), { rel, href });
  if (hreflang) one.hreflang = hreflang;
  document.head.append(one);
}

/** Another page: where it is, in both languages. What was told of the one before is told no more. */
export function leave() {
  const path = bare(location.pathname);
  removed();
  link('canonical', location.origin + location.pathname);
  link('alternate', location.origin + at(path, 'ko'), 'ko');
  link('alternate', location.origin + at(path, 'en'), 'en');
  link('alternate', location.origin + at(path, 'ko'), 'x-default');
}

/** The page in another language: the head that its address has when it is opened. */
export async function follow() {
  const { href, pathname } = location;
  try {
    const answer = await fetch(pathname, { headers: { Accept: 'text/html' } });
    const there = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const found = answer.ok ? there.head.querySelectorAll(ABOUT) : [];
    if (href !== location.href) return;
    leave();
    if (!found.length) return;
    removed();
    for (const one of found) document.head.append(document.importNode(one, true));
  } catch {
    if (href === location.href) leave();
  }
}
