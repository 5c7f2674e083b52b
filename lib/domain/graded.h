/* Scoring of survey version 2 by the graded response model (F. Samejima, "Estimation of latent ability using a
 * response pattern of graded scores", Psychometrika Monograph 17, 1969). A person has a place θ on each axis,
 * normal with mean 0 and variance 1, positive towards I, N, F, P; it is summed over 41 nodes from −4 to 4.
 * An item with slope a and steps b₁ < b₂ < b₃ is answered at least with its k-th of −2, −1, 1, 2 (from 0) with
 * probability 1/(1 + exp(−a(±θ − b_k))), + where agreement speaks for the second pole.
 * www/js/quiz/irt.js has the same arithmetic, and chooses what is asked. */
#ifndef MVTI_DOMAIN_GRADED_H
#define MVTI_DOMAIN_GRADED_H

#include "domain/survey.h"

/* Whether each axis has an answer. */
bool graded_enough(const struct survey_item *items, const int8_t *answers, size_t n);
/* answers[n] in the order of items: −2, −1, 1, 2 or SURVEY_UNASKED (checked by the caller), with graded_enough.
 * The answers count −3, −1, 1, 3 towards the item's pole, and what was not asked counts what the model expects
 * of this person; an axis's percentage is 50 + 50·sum/(3·items of the axis), and its letter the sum's sign.
 * With all of an odd number of items answered the sum is odd, so no axis ties; a percentage is never 50. */
void graded_score(const struct survey_item *items, const int8_t *answers, size_t n, struct survey_score *out);

#endif
