#include "train/ease_sparse_train.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "num/dense.h"
#include "num/kernel.h"
#include "num/links.h"
#include "num/parallel.h"
#include "num/topk.h"
#include "train/co_counts.h"
#include "train/ease_train.h"
#include "train/trainers.h"

enum {
    ITEMS = 16,  /* items of a block of work */
    ROUNDS = 200 /* of coordinate descent at most: some twenty are usual */
};
static const float STILL = 1e-5f;                 /* a round that changes no weight by more is the last */
static const size_t HEAD_BYTES = (size_t)1 << 30; /* for whole rows of common users */

/* What one thread works in. */
struct bench {
    float *row, *gain;   /* [n] */
    float *g;            /* [m × m] */
    float *weights;      /* [m] */
    float *likes;        /* [m] */
    float *product;      /* [m] */
    int32_t *neighbours; /* [m] */
    struct co_scratch scratch;
};

struct work {
    const struct csr *x;
    struct ease_sparse_options options;
    struct co_counts counts;
    float *users; /* [n] G's diagonal */
    struct bench *benches;
    size_t n_benches;
    struct link *links; /* [n × m], the first found[j] of each m are used */
    uint32_t *found;    /* [n] */
    /* enum err of a block that failed, whichever wrote last: the others stop when they see it, and it is judged when all are joined. */
    atomic_int failed;
    const struct progress *progress;
};

