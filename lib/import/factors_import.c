#include "import/factors_import.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/vec.h"
#include "data/factors_reader.h"
#include "data/id_bits.h"
#include "model/factors.h"
#include "model/model_file.h"
#include "store/training.h"

_Static_assert((int)FACTORS_READER_MOST == (int)FACTORS_MAX, "what is read can be served");
enum { ROWS_PER_REPORT = 1 << 12 };

/* A film that is kept, and where its factors lie. */
struct kept {
    int32_t film;
    uint32_t at;
};

struct work {
    struct factors_import *im;
    struct factors_reader *reader;
    struct id_bits catalog, seen;
    struct vec films, factors; /* struct kept, float [films × factors] */
    struct secret_hasher hasher;
    char first[300]; /* the first rejected row */
};

static void reject(struct work *w, uint64_t line, const char *reason)
{
    struct factors_import *im = w->im;
    im->rejected++;
    if (im->rejected == 1)
        snprintf(w->first, sizeof w->first, "%s %llu: %s", factors_reader_unit(w->reader),
                 (unsigned long long)line, reason);
    if (im->rejected <= FACTORS_IMPORT_LISTED)
        progress_note(im->progress, "%s:%llu: %s", im->path, (unsigned long long)line, reason);
    if (im->rejected == FACTORS_IMPORT_LISTED + 1)
        progress_note(im->progress, "further rejected rows are not listed");
}

static bool keep(struct work *w, const struct factors_row *row)
{
    const struct kept k = {row->film, (uint32_t)w->films.len};
    for (size_t i = 0; i < w->im->factors; i++)
        if (!vec_push(&w->factors, &row->factors[i]))
            return false;
    return vec_push(&w->films, &k);
}

/* False when memory is out. */
static bool take(struct work *w, const struct factors_row *row)
{
    if (row->factors == NULL) {
        reject(w, row->line, row->reason);
        return true;
    }
    if (id_bits_has(&w->seen, (uint32_t)row->film)) {
        char reason[80];
        snprintf(reason, sizeof reason, "film %d came before; the first row counts", row->film);
        w->im->twice++;
        reject(w, row->line, reason);
        return true;
    }
    secret_hasher_add(&w->hasher, &row->film, sizeof row->film);
    secret_hasher_add(&w->hasher, row->factors, w->im->factors * sizeof *row->factors);
    if (!id_bits_has(&w->catalog, (uint32_t)row->film))
        w->im->unknown++;
    else if (!keep(w, row))
        return false;
    return id_bits_add(&w->seen, (uint32_t)row->film);
}

static enum err out_of_memory(const struct work *w, struct fail *why)
{
    return fail_set(why, ERR_NOMEM, "%s: out of memory", w->im->path);
}

static enum err read_rows(struct work *w, struct fail *why)
{
    struct factors_row row;
    struct factors_import *im = w->im;
    secret_hasher_init(&w->hasher);
    while (factors_reader_next(w->reader, &row)) {
        if (!take(w, &row))
            return out_of_memory(w, why);
        if (im->rows++ % ROWS_PER_REPORT == 0) {
            uint64_t done, total;
            factors_reader_position(w->reader, &done, &total);
            progress_report(im->progress, "reading factors", done, total);
        }
    }
    secret_hasher_end(&w->hasher, im->origin);
    return factors_reader_end(w->reader, why);
}

/* Whether two films differ for anybody: a product of two factors that single precision keeps. */
static bool says_something(const struct work *w)
{
    const float *f = w->factors.data;
    float largest = 0;
    for (size_t i = 0; i < w->factors.len; i++)
        largest = fmaxf(largest, fabsf(f[i]));
    return largest * largest >= FLT_MIN;
}

