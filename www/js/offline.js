// The last result of one's own stays readable without a connection (www/root/sw.js). Only who has one gets the service worker.
import { young } from './age.js';

const KEPT = 'mvti-result';

const isKept = async (address) => Boolean(await caches.match(address, { cacheName: KEPT, ignoreVary: true }));

/** Keeps this page, the answer that it shows and the files that it is made of. */
export async function keepResult(token) {
  if (!navigator.serviceWorker || young()) return;
  try {
    const { active } =
      (await navigator.serviceWorker.register('/sw.js')) && (await navigator.serviceWorker.ready);
    const files = performance
      .getEntriesByType('resource')
      .map((e) => e.name)
      .filter((name) => name.startsWith(`${location.origin}/assets/`));
    const all = [...new Set([location.pathname, `/api/v1/tests/${token}`, ...files])];
    // Once is enough, unless it is another result, the other language or a newer site.
    if (!(await Promise.all(all.map(isKept))).every(Boolean)) active.postMessage({ keep: all });
  } catch {
    // A browser that keeps nothing for this site, or whose owner does not want it: the result needs a connection.
  }
}

/** Takes it back: whoever uses this browser next is somebody else. token: only if that result is the one. */
export async function forgetResult(token) {
  try {
    if (token && !(await isKept(`/api/v1/tests/${token}`))) return;
    await caches.delete(KEPT);
    for (const worker of (await navigator.serviceWorker?.getRegistrations()) ?? []) await worker.unregister();
  } catch {
    // Nothing was kept.
  }
}
