/* The guard-rail: is a variant worse than what is bearable, asked again and again while tests come in?
 *
 * For a difference d̂ of two shares with the variance V the mixture sequential probability ratio test
 * (Robbins 1970; Johari, Koomen, Pekelis & Walsh 2022) has Λ = √(V/(V + τ²)) · exp(τ² d̂² / (2 V (V + τ²))).
 * Where nothing is worse than bearable, the chance that Λ ever reaches 1/α is α at most, however often one
 * looks. d̂ is measured from the bound and only counts on the bad side:
 *
 *   likes        d = share of tests with a like − (1 − like_drop) · that of the control
 *   thumbs down  d = (share of the control + down_rise) − share of tests with a thumb down
 *
 * Two questions, so each has α/2. τ is GUARD_TAU: a difference of five points is found soonest. V is that of
 * binomial shares, with one success and one failure added to each, which is why nothing is judged before
 * `tests` of both. */
#ifndef MVTI_EXPERIMENT_GUARD_H
#define MVTI_EXPERIMENT_GUARD_H

#include <stdint.h>

#define GUARD_TAU 0.05

struct guard_rule {
    double like_drop, down_rise; /* relative; difference of shares */
    double alpha;                /* 0: nothing is judged */
    int64_t tests;
};

struct guard_arm {
    int64_t tests, liked, down; /* results; those with a like; with a thumb down */
};

enum guard_verdict { GUARD_FINE, GUARD_LIKES, GUARD_DOWN };

enum guard_verdict guard_judge(const struct guard_rule *rule, const struct guard_arm *control,
                               const struct guard_arm *variant);

#endif