static enum err judge(const struct work *w, struct fail *why)
{
    const struct factors_import *im = w->im;
    if (im->rows == 0)
        return fail_set(why, ERR_INVALID, "%s: holds no films", im->path);
    if ((double)im->rejected * 100 > im->tolerate * (double)im->rows)
        return fail_set(
            why, ERR_INVALID, "%s: %llu of %llu rows are rejected, %g %% are tolerated; the first, %s",
            im->path, (unsigned long long)im->rejected, (unsigned long long)im->rows, im->tolerate, w->first);
    if (w->films.len == 0)
        return fail_set(why, ERR_INVALID,
                        "%s: none of its %llu films is in the catalog, which has %zu; are these ids of "
                        "another list of films?",
                        im->path, (unsigned long long)im->unknown, im->catalog);
    if (!says_something(w))
        return fail_set(why, ERR_INVALID,
                        "%s: every factor is 0, or too small for single precision (below 1e-19)", im->path);
    return ERR_OK;
}

static int by_film(const void *a, const void *b)
{
    int32_t x = ((const struct kept *)a)->film, y = ((const struct kept *)b)->film;
    return (x > y) - (x < y);
}

static enum err write_model(struct work *w, struct fail *why)
{
    struct factors_import *im = w->im;
    struct kept *films = w->films.data;
    size_t n = w->films.len, d = im->factors;
    int32_t *ids = malloc(n * sizeof *ids);
    float *weights = malloc(n * d * sizeof *weights);
    struct model_info info = {.kind = "factors", .created = clock_wall(), .n_factors = (uint32_t)d};
    struct model_value settings[2];
    enum err rc = ids != NULL && weights != NULL ? ERR_OK : out_of_memory(w, why);
    memcpy(info.dataset_hash, im->origin, sizeof info.dataset_hash);
    memcpy(info.panel, &im->panel, sizeof info.panel);
    model_value_set(&settings[0], "films_of_the_file", (double)(im->rows - im->rejected));
    model_value_set(&settings[1], "factors", (double)d);
    qsort(films, n, sizeof *films, by_film);
    for (size_t i = 0; rc == ERR_OK && i < n; i++) {
        ids[i] = films[i].film;
        memcpy(weights + i * d, (const float *)w->factors.data + films[i].at * d, d * sizeof *weights);
    }
    const struct model m = {.info = &info,
                            .item_ids = ids,
                            .n_items = n,
                            .settings = settings,
                            .n_settings = 2,
                            .weights = weights,
                            .n_weights = n * d};
    if (rc == ERR_OK)
        rc = model_write(&m, im->out, NULL, why);
    im->films = n;
    free(ids);
    free(weights);
    return rc;
}

static enum err read_catalog(struct work *w, struct fail *why)
{
    struct vec films = VEC_OF(int32_t);
    enum err rc = training_catalog(w->im->db, &films, why);
    for (size_t i = 0; rc == ERR_OK && i < films.len; i++)
        if (!id_bits_add(&w->catalog, (uint32_t)((const int32_t *)films.data)[i]))
            rc = out_of_memory(w, why);
    w->im->catalog = films.len;
    vec_free(&films);
    return rc;
}

enum err factors_import_run(struct factors_import *im, struct fail *why)
{
    struct work *w = calloc(1, sizeof *w);
    if (w == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    *w = (struct work){.im = im, .films = VEC_OF(struct kept), .factors = VEC_OF(float)};
    enum err rc = factors_reader_open(&w->reader, im->path, im->ids, why);
    if (rc == ERR_OK)
        rc = read_catalog(w, why);
    if (rc == ERR_OK) {
        im->factors = factors_reader_width(w->reader);
        rc = read_rows(w, why);
    }
    if (rc == ERR_OK)
        rc = judge(w, why);
    if (rc == ERR_OK)
        rc = write_model(w, why);
    factors_reader_close(w->reader);
    id_bits_free(&w->catalog);
    id_bits_free(&w->seen);
    vec_free(&w->films);
    vec_free(&w->factors);
    free(w);
    return rc;
}
