#include "num/links.h"

#include <stdlib.h>

static int32_t key_of(const struct link *l, int by_from)
{
    return by_from ? l->from : l->to;
}

/* A stable counting sort; start[n_items + 1] receives where each key begins. */
static void sort_by(const struct link *in, struct link *out, size_t n, size_t n_items, uint64_t *start,
                    int by_from)
{
    for (size_t i = 0; i <= n_items; i++)
        start[i] = 0;
    for (size_t i = 0; i < n; i++)
        start[key_of(&in[i], by_from) + 1]++;
    for (size_t i = 0; i < n_items; i++)
        start[i + 1] += start[i];
    for (size_t i = 0; i < n; i++)
        out[start[key_of(&in[i], by_from)]++] = in[i];
    for (size_t i = n_items; i > 0; i--) /* each is where the next one begins now */
        start[i] = start[i - 1];
    start[0] = 0;
}

enum err links_build(struct csr *out, float **strength, struct link *links, size_t n, size_t n_items,
                     struct fail *why)
{
    struct link *scratch = calloc(n + 1, sizeof *scratch);
    uint64_t *start = malloc((n_items + 1) * sizeof *start);
    int32_t *col = malloc((n + 1) * sizeof *col);
    float *value = malloc((n + 1) * sizeof *value);
    *out = (struct csr){n_items, n_items, start, col};
    *strength = value;
    enum err rc = ERR_OK;
    if (scratch != NULL && start != NULL && col != NULL && value != NULL) {
        sort_by(links, scratch, n, n_items, start, 0);
        sort_by(scratch, links, n, n_items, start, 1);
        for (size_t i = 0; i < n; i++) {
            col[i] = links[i].to;
            value[i] = links[i].strength;
        }
    } else {
        csr_free(out);
        free(value);
        *strength = NULL;
        rc = fail_set(why, ERR_NOMEM, "out of memory for %zu links between items", n);
    }
    free(scratch);
    return rc;
}
