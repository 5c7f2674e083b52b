/* Combines several models' scores of the same films into one, and divides a score among the chosen films.
 *
 * Films are numbered 0 … n_films−1; each part has its own numbering of items and may know only some of the films.
 * With x_p the scores of part p for a history H, mean and deviation taken over its items outside H, and r the rank
 * of a film among them (0 is the best), a part's feature is
 *
 *   FUSION_STANDARD    φ_p(j) = (x_p(j) − mean) / deviation        standardised scores
 *   FUSION_RANK        φ_p(j) = 1 − r/depth for r < depth          the report's, depth 500
 *   FUSION_RECIPROCAL  φ_p(j) = 61 / (61 + r) for r < depth        Cormack et al., SIGIR 2009, k = 60, scaled to start at 1
 *
 * and 0 for films that the part does not know, and for all films if it knows none of H. A part that learnt
 * from likes and has weight 0 is skipped, as if it knew no film of H. The score is
 *
 *   s(j) = Σ_p w_p φ_p(j)            if a part that learnt from likes knows j
 *   s(j) = cold · φ_content(j)       for films that no such part knows: those without ratings
 *   s(j) = φ_content(j)              for all films if no such part knows a film of H
 *
 * `cold` is the slope of the regression of s on φ_content over films that both know, fitted in training: it predicts
 * a film's score from its content. */
#ifndef MVTI_MODEL_FUSION_H
#define MVTI_MODEL_FUSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/near.h"
#include "model/scorer.h"

enum { FUSION_PARTS = 8, FUSION_DEPTH = 500, FUSION_K = 61, FUSION_SHORT = 10 };

enum fusion_rule { FUSION_STANDARD, FUSION_RANK, FUSION_RECIPROCAL, FUSION_RULES };

struct fusion_part {
    struct scorer scorer;
    const int32_t
        *item_of; /* [n_films] the part's item, −1: unknown to it; NULL: the film's own number; borrowed */
    /* For a factor model of very many items: the search for its best ones; all others get the feature 0. The
     * fusion may then be used by one thread only. Else NULL. Borrowed. */
    struct near *near;
    float weight; /* ≥ 0 */
    /* Weight for histories of more than FUSION_SHORT films, for which other parts are best; if it is 0 in all parts,
     * `weight` is used for all histories. */
    float weight_long;
    bool content; /* learnt from texts, not from likes; at most one part */
};

struct fusion {
    enum fusion_rule rule;
    size_t n_films, n_parts;
    float cold;
    struct fusion_part parts[FUSION_PARTS];
};

/* w_p for a history of n_chosen films. */
float fusion_weight(const struct fusion *f, size_t part, size_t n_chosen);
/* "standard", "rank", "reciprocal". */
const char *fusion_rule_name(enum fusion_rule rule);
/* Scratch memory that the functions below need, in floats. */
size_t fusion_scratch(const struct fusion *f);

/* Writes φ_p(j) of one part to feature[n_films]; H is the person's history, as films. */
void fusion_feature(const struct fusion *f, size_t part, const struct scorer_person *who, float *feature,
                    float *scratch);
/* Writes all parts' features [n_parts × n_films] and the scores [n_films]. Films of H are scored as well; the caller
 * masks them. Cost: scoring by each part, and a few passes over the films. */
void fusion_score(const struct fusion *f, const struct scorer_person *who, float *features, float *scores,
                  float *scratch);

/* The fusion as a scorer; f must outlive it. */
struct scorer fusion_scorer(const struct fusion *f);

/* Divides a film's score among H: share[n] ≥ 0, summing to 1, or all 0 if no chosen film has a positive term.
 * A part whose scores are sums over H (scorer.link) is divided exactly, in proportion to its positive terms: a chosen
 * film with a negative term is not a reason. Parts are combined in proportion to w_p φ_p(j) where that
 * is positive. Parts whose scores are not sums (RecVAE) do not contribute to the shares. */
void fusion_shares(const struct fusion *f, const float *features, const struct scorer_person *who,
                   int32_t film, float *share);

#endif
