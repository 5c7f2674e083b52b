/* By how much does a variant convert better than the control, and may that be chance?
 *
 * The figure is the difference of two rates of visitors; its interval is a confidence sequence (stats/sequence.h), valid however often it is
 * looked at. Rates near 0 or 1 are where a normal approximation fails: of 40 visitors without a conversion the spread would be 0. So each
 * side's spread is that of its visitors and two more, one who converted and one who did not (A. Agresti, B. Caffo, The American Statistician
 * 54(4), 2000), and nothing is said before DIFFERENCE_VISITORS of each side and DIFFERENCE_EVENTS conversions (and as many without).
 *
 * CUPED (A. Deng, Y. Xu, R. Kohavi, T. Walker, "Improving the sensitivity of online controlled experiments by utilizing pre-experiment data",
 * WSDM 2013, equations 3 to 5): what a visitor did before cannot come from the variant, so what it explains is taken off:
 * y − θ·(x − x̄), θ = cov(x, y)/var(x). Here x = (has a past, how much they did in it): a visitor without a past is in a stratum
 * of their own and loses nothing (section 3.4 there). θ is fitted within the two sides together, by least squares. */
#ifndef MVTI_STATS_DIFFERENCE_H
#define MVTI_STATS_DIFFERENCE_H

#include <stdbool.h>

#include "stats/moments.h"

enum { DIFFERENCE_VISITORS = 100, DIFFERENCE_EVENTS = 10 };
/* The chance with which a planned difference is to be found: four of five. */
#define DIFFERENCE_POWER 0.8

enum difference_verdict {
    DIFFERENCE_EARLY, /* too few visitors or conversions for any word */
    DIFFERENCE_OPEN,  /* the interval contains 0 */
    DIFFERENCE_BETTER,
    DIFFERENCE_WORSE,
};

struct difference {
    double control, variant; /* rates; of CUPED, what they would be with equal pasts */
    double by, low, high;    /* variant - control, and its interval */
    double error;            /* standard error of `by` */
    double detectable; /* the smallest difference that these visitors show in DIFFERENCE_POWER of cases */
    enum difference_verdict verdict;
};

/* Of rates. alpha: the error of the interval, such as 0.05 divided by the number of comparisons. */
struct difference difference_of(const struct moments *control, const struct moments *variant, double alpha);
/* The same with what pasts explain taken off. *kept: the variance that is left, as a share of that without; false, and nothing is written,
 * where nobody has a past or all have the same. */
bool difference_cuped(const struct moments *control, const struct moments *variant, double alpha,
                      struct difference *out, double *kept);
/* Visitors, of both sides together and in the proportion of now, with whom a difference of `by` is found in DIFFERENCE_POWER of cases;
 * infinity where there is nothing to go by. */
double difference_people(const struct difference *d, int64_t n, double by, double alpha);

#endif
