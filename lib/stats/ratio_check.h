/* Were visitors divided as the experiment says? If not (a variant that loses visitors before it is counted, a cache, a bot that is always
 * given the same), the groups differ by more than the variant, and no difference between them means anything: a sample-ratio mismatch.
 *
 * Pearson's χ² of the numbers against the shares, refused below RATIO_CHECK_REFUSED as in A. Fabijan et al., "Diagnosing sample ratio
 * mismatch in online controlled experiments", KDD 2019. It is made for one look; asked after each of 4,000 visitors, it refuses about one
 * honest experiment of fifty (docs/measurements.md). The second figure holds at all looks together: the Bayes factor of any shares
 * (Dirichlet around the wanted ones) against the wanted ones is a martingale where these are true, so 1/factor is a p-value at all times (M.
 * Lindon, A. Malek, "Anytime-valid inference for multinomial count data", NeurIPS 2022, equation 8). It needs more visitors to notice the
 * same mismatch, so χ² decides, for a wrong refusal costs a look at the page, and a verdict over unequal groups a wrong change of the site. */
#ifndef MVTI_STATS_RATIO_CHECK_H
#define MVTI_STATS_RATIO_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#define RATIO_CHECK_REFUSED 0.001

struct ratio_check {
    double chi_square, p; /* 1 without visitors */
    double always;        /* the p that holds at all looks */
    bool refused;         /* p < RATIO_CHECK_REFUSED */
};

/* counts[n] against expected[n], which add up to the same number; n ≥ 2. Where something is expected to be 0 and is not, it is refused. */
struct ratio_check ratio_check(const double *counts, const double *expected, size_t n);

#endif
