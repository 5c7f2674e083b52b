// Hearts tapped on a page that was left before the server had them (heart.js).
import { HEARTS, forget, kept, recall } from '../storage.js';
import { follow, isBusy, wish } from './heart.js';

const LIFE = 14 * 24 * 3600 * 1000;

/** Sends what is kept; what the server cannot take now waits for the next page. */
export function resume(draw) {
  for (const name of kept(HEARTS)) {
    const id = Number(name.slice(HEARTS.length));
    const { wanted, at } = recall(name) ?? { at: 0 };
    if (Date.now() - at > LIFE) {
      forget(name);
    } else if (!isBusy(id)) {
      wish(id, wanted);
      follow(id, !wanted, draw, { waits: () => recall(name) !== undefined }).catch(
        (error) => ['invalid', 'notfound'].includes(error.kind) && forget(name),
      );
    }
  }
}
