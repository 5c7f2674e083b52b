#include "train/popularity_train.h"

#include <string.h>

#include "train/trainers.h"

void popularity_train(const struct csr *x, float *weights)
{
    memset(weights, 0, x->n_cols * sizeof *weights);
    for (size_t i = 0; i < csr_count(x); i++)
        weights[x->col[i]] += 1;
}

/* ---- as a trainer ---- */

static enum err train(const struct train_task *task, struct trained *out, struct fail *why)
{
    enum err rc = trained_alloc(out, 0, why);
    if (rc == ERR_OK)
        popularity_train(task->x, out->weights);
    return rc;
}

const struct trainer popularity_trainer = {
    .name = "popularity", .help = "the most liked films for everybody; the baseline", .train = train};
