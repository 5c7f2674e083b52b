/* Several models as one: ADER (ADMM-SLIM + EASE + RecVAE) as the report joined it and with fitted weights,
 * and the online blend, which adds LEA (LightGCN) and, for films that nobody has rated, BTS. */
#ifndef MVTI_TRAIN_ENSEMBLE_H
#define MVTI_TRAIN_ENSEMBLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "data/visitors.h"
#include "train/trainer.h"

struct ensemble_member {
    const char *trainer;
    float weight; /* in the report's fusion: 500 films a model, falling with the rank; 0: not a part of it */
    /* Above this number of items the member is trained by `beyond` instead or, where that is NULL, on the
     * most liked items alone: a dense inverse costs their cube. */
    size_t most_items;
    const char *beyond;
};

struct ensemble {
    const char *name;                      /* its row in the trainers' table */
    const struct ensemble_member *members; /* [n] */
    size_t n;                              /* below FUSION_PARTS: the content model comes last */
    bool fitted;                           /* false: the report's weights */
    bool content;                          /* takes part in it if there is one */
};

/* "ader", "ader-fitted", "blend"; NULL for any other name. */
const struct ensemble *ensemble_find(const char *name);

/* Checks "member.setting=value" and remembers it. ERR_INVALID. */
MUST_USE enum err ensemble_set(const struct ensemble *e, struct trainer_values *v, const char *assignment,
                               struct fail *why);

/* Trains the members on task->x with task->values into out->parts, and sets out->fusion to the report's rule
 * and weights. */
MUST_USE enum err ensemble_members(const struct ensemble *e, const struct train_task *task,
                                   struct trained *out, struct fail *why);
/* How good one way of joining is on the people that it was fitted on. */
struct ensemble_choice {
    struct fusion fusion;
    double ndcg; /* NDCG@10 */
};
/* Fits every rule's weights on the group, and measures the report's fusion, which takes part with its own:
 * choices[0] is the report's, choices[1 + rule] those fitted. *best is the index of the best, and
 * out->fusion becomes it. */
enum { ENSEMBLE_CHOICES = 1 + FUSION_RULES };
MUST_USE enum err ensemble_fit(const struct ensemble *e, struct trained *out,
                               const struct visitor_group *group,
                               struct ensemble_choice choices[ENSEMBLE_CHOICES], size_t *best,
                               const struct progress *progress, struct fail *why);
/* Gives out the weights, rule and cold of a fusion fitted on other data. */
void ensemble_adopt(struct trained *out, const struct fusion *fitted);

/* The whole, as a trainer: where weights are to be fitted, on people that the members of a first training
 * have not seen (data/visitors.h); the members of the result have seen everybody. */
MUST_USE enum err ensemble_train(const struct train_task *task, struct trained *out, struct fail *why);

#endif
