/* A batch in the training of RecVAE or CDAE: its people, their histories after dropout, their noise.
 * All random numbers derive from a seed and the person, not from threads. */
#ifndef MVTI_TRAIN_PERSON_BATCH_H
#define MVTI_TRAIN_PERSON_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "num/csr.h"

/* Rows are people with at least one item. */
struct person_batch {
    size_t n;
    const struct csr *x;
    const int32_t *users; /* [n] rows of x */
    const int32_t *kept;  /* items that dropout kept, person by person */
    const size_t *start;  /* [n + 1] into kept */
    double keep;          /* probability that an item is kept, in (0, 1]; inputs are divided by it */
    const float *noise;   /* [n × latent] ε of RecVAE's z (train/recvae_net.h) */
    double gamma;         /* γ there */
    /* The same by item: the batch rows that kept item touched[i] are touched_row[touched_start[i] … [i + 1]]. */
    const int32_t *touched; /* [n_touched] ascending */
    size_t n_touched;
    const size_t *touched_start; /* [n_touched + 1] */
    const int32_t *touched_row;
};

/* Room for batches of at most `rows` people. */
struct person_drawer {
    const struct csr *x;
    size_t rows, latent;
    double keep, noise; /* see above; deviation of ε */
    int32_t *kept, *touched, *touched_row, *slot;
    size_t *start, *touched_start;
    float *epsilon;
};

/* The caller has set x, rows, latent, keep in (0, 1] and noise. ERR_NOMEM. person_batch_free it. */
MUST_USE enum err person_batch_init(struct person_drawer *d, struct fail *why);
void person_batch_free(struct person_drawer *d);
/* Fills b, all but gamma, for n ≤ rows people. Its pointers are valid until the next call. Without `drop`
 * only the noise is drawn, which is all that recvae_net_decode needs. */
void person_batch_draw(struct person_drawer *d, const int32_t *users, size_t n, uint64_t seed, bool drop,
                       struct person_batch *b);

#endif
