// The site's pages: address, module, and OWN for what is one's own, or asked by somebody, and no search result. This table is all that knows them: www/build makes
// a file of each plain address, by which nginx knows it, and addresses with a parameter come from workers (cgi/routes.c). A page module
// exports open(params, draw) → {view(), title(), close?(), ready?(), whole?()}; it is loaded when needed. whole(): the view has its data, and
// may stand in the place of what a worker has written.
const OWN = true;
const ROUTES = [
  ['/', () => import('./pages/home.js')],
  ['/test', () => import('./pages/quiz.js')],
  ['/r/{token}', () => import('./pages/result.js')],
  ['/w/{token}', () => import('./pages/circle.js')],
  ['/c/{id}', () => import('./pages/character.js')],
  ['/m/{id}', () => import('./pages/movie.js')],
  ['/t/{mbti}', () => import('./pages/type.js')],
  ['/t/{mbti}/{enneagram}', () => import('./pages/pair.js')],
  ['/e/{enneagram}', () => import('./pages/enneagram.js')],
  ['/liked', () => import('./pages/liked.js'), OWN],
  ['/login', () => import('./pages/login.js'), OWN],
  ['/me', () => import('./pages/me.js'), OWN],
  ['/auth/{rest}', () => import('./pages/login_failed.js')],
  ['/about', () => import('./pages/about.js')],
  ['/search', () => import('./pages/search.js'), OWN],
];
const PARAMS = {
  token: '[A-Za-z0-9_-]{22}',
  id: '\\d{1,10}',
  mbti: '[A-Za-z]{4}',
  enneagram: '[1-9][wW][1-9]',
  rest: '.*',
};
const PATTERNS = ROUTES.map(([address, load]) => [
  new RegExp(`^${address.replace(/\{(\w+)\}/g, (_, name) => `(?<${name}>${PARAMS[name]})`)}$`),
  load,
]);

const missing = () => import('./pages/missing.js');

export function resolve(path) {
  for (const [pattern, load] of PATTERNS) {
    const m = pattern.exec(path);
    if (m) return { load, params: { ...m.groups } };
  }
  return { load: missing, params: {} };
}
