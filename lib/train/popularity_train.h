/* Popularity, training: how many users like each item. */
#ifndef MVTI_TRAIN_POPULARITY_TRAIN_H
#define MVTI_TRAIN_POPULARITY_TRAIN_H

#include "num/csr.h"
#include "train/trainer.h"

/* weights [x->n_cols] receives the number of entries of each column. */
void popularity_train(const struct csr *x, float *weights);

#endif
