#include "train/told_films.h"

#include <stdlib.h>

#include "train/cold.h"

/* The ids of both, each once; both ascend. */
static size_t merge(const int32_t *a, size_t n_a, const int32_t *b, size_t n_b, int32_t *out)
{
    size_t n = 0, i = 0, j = 0;
    while (i < n_a || j < n_b) {
        bool first = j == n_b || (i < n_a && a[i] <= b[j]);
        int32_t id = first ? a[i] : b[j];
        i += i < n_a && a[i] == id;
        j += j < n_b && b[j] == id;
        out[n++] = id;
    }
    return n;
}

/* Takes over ids [n]. */
static enum err widen(struct told_films *t, const struct dataset *d, size_t n, struct fail *why)
{
    enum err rc = cold_project(&t->x, &d->x, d->item_ids, t->ids, n, why);
    t->dataset = *d;
    t->dataset.item_ids = t->ids;
    t->dataset.x = t->x;
    return rc;
}

enum err told_films_open(struct told_films *out, const char *path, const struct dataset *d, struct fail *why)
{
    struct ensemble_content of_dataset;
    *out = (struct told_films){0};
    enum err rc = ensemble_content_open(&of_dataset, path, d, why);
    if (rc != ERR_OK)
        return rc;
    const struct model *m = &of_dataset.model;
    out->ids = malloc((d->x.n_cols + m->n_items + 1) * sizeof *out->ids);
    rc = out->ids == NULL
             ? fail_set(why, ERR_NOMEM, "out of memory for the films")
             : widen(out, d, merge(d->item_ids, d->x.n_cols, m->item_ids, m->n_items, out->ids), why);
    ensemble_content_close(&of_dataset);
    if (rc == ERR_OK)
        rc = ensemble_content_open(&out->content, path, &out->dataset, why);
    if (rc != ERR_OK)
        told_films_close(out);
    return rc;
}

void told_films_close(struct told_films *t)
{
    ensemble_content_close(&t->content);
    csr_free(&t->x);
    free(t->ids);
    *t = (struct told_films){0};
}
