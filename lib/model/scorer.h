/* What every model can do: give each item a score from a list of items that a person is known to like.
 *
 * A factor model (and CDAE) also knows the people it was trained on. Right after training their vectors are
 * at hand, and scorer_score uses them for a known user, as the papers' protocols do; a model file holds the
 * items only, and everybody is scored from the history, as visitors are. */
#ifndef MVTI_MODEL_SCORER_H
#define MVTI_MODEL_SCORER_H

#include <stddef.h>
#include <stdint.h>

#include "num/csr.h"

/* Not one of the people that a model was trained on. */
#define SCORER_NOBODY ((size_t)-1)

/* Whom a score is for. */
struct scorer_person {
    size_t row;             /* of the people that the model was trained on, or SCORER_NOBODY */
    const int32_t *history; /* item indexes below n_items, distinct */
    size_t n;               /* may be 0 */
};

struct scorer {
    /* Fills scores[n_items] from history[n] (item indexes below n_items, distinct; n may be 0). Scores may be
     * negative; the history's own items are scored like others, the caller masks them with −inf. Const and
     * safe in several threads. */
    void (*score)(const struct scorer *s, const int32_t *history, size_t n, float *scores);
    const float
        *weights; /* borrowed; the shape is the model's (model/model_file.h), NULL for sparse models */
    size_t n_items;
    size_t n_factors;      /* factor models: length of a vector, else 0 */
    struct csr links;      /* sparse models: [n_items × n_items], row = history item; a view */
    const float *strength; /* [csr_count(links)], each link's weight */
    /* For scores that are sums over the history: the term that item `from` of the history adds to the score
     * of item `to`, up to a factor that is the same for all items. NULL for scores that are no such
     * sums. Of by_length_of(s, n), where n is how many of the history the model knows (model/by_length.h). */
    float (*link)(const struct scorer *s, int32_t from, int32_t to);
    /* Scorers made of others (fusion_scorer) have these three in place of `score`: what they are made of, how
     * it scores in scratch memory, and the floats of it that it needs. NULL for a single model. */
    const void *whole;
    void (*score_whole)(const struct scorer *s, const struct scorer_person *who, float *scores,
                        float *scratch);
    size_t (*scratch)(const struct scorer *s);
    const float *users; /* [n_users × n_factors] vectors of known users, or NULL */
    size_t n_users;
    /* The same as score for row `user` of users; NULL where that is the inner product of the vectors. */
    void (*score_known)(const struct scorer *s, size_t user, const int32_t *history, size_t n, float *scores);
};

/* The same by the person's own vector if the scorer has it, else s->score. Set s->users to NULL for people that
 * the model has not seen. */
void scorer_score(const struct scorer *s, const struct scorer_person *who, float *scores, float *scratch);
/* Floats of scratch memory that scorer_score needs, 0 (and NULL) for a single model. */
size_t scorer_scratch(const struct scorer *s);

#endif
