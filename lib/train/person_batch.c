#include "train/person_batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "num/parallel.h"

enum { ROWS = 16, SMALL = 1 << 14 };

enum err person_batch_init(struct person_drawer *d, struct fail *why)
{
    const struct csr *x = d->x;
    size_t rows = d->rows;
    uint64_t longest = 0;
    for (size_t u = 0; u < x->n_rows; u++)
        if (csr_row_count(x, u) > longest)
            longest = csr_row_count(x, u);
    size_t most = rows * longest < csr_count(x) ? rows * longest : csr_count(x);
    size_t items = most < x->n_cols ? most : x->n_cols;
    d->kept = malloc((most + 1) * sizeof *d->kept);
    d->touched = malloc((items + 1) * sizeof *d->touched);
    d->touched_row = malloc((most + 1) * sizeof *d->touched_row);
    d->slot = calloc(x->n_cols + 1, sizeof *d->slot);
    d->start = malloc((rows + 1) * sizeof *d->start);
    d->touched_start = malloc((items + 2) * sizeof *d->touched_start);
    d->epsilon = malloc((rows * d->latent + 1) * sizeof *d->epsilon);
    if (d->kept != NULL && d->touched != NULL && d->touched_row != NULL && d->slot != NULL &&
        d->start != NULL && d->touched_start != NULL && d->epsilon != NULL)
        return ERR_OK;
    person_batch_free(d);
    return fail_set(why, ERR_NOMEM, "out of memory for a batch of %zu people", rows);
}

void person_batch_free(struct person_drawer *d)
{
    free(d->kept);
    free(d->touched);
    free(d->touched_row);
    free(d->slot);
    free(d->start);
    free(d->touched_start);
    free(d->epsilon);
    *d = (struct person_drawer){0};
}

/* Each item stays with probability `keep`; who uses them divides by it, so that sums keep their mean (inverted dropout). */
static void keep_items(struct person_drawer *d, const int32_t *users, size_t n, uint64_t seed)
{
    struct rng rng;
    size_t at = 0;
    rng_seed(&rng, seed);
    for (size_t r = 0; r < n; r++) {
        const int32_t *items = csr_row(d->x, (size_t)users[r]);
        size_t many = csr_row_count(d->x, (size_t)users[r]);
        d->start[r] = at;
        for (size_t i = 0; i < many; i++)
            if (d->keep >= 1 || rng_unit(&rng) < d->keep)
                d->kept[at++] = items[i];
    }
    d->start[n] = at;
}

/* Counting sort of the batch by item; slot[item] is 0 between the calls. */
static size_t turn(struct person_drawer *d, size_t n)
{
    size_t n_touched = 0;
    for (size_t i = 0; i < d->start[n]; i++)
        d->slot[d->kept[i]]++;
    d->touched_start[0] = 0;
    for (size_t item = 0; item < d->x->n_cols; item++) {
        if (d->slot[item] == 0)
            continue;
        d->touched[n_touched] = (int32_t)item;
        d->touched_start[n_touched + 1] = d->touched_start[n_touched] + (size_t)d->slot[item];
        d->slot[item] = (int32_t)n_touched++;
    }
    /* Each item's end moves down to its beginning while it is filled from behind. */
    for (size_t r = n; r-- > 0;)
        for (size_t i = d->start[r]; i < d->start[r + 1]; i++)
            d->touched_row[--d->touched_start[d->slot[d->kept[i]] + 1]] = (int32_t)r;
    for (size_t i = 0; i < n_touched; i++) {
        d->slot[d->touched[i]] = 0;
        d->touched_start[i] = d->touched_start[i + 1];
    }
    d->touched_start[n_touched] = d->start[n];
    return n_touched;
}

struct noise {
    struct person_drawer *d;
    const int32_t *users;
    size_t n;
    uint64_t seed;
};

/* A generator for each person: the same noise in whatever batch, block or thread they are. */
static void draw_noise(void *arg, size_t block, size_t thread)
{
    (void)thread;
    const struct noise *job = arg;
    struct person_drawer *d = job->d;
    for (size_t r = block * ROWS; r < (block + 1) * ROWS && r < job->n; r++) {
        struct rng rng;
        rng_seed(&rng, job->seed ^ ((uint64_t)job->users[r] + 1) * 0xd1342543de82ef95u);
        for (size_t c = 0; c < d->latent; c++)
            d->epsilon[r * d->latent + c] = (float)(d->noise * rng_normal(&rng));
    }
}

void person_batch_draw(struct person_drawer *d, const int32_t *users, size_t n, uint64_t seed, bool drop,
                       struct person_batch *b)
{
    struct noise job = {d, users, n, seed};
    parallel_if(n * d->latent > SMALL, (n + ROWS - 1) / ROWS, draw_noise, &job);
    *b = (struct person_batch){.n = n, .x = d->x, .users = users, .keep = 1, .noise = d->epsilon};
    if (!drop)
        return;
    keep_items(d, users, n, seed);
    b->kept = d->kept;
    b->start = d->start;
    b->keep = d->keep;
    b->n_touched = turn(d, n);
    b->touched = d->touched;
    b->touched_start = d->touched_start;
    b->touched_row = d->touched_row;
}
