#include "model/forest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "base/vec.h"
#include "model/forest_private.h"
#include "num/dot.h"

/* Means are moved by this many drawn items; a plane that puts more than MOST on one side is drawn again, up
 * to TRIES times, then the items are halved at random, as they are below HALVE levels. */
enum { DRAWN = 200, TRIES = 3, HALVE = FOREST_MAX_DEPTH - 34 };
static const double MOST = 0.95;

/* How long the last entry is: 1 is Bachrach's transform, 0 leaves the angle of x alone. Which is best depends
 * on the vectors: where few are very long, 1; where lengths differ little or without telling much, one long
 * vector makes the last entry nearly all of every x' at 1, and the planes see little else. So all are tried
 * on some trees, with queries that are the mean of a drawn item and four of its KIN best, and the longest
 * within CLOSE of the best recall is taken: Bachrach's unless there is a reason. */
static const float STRETCH[] = {1, 0.5f, 0.25f, 0.1f, 0};
enum { TRIAL_TREES = 4, TRIAL_QUERIES = 200, TRIAL_FROM = 1000, KIN = 20, KIN_TAKEN = 4, BEST = 10 };
static const size_t TRIAL_BUDGET[] = {100, 400};
static const double CLOSE = 0.02;

struct builder {
    const float *vectors; /* [n × d] */
    float *last;          /* [n] √(M² − ‖x‖²) */
    float stretch;        /* what it counts times */
    size_t n, d;
    const struct forest_plan *plan;
    struct rng rng;
    struct vec nodes;  /* struct forest_node */
    struct vec planes; /* float */
    int32_t *items;    /* [n_trees × n] */
    float *p, *q;      /* [d + 1] the two means; p becomes the plane */
    bool failed;       /* out of memory */
};

/* A part of a tree that is still to be built: items begin … begin + count. */
struct part {
    size_t begin, count, depth;
    int64_t parent; /* split whose right child this is; −1 for a root or a left child */
};

static void fill_last(struct builder *b)
{
    double most = 0;
    for (size_t i = 0; i < b->n; i++) {
        const float *x = b->vectors + i * b->d;
        dot_rows(x, b->d, NULL, 1, x, &b->last[i]);
        most = fmax(most, b->last[i]);
    }
    for (size_t i = 0; i < b->n; i++)
        b->last[i] = (float)sqrt(fmax(0, most - b->last[i]));
}

static void extended(const struct builder *b, int32_t item, float *out)
{
    memcpy(out, b->vectors + (size_t)item * b->d, b->d * sizeof *out);
    out[b->d] = b->stretch * b->last[item];
}

static float length(const float *x, size_t n)
{
    float square;
    dot_rows(x, n, NULL, 1, x, &square);
    return sqrtf(square);
}

static float margin_of(const struct builder *b, const float *plane, int32_t item)
{
    float margin;
    dot_rows(plane, b->d, NULL, 1, b->vectors + (size_t)item * b->d, &margin);
    return margin + plane[b->d] * b->stretch * b->last[item];
}

/* mean += (x − mean) / (n + 1) */
static void move_mean(const struct builder *b, float *mean, int32_t item, size_t n)
{
    float by = 1 / (float)(n + 1);
    const float *x = b->vectors + (size_t)item * b->d;
    for (size_t c = 0; c < b->d; c++)
        mean[c] += (x[c] - mean[c]) * by;
    mean[b->d] += (b->stretch * b->last[item] - mean[b->d]) * by;
}

/* A plane between two drawn items, which become the means of those drawn near them (Annoy's way: planes then
 * follow the density). The plane stands in b->p; false if the two lie on one another. */
static bool draw_plane(struct builder *b, const int32_t *items, size_t count)
{
    size_t n_p = 1, n_q = 1, i = rng_below(&b->rng, count), j = rng_below(&b->rng, count - 1);
    extended(b, items[i], b->p);
    extended(b, items[j + (j >= i)], b->q);
    for (size_t step = 0; step < DRAWN; step++) {
        int32_t item = items[rng_below(&b->rng, count)];
        float to_p = margin_of(b, b->p, item) / (length(b->p, b->d + 1) + 1e-20f);
        float to_q = margin_of(b, b->q, item) / (length(b->q, b->d + 1) + 1e-20f);
        if (to_p > to_q)
            move_mean(b, b->p, item, n_p++);
        else if (to_q > to_p)
            move_mean(b, b->q, item, n_q++);
    }
    float by_p = 1 / (length(b->p, b->d + 1) + 1e-20f), by_q = 1 / (length(b->q, b->d + 1) + 1e-20f);
    for (size_t c = 0; c <= b->d; c++)
        b->p[c] = b->p[c] * by_p - b->q[c] * by_q;
    float size = length(b->p, b->d + 1);
    for (size_t c = 0; c <= b->d && size > 1e-12f; c++)
        b->p[c] /= size;
    return size > 1e-12f;
}

/* Items on the left come first; returns how many. */
static size_t divide(struct builder *b, int32_t *items, size_t count)
{
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        if (margin_of(b, b->p, items[i]) > 0)
            continue;
        int32_t moved = items[i];
        items[i] = items[left];
        items[left++] = moved;
    }
    return left;
}

