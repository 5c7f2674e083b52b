// Keeps one result, the visitor's last, to be read without a connection. Everything else goes to the network as if this were not here; nothing
// is answered from the cache while the network answers, so a page is never older than the site.
const KEPT = 'mvti-result';
const START = /^\/(?:en)?$/;

/** What a result's page is made of, all of it or nothing; what was kept before goes. */
async function keep(addresses) {
  const cache = await caches.open(KEPT);
  await cache.addAll(addresses);
  const now = new Set(addresses.map((a) => new URL(a, location.href).href));
  for (const request of await cache.keys()) if (!now.has(request.url)) await cache.delete(request);
}

const find = (request) => caches.open(KEPT).then((cache) => cache.match(request, { ignoreVary: true }));

/** Where the kept result is, if one is. */
async function keptPage() {
  const pages = (await (await caches.open(KEPT)).keys()).map((r) => new URL(r.url));
  return pages.find((u) => /^\/(?:en\/)?r\//.test(u.pathname))?.href;
}

async function answer(event) {
  const { request } = event;
  try {
    return (await event.preloadResponse) ?? (await fetch(request));
  } catch (error) {
    const found = await find(request);
    if (found) return found;
    const page =
      request.mode === 'navigate' && START.test(new URL(request.url).pathname) && (await keptPage());
    if (page) return Response.redirect(page);
    throw error;
  }
}

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) =>
  event.waitUntil(
    Promise.all([self.clients.claim(), self.registration.navigationPreload?.enable()].filter(Boolean)),
  ),
);
self.addEventListener('message', (event) =>
  event.waitUntil(
    keep(event.data.keep).then(
      () => event.source?.postMessage({ kept: true }),
      () => {}, // the next result is kept, or the next time this one is opened
    ),
  ),
);
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'GET' && new URL(request.url).origin === location.origin)
    event.respondWith(answer(event));
});
