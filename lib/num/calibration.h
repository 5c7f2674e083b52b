/* Are the genres of a list in the proportions in which the person likes them? (Steck, "Calibrated recommendations", RecSys 2018, C_KL.)
 *
 *   p(g) = mean over the given items of p(g|i),  q(g) the same over the list,  p(g|i) = 1 / (genres of i) for each genre of i
 *   C = Σ_g p(g) · ln(p(g) / q̃(g)),  q̃ = 0.99 q + 0.01 p
 *
 * 0: exactly so; ln 100 = 4.6: nothing of the list is of a genre that the person likes. */
#ifndef MVTI_NUM_CALIBRATION_H
#define MVTI_NUM_CALIBRATION_H

#include <stddef.h>
#include <stdint.h>

enum { CALIBRATION_GENRES = 64 };

/* genres: of each item a bit a genre, 0 where none is known; such items are left out on both sides. NAN where none of the given
 * items, or none of the list, has any. */
double calibration_of(const uint64_t *genres, const int32_t *given, size_t n_given, const int32_t *list,
                      size_t n_list);

#endif
