#include "train/item_cut.h"

#include <stdbool.h>
#include <stdlib.h>

size_t item_cut_list(const struct item_cut *cut, const int32_t *items, size_t n, int32_t *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t at = cut->at[items[i]];
        if (at >= 0)
            out[kept++] = at;
    }
    return kept;
}

/* Marks the items left out by −1 in `at`, which is all 0. A key is UINT32_MAX − users << 32 | index:
 * ascending order is what is kept first. More than UINT32_MAX users of an item there are not. */
static enum err choose(struct item_cut *cut, const struct csr *x, struct fail *why)
{
    uint64_t *keys = malloc((x->n_cols + 1) * sizeof *keys);
    enum err rc = keys != NULL ? ERR_OK : ERR_NOMEM;
    if (rc == ERR_OK) {
        csr_column_counts(x, keys);
        for (size_t i = 0; i < x->n_cols; i++)
            keys[i] = (UINT32_MAX - keys[i]) << 32 | i;
        rc = csr_sort_keys(keys, x->n_cols);
    }
    for (size_t i = cut->n; i < x->n_cols && rc == ERR_OK; i++)
        cut->at[(uint32_t)keys[i]] = -1;
    free(keys);
    return rc == ERR_OK ? rc : fail_set(why, rc, "out of memory for the cut of %zu items", x->n_cols);
}

static void number(struct item_cut *cut)
{
    int32_t next = 0;
    for (size_t i = 0; i < cut->n_whole; i++)
        if (cut->at[i] >= 0) {
            cut->kept[next] = (int32_t)i;
            cut->at[i] = next++;
        }
}

enum err item_cut_make(struct item_cut *out, const struct csr *x, size_t n, struct fail *why)
{
    *out = (struct item_cut){.n = n < x->n_cols ? n : x->n_cols, .n_whole = x->n_cols};
    uint64_t *start = calloc(x->n_rows + 1, sizeof *start);
    int32_t *col = malloc((csr_count(x) + 1) * sizeof *col);
    out->x.n_rows = x->n_rows;
    out->x.n_cols = out->n;
    out->x.start = start;
    out->x.col = col;
    out->kept = malloc((out->n + 1) * sizeof *out->kept);
    out->at = calloc(out->n_whole + 1, sizeof *out->at);
    bool ok = start != NULL && col != NULL && out->kept != NULL && out->at != NULL;
    enum err rc = ok ? choose(out, x, why) : fail_set(why, ERR_NOMEM, "out of memory for the cut");
    if (rc != ERR_OK) {
        item_cut_free(out);
        return rc;
    }
    number(out);
    for (size_t u = 0; u < x->n_rows; u++)
        start[u + 1] = start[u] + item_cut_list(out, csr_row(x, u), csr_row_count(x, u), col + start[u]);
    return ERR_OK;
}

void item_cut_free(struct item_cut *cut)
{
    free(cut->kept);
    free(cut->at);
    csr_free(&cut->x);
    *cut = (struct item_cut){0};
}
