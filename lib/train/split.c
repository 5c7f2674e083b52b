#include "train/split.h"

#include <stdlib.h>

#include "base/rng.h"

enum { LEAST_ITEMS = 5 };

struct part {
    uint64_t *start;
    int32_t *col;
    uint64_t n;
};

/* Selection sampling (Knuth, The Art of Computer Programming, 3.4.2, algorithm S): keeps the order. */
static void divide_row(const int32_t *row, size_t n, size_t take, struct rng *rng, struct part *train,
                       struct part *held)
{
    for (size_t i = 0; i < n; i++) {
        if (rng_below(rng, n - i) < take) {
            held->col[held->n++] = row[i];
            take--;
        } else {
            train->col[train->n++] = row[i];
        }
    }
}

static void divide(const struct csr *x, double share, uint64_t seed, struct part *train, struct part *held)
{
    for (size_t u = 0; u < x->n_rows; u++) {
        struct rng rng;
        rng_seed(&rng, seed * 0x9e3779b97f4a7c15u + u);
        size_t n = csr_row_count(x, u), take = (size_t)(share * (double)n);
        if (take == 0)
            take = 1;
        divide_row(csr_row(x, u), n, n < LEAST_ITEMS ? 0 : take, &rng, train, held);
        train->start[u + 1] = train->n;
        held->start[u + 1] = held->n;
    }
}

static bool part_alloc(struct part *p, const struct csr *x)
{
    p->start = calloc(x->n_rows + 1, sizeof *p->start);
    p->col = malloc((csr_count(x) + 1) * sizeof *p->col);
    return p->start != NULL && p->col != NULL;
}

enum err split_by_user(struct split *out, const struct csr *x, double share, uint64_t seed, struct fail *why)
{
    *out = (struct split){0};
    if (!(share > 0 && share < 1))
        return fail_set(why, ERR_INVALID, "the held-out share must be between 0 and 1, not %g", share);
    struct part train = {0}, held = {0};
    bool ok = part_alloc(&train, x);
    ok = part_alloc(&held, x) && ok;
    if (ok)
        divide(x, share, seed, &train, &held);
    out->train = (struct csr){x->n_rows, x->n_cols, train.start, train.col};
    out->held = (struct csr){x->n_rows, x->n_cols, held.start, held.col};
    if (ok)
        return ERR_OK;
    split_free(out);
    return fail_set(why, ERR_NOMEM, "out of memory for the split");
}

void split_free(struct split *s)
{
    csr_free(&s->train);
    csr_free(&s->held);
}
