/* Several models as one (trainer.h: members): the members are trained, and the weights of their fusion are fitted on
 * people whom they were not trained on (data/visitors.h). `mvti evaluate blend` and `mvti train blend` both run
 * ensemble_train. */
#ifndef MVTI_TRAIN_ENSEMBLE_H
#define MVTI_TRAIN_ENSEMBLE_H

#include "base/err.h"
#include "data/visitors.h"
#include "model/fusion.h"
#include "num/metric.h"
#include "train/ensemble_variety.h"
#include "train/fusion_fit.h"
#include "train/trainer.h"

/* One candidate fusion, and how good it is. */
struct ensemble_choice {
    struct fusion fusion;
    struct fusion_fitted fitted; /* cross-validated */
    /* Only of the chosen fusion: what variety cost, for short and for long histories. */
    struct ensemble_variety variety[2];
};
/* choices[0] has the report's rule and weights, choices[1 + rule] fitted weights. */
enum { ENSEMBLE_CHOICES = 1 + FUSION_RULES, ENSEMBLE_CUTS = 2, ENSEMBLE_LENGTHS = 4, ENSEMBLE_TOLD = 2 };

/* The most films given at each length. Reported metrics are those of length ENSEMBLE_TOLD, which is VISITORS_GIVEN. */
extern const size_t ensemble_lengths[ENSEMBLE_LENGTHS];

/* Cut-offs of the metrics: 10 and 20. */
extern const int ensemble_cuts[ENSEMBLE_CUTS];

/* The result of fitting. The metrics are over `testing` (data/visitors.h), people whom neither members nor
 * weights had seen. */
struct ensemble_found {
    struct ensemble_choice choices[ENSEMBLE_CHOICES];
    size_t chosen;  /* index into choices */
    size_t n_parts; /* members, and the content model if there is one */
    /* Each part by itself; each choice's fusion */
    struct metric_sum alone[FUSION_PARTS], joined[ENSEMBLE_CHOICES];
};

/* Trains out->trainer's members on task->x with task->values into out->parts, and sets out->fusion to the
 * report's rule and weights. Errors of trainer_run; trained_free out in any case. */
MUST_USE enum err ensemble_members(const struct train_task *task, struct trained *out, struct fail *why);
/* The same held-out people with at most 3, 5 and 10 films given, as visitors do, and with four fifths
 * of their films: long histories have weights of their own. */
struct ensemble_people {
    struct visitors visitors[ENSEMBLE_LENGTHS]; /* only the first has `train`; that of the others is empty */
    struct visitor_group fitting[ENSEMBLE_LENGTHS]; /* borrowed from visitors */
};
/* Draws at most `most` people of x from the seed. ERR_INVALID: too few people; ERR_NOMEM. ensemble_people_free it. */
MUST_USE enum err ensemble_people_draw(struct ensemble_people *out, const struct csr *x, size_t most,
                                       uint64_t seed, struct fail *why);
void ensemble_people_free(struct ensemble_people *p);

/* Fits weights for each rule on these people, and cross-validates the report's fusion, which is a candidate if it
 * is better than the best member. out->fusion becomes the best choice, and *best its index: where no fusion
 * is better than the best member, that member alone. A trainer that says `standard` always takes the choice of that rule. If out's trainer has the setting "variety", that share of
 * NDCG@10 is then traded for lists that cover more films (train/ensemble_variety.h). ERR_NOMEM, errors of
 * fusion_fit. */
MUST_USE enum err ensemble_fit(struct trained *out, const struct ensemble_people *people,
                               struct ensemble_choice choices[ENSEMBLE_CHOICES], size_t *best,
                               const struct progress *progress, struct fail *why);

/* The `train` function of ensembles. The members are first trained without the held-out people; weights are fitted on one
 * half of these and metrics measured on the other. Unless task->once, the weights are then fitted again on both halves, which brings
 * those of two seeds nearer to each other, and the members trained again on everybody. task->found has the choices of the last fit, and
 * the metrics of the first. An ensemble that is neither fitted nor measured skips the first training. */
MUST_USE enum err ensemble_train(const struct train_task *task, struct trained *out, struct fail *why);

#endif
