#include "train/item_graph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/hop.h"
#include "num/parallel.h"

enum { WIDTH = ITEM_GRAPH_WIDTH, FEW = 8 /* of so many rows one that is not 0 is worth looking for them */ };

/* Two layers of nodes, of which the users' rows stay untouched, users, and the sum. */
static size_t scratch_of_thread(const struct item_graph *g)
{
    return (2 * (g->n_users + g->n_items) + g->n_users + g->n_items) * WIDTH;
}

enum err item_graph_open(struct item_graph *g, const struct csr *x, struct fail *why)
{
    size_t nodes = x->n_rows + x->n_cols;
    *g = (struct item_graph){.x = x, .n_users = x->n_rows, .n_items = x->n_cols};
    bool ok = csr_transpose(&g->xt, x) == ERR_OK;
    g->by = malloc((nodes + 1) * sizeof *g->by);
    g->ones = malloc((nodes + 1) * sizeof *g->ones);
    g->scratch = malloc((parallel_threads() * scratch_of_thread(g) + 1) * sizeof *g->scratch);
    if (!ok || g->by == NULL || g->ones == NULL || g->scratch == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for a graph of %zu users and items", nodes);
    for (size_t node = 0; node < nodes; node++) {
        size_t sum = node < g->n_users ? csr_row_count(x, node) : csr_row_count(&g->xt, node - g->n_users);
        g->by[node] = sum == 0 ? 0 : (float)(1 / sqrt((double)sum));
        g->ones[node] = 1;
    }
    return ERR_OK;
}

void item_graph_close(struct item_graph *g)
{
    csr_free(&g->xt);
    free(g->by);
    free(g->ones);
    free(g->scratch);
    *g = (struct item_graph){0};
}

struct layers {
    float *now, *before; /* [users + items × WIDTH] T_k and T_{k−1} */
    float *users;        /* [users × WIDTH] */
    float *sum;          /* [items × WIDTH] */
};

/* before := 2·(2/top·S − 1)·now − before, without the 2 and `before` in the first step; sum += c·before. */
static void step(const struct item_graph *g, const struct layers *l, const struct item_polynomial *p,
                 size_t k)
{
    const struct hop down = {
        .x = g->x, .xt = &g->xt, .target = g->by, .source = g->by, .in = l->now, .width = WIDTH};
    const struct hop up = {
        .x = g->x, .xt = &g->xt, .target = g->by, .source = g->by, .in = l->users, .width = WIDTH};
    float twice = k == 1 ? 1 : 2, less = k == 1 ? 0 : 1, by = (float)(2 / p->top), c = (float)p->c[k];
    for (size_t u = 0; u < g->n_users; u++)
        hop_row(&down, u, l->users + u * WIDTH);
    for (size_t i = 0; i < g->n_items; i++) {
        float row[WIDTH];
        hop_row(&up, g->n_users + i, row);
        const float *now = l->now + (g->n_users + i) * WIDTH;
        float *before = l->before + (g->n_users + i) * WIDTH, *sum = l->sum + i * WIDTH;
        for (size_t s = 0; s < WIDTH; s++) {
            before[s] = twice * (by * row[s] - now[s]) - less * before[s];
            sum[s] += c * before[s];
        }
    }
}

static bool is_zero(const float *row)
{
    for (size_t s = 0; s < WIDTH; s++)
        if (row[s] != 0)
            return false;
    return true;
}

static bool is_sparse(const float *rows, size_t n)
{
    size_t any = 0;
    for (size_t i = 0; i < n && any * FEW <= n; i++)
        any += !is_zero(rows + i * WIDTH);
    return any * FEW <= n;
}

/* to[col] += by · row, for a row of X or of its transpose. */
static void scatter(const struct csr *x, size_t of, float by, const float *row, float *to)
{
    for (uint64_t p = x->start[of]; p < x->start[of + 1]; p++)
        for (size_t s = 0; s < WIDTH; s++)
            to[(size_t)x->col[p] * WIDTH + s] += by * row[s];
}

/* The first step where most rows are 0, as those of unit vectors are: what is not goes to its neighbours, in the order in which `step`
 * adds them up. */
static void step_sparse(const struct item_graph *g, const struct layers *l, const struct item_polynomial *p)
{
    const float *now = l->now + g->n_users * WIDTH;
    float *before = l->before + g->n_users * WIDTH, by = (float)(2 / p->top), c = (float)p->c[1];
    memset(l->users, 0, g->n_users * WIDTH * sizeof *l->users);
    for (size_t i = 0; i < g->n_items; i++)
        if (!is_zero(now + i * WIDTH))
            scatter(&g->xt, i, g->by[g->n_users + i], now + i * WIDTH, l->users);
    for (size_t u = 0; u < g->n_users; u++)
        if (!is_zero(l->users + u * WIDTH))
            scatter(g->x, u, g->by[u] * g->by[u], l->users + u * WIDTH, before);
    for (size_t i = 0; i < g->n_items; i++)
        for (size_t s = 0; s < WIDTH; s++) {
            float *at = before + i * WIDTH + s;
            *at = by * g->by[g->n_users + i] * *at - now[i * WIDTH + s];
            l->sum[i * WIDTH + s] += c * *at;
        }
}

static void apply_block(void *arg, size_t block, size_t thread)
{
    const struct item_graph_blocks *b = arg;
    const struct item_graph *g = b->graph;
    size_t layer = (g->n_users + g->n_items) * WIDTH;
    struct layers l = {.now = g->scratch + thread * scratch_of_thread(g)};
    l.before = l.now + layer;
    l.users = l.before + layer;
    l.sum = l.users + g->n_users * WIDTH;
    b->fill(b->arg, block, l.now + g->n_users * WIDTH);
    memset(l.before + g->n_users * WIDTH, 0, g->n_items * WIDTH * sizeof *l.before);
    for (size_t i = 0; i < g->n_items * WIDTH; i++)
        l.sum[i] = (float)b->polynomial.c[0] * l.now[g->n_users * WIDTH + i];
    for (size_t k = 1; k <= b->polynomial.degree; k++) {
        if (k == 1 && is_sparse(l.now + g->n_users * WIDTH, g->n_items))
            step_sparse(g, &l, &b->polynomial);
        else
            step(g, &l, &b->polynomial, k);
        float *now = l.now;
        l.now = l.before;
        l.before = now;
    }
    b->take(b->arg, block, l.sum);
}

void item_graph_apply(const struct item_graph_blocks *b)
{
    struct item_graph_blocks copy = *b;
    parallel_for(b->n_blocks, apply_block, &copy);
}
