/* What would another ranker have earned, from the log of one that showed things at random with known probabilities?
 *
 * A row of the log: what was shown in place t, with which probability it was (`logged`), with which the other ranker would have shown it
 * (`wanted`), and what came of it (`reward`). With w = wanted/logged, a row speaks for as many cases as the other ranker would have made of
 * its kind. Over n rows, with q̂ a guess of the reward of what was shown and v̂ that of the other ranker's own choice, both from what was seen on
 * other rows:
 *
 *   IPS    Σ w r / n                      D. G. Horvitz, D. J. Thompson, 1952; A. Strehl et al., NIPS 2010
 *   SNIPS  Σ w r / Σ w                    A. Swaminathan, T. Joachims, NIPS 2015
 *   DM     Σ v̂ / n                        (the guess alone)
 *   DR     Σ (v̂ + w (r − q̂)) / n          M. Dudík, J. Langford, L. Li, ICML 2011, equation 1; right if either the probabilities or the guess are
 *
 * Weights over `clip` are cut to it, which bends the estimate towards what was logged and is counted (`clipped`). What the estimate rests on is
 * the effective sample size (Σ w)²/Σ w² (A. Kong, 1992) and, for a rare reward, the same of w·r. A log whose probabilities are small where the
 * other ranker's are large has few effective rows however long it is, and its bootstrap interval is as wrong as its estimate: of 10,000 rows
 * with one in a hundred at least, 340 and 2 were left in the Open Bandit data. So an estimate is refused below POLICY_VALUE_ROWS effective rows or
 * POLICY_VALUE_REWARDS effective rewards, and where the mean of w is not near 1: then the log lacks what the other ranker shows.
 *
 * Intervals: Poisson bootstrap (N. Chamandy et al., "Estimating uncertainty for massive data streams", Google, 2012) over visitors, whose rows
 * belong together: each of POLICY_VALUE_ROUNDS counts a visitor 0, 1, 2, … times, drawn from the seed and the visitor's number, so that it is
 * one pass over any number of rows, in their memory of sums, and the same rows give the same interval in any order. */
#ifndef MVTI_STATS_POLICY_VALUE_H
#define MVTI_STATS_POLICY_VALUE_H

#include <stdint.h>

#include "base/err.h"

enum {
    POLICY_VALUE_ROWS = 1000,
    POLICY_VALUE_REWARDS = 30,
    POLICY_VALUE_ROUNDS = 1000,
    POLICY_VALUE_SEED = 2012
};
#define POLICY_VALUE_LEVEL 0.95
/* How far from 1 the mean weight may be. */
#define POLICY_VALUE_SUPPORT 0.1

enum policy_value_kind {
    POLICY_VALUE_IPS,
    POLICY_VALUE_SNIPS,
    POLICY_VALUE_DM,
    POLICY_VALUE_DR,
    POLICY_VALUE_KINDS
};

struct policy_value_row {
    int64_t visitor;
    double logged, wanted; /* probabilities; logged > 0 */
    double reward;         /* 0 or 1, or any number */
    double guess;          /* q̂ */
    double value;          /* v̂ */
};

struct policy_value_sum {
    double n, w, wr, v, wrq; /* Σ 1, w, w r, v̂, w (r − q̂) */
};

/* A log as it is read; zero-initialised with `clip` set is empty. */
struct policy_value {
    double clip; /* largest weight; 0: none */
    struct policy_value_sum all;
    double ww, wrwr;       /* Σ w², (w r)² */
    double rewards;        /* Σ r as logged */
    int64_t clipped;       /* rows whose weight was cut */
    double clipped_weight; /* what was cut off, in all */
    struct policy_value_sum round[POLICY_VALUE_ROUNDS];
};

struct policy_value_estimate {
    double value, low, high;
};

/* "ips", "snips", "dm", "dr". */
const char *policy_value_name(enum policy_value_kind kind);
void policy_value_add(struct policy_value *p, const struct policy_value_row *row);
/* NaN without rows. ERR_NOMEM. */
MUST_USE enum err policy_value_estimate(const struct policy_value *p, enum policy_value_kind kind,
                                        struct policy_value_estimate *out, struct fail *why);
/* a's value less b's, of the same rows in the same order of adding: each round counts the same visitors in both. ERR_NOMEM. */
MUST_USE enum err policy_value_difference(const struct policy_value *a, const struct policy_value *b,
                                          enum policy_value_kind kind, struct policy_value_estimate *out,
                                          struct fail *why);
/* (Σ w)²/Σ w²; the same of w·r; Σ w / n. 0 without rows. */
double policy_value_rows(const struct policy_value *p);
double policy_value_rewards(const struct policy_value *p);
double policy_value_support(const struct policy_value *p);
/* ERR_INVALID with a sentence if the log is too small or too far from the other ranker to say anything. */
MUST_USE enum err policy_value_check(const struct policy_value *p, struct fail *why);

#endif
