/* The interface of all models: scores every item from the items that a person is known to like.
 *
 * A factor model (and CDAE) also has vectors of the people it was trained on. Right after training
 * scorer_score uses them for those people, as the papers' protocols do; a model file contains only the
 * items, and everybody is scored from the history, as visitors are. */
#ifndef MVTI_MODEL_SCORER_H
#define MVTI_MODEL_SCORER_H

#include <stddef.h>
#include <stdint.h>

#include "num/csr.h"

/* Not one of the people whom a model was trained on. */
#define SCORER_NOBODY ((size_t)-1)

/* The person to score items for. */
struct scorer_person {
    size_t row;             /* among the people whom the model was trained on, or SCORER_NOBODY */
    const int32_t *history; /* item indexes below n_items, distinct */
    size_t n;               /* may be 0 */
};

struct scorer {
    /* Fills scores[n_items] from history[n] (distinct item indexes below n_items; n may be 0). Scores may be
     * negative; items of the history are scored like the others, and the caller masks them with −inf.
     * Thread-safe. */
    void (*score)(const struct scorer *s, const int32_t *history, size_t n, float *scores);
    /* borrowed; the shape is the model's (model/model_file.h), NULL for sparse models */
    const float *weights;
    size_t n_items;
    size_t n_factors;      /* factor models: length of a vector, else 0 */
    struct csr links;      /* sparse models: [n_items × n_items], row = history item; a view */
    const float *strength; /* [csr_count(links)], each link's weight */
    /* If scores are sums over the history: the term that item `from` of the history contributes to the score
     * of item `to`, up to a factor that is the same for all items; else NULL. For by_length models it must be called
     * on by_length_of(s, n), n being the number of history items that the model knows (model/by_length.h). */
    float (*link)(const struct scorer *s, int32_t from, int32_t to);
    /* Composite scorers (fusion_scorer) have these three instead of `score`: the fusion, borrowed, its
     * scoring function with scratch memory, and the size of that memory in floats. NULL for a single model. */
    const void *whole;
    void (*score_whole)(const struct scorer *s, const struct scorer_person *who, float *scores,
                        float *scratch);
    size_t (*scratch)(const struct scorer *s);
    const float *users; /* [n_users × n_factors] vectors of known users, or NULL */
    size_t n_users;
    /* As score, for row `user` of users; NULL if scores are inner products of the vectors. */
    void (*score_known)(const struct scorer *s, size_t user, const int32_t *history, size_t n, float *scores);
};

/* Fills scores[n_items], with the person's own vector if the scorer has one, else by s->score. */
void scorer_score(const struct scorer *s, const struct scorer_person *who, float *scores, float *scratch);
/* Size in floats of the scratch memory of scorer_score; 0 for a single model, where it may be NULL. */
size_t scorer_scratch(const struct scorer *s);

#endif
