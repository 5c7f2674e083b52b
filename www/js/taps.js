// What counts as a tap. A double click or double tap is one tap; a tap that comes before somebody can have read a new
// question is no answer to it; a key held down is one press. Everything else in the site may then take a click at its word.
//
// Times are those of the events (when the finger came down), not of their handlers: on a busy phone the handler of a
// second tap runs long after the screen changed.

/** A third of a second: shorter than anybody reads, longer than the two taps of a double tap are apart. */
const REST = 334;
/** Two taps farther apart than this, in CSS pixels, are meant for two things. */
const NEAR = 40;
/** Who holds the finger down longer has looked. */
const HELD = 1000;
const CONTROL = 'a, button, label, input, summary';

let presses = 0; // how often the pointer came down
let down = 0; // when it did last
let last = null; // the tap before
let screen = ''; // the page and the question that are drawn
let screens = 0;
let shown = -Infinity; // when it could be seen first; Infinity until it was painted

const stop = (event) => {
  event.preventDefault();
  event.stopImmediatePropagation();
};

/** What has been tapped takes no touch for a moment (css/base.css), so it need not look as if it did. */
function rest(element) {
  element.dataset.rest = '';
  setTimeout(() => delete element.dataset.rest, REST);
}

// One press may click twice by itself: a label, then its input.
function twin(tap, before) {
  if (!before || tap.press === before.press || tap.at - before.at >= REST) return false;
  // On another page the same place of the screen; on the same one the same place of it: who scrolled has looked.
  const scrolled = tap.screens === before.screens ? tap.top - before.top : 0;
  return Math.hypot(tap.x - before.x, tap.y - before.y + scrolled) < NEAR;
}

function click(event) {
  if (event.detail === 0) return; // from the keyboard, or from a script
  const tap = {
    x: event.clientX,
    y: event.clientY,
    top: scrollY,
    at: Math.max(down, event.timeStamp - HELD),
    press: presses,
    screens,
  };
  const before = last;
  last = tap;
  const control = event.target.closest?.(CONTROL);
  if (!control) return;
  // A slow double click, which the system still calls one, has its second half on the next question.
  const half = event.detail > 1 && before && before.screens !== screens;
  const early = tap.at - shown < REST && event.target.closest('[data-screen]');
  if (early || half || twin(tap, before)) stop(event);
  else rest(control);
}

function key(event) {
  if (
    event.repeat &&
    (event.key === 'Enter' || event.key === ' ') &&
    event.target.closest?.('a, button, summary, input[type=radio]')
  )
    stop(event);
}

/** After each drawing: a question that was not there before rests, unless no tap can have been meant for another one. */
export function screenDrawn(root) {
  const element = root.querySelector('[data-screen]');
  const next = `${location.pathname} ${element?.dataset.screen ?? ''}`;
  if (next === screen) return;
  screen = next;
  screens += 1;
  shown = -Infinity;
  delete document.documentElement.dataset.rest;
  if (!element || !presses) return;
  const mine = screens;
  shown = Infinity;
  // Nobody sees it before the next frame is painted.
  requestAnimationFrame(() => {
    if (mine !== screens) return;
    shown = performance.now();
    setTimeout(() => mine === screens && delete document.documentElement.dataset.rest, REST);
  });
  // For the sheet: what rests takes no touch and shows no hover (css/base.css).
  document.documentElement.dataset.rest = '';
}

addEventListener(
  'pointerdown',
  (event) => {
    presses += 1;
    down = event.timeStamp;
  },
  true,
);
addEventListener('click', click, true);
addEventListener('keydown', key, true);
