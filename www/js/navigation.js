// Going from page to page inside the site: addresses, the way back, the place on each page. Which page an address is, routes.js knows.
let onMove = () => {};
let inside = () => true;
let depth = history.state?.depth ?? 0;

/** For the way back and for a reload. */
export function keepScroll() {
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
  if (
    !inside() ||
    event.defaultPrevented ||
    event.button ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey
  )
    return;
  const link = event.target.closest?.('a[href]');
  if (
    !link ||
    link.target ||
    link.origin !== location.origin ||
    link.hasAttribute('download') ||
    'outside' in link.dataset
  )
    return;
  if (link.pathname === location.pathname && link.hash) return;
  event.preventDefault();
  go(link.pathname + link.search);
}

/** listener: draws what an address shows. within: whether it can; until then links are the browser's. */
export function start(listener, within) {
  onMove = listener;
  inside = within;
  history.scrollRestoration = 'manual';
  document.addEventListener('click', intercept);
  addEventListener('popstate', () => {
    depth = history.state?.depth ?? 0;
    onMove({ pop: true, y: history.state?.y ?? 0 });
  });
  let timer = 0;
  addEventListener(
    'scroll',
    () => {
      clearTimeout(timer);
      timer = setTimeout(keepScroll, 150);
    },
    { passive: true },
  );
  if (!inside() && history.state?.y) scrollTo(0, history.state.y);
  onMove({ pop: true, first: true, y: history.state?.y ?? 0 });
}
