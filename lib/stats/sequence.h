/* Confidence sequences: intervals that hold at all times together, so that one may look every night, or after every visitor, and stop
 * whenever the answer is clear. An ordinary 95 % interval holds for one look; looked at after each of 4,000 visitors, it calls two of five
 * experiments without a difference decided.
 *
 * I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences",
 * Annals of Statistics 52(6), 2024, theorem 2.2 (Robbins' normal mixture): with estimate μ̂ of n people and standard error s,
 *
 *   μ̂ ± s · √( 2(nρ² + 1)/(nρ²) · ln( √(nρ² + 1)/α ) )
 *
 * holds at all n at once with probability 1 − α, as n grows. ρ chooses where it is narrowest; for about `plan` people (appendix B.2)
 *
 *   ρ² = ( −2 ln α + ln(1 − 2 ln α) ) / plan
 *
 * `plan` must not be chosen by what was seen. It matters little: from plan/10 to 10·plan the interval is at most 1.3 times the narrowest. */
#ifndef MVTI_STATS_SEQUENCE_H
#define MVTI_STATS_SEQUENCE_H

/* The people for whom intervals are narrowest: a variant's visitors and its control's in a week or two of a small site. */
#define SEQUENCE_PLAN 2000.0

/* How many standard errors an interval reaches to each side after n ≥ 1 people; 3.0 where n is the plan and alpha 0.05. */
double sequence_width(double n, double plan, double alpha);
/* The smallest n, by doubling and bisection, at which an interval of what has standard error `one`/√n reaches to at most `reach`.
 * Infinity where that is over 1e12. */
double sequence_people(double one, double reach, double plan, double alpha);

#endif
