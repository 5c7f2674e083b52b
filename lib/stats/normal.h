/* Tails of the normal and of the χ² distribution: what turns a distance into a probability and back. */
#ifndef MVTI_STATS_NORMAL_H
#define MVTI_STATS_NORMAL_H

/* P(Z > z) of a standard normal Z. Exact to 1e-15, far out as well. */
double normal_above(double z);
/* The z with P(Z > z) = p, for 0 < p ≤ 0.5. By bisection of normal_above: some 60 evaluations. */
double normal_point(double p);
/* P(X > x) of a χ² distribution with `degrees` ≥ 1 degrees of freedom, by the finite sums of Abramowitz & Stegun,
 * Handbook of Mathematical Functions (1964), 26.4.4 and 26.4.5. 1 for x ≤ 0. */
double normal_chi_square_above(double x, int degrees);

#endif
