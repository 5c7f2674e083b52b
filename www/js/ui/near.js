// What is drawn once somebody is about to see it.

/**
 * id: the element that it lies in; draw: the page again, once that is near. {near(): whether it has been, watch(): to be called after each drawing, for the
 * element may be another one then: what a worker has written gives way to what is drawn here; close()}.
 */
export function nearing(id, draw) {
  let near = false;
  let watched = null;
  const watcher = new IntersectionObserver(
    (entries) => {
      if (!entries.some((e) => e.isIntersecting)) return;
      watcher.disconnect();
      near = true;
      draw();
    },
    { rootMargin: '250px' },
  );
  return {
    near: () => near,
    watch() {
      const it = document.getElementById(id);
      if (!it || it === watched || near) return;
      if (watched) watcher.unobserve(watched);
      watched = it;
      watcher.observe(it);
    },
    close: () => watcher.disconnect(),
  };
}
