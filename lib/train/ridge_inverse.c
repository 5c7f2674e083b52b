#include "train/ridge_inverse.h"

#include <stdlib.h>
#include <string.h>

#include "num/dense.h"
#include "num/hop.h"
#include "num/parallel.h"
#include "train/ease_train.h"

enum {
    BLOCK = 64,    /* columns that a thread takes through the product: what it works on stays in its cache */
    TILE = 16,     /* items whose rows are turned into columns at a time */
    ENTRY_COST = 8 /* an entry of X, passed twice, in multiplications of a dense product */
};

bool ridge_inverse_by_people(const struct csr *x)
{
    double users = (double)x->n_rows, items = (double)x->n_cols;
    return users * users + ENTRY_COST * (double)csr_count(x) < items * items;
}

static bool goes_by_people(const struct csr *x, enum ridge_way way)
{
    return way == RIDGE_BY_PEOPLE || (way == RIDGE_CHEAPER && ridge_inverse_by_people(x));
}

/* ---- making it ---- */

/* Row u of I + X·D⁻¹·Xᵀ from the diagonal on. */
static void people_row(void *arg, size_t u, size_t thread)
{
    (void)thread;
    const struct ridge_inverse *r = arg;
    size_t users = r->x->n_rows;
    float *row = r->matrix + u * users;
    row[u] += 1;
    for (uint64_t p = r->x->start[u]; p < r->x->start[u + 1]; p++) {
        size_t i = (size_t)r->x->col[p];
        for (uint64_t q = r->xt.start[i + 1]; q-- > r->xt.start[i] && (size_t)r->xt.col[q] >= u;)
            row[r->xt.col[q]] += r->one_by[users + i];
    }
}

static size_t scratch_of_thread(const struct ridge_inverse *r)
{
    return (2 * r->x->n_rows + r->n) * BLOCK;
}

static enum err make_by_people(struct ridge_inverse *r, const double *diagonal, struct fail *why)
{
    size_t users = r->x->n_rows, nodes = users + r->n;
    r->one_by = malloc((nodes + 1) * sizeof *r->one_by);
    r->ones = malloc((nodes + 1) * sizeof *r->ones);
    r->scratch = malloc((parallel_threads() * scratch_of_thread(r) + 1) * sizeof *r->scratch);
    if (r->one_by == NULL || r->ones == NULL || r->scratch == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for products of %zu people and %zu items", users,
                        r->n);
    for (size_t i = 0; i < nodes; i++) {
        r->ones[i] = 1;
        r->one_by[i] = i < users ? 1 : (float)(1 / diagonal[i - users]);
    }
    parallel_for(users, people_row, r);
    return ERR_OK;
}

static void make_by_items(struct ridge_inverse *r, const double *diagonal)
{
    ease_train_gram(r->x, &r->xt, NULL, r->matrix);
    for (size_t i = 0; i < r->n; i++)
        r->matrix[i * r->n + i] += (float)diagonal[i];
}

/* S whole, by strips of as many rows as the wide product takes at once, strip after strip, each [users × rows]; only its upper
 * triangle was inverted. */
