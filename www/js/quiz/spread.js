// The order of a wall of posters: none near another that shows the same.

/** Posters between two of one family: in no width of the page do they touch, beside or above each other. */
const BESIDE = 8;
/** Posters between two that look alike: about as many as somebody sees who scrolls for a while. */
const WALL = 60;

/**
 * Goes on with a wall. before: the motifs on it ({family, ground}, ../art/poster.js); items: what is to come, the first first; motif(item). {placed,
 * waiting}: an item comes as soon as nothing like it is near; those for which this is never so wait for the next call.
 */
export function spread(before, items, motif) {
  const wall = [...before];
  const placed = [];
  const waiting = [...items];
  const fits = (item) => {
    const { family, ground } = motif(item);
    return (
      !wall.slice(-BESIDE).some((m) => m.family === family) &&
      !wall.slice(-WALL).some((m) => m.family === family && m.ground === ground)
    );
  };
  for (let i = waiting.findIndex(fits); i >= 0; i = waiting.findIndex(fits)) {
    wall.push(motif(waiting[i]));
    placed.push(...waiting.splice(i, 1));
  }
  return { placed, waiting };
}
