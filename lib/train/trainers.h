/* The models that can be trained. A new one: its X_train.[ch] and a row in trainers.c (and, for weights of a
 * shape of its own, a row in model/model_file.c). */
#ifndef MVTI_TRAIN_TRAINERS_H
#define MVTI_TRAIN_TRAINERS_H

#include "train/trainer.h"

/* All of them by name; *n: how many. */
const struct trainer *const *trainers(size_t *n);
/* NULL if there is none of that name. */
const struct trainer *trainers_find(const char *name);

#endif
