#include "train/trainers.h"

#include <string.h>

#include "train/ader_train.h"
#include "train/admm_slim_train.h"
#include "train/bpr_train.h"
#include "train/cdae_train.h"
#include "train/ease_sparse_train.h"
#include "train/ease_train.h"
#include "train/ials_train.h"
#include "train/item_knn_train.h"
#include "train/lightgcn_train.h"
#include "train/popularity_train.h"
#include "train/recvae_train.h"

static const struct trainer *const rows[] = {
    &ader_trainer,       &ader_trainer_fitted, &admm_slim_trainer,
    &ader_trainer_blend, &bpr_trainer,         &cdae_trainer,
    &ease_trainer,       &ease_sparse_trainer, &ials_trainer,
    &item_knn_trainer,   &lightgcn_trainer,    &lightgcn_trainer_plus,
    &popularity_trainer, &recvae_trainer,      &ease_sparse_trainer_slim,
};

const struct trainer *const *trainers(size_t *n)
{
    *n = sizeof rows / sizeof *rows;
    return rows;
}

const struct trainer *trainers_find(const char *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i]->name, name) == 0)
            return rows[i];
    return NULL;
}
