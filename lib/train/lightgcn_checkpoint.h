/* What a stopped training of LightGCN goes on from (container of model/section_file.h): layer 0, Adam's
 * moments, the epochs done, and what they belong to. */
#ifndef MVTI_TRAIN_LIGHTGCN_CHECKPOINT_H
#define MVTI_TRAIN_LIGHTGCN_CHECKPOINT_H

#include <stdint.h>

#include "base/err.h"
#include "num/csr.h"

/* Equal for runs that one file may serve; epochs may differ. Compared as bytes: zero it first. */
struct lightgcn_run {
    uint8_t data[32]; /* hash of the interactions */
    uint64_t seed, n_users, n_items, dimensions, layers, plus, batch;
    double rate, l2, alpha, beta, gamma;
};

struct lightgcn_state {
    struct lightgcn_run run;
    uint64_t epochs;  /* done */
    uint64_t steps;   /* of Adam */
    double first;     /* the first batch's loss */
    float *e, *m, *v; /* [n_values] */
    size_t n_values;
};

/* The hash of x for run.data. */
void lightgcn_checkpoint_hash(const struct csr *x, uint8_t hash[32]);
/* Writes atomically. ERR_IO. */
MUST_USE enum err lightgcn_checkpoint_write(const struct lightgcn_state *s, const char *path,
                                            struct fail *why);
/* Fills epochs, steps, first, e, m and v of a state whose run and n_values say what is expected.
 * ERR_NOT_FOUND: no such file; ERR_CONFLICT: it belongs to another run; ERR_CORRUPT, ERR_IO. */
MUST_USE enum err lightgcn_checkpoint_read(struct lightgcn_state *s, const char *path, struct fail *why);

#endif
