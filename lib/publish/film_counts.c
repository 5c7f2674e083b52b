#include "publish/film_counts.h"

#include <math.h>
#include <stdlib.h>

enum err film_counts_open(struct film_counts *f, const struct model *learned, const char *held,
                          struct fail *why)
{
    *f = (struct film_counts){.learned = learned};
    enum err rc = dataset_open(&f->held, held, NULL);
    if (rc == ERR_NOMEM)
        return fail_set(why, rc, "out of memory");
    if (rc != ERR_OK)
        return ERR_OK;
    f->of_held = calloc(f->held.x.n_cols + 1, sizeof *f->of_held);
    if (f->of_held == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    csr_column_counts(&f->held.x, f->of_held);
    return ERR_OK;
}

void film_counts_close(struct film_counts *f)
{
    free(f->of_held);
    dataset_close(&f->held);
    *f = (struct film_counts){0};
}

static int by_id(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

double film_counts_of(const struct film_counts *f, int32_t movie_id)
{
    int32_t item = f->learned != NULL ? model_item(f->learned, movie_id) : -1;
    double n = item >= 0 ? (double)f->learned->weights[item] : 0;
    const int32_t *ids = f->held.item_ids;
    const int32_t *at =
        f->of_held != NULL ? bsearch(&movie_id, ids, f->held.x.n_cols, sizeof *ids, by_id) : NULL;
    return at != NULL ? n + (double)f->of_held[at - ids] : n;
}

double film_counts_most(const struct film_counts *f)
{
    double most = 0;
    for (size_t i = 0; f->learned != NULL && i < f->learned->n_items; i++)
        most = fmax(most, film_counts_of(f, f->learned->item_ids[i]));
    for (size_t i = 0; f->of_held != NULL && i < f->held.x.n_cols; i++)
        most = fmax(most, film_counts_of(f, f->held.item_ids[i]));
    return most;
}
