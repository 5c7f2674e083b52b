#include "data/sample.h"

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

enum err sample_rows(struct csr *out, const struct csr *x, size_t most, uint64_t seed, struct fail *why)
{
    uint64_t *start = calloc(x->n_rows + 1, sizeof *start);
    int32_t *col = malloc((csr_count(x) + 1) * sizeof *col);
    *out = (struct csr){x->n_rows, x->n_cols, start, col};
    if (start == NULL || col == NULL) {
        csr_free(out);
        return fail_set(why, ERR_NOMEM, "out of memory for a sample of %zu users", most);
    }
    struct rng rng;
    rng_seed(&rng, seed);
    size_t left = 0;
    for (size_t r = 0; r < x->n_rows; r++)
        left += csr_row_count(x, r) > 0;
    for (size_t r = 0; r < x->n_rows; r++) {
        size_t n = csr_row_count(x, r);
        start[r + 1] = start[r];
        if (n == 0 || rng_below(&rng, left--) >= most)
            continue;
        most--;
        memcpy(col + start[r], csr_row(x, r), n * sizeof *col);
        start[r + 1] += n;
    }
    return ERR_OK;
}
