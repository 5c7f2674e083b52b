#include "train/cold.h"

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

static enum err no_memory(struct fail *why)
{
    return fail_set(why, ERR_NOMEM, "out of memory for the films held out");
}

/* to[i]: the film of item i, −1 if there is none. Both lists ascend. */
static void match_ids(const int32_t *item_ids, size_t n_items, const int32_t *film_ids, size_t n_films,
                      int32_t *to)
{
    size_t f = 0;
    for (size_t i = 0; i < n_items; i++) {
        while (f < n_films && film_ids[f] < item_ids[i])
            f++;
        to[i] = f < n_films && film_ids[f] == item_ids[i] ? (int32_t)f : -1;
    }
}

enum err cold_project(struct csr *out, const struct csr *x, const int32_t *item_ids, const int32_t *film_ids,
                      size_t n_films, struct fail *why)
{
    int32_t *to = malloc((x->n_cols + 1) * sizeof *to);
    uint64_t *start = calloc(x->n_rows + 1, sizeof *start);
    int32_t *col = malloc((csr_count(x) + 1) * sizeof *col);
    *out = (struct csr){x->n_rows, n_films, start, col};
    if (to == NULL || start == NULL || col == NULL) {
        free(to);
        csr_free(out);
        return no_memory(why);
    }
    uint64_t n = 0;
    match_ids(item_ids, x->n_cols, film_ids, n_films, to);
    for (size_t u = 0; u < x->n_rows; u++) {
        for (uint64_t p = x->start[u]; p < x->start[u + 1]; p++)
            if (to[x->col[p]] >= 0)
                col[n++] = to[x->col[p]];
        start[u + 1] = n;
    }
    free(to);
    return ERR_OK;
}

/* ---- drawing ---- */

/* Selection sampling over the liked items, in order. */
static enum err draw(struct cold *c, const struct csr *x, double share, uint64_t seed, struct fail *why)
{
    uint64_t *likes = calloc(x->n_cols + 1, sizeof *likes);
    c->is_cold = calloc(x->n_cols + 1, sizeof *c->is_cold);
    if (likes == NULL || c->is_cold == NULL) {
        free(likes);
        return no_memory(why);
    }
    size_t left = 0;
    csr_column_counts(x, likes);
    for (size_t i = 0; i < x->n_cols; i++)
        left += likes[i] > 0;
    size_t take = (size_t)(share * (double)left);
    if (take == 0)
        take = left > 0;
    c->n_cold = take;
    struct rng rng;
    rng_seed(&rng, seed);
    for (size_t i = 0; i < x->n_cols; i++)
        if (likes[i] > 0 && rng_below(&rng, left--) < take) {
            c->is_cold[i] = 1;
            take--;
        }
    free(likes);
    return c->n_cold > 0 ? ERR_OK : fail_set(why, ERR_INVALID, "nobody likes any of these films");
}

/* The entries of x whose column is (`cold`) held out, or is not; and the strengths beside them, if both are
 * given. */
static bool keep(const struct csr *x, const float *strength, const uint8_t *is_cold, uint8_t cold,
                 struct csr *out, float **out_strength)
{
    uint64_t *start = calloc(x->n_rows + 1, sizeof *start), n = 0;
    int32_t *col = malloc((csr_count(x) + 1) * sizeof *col);
    bool weighs = strength != NULL && out_strength != NULL;
    float *value = weighs ? malloc((csr_count(x) + 1) * sizeof *value) : NULL;
    *out = (struct csr){x->n_rows, x->n_cols, start, col};
    if (out_strength != NULL)
        *out_strength = value;
    if (start == NULL || col == NULL || (weighs && value == NULL))
        return false;
    for (size_t r = 0; r < x->n_rows; r++) {
        for (uint64_t p = x->start[r]; p < x->start[r + 1]; p++)
            if (is_cold[x->col[p]] == cold) {
                if (weighs)
                    value[n] = strength[p];
                col[n++] = x->col[p];
            }
        start[r + 1] = n;
    }
    return true;
}

enum err cold_keep(struct csr *out, const struct csr *x, const uint8_t *is_cold, bool cold, struct fail *why)
{
    if (keep(x, NULL, is_cold, cold, out, NULL))
        return ERR_OK;
    csr_free(out);
    return no_memory(why);
}

enum err cold_split(struct cold *out, const struct csr *x, double share, uint64_t seed, struct fail *why)
{
    *out = (struct cold){0};
    if (!(share > 0 && share < 1))
        return fail_set(why, ERR_INVALID, "the share of films held out must be between 0 and 1, not %g",
                        share);
    enum err rc = draw(out, x, share, seed, why);
    if (rc == ERR_OK && (!keep(x, NULL, out->is_cold, 0, &out->split.train, NULL) ||
                         !keep(x, NULL, out->is_cold, 1, &out->split.held, NULL)))
        rc = no_memory(why);
    if (rc != ERR_OK)
        cold_free(out);
    return rc;
}

void cold_free(struct cold *c)
{
    split_free(&c->split);
    free(c->is_cold);
    *c = (struct cold){0};
}

enum err cold_links(const struct cold *c, const struct csr *links, const float *strength, struct csr *out,
                    float **out_strength, struct fail *why)
{
    if (keep(links, strength, c->is_cold, 1, out, out_strength))
        return ERR_OK;
    csr_free(out);
    free(*out_strength);
    *out_strength = NULL;
    return no_memory(why);
}
