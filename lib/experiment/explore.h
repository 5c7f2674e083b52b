/* Exploration within a list: some of its places are drawn, and the chance of what stands there is known exactly.
 *
 * Of a list of n, K = ⌊share · n⌋ places are open, spread evenly and never the first; the others hold the
 * best n − K in their order, as ever. The next K · pool candidates are dealt to the open places in turn, best
 * first, so that each can turn up at one place only, and each place draws one of its own by a softmax, p_i ∝
 * exp(m_i / temperature), on its own. That is Plackett and Luce's model for the first choice of each pool;
 * since pools have nothing in common, the chance at the place needs no sum over what the other places drew.
 * */
#ifndef MVTI_EXPERIMENT_EXPLORE_H
#define MVTI_EXPERIMENT_EXPLORE_H

#include <stddef.h>

enum { EXPLORE_PLACES = 25 };

/* The open places of a list of n, ascending, into places[EXPLORE_PLACES]; how many. share: 0 to 0.5. */
size_t explore_places(size_t n, double share, size_t *places);
/* Draws one of m[n], n ≥ 1, at u, uniform in [0, 1); chances[n] receives that of each. */
size_t explore_draw(const double *m, size_t n, double temperature, double u, double *chances);

#endif