static size_t halve(struct builder *b, int32_t *items, size_t count)
{
    memset(b->p, 0, (b->d + 1) * sizeof *b->p);
    for (size_t i = 0; i < count / 2; i++) {
        size_t j = i + rng_below(&b->rng, count - i);
        int32_t moved = items[i];
        items[i] = items[j];
        items[j] = moved;
    }
    return count / 2;
}

/* Divides a part in two and leaves the plane in b->p; returns the size of the left one. */
static size_t split(struct builder *b, int32_t *items, size_t count, size_t depth)
{
    for (int try = 0; try < TRIES && depth < HALVE; try++) {
        if (!draw_plane(b, items, count))
            continue;
        size_t left = divide(b, items, count), larger = left > count - left ? left : count - left;
        if ((double)larger <= MOST * (double)count)
            return left;
    }
    return halve(b, items, count);
}

static void add_node(struct builder *b, struct forest_node node)
{
    if (!vec_push(&b->nodes, &node))
        b->failed = true;
}

static void add_plane(struct builder *b)
{
    for (size_t c = 0; c < b->d; c++)
        if (!vec_push(&b->planes, &b->p[c]))
            b->failed = true;
}

/* Preorder by a stack of parts: the left one is taken next, so it lies directly behind its parent. */
static void build_tree(struct builder *b, uint32_t tree)
{
    struct part stack[FOREST_MAX_DEPTH + 1];
    size_t n_stack = 1;
    stack[0] = (struct part){(size_t)tree * b->n, b->n, 0, -1};
    for (size_t i = 0; i < b->n; i++)
        b->items[stack[0].begin + i] = (int32_t)i;
    rng_seed(&b->rng, b->plan->seed ^ (tree + 1) * 0x9e3779b97f4a7c15u);
    while (n_stack > 0 && !b->failed) {
        struct part part = stack[--n_stack];
        if (part.parent >= 0)
            ((struct forest_node *)b->nodes.data)[part.parent].right = (int32_t)b->nodes.len;
        if (part.count <= b->plan->leaf) {
            add_node(b, (struct forest_node){-1, (uint32_t)part.begin, (uint32_t)part.count});
            continue;
        }
        size_t left = split(b, b->items + part.begin, part.count, part.depth);
        int64_t node = (int64_t)b->nodes.len;
        add_node(b, (struct forest_node){0, (uint32_t)(b->planes.len / b->d), 0});
        add_plane(b);
        stack[n_stack++] = (struct part){part.begin + left, part.count - left, part.depth + 1, node};
        stack[n_stack++] = (struct part){part.begin, left, part.depth + 1, -1};
    }
}

/* ---- how long the last entry should be ---- */

struct trial {
    struct builder *b;
    struct forest_info info;
    struct forest forest;
    struct forest_scratch *scratch;
    float *queries; /* [TRIAL_QUERIES × d] */
    int32_t best[TRIAL_QUERIES][BEST];
};

static void draw_queries(struct trial *t)
{
    const struct builder *b = t->b;
    struct rng rng;
    int32_t kin[KIN];
    rng_seed(&rng, b->plan->seed ^ 0xd1342543de82ef95u);
    for (size_t i = 0; i < TRIAL_QUERIES; i++) {
        float *query = t->queries + i * b->d;
        const float *x = b->vectors + rng_below(&rng, b->n) * b->d;
        size_t n = forest_exact(&t->forest, t->scratch, x, KIN, kin);
        memcpy(query, x, b->d * sizeof *query);
        for (size_t k = 0; k < KIN_TAKEN; k++) {
            const float *other = b->vectors + (size_t)kin[rng_below(&rng, n)] * b->d;
            for (size_t c = 0; c < b->d; c++)
                query[c] += other[c];
        }
        forest_exact(&t->forest, t->scratch, query, BEST, t->best[i]);
    }
}

/* Trees in place of those before. */
static bool plant(struct trial *t, float stretch)
{
    struct builder *b = t->b;
    struct forest *f = &t->forest;
    b->stretch = stretch;
    b->nodes.len = b->planes.len = 0;
    for (uint32_t tree = 0; tree < t->info.n_trees && !b->failed; tree++) {
        f->roots[tree] = (int32_t)b->nodes.len;
        build_tree(b, tree);
    }
    f->nodes = b->nodes.data;
    f->n_nodes = b->nodes.len;
    f->planes = b->planes.data;
    f->n_planes = b->planes.len / b->d;
    f->items = b->items;
    forest_scratch_free(t->scratch); /* has room for so many nodes */
    t->scratch = forest_scratch_new(f);
    return !b->failed && t->scratch != NULL;
}

