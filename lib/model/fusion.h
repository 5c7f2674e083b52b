/* Several models' opinions of the same films as one score, and what each chosen film has to do with it.
 *
 * Films are numbered 0 … n_films−1; each part numbers its items itself and may know some of the films only.
 * With x_p the scores of part p for a history H, mean and deviation over its items outside H, and r the place
 * of a film among them (0 the best), a part's feature is
 *
 *   FUSION_STANDARD    φ_p(j) = (x_p(j) − mean) / deviation        calibrated scores
 *   FUSION_RANK        φ_p(j) = 1 − r/depth for r < depth          the report's, depth 500
 *   FUSION_RECIPROCAL  φ_p(j) = 61 / (61 + r) for r < depth        Cormack 2009, k = 60, scaled to begin at 1
 *
 * and 0 for films that the part does not know, and for all films if it knows none of H; a part that learnt
 * from likes and has no weight is not asked, as if it knew no film of H. The score is
 *
 *   s(j) = Σ_p w_p φ_p(j)            where a part that learnt from likes knows j
 *   s(j) = cold · φ_content(j)       for films that no such part knows: newer than the ratings
 *   s(j) = φ_content(j)              for all films if no such part knows a film of H
 *
 * `cold` is the slope of s on φ_content over films that are known to both, found in training: what a film's
 * content lets expect of its score. */
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
    const int32_t *item_of; /* [n_films] the part's item, −1: unknown to it; NULL: the film's own number */
    /* NULL, or a search for the best items of a factor model of very many: all others get the feature 0. Then
     * the fusion serves one thread. */
    struct near *near;
    float weight; /* ≥ 0 */
    /* For histories of more than FUSION_SHORT films, whose best parts are others; all 0: `weight` is for all. */
    float weight_long;
    bool content; /* from texts, not from likes: at most one part */
};

struct fusion {
    enum fusion_rule rule;
    size_t n_films, n_parts;
    float cold;
    struct fusion_part parts[FUSION_PARTS];
};

/* w_p for that many films. */
float fusion_weight(const struct fusion *f, size_t part, size_t n_chosen);
/* "standard", "rank", "reciprocal". */
const char *fusion_rule_name(enum fusion_rule rule);
/* Floats of scratch memory that the functions below need. */
size_t fusion_scratch(const struct fusion *f);

/* φ_p(j) of one part into feature[n_films]; H is the person's history, as films. */
void fusion_feature(const struct fusion *f, size_t part, const struct scorer_person *who, float *feature,
                    float *scratch);
/* All parts' features [n_parts × n_films] and the scores [n_films]. Films of H get a score as well; mask
 * them. Cost: the parts' scoring and some passes over the films. */
void fusion_score(const struct fusion *f, const struct scorer_person *who, float *features, float *scores,
                  float *scratch);

/* The fusion as one scorer; f outlives it. */
struct scorer fusion_scorer(const struct fusion *f);

/* How a film's score divides among H: share[n] ≥ 0, summing to 1, or all 0 if no chosen film speaks for it.
 * A part whose scores are sums over H (scorer.link) divides exactly: by its positive terms, for a film that
 * a chosen one speaks against is none of its reasons. Parts are joined in proportion to w_p φ_p(j) where that
 * is positive. Parts that are no sums (RecVAE) have no say in the shares. */
void fusion_shares(const struct fusion *f, const float *features, const struct scorer_person *who,
                   int32_t film, float *share);

#endif
