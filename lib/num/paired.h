/* Two measurements of the same people: how much do they differ, and may that be chance?
 *
 * The interval of the mean difference is a paired percentile bootstrap over people (Efron & Tibshirani, An
 * Introduction to the Bootstrap, 1993, chapter 13; Sakai, SIGIR 2006, for ranking metrics): PAIRED_ROUNDS
 * times as many people are drawn with replacement, each with both of their values, and the interval holds the
 * middle PAIRED_LEVEL of the means of their differences. 99 % and not 95 %, for the question is asked every
 * night: three nights in four years, and not nineteen, are taken for a change that is none on each side. The
 * random numbers begin at a seed of their own: the same values give the same interval. */
#ifndef MVTI_NUM_PAIRED_H
#define MVTI_NUM_PAIRED_H

#include <stddef.h>

#include "base/err.h"

enum { PAIRED_ROUNDS = 2000, PAIRED_SEED = 1993 };
#define PAIRED_LEVEL 0.99

struct paired {
    size_t n;             /* people */
    double before, after; /* means */
    double difference;    /* after - before */
    double low, high;     /* its interval */
};

/* before[n] and after[n], person by person. n = 0 gives zeros. ERR_NOMEM. O(PAIRED_ROUNDS × n). */
MUST_USE enum err paired_compare(const double *before, const double *after, size_t n, struct paired *out,
                                 struct fail *why);

#endif