/* Mean recall over the queries and the budgets. */
static double try_queries(const struct trial *t)
{
    size_t right = 0, budgets = sizeof TRIAL_BUDGET / sizeof *TRIAL_BUDGET;
    int32_t found[BEST];
    for (size_t i = 0; i < TRIAL_QUERIES * budgets; i++) {
        const int32_t *best = t->best[i / budgets];
        size_t n = forest_search(&t->forest, t->scratch, t->queries + i / budgets * t->b->d, BEST,
                                 TRIAL_BUDGET[i % budgets], found);
        for (size_t k = 0; k < n; k++)
            for (size_t j = 0; j < BEST; j++)
                right += found[k] == best[j];
    }
    return (double)right / (double)(TRIAL_QUERIES * budgets * BEST);
}

static void choose_stretch(struct builder *b)
{
    enum { N = sizeof STRETCH / sizeof *STRETCH };
    struct trial t = {.b = b,
                      .info = {.n_items = (uint32_t)b->n,
                               .dimensions = (uint32_t)b->d,
                               .n_trees = b->plan->n_trees < TRIAL_TREES ? b->plan->n_trees : TRIAL_TREES}};
    double recall[N] = {0}, most = 0;
    b->stretch = STRETCH[0];
    if (b->n < TRIAL_FROM)
        return;
    t.forest = (struct forest){.info = &t.info, .vectors = b->vectors};
    t.queries = malloc(TRIAL_QUERIES * b->d * sizeof *t.queries);
    t.scratch = forest_scratch_new(&t.forest);
    b->failed = t.queries == NULL || t.scratch == NULL;
    if (!b->failed)
        draw_queries(&t);
    for (size_t i = 0; i < N && !b->failed; i++) {
        b->failed = !plant(&t, STRETCH[i]);
        recall[i] = b->failed ? 0 : try_queries(&t);
        most = fmax(most, recall[i]);
    }
    size_t taken = 0;
    while (recall[taken] < most - CLOSE)
        taken++;
    b->stretch = STRETCH[taken];
    b->nodes.len = b->planes.len = 0;
    forest_scratch_free(t.scratch);
    free(t.queries);
}

static enum err write_file(const struct builder *b, const char *path, struct fail *why)
{
    const struct forest_info info = {.seed = b->plan->seed,
                                     .n_items = (uint32_t)b->n,
                                     .dimensions = (uint32_t)b->d,
                                     .n_trees = b->plan->n_trees,
                                     .leaf = b->plan->leaf};
    const struct section_part parts[FOREST_TAG_END] = {
        [FOREST_INFO] = {&info, 1},
        [FOREST_VECTORS] = {b->vectors, b->n * b->d},
        [FOREST_NODES] = {b->nodes.data, b->nodes.len},
        [FOREST_PLANES] = {b->planes.data, b->planes.len},
        [FOREST_ITEMS] = {b->items, b->n * b->plan->n_trees},
    };
    return section_file_write(&forest_format, path, parts, NULL, why);
}

static bool allocate(struct builder *b)
{
    b->items = malloc((b->n * b->plan->n_trees + 1) * sizeof *b->items);
    b->last = malloc((b->n + 1) * sizeof *b->last);
    b->p = malloc((b->d + 1) * sizeof *b->p);
    b->q = malloc((b->d + 1) * sizeof *b->q);
    return b->items != NULL && b->last != NULL && b->p != NULL && b->q != NULL;
}

static enum err check(const float *vectors, size_t n, size_t d, const struct forest_plan *plan,
                      struct fail *why)
{
    if (plan->n_trees < 1 || plan->n_trees > FOREST_MAX_TREES || plan->leaf < 1 || plan->leaf > 65536)
        return fail_set(why, ERR_INVALID, "a forest has 1 to %d trees with leaves of 1 to 65536",
                        FOREST_MAX_TREES);
    if (d < 1 || d > FOREST_MAX_DIMENSIONS || n > UINT32_MAX / plan->n_trees || n > INT32_MAX)
        return fail_set(why, ERR_INVALID, "a forest of %zu x %zu is out of range", n, d);
    for (size_t i = 0; i < n * d; i++)
        if (!(fabsf(vectors[i]) <= 1e15f)) /* squares and their sums stay finite */
            return fail_set(why, ERR_INVALID, "vector %zu contains %g", i / d, (double)vectors[i]);
    return ERR_OK;
}

enum err forest_build(const float *vectors, size_t n, size_t d, const struct forest_plan *plan,
                      const char *path, struct fail *why)
{
    enum err rc = check(vectors, n, d, plan, why);
    if (rc != ERR_OK)
        return rc;
    struct builder b = {.vectors = vectors,
                        .n = n,
                        .d = d,
                        .plan = plan,
                        .nodes = VEC_OF(struct forest_node),
                        .planes = VEC_OF(float)};
    b.failed = !allocate(&b);
    if (!b.failed) {
        fill_last(&b);
        choose_stretch(&b);
    }
    for (uint32_t t = 0; t < plan->n_trees && !b.failed; t++)
        build_tree(&b, t);
    rc = b.failed ? fail_set(why, ERR_NOMEM, "out of memory for a forest of %zu items", n)
                  : write_file(&b, path, why);
    free(b.items);
    free(b.last);
    free(b.p);
    free(b.q);
    vec_free(&b.nodes);
    vec_free(&b.planes);
    return rc;
}
