/* Several models as one (trainer.h: members): training the members, and fitting the weights they are joined
 * with on people that they have not seen (data/visitors.h). `mvti evaluate blend` and `mvti train blend` are
 * the same ensemble_train. */
#ifndef MVTI_TRAIN_ENSEMBLE_H
#define MVTI_TRAIN_ENSEMBLE_H

#include "base/err.h"
#include "data/visitors.h"
#include "model/fusion.h"
#include "num/metric.h"
#include "train/ensemble_variety.h"
#include "train/fusion_fit.h"
#include "train/trainer.h"

/* How good one way of joining is. */
struct ensemble_choice {
    struct fusion fusion;
    struct fusion_fitted
        fitted; /* NDCG@10 of people that the weights were not fitted on, what each part is worth … */
    /* Of the choice that is taken: what was given for variety, for short and for long histories. */
    struct ensemble_variety variety[2];
};
/* choices[0] is the report's rule and weights, choices[1 + rule] those fitted. */
enum { ENSEMBLE_CHOICES = 1 + FUSION_RULES, ENSEMBLE_CUTS = 2, ENSEMBLE_LENGTHS = 4, ENSEMBLE_TOLD = 2 };

/* Films given at most in each length; that of ENSEMBLE_TOLD, VISITORS_GIVEN, is what is told of. */
extern const size_t ensemble_lengths[ENSEMBLE_LENGTHS];

/* Cut-offs of what is measured: 10 and 20. */
extern const int ensemble_cuts[ENSEMBLE_CUTS];

/* How the fitting went. The sums are over `testing` (data/visitors.h), people that neither members nor
 * weights have seen. */
struct ensemble_found {
    struct ensemble_choice choices[ENSEMBLE_CHOICES];
    size_t chosen;
    size_t n_parts; /* members, and the content model if there is one */
    struct metric_sum alone[FUSION_PARTS], joined[ENSEMBLE_CHOICES];
};

/* Trains out->trainer's members on task->x with task->values into out->parts, and sets out->fusion to the
 * report's rule and weights. */
MUST_USE enum err ensemble_members(const struct train_task *task, struct trained *out, struct fail *why);
/* The same people known by 3, by 5 and by 10 films at most, which is what visitors give, and by four fifths
 * of theirs: long histories have weights of their own. */
struct ensemble_people {
    struct visitors visitors[ENSEMBLE_LENGTHS];     /* `train` of the first alone; the others' is empty */
    struct visitor_group fitting[ENSEMBLE_LENGTHS]; /* theirs, borrowed */
};
/* ERR_INVALID: too few people; ERR_NOMEM. ensemble_people_free it. */
MUST_USE enum err ensemble_people_draw(struct ensemble_people *out, const struct csr *x, size_t most,
                                       uint64_t seed, struct fail *why);
void ensemble_people_free(struct ensemble_people *p);

/* Fits every rule's weights on these people, and judges the report's fusion, which takes part with its own if it is
 * better than the best member, too. *best is the index of the best, and out->fusion becomes it: where no fusion
 * is better, the best member alone. Where out's trainer has the setting "variety", its weights then give that share of
 * NDCG@10 for lists that cover more films (train/ensemble_variety.h). */
MUST_USE enum err ensemble_fit(struct trained *out, const struct ensemble_people *people,
                               struct ensemble_choice choices[ENSEMBLE_CHOICES], size_t *best,
                               const struct progress *progress, struct fail *why);

/* The whole, as a trainer: weights are fitted on, and what is found is measured on, people that the members
 * of a first training have not seen; the members of the result have seen everybody unless task->once. An
 * ensemble that is neither fitted nor measured has no first training. */
MUST_USE enum err ensemble_train(const struct train_task *task, struct trained *out, struct fail *why);

#endif