static int ascending(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* The m items that alone would explain most of item j: G[i,j]² / (G[i,i] + λ), ascending by index. */
static size_t choose(const struct work *w, struct bench *b, size_t j)
{
    size_t n = w->x->n_cols;
    float lambda = (float)w->options.lambda;
    co_counts_row(&w->counts, j, b->row);
    for (size_t i = 0; i < n; i++)
        b->gain[i] = b->row[i] > 0 ? b->row[i] * b->row[i] / (w->users[i] + lambda) : -INFINITY;
    b->gain[j] = -INFINITY;
    size_t m = topk_select(b->gain, n, w->options.neighbours, b->neighbours);
    qsort(b->neighbours, m, sizeof *b->neighbours, ascending);
    return m;
}

/* The lower triangle of g becomes both. */
static void mirror_lower(float *g, size_t m)
{
    for (size_t a = 0; a < m; a++)
        for (size_t b = 0; b < a; b++)
            g[b * m + a] = g[a * m + b];
}

/* One round over all coordinates, each put to its minimum with the others held, w_a = max(0, (likes_a − λ₁ − Σ_{b≠a} G_ab w_b)/G_aa): the
 * largest change. product = G·w is kept up. */
static float descend_once(const struct bench *b, const float *likes, float lambda1, size_t m)
{
    float most = 0;
    for (size_t a = 0; a < m; a++) {
        float own = b->g[a * m + a];
        float best = (likes[a] - lambda1 - (b->product[a] - own * b->weights[a])) / own;
        float change = (best > 0 ? best : 0) - b->weights[a];
        if (change == 0)
            continue;
        b->weights[a] += change;
        kernel_axpy(b->product, change, b->g + a * m, m);
        most = fmaxf(most, fabsf(change));
    }
    return most;
}

/* min ½ wᵀGw − likesᵀw + λ₁ Σw, w ≥ 0, by coordinate descent; G has λ on its diagonal already. */
static void descend(const struct bench *b, float lambda1, size_t m)
{
    mirror_lower(b->g, m);
    memcpy(b->likes, b->weights, m * sizeof *b->likes);
    memset(b->weights, 0, m * sizeof *b->weights);
    memset(b->product, 0, m * sizeof *b->product);
    for (int round = 0; round < ROUNDS && descend_once(b, b->likes, lambda1, m) > STILL; round++)
        ;
}

/* Column j of the weights: (G_SS + λI) w = G_Sj over its neighbours S, or the same least squares with w ≥ 0. */
static enum err solve_item(struct work *w, struct bench *b, size_t j)
{
    size_t m = choose(w, b, j);
    if (!co_counts_among(&w->counts, b->neighbours, m, &b->scratch, b->g))
        return ERR_NOMEM;
    for (size_t a = 0; a < m; a++) {
        b->g[a * m + a] += (float)w->options.lambda;
        b->weights[a] = b->row[b->neighbours[a]];
    }
    if (w->options.nonnegative)
        descend(b, (float)w->options.lambda1, m);
    else if (!dense_solve_lower(b->g, b->weights, m))
        return ERR_DIVERGED;
    struct link *out = w->links + j * w->options.neighbours;
    for (size_t a = 0; a < m; a++)
        if (b->weights[a] != 0)
            out[w->found[j]++] = (struct link){b->neighbours[a], (int32_t)j, b->weights[a]};
    return ERR_OK;
}

static void solve_block(void *arg, size_t block, size_t thread)
{
    struct work *w = arg;
    size_t n = w->x->n_cols, end = (block + 1) * ITEMS < n ? (block + 1) * ITEMS : n;
    for (size_t j = block * ITEMS; j < end && w->failed == ERR_OK; j++) {
        enum err rc = solve_item(w, &w->benches[thread], j);
        if (rc != ERR_OK)
            w->failed = (int)rc;
    }
    if (thread == 0)
        progress_report(w->progress, w->options.nonnegative ? "slim-sparse" : "ease-sparse", end, n);
}

static bool bench_init(struct bench *b, size_t n, size_t m, size_t n_users)
{
    b->row = malloc((n + 1) * sizeof *b->row);
    b->gain = malloc((n + 1) * sizeof *b->gain);
    b->g = malloc((m * m + 1) * sizeof *b->g);
    b->weights = malloc((m + 1) * sizeof *b->weights);
    b->likes = malloc((m + 1) * sizeof *b->likes);
    b->product = malloc((m + 1) * sizeof *b->product);
    b->neighbours = malloc((m + 1) * sizeof *b->neighbours);
    return co_scratch_init(&b->scratch, n_users) == ERR_OK && b->row != NULL && b->gain != NULL &&
           b->g != NULL && b->weights != NULL && b->likes != NULL && b->product != NULL &&
           b->neighbours != NULL;
}

static bool work_init(struct work *w)
{
    size_t n = w->x->n_cols, m = w->options.neighbours;
    w->n_benches = parallel_threads();
    w->benches = calloc(w->n_benches, sizeof *w->benches);
    w->links = malloc((n * m + 1) * sizeof *w->links);
    w->found = calloc(n + 1, sizeof *w->found);
    w->users = malloc((n + 1) * sizeof *w->users);
    if (w->benches == NULL || w->links == NULL || w->found == NULL || w->users == NULL)
        return false;
    for (size_t t = 0; t < w->n_benches; t++)
        if (!bench_init(&w->benches[t], n, m, w->x->n_rows))
            return false;
    for (size_t i = 0; i < n; i++)
        w->users[i] = (float)csr_row_count(w->counts.xt, i);
    return true;
}

static void work_free(struct work *w)
{
    for (size_t t = 0; w->benches != NULL && t < w->n_benches; t++) {
        free(w->benches[t].row);
        free(w->benches[t].gain);
        free(w->benches[t].g);
        free(w->benches[t].weights);
        free(w->benches[t].likes);
        free(w->benches[t].product);
        free(w->benches[t].neighbours);
        co_scratch_free(&w->benches[t].scratch);
    }
    free(w->benches);
    free(w->links);
    free(w->found);
    free(w->users);
    co_counts_free(&w->counts);
}

/* Closes the gaps between the items' links. */
static size_t pack(struct work *w)
{
    size_t n = 0;
    for (size_t j = 0; j < w->x->n_cols; j++) {
        memmove(w->links + n, w->links + j * w->options.neighbours, w->found[j] * sizeof *w->links);
        n += w->found[j];
    }
    return n;
}

static enum err run(struct work *w, const struct csr *xt, struct csr *links, float **strength,
                    struct fail *why)
{
    size_t n = w->x->n_cols;
    enum err rc = co_counts_build(&w->counts, w->x, xt, HEAD_BYTES, why);
    if (rc != ERR_OK)
        return rc;
    if (!work_init(w))
        return fail_set(why, ERR_NOMEM, "out of memory for %zu neighbours of %zu items",
                        w->options.neighbours, n);
    int threads = dense_threads(1); /* the loop below is parallel itself */
    parallel_for((n + ITEMS - 1) / ITEMS, solve_block, w);
    dense_threads(threads);
    if (w->failed == ERR_DIVERGED)
        return fail_set(why, ERR_DIVERGED,
                        "the common users of some items are not positive definite; raise lambda");
    if (w->failed != ERR_OK)
        return fail_set(why, (enum err)w->failed, "out of memory for the users of %zu neighbours",
                        w->options.neighbours);
    return links_build(links, strength, w->links, pack(w), n, why);
}

enum err ease_sparse_train(const struct csr *x, const struct ease_sparse_options *options, struct csr *links,
                           float **strength, const struct progress *progress, struct fail *why)
{
    struct work w = {.x = x, .options = *options, .progress = progress};
    *links = (struct csr){0};
    *strength = NULL;
    if (options->neighbours < 1 || !(options->lambda > 0 && options->lambda <= 1e9) ||
        !(options->lambda1 >= 0 && options->lambda1 <= 1e9))
        return fail_set(
            why, ERR_INVALID,
            "at least one neighbour, a lambda above 0 and a lambda1 of 0 or more are needed, both up to 1e9");
    if (w.options.neighbours > x->n_cols)
        w.options.neighbours = x->n_cols;
    struct csr xt;
    if (csr_transpose(&xt, x) != ERR_OK)
        return fail_set(why, ERR_NOMEM, "out of memory for the transposed dataset");
    enum err rc = run(&w, &xt, links, strength, why);
    work_free(&w);
    csr_free(&xt);
    return rc;
}

/* ---- as two trainers ---- */

TRAINER_FIXED(default_neighbours, 200)
TRAINER_FIXED(default_lambda1, 0.1)

enum { NEIGHBOURS, LAMBDA, SETTINGS };
static const struct trainer_setting settings[SETTINGS] = {
    [NEIGHBOURS] = {"neighbours", 1, 1e4, default_neighbours, "neighbours that explain each item",
                    "50,100,200,400"},
    [LAMBDA] = {"lambda", 1e-3, 1e6, ease_train_default_lambda, "L2 regularisation; default as for ease",
                "log 10..5000"},
};

enum { SLIM_NEIGHBOURS, SLIM_LAMBDA1, SLIM_LAMBDA2, SLIM_SETTINGS };
static const struct trainer_setting slim_settings[SLIM_SETTINGS] = {
    [SLIM_NEIGHBOURS] = {"neighbours", 1, 1e4, default_neighbours,
                         "maximum number of neighbours that explain each item", "50,100,200,400"},
    [SLIM_LAMBDA1] = {"lambda1", 0, 1e6, default_lambda1, "L1 regularisation; higher values give fewer links",
                      "log 0.01..20"},
    [SLIM_LAMBDA2] = {"lambda2", 1e-3, 1e6, ease_train_default_lambda,
                      "L2 regularisation; default as for ease's lambda", "log 10..5000"},
};

static enum err train(const struct train_task *task, struct trained *out, struct fail *why)
{
    const struct ease_sparse_options o = {.neighbours = (size_t)out->value[NEIGHBOURS],
                                          .lambda = out->value[LAMBDA]};
    return ease_sparse_train(task->x, &o, &out->links, &out->strength, task->progress, why);
}

static enum err train_slim(const struct train_task *task, struct trained *out, struct fail *why)
{
    const struct ease_sparse_options o = {.neighbours = (size_t)out->value[SLIM_NEIGHBOURS],
                                          .lambda1 = out->value[SLIM_LAMBDA1],
                                          .lambda = out->value[SLIM_LAMBDA2],
                                          .nonnegative = true};
    return ease_sparse_train(task->x, &o, &out->links, &out->strength, task->progress, why);
}

const struct trainer ease_sparse_trainer = {
    .name = "ease-sparse",
    .help = "EASE for large catalogs: each item explained by its nearest neighbours only",
    .settings = settings,
    .n_settings = SETTINGS,
    .train = train};
const struct trainer ease_sparse_trainer_slim = {
    .name = "slim-sparse",
    .help = "ADMM-SLIM for large catalogs: each item explained by its nearest neighbours only",
    .settings = slim_settings,
    .n_settings = SLIM_SETTINGS,
    .train = train_slim};
