// The site's pages: address, module, and OWN for what is one's own and no search result. This table is all that knows them: www/build makes
// a file of each plain address, by which nginx knows it, and addresses with a parameter come from workers (cgi/routes.c). A page module
// exports open(params, draw) → {view(), title(), close?()}; it is loaded when needed.
const OWN = true;
const ROUTES = [
  ['/', () => import('./pages/home.js')],
  ['/test', () => import('./pages/quiz.js')],
  ['/r/{token}', () => import('./pages/result.js')],
  ['/c/{id}', () => import('./pages/character.js')],
  ['/m/{id}', () => import('./pages/movie.js')],
  ['/t/{mbti}', () => import('./pages/type.js')],
  ['/liked', () => import('./pages/liked.js'), OWN],
  ['/login', () => import('./pages/login.js'), OWN],
  ['/me', () => import('./pages/me.js'), OWN],
  ['/auth/{rest}', () => import('./pages/login_failed.js')],
  ['/about', () => import('./pages/about.js')],
];
const PARAMS = { token: '[A-Za-z0-9_-]{22}', id: '\\d{1,10}', mbti: '[A-Za-z]{4}', rest: '.*' };
const PATTERNS = ROUTES.map(([address, load]) => [new RegExp(`^${address.replace(/\{(\w+)\}/g, (_, name) => `(?<${name}>${PARAMS[name]})`)}$`), load]);

const missing = () => import('./pages/missing.js');

export function resolve(path) {
  for (const [pattern, load] of PATTERNS) {
    const m = pattern.exec(path);
    if (m) return { load, params: { ...m.groups } };
  }
  return { load: missing, params: {} };
}

let onMove = () => {};
let depth = history.state?.depth ?? 0;

function keepScroll() {
  history.replaceState({ ...history.state, depth, y: scrollY }, '');
}

/** Goes to an address of ours. replace: without a new history entry. */
export function go(url, { replace = false } = {}) {
  keepScroll();
  if (!replace) depth += 1;
  history[replace ? 'replaceState' : 'pushState']({ depth, y: 0 }, '', url);
  onMove({ pop: false });
}

/** Back inside the site if we came from it, else to the address given. */
export function back(otherwise) {
  if (depth > 0) history.back();
  else go(otherwise, { replace: true });
}

function intercept(event) {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.('a[href]');
  if (!link || link.target || link.origin !== location.origin || link.hasAttribute('download') || 'outside' in link.dataset) return;
  if (link.pathname === location.pathname && link.hash) return;
  event.preventDefault();
  go(link.pathname + link.search);
}

export function start(listener) {
  onMove = listener;
  history.scrollRestoration = 'manual';
  document.addEventListener('click', intercept);
  addEventListener('popstate', () => {
    depth = history.state?.depth ?? 0;
    onMove({ pop: true, y: history.state?.y ?? 0 });
  });
  let timer = 0;
  addEventListener('scroll', () => {
    clearTimeout(timer);
    timer = setTimeout(keepScroll, 150);
  }, { passive: true });
  onMove({ pop: true, first: true, y: history.state?.y ?? 0 });
}
