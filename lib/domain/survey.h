/* Scoring of the short type survey: statements, each speaking for one pole of one axis, answered on −2 … +2.
 */
#ifndef MVTI_DOMAIN_SURVEY_H
#define MVTI_DOMAIN_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/mbti.h"

enum { SURVEY_MAX_ITEMS = 64, SURVEY_MIN_ANSWER = -2, SURVEY_MAX_ANSWER = 2 };

struct survey_item {
    uint8_t axis;     /* enum mbti_axis */
    uint8_t second;   /* 1 if agreement speaks for the second pole (I, N, F, P) */
    uint8_t tiebreak; /* 1 on the one item an axis that decides when its sum is 0 */
};

struct survey_score {
    uint8_t mbti;
    uint8_t second_percent[MBTI_AXES]; /* 0…100 towards I, N, F, P; 50 is the middle */
};

/* answers[n_items] in the order of items, each −2…2 (checked by the caller). An axis's percentage is
 * 50 + 50·sum/(2·items of the axis). A sum of 0 is decided by the tiebreak item, then for I, N, F, P. */
void survey_score(const struct survey_item *items, const int8_t *answers, size_t n_items,
                  struct survey_score *out);

#endif