static enum err pack(struct ridge_inverse *r, struct fail *why)
{
    size_t users = r->x->n_rows;
    r->way = wide_way(0);
    size_t rows = r->way->rows, strips = (users + rows - 1) / rows;
    r->packed = calloc(strips * rows * users + 1, sizeof *r->packed);
    if (r->packed == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for a matrix of %zu people", users);
    for (size_t u = 0; u < users; u++)
        for (size_t k = 0; k < users; k++)
            r->packed[(u / rows * users + k) * rows + u % rows] =
                r->matrix[u < k ? u * users + k : k * users + u];
    free(r->matrix);
    r->matrix = NULL;
    return ERR_OK;
}

enum err ridge_inverse_make(struct ridge_inverse *r, const struct ridge_sum *of,
                            const struct progress *progress, const char *name, struct fail *why)
{
    const struct csr *x = of->x;
    *r = (struct ridge_inverse){.x = x, .n = x->n_cols, .by_people = goes_by_people(x, of->way)};
    size_t n = r->by_people ? x->n_rows : x->n_cols;
    enum err rc = ERR_OK;
    progress_report(progress, name, 0, 2);
    r->matrix = dense_square(n);
    if (r->matrix == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory: a matrix of %zu rows needs %.1f GB", n,
                        (double)dense_square_bytes(n) / 1e9);
    if (csr_transpose(&r->xt, x) != ERR_OK)
        return fail_set(why, ERR_NOMEM, "out of memory for the transposed dataset");
    if (r->by_people)
        rc = make_by_people(r, of->diagonal, why);
    else
        make_by_items(r, of->diagonal);
    progress_report(progress, name, 1, 2);
    if (rc == ERR_OK && n > 0)
        rc = dense_invert_upper(r->matrix, n, why);
    if (rc == ERR_OK && r->by_people)
        rc = pack(r, why);
    else if (rc == ERR_OK)
        dense_mirror_upper(r->matrix, n);
    progress_report(progress, name, 2, 2);
    return rc;
}

/* ---- products ---- */

struct product {
    const struct ridge_inverse *r;
    const float *v;
    float *out;
    size_t rows;
};

/* Rows v[first …] as columns: to[i][slot]; zeros where there are none. Few rows at a time, which the
 * processor reads ahead. */
static void turn_in(const struct product *p, size_t first, size_t slots, float *to)
{
    size_t n = p->r->n;
    if (slots < BLOCK)
        memset(to, 0, n * BLOCK * sizeof *to);
    for (size_t left = 0; left < slots; left += TILE)
        for (size_t tile = 0; tile < n; tile += TILE)
            for (size_t slot = left; slot < left + TILE && slot < slots; slot++)
                for (size_t i = tile; i < tile + TILE && i < n; i++)
                    to[i * BLOCK + slot] = p->v[(first + slot) * n + i];
}

/* out[slot][i] = (v[slot][i] − Σ_{u likes i} t[u][slot]) / D[i], t in the users' rows of h->in, v below. */
static void turn_out(const struct product *p, const struct hop *h, size_t first, size_t slots)
{
    const struct ridge_inverse *r = p->r;
    size_t n = r->n, users = r->x->n_rows;
    float made[TILE * BLOCK];
    for (size_t tile = 0; tile < n; tile += TILE) {
        size_t end = tile + TILE < n ? tile + TILE : n;
        for (size_t i = tile; i < end; i++) {
            float *row = made + (i - tile) * BLOCK;
            const float *v = h->in + (users + i) * BLOCK;
            hop_row(h, users + i, row);
            for (size_t slot = 0; slot < BLOCK; slot++)
                row[slot] = (v[slot] - row[slot]) * r->one_by[users + i];
        }
        for (size_t slot = 0; slot < slots; slot++)
            for (size_t i = tile; i < end; i++)
                p->out[(first + slot) * n + i] = made[(i - tile) * BLOCK + slot];
    }
}

/* t = S·y; y, t [users × BLOCK] */
static void times_people(const struct ridge_inverse *r, const float *y, float *t)
{
    size_t users = r->x->n_rows;
    for (size_t u = 0; u < users; u += r->way->rows)
        for (size_t slot = 0; slot < BLOCK; slot += WIDE_COLS)
            r->way->product(&(struct wide_block){.a = r->packed + u * users,
                                                 .a_step = r->way->rows,
                                                 .b = y + slot,
                                                 .b_step = BLOCK,
                                                 .inner = users,
                                                 .out = t + u * BLOCK + slot,
                                                 .out_step = BLOCK,
                                                 .rows = users - u < r->way->rows ? users - u : r->way->rows,
                                                 .cols = WIDE_COLS});
}

/* V·(XᵀX + D)⁻¹ = (V − (V·D⁻¹Xᵀ)·S·X)·D⁻¹ with S = (I + X·D⁻¹·Xᵀ)⁻¹ (Woodbury), BLOCK rows of V at a time as columns. */
static void product_block(void *arg, size_t block, size_t thread)
{
    const struct product *p = arg;
    const struct ridge_inverse *r = p->r;
    size_t users = r->x->n_rows, first = block * BLOCK;
    size_t slots = p->rows - first < BLOCK ? p->rows - first : BLOCK;
    float *in = r->scratch + thread * scratch_of_thread(r), *y = in + (users + r->n) * BLOCK;
    struct hop h = {
        .x = r->x, .xt = &r->xt, .target = r->ones, .source = r->one_by, .in = in, .width = BLOCK};
    turn_in(p, first, slots, in + users * BLOCK);
    for (size_t u = 0; u < users; u++)
        hop_row(&h, u, y + u * BLOCK);
    times_people(r, y, in);
    turn_out(p, &h, first, slots);
}

void ridge_inverse_multiply(const struct ridge_inverse *r, const float *v, float *product, size_t rows)
{
    if (!r->by_people) {
        dense_multiply_symmetric(v, r->matrix, product, rows, r->n);
        return;
    }
    struct product p = {.r = r, .v = v, .out = product, .rows = rows};
    parallel_for((rows + BLOCK - 1) / BLOCK, product_block, &p);
}

void ridge_inverse_free(struct ridge_inverse *r)
{
    free(r->matrix);
    free(r->packed);
    free(r->one_by);
    free(r->ones);
    free(r->scratch);
    csr_free(&r->xt);
    *r = (struct ridge_inverse){0};
}
