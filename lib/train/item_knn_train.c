#include "train/item_knn_train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/links.h"
#include "num/parallel.h"
#include "num/topk.h"
#include "train/trainers.h"

enum { ITEMS = 64 }; /* items of a block of work */

struct knn {
    const struct csr *x, *xt;
    struct item_knn_options options;
    float *user_weight;  /* [users] */
    double *item_weight; /* [n] c(i) */
    float *similar;      /* [threads × n]: similarities of one item, then of the items that have any */
    int32_t *touched;    /* [threads × 2n]: those items; room for the best */
    struct link *links;  /* [n × k], the first found[j] of each k are used */
    uint32_t *found;     /* [n] */
    const struct progress *progress;
};

static int ascending(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* The weight of users in common with item j into count[], the items that have some into touched[]. */
static size_t count_common(const struct knn *k, size_t j, float *count, int32_t *touched)
{
    size_t n = 0;
    for (uint64_t p = k->xt->start[j]; p < k->xt->start[j + 1]; p++) {
        size_t user = (size_t)k->xt->col[p];
        float weight = k->user_weight[user];
        for (uint64_t q = k->x->start[user]; q < k->x->start[user + 1]; q++) {
            int32_t i = k->x->col[q];
            if (count[i] == 0)
                touched[n++] = i;
            count[i] += weight;
        }
    }
    return n;
}

/* The most similar to item j. count[] is zero before and after. */
static void neighbours_of(const struct knn *k, size_t j, float *count, float *compact, int32_t *touched,
                          int32_t *best)
{
    size_t n = count_common(k, j, count, touched), kept = 0;
    double own = k->item_weight[j];
    qsort(touched, n, sizeof *touched, ascending); /* equal similarities go by index */
    for (size_t t = 0; t < n; t++) {
        size_t i = (size_t)touched[t];
        double other = k->item_weight[i];
        compact[t] = i == j ? -INFINITY : (float)((double)count[i] / (sqrt(own * other) + k->options.shrink));
        count[i] = 0;
    }
    struct link *out = k->links + j * k->options.neighbours;
    size_t n_best = topk_select(compact, n, k->options.neighbours, best);
    for (size_t b = 0; b < n_best; b++)
        out[kept++] = (struct link){touched[best[b]], (int32_t)j, compact[best[b]]};
    k->found[j] = (uint32_t)kept;
}

static void knn_block(void *arg, size_t block, size_t thread)
{
    const struct knn *k = arg;
    size_t n = k->x->n_cols, end = (block + 1) * ITEMS < n ? (block + 1) * ITEMS : n;
    for (size_t j = block * ITEMS; j < end; j++)
        neighbours_of(k, j, k->similar + thread * 2 * n, k->similar + (thread * 2 + 1) * n,
                      k->touched + thread * 2 * n, k->touched + (thread * 2 + 1) * n);
    if (thread == 0)
        progress_report(k->progress, "item-knn", end, n);
}

/* Closes the gaps between the items' links. */
static size_t pack(struct knn *k)
{
    size_t n = 0;
    for (size_t j = 0; j < k->x->n_cols; j++) {
        memmove(k->links + n, k->links + j * k->options.neighbours, k->found[j] * sizeof *k->links);
        n += k->found[j];
    }
    return n;
}

static void weigh(struct knn *k)
{
    const struct csr *x = k->x;
    for (size_t u = 0; u < x->n_rows; u++) {
        k->user_weight[u] = (float)pow((double)csr_row_count(x, u), -k->options.activity);
        for (uint64_t p = x->start[u]; p < x->start[u + 1]; p++)
            k->item_weight[x->col[p]] += (double)k->user_weight[u];
    }
}

static bool knn_alloc(struct knn *k, size_t n)
{
    size_t threads = parallel_threads();
    k->user_weight = malloc((k->x->n_rows + 1) * sizeof *k->user_weight);
    k->item_weight = calloc(n + 1, sizeof *k->item_weight);
    k->similar = calloc(threads * 2 * n + 1, sizeof *k->similar);
    k->touched = malloc((threads * 2 * n + 1) * sizeof *k->touched);
    k->links = malloc((n * k->options.neighbours + 1) * sizeof *k->links);
    k->found = calloc(n + 1, sizeof *k->found);
    return k->user_weight != NULL && k->item_weight != NULL && k->similar != NULL && k->touched != NULL &&
           k->links != NULL && k->found != NULL;
}

static void knn_free(struct knn *k)
{
    free(k->user_weight);
    free(k->item_weight);
    free(k->similar);
    free(k->touched);
    free(k->links);
    free(k->found);
}

enum err item_knn_train(const struct csr *x, const struct item_knn_options *options, struct csr *links,
                        float **strength, const struct progress *progress, struct fail *why)
{
    struct knn k = {.x = x, .options = *options, .progress = progress};
    *links = (struct csr){0};
    *strength = NULL;
    if (options->neighbours < 1 || !(options->shrink >= 0 && options->shrink < 1e9) ||
        !(options->activity >= 0 && options->activity <= 2))
        return fail_set(
            why, ERR_INVALID,
            "at least one neighbour, a shrinkage of 0 or more and an activity from 0 to 2 are needed");
    if (k.options.neighbours > x->n_cols)
        k.options.neighbours = x->n_cols;
    struct csr xt;
    if (csr_transpose(&xt, x) != ERR_OK)
        return fail_set(why, ERR_NOMEM, "out of memory for the transposed dataset");
    k.xt = &xt;
    enum err rc = ERR_OK;
    if (knn_alloc(&k, x->n_cols)) {
        weigh(&k);
        parallel_for((x->n_cols + ITEMS - 1) / ITEMS, knn_block, &k);
        rc = links_build(links, strength, k.links, pack(&k), x->n_cols, why);
    } else {
        rc = fail_set(why, ERR_NOMEM, "out of memory for %zu neighbours of %zu items", options->neighbours,
                      x->n_cols);
    }
    knn_free(&k);
    csr_free(&xt);
    return rc;
}

/* ---- as a trainer ---- */

TRAINER_FIXED(default_neighbours, 200)
TRAINER_FIXED(default_shrink, 0.5)
TRAINER_FIXED(default_activity, 1)

enum { NEIGHBOURS, SHRINK, ACTIVITY, SETTINGS };
static const struct trainer_setting settings[SETTINGS] = {
    [NEIGHBOURS] = {"neighbours", 1, 1e5, default_neighbours, "neighbours kept per item",
                    "20,50,100,200,500,1000"},
    [SHRINK] = {"shrink", 0, 1e6, default_shrink,
                "shrinkage, added to the denominator; discounts pairs with few common users",
                "log 0.1..1000"},
    [ACTIVITY] = {"activity", 0, 2, default_activity, "users with n likes weigh n^-activity; 0: all the same",
                  "0..1.5"},
};

static enum err train(const struct train_task *task, struct trained *out, struct fail *why)
{
    const struct item_knn_options o = {.neighbours = (size_t)out->value[NEIGHBOURS],
                                       .shrink = out->value[SHRINK],
                                       .activity = out->value[ACTIVITY]};
    return item_knn_train(task->x, &o, &out->links, &out->strength, task->progress, why);
}

const struct trainer item_knn_trainer = {.name = "item-knn",
                                         .help = "item neighbours by shrunk cosine similarity",
                                         .settings = settings,
                                         .n_settings = SETTINGS,
                                         .train = train};
