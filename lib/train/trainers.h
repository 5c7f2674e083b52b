/* The models that can be trained. To add one: its X_train.c, a row here, and one in model/model_file.c that says how its
 * weights score; a header of its own only if others call it. */
#ifndef MVTI_TRAIN_TRAINERS_H
#define MVTI_TRAIN_TRAINERS_H

#include "train/trainer.h"

/* By name. */
#define TRAINERS(ROW)                                                                                        \
    ROW(ader_trainer)                                                                                        \
    ROW(ader_trainer_fitted)                                                                                 \
    ROW(admm_slim_trainer)                                                                                   \
    ROW(ader_trainer_blend)                                                                                  \
    ROW(bpr_trainer)                                                                                         \
    ROW(cdae_trainer)                                                                                        \
    ROW(cheby_trainer)                                                                                       \
    ROW(dlae_trainer_normalised)                                                                             \
    ROW(ease_trainer)                                                                                        \
    ROW(by_length_trainer)                                                                                   \
    ROW(ease_sparse_trainer)                                                                                 \
    ROW(dlae_trainer)                                                                                        \
    ROW(ials_trainer)                                                                                        \
    ROW(item_knn_trainer)                                                                                    \
    ROW(l3ae_trainer)                                                                                        \
    ROW(lightgcn_trainer)                                                                                    \
    ROW(lightgcn_trainer_plus)                                                                               \
    ROW(popularity_trainer)                                                                                  \
    ROW(dlae_trainer_relaxed)                                                                                \
    ROW(recvae_trainer)                                                                                      \
    ROW(ease_sparse_trainer_slim)

#define TRAINERS_DECLARE(name) extern const struct trainer name;
TRAINERS(TRAINERS_DECLARE)

/* All of them, sorted by name; *n receives their number. */
const struct trainer *const *trainers(size_t *n);
/* NULL if there is none of that name. */
const struct trainer *trainers_find(const char *name);

#endif
