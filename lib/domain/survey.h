/* The type survey: statements, each speaking for one pole of one axis, answered on −2 … +2, and what the first
 * version of them says. Versions of the item set (sql/reference/README.md): SURVEY_SUMS are the brief items on
 * five points, scored here; SURVEY_GRADED all items on four points, of which some are asked (domain/graded.h). */
#ifndef MVTI_DOMAIN_SURVEY_H
#define MVTI_DOMAIN_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/mbti.h"

enum { SURVEY_MAX_ITEMS = 64, SURVEY_MIN_ANSWER = -2, SURVEY_MAX_ANSWER = 2, SURVEY_UNASKED = -128 };
enum { SURVEY_SUMS = 1, SURVEY_GRADED = 2, SURVEY_VERSIONS = 2 };
/* Answers of SURVEY_GRADED: −2, −1, 1, 2, with a step between each and the next. */
enum { SURVEY_STEPS = 3 };
/* Hundredths: bounds of an item's parameters. */
enum { SURVEY_MIN_SLOPE = 20, SURVEY_MAX_SLOPE = 400, SURVEY_MAX_STEP = 400 };

struct survey_item {
    uint8_t axis;     /* enum mbti_axis */
    uint8_t second;   /* 1 if agreement speaks for the second pole (I, N, F, P) */
    uint8_t tiebreak; /* 1 on the one brief item an axis that decides when the sum of version 1 is 0 */
    uint8_t brief;    /* 1 if it is of version 1, and of the short form; these come first */
    /* Of the graded response model, in hundredths, towards the item's own pole. */
    int16_t slope;               /* SURVEY_MIN_SLOPE … SURVEY_MAX_SLOPE */
    int16_t steps[SURVEY_STEPS]; /* rising, within ±SURVEY_MAX_STEP */
};

struct survey_score {
    uint8_t mbti;
    uint8_t second_percent[MBTI_AXES]; /* 0…100 towards I, N, F, P; 50 is the middle */
};

/* Whether axis and parameters are within their bounds. */
bool survey_item_valid(const struct survey_item *item);
/* How many items a version has, of n. */
size_t survey_items_of(const struct survey_item *items, size_t n, int version);
/* Version 1. answers[n_items] in the order of items, each −2…2 (checked by the caller). An axis's percentage is
 * 50 + 50·sum/(2·items of the axis). A sum of 0 is decided by the tiebreak item, then for I, N, F, P. */
void survey_score(const struct survey_item *items, const int8_t *answers, size_t n_items,
                  struct survey_score *out);

#endif
