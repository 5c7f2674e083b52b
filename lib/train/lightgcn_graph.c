#include "train/lightgcn_graph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/hop.h"
#include "num/kernel.h"
#include "num/layer.h"
#include "num/parallel.h"

enum {
    ROWS = 64,
    SMALL = 1 << 17, /* multiplications of a pass: below it, starting threads takes longer than they save */
    MAX = LIGHTGCN_MAX_DIMENSIONS
};

/* ---- one pass over all nodes ---- */

struct pass {
    struct lightgcn_graph *g;
    struct hop hop;
    float *out;             /* where rows go; NULL: they go to `use` */
    const uint32_t *wanted; /* NULL, or: only nodes with a count */
    size_t k;               /* layer that is read */
    void (*row)(const struct pass *p, size_t node, float *out);
    void (*use)(void *arg, size_t node, const float *gradient);
    void *arg;
};

static void pass_block(void *arg, size_t block, size_t thread)
{
    (void)thread;
    const struct pass *p = arg;
    size_t end = (block + 1) * ROWS, width = p->g->shape.dimensions;
    float made[MAX];
    for (size_t node = block * ROWS; node < end && node < p->g->n_nodes; node++) {
        if (p->wanted != NULL && p->wanted[node] == 0)
            continue;
        p->row(p, node, p->out != NULL ? p->out + node * width : made);
        if (p->use != NULL)
            p->use(p->arg, node, made);
    }
}

static void run(struct pass *p)
{
    size_t n_blocks = (p->g->n_nodes + ROWS - 1) / ROWS;
    if ((2 * csr_count(p->g->x) + p->g->n_nodes) * p->g->shape.dimensions > SMALL)
        parallel_for(n_blocks, pass_block, p);
    else
        for (size_t block = 0; block < n_blocks; block++)
            pass_block(p, block, 0);
}

static struct pass pass_of(struct lightgcn_graph *g, void (*row)(const struct pass *, size_t, float *),
                           const float *in)
{
    return (struct pass){.g = g,
                         .row = row,
                         .hop = {.x = g->x,
                                 .xt = &g->xt,
                                 .target = g->left,
                                 .source = g->right,
                                 .in = in,
                                 .width = g->shape.dimensions}};
}

static void add_scaled(float *restrict to, const float *restrict from, float by, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += by * from[i];
}

static void multiply(float *row, float by, size_t n)
{
    for (size_t i = 0; i < n; i++)
        row[i] *= by;
}

/* ---- LightGCN ---- */

/* Horner's scheme of the mean: Σ Âᵏe = e + Â(e + Â(e + …)), so that no layer is kept. */
static void row_forward(const struct pass *p, size_t node, float *out)
{
    size_t n = p->g->shape.dimensions;
    hop_row(&p->hop, node, out);
    add_scaled(out, p->g->e + node * n, 1, n);
}

static void row_last_forward(const struct pass *p, size_t node, float *out)
{
    row_forward(p, node, out);
    multiply(out, 1 / (float)(p->g->shape.layers + 1), p->g->shape.dimensions);
}

static void row_copy(const struct pass *p, size_t node, float *out)
{
    memcpy(out, p->g->e + node * p->g->shape.dimensions, p->g->shape.dimensions * sizeof *out);
}

/* Â is symmetric, so the gradient of the mean takes the same way: Σ Âᵏg. Rows that no triple touched are zero and are not read. */
static void row_backward(const struct pass *p, size_t node, float *out)
{
    size_t n = p->g->shape.dimensions;
    hop_row(&p->hop, node, out);
    if (p->g->touched[node] > 0)
        add_scaled(out, p->g->g + node * n, 1, n);
}

/* ∂/∂e of l2/2·‖e‖², as often as the node stands in the batch, in the mean over the batch. */
static void add_l2(const struct lightgcn_graph *g, size_t node, float *out)
{
    if (g->touched[node] > 0)
        add_scaled(out, g->e + node * g->shape.dimensions,
                   (float)(g->shape.l2 * g->touched[node] / (double)g->batch), g->shape.dimensions);
}

static void row_last_backward(const struct pass *p, size_t node, float *out)
{
    size_t n = p->g->shape.dimensions;
    if (p->g->shape.layers > 0)
        row_backward(p, node, out);
    else if (p->g->touched[node] > 0)
        memcpy(out, p->g->g + node * n, n * sizeof *out);
    else
        memset(out, 0, n * sizeof *out);
    multiply(out, 1 / (float)(p->g->shape.layers + 1), n);
    add_l2(p->g, node, out);
}

static void forward_mean(struct lightgcn_graph *g, const uint32_t *wanted)
{
    const float *in = g->e;
    for (size_t k = 1; k < g->shape.layers; k++) {
        struct pass p = pass_of(g, row_forward, in);
        in = p.out = g->layer[k % 2];
        run(&p);
    }
    struct pass last = pass_of(g, g->shape.layers == 0 ? row_copy : row_last_forward, in);
    last.out = g->z;
    last.wanted = wanted;
    run(&last);
}

static void backward_mean(struct lightgcn_graph *g, void (*use)(void *, size_t, const float *), void *arg)
{
    const float *in = g->g;
    for (size_t k = 1; k < g->shape.layers; k++) {
        struct pass p = pass_of(g, row_backward, in);
        p.hop.sparse = k == 1 ? g->touched : NULL;
        in = p.out = g->layer[k % 2];
        run(&p);
    }
    struct pass last = pass_of(g, row_last_backward, in);
    last.hop.sparse = g->shape.layers == 1 ? g->touched : NULL;
    last.use = use;
    last.arg = arg;
    run(&last);
}

/* ---- LightGCN++ ---- */

static const float *layer_of(const struct lightgcn_graph *g, size_t k)
{
    return k == 0 ? g->e : g->layer[k];
}

/* 1/‖x_k‖ of a row, and the factor with which neighbours read it. */
static void row_norm(const struct pass *p, size_t node, float *out)
{
    size_t n = p->g->shape.dimensions;
    const float *row = p->hop.in + node * n;
    (void)out;
    p->g->scale[p->k][node] = 1 / (sqrtf(kernel_dot(row, row, n)) + 1e-12f);
    p->g->weighted[node] = p->g->right[node] * p->g->scale[p->k][node];
}

static void row_hop(const struct pass *p, size_t node, float *out)
{
    hop_row(&p->hop, node, out);
}

/* γ·e + (1 − γ)/K·Σ x_k: what each propagated layer weighs. */
static float layer_share(const struct lightgcn_graph *g)
{
    return (float)((1 - g->shape.gamma) / (double)g->shape.layers);
}

static void row_mix(const struct pass *p, size_t node, float *out)
{
    const struct lightgcn_graph *g = p->g;
    size_t n = g->shape.dimensions;
    memset(out, 0, n * sizeof *out);
    add_scaled(out, g->e + node * n, (float)g->shape.gamma, n);
    for (size_t k = 1; k <= g->shape.layers; k++)
        add_scaled(out, g->layer[k] + node * n, layer_share(g), n);
}

static void forward_plus(struct lightgcn_graph *g, const uint32_t *wanted)
{
    for (size_t k = 0; k < g->shape.layers; k++) {
        struct pass norm = pass_of(g, row_norm, layer_of(g, k));
        norm.k = k;
        run(&norm);
        struct pass p = pass_of(g, row_hop, layer_of(g, k));
        p.hop.source = g->weighted;
        p.out = g->layer[k + 1];
        p.wanted = k + 1 == g->shape.layers ? wanted : NULL;
        run(&p);
    }
    struct pass mix = pass_of(g, row_mix, g->e);
    mix.out = g->z;
    mix.wanted = wanted;
    run(&mix);
}

/* Gradient in x_k from that in x_{k+1} (the pass's input): through Pᵀ, then through x/‖x‖, whose derivative
 * takes away the part along x; then what Z takes from x_k itself. */
static void row_back_plus(const struct pass *p, size_t node, float *out)
{
    const struct lightgcn_graph *g = p->g;
    size_t n = g->shape.dimensions;
    const float *x = layer_of(g, p->k) + node * n;
    float scale = g->scale[p->k][node], unit[MAX];
    hop_row(&p->hop, node, out);
    for (size_t i = 0; i < n; i++)
        unit[i] = x[i] * scale;
    add_scaled(out, unit, -kernel_dot(out, unit, n), n);
    multiply(out, scale, n);
    if (g->touched[node] > 0)
        add_scaled(out, g->g + node * n, p->k == 0 ? (float)g->shape.gamma : layer_share(g), n);
    if (p->k == 0)
        add_l2(g, node, out);
}

static void backward_plus(struct lightgcn_graph *g, void (*use)(void *, size_t, const float *), void *arg)
{
    const float *in = g->g;
    for (size_t v = 0; v < g->n_nodes; v++)
        g->weighted[v] = g->left[v] * layer_share(g);
    for (size_t k = g->shape.layers; k-- > 0;) {
        bool first = k + 1 == g->shape.layers;
        struct pass p = pass_of(g, row_back_plus, in);
        p.k = k;
        p.hop.target = g->right;
        p.hop.source = first ? g->weighted : g->left;
        p.hop.sparse = first ? g->touched : NULL;
        if (k == 0) {
            p.use = use;
            p.arg = arg;
        } else {
            in = p.out = g->layer[k + 1]; /* x_{k+1} is not needed any more */
        }
        run(&p);
    }
}

/* ---- the loss ---- */

static void touch(struct lightgcn_graph *g, const struct lightgcn_triple *batch, size_t n)
{
    memset(g->touched, 0, g->n_nodes * sizeof *g->touched);
    for (size_t i = 0; i < n; i++) {
        g->touched[batch[i].user]++;
        g->touched[g->n_users + (size_t)batch[i].liked]++;
        g->touched[g->n_users + (size_t)batch[i].other]++;
    }
    for (size_t v = 0; v < g->n_nodes; v++)
        if (g->touched[v] > 0)
            memset(g->g + v * g->shape.dimensions, 0, g->shape.dimensions * sizeof *g->g);
    g->batch = n;
}

/* ln(1 + eˣ) without overflow. */
static double softplus(double x)
{
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/* The loss of one triple, its gradient added to the rows of g. */
static double triple_loss(struct lightgcn_graph *g, const struct lightgcn_triple *t)
{
    size_t n = g->shape.dimensions, u = (size_t)t->user * n;
    size_t p = (g->n_users + (size_t)t->liked) * n, q = (g->n_users + (size_t)t->other) * n;
    const float *zu = g->z + u, *zp = g->z + p, *zq = g->z + q;
    double margin = (double)kernel_dot(zu, zp, n) - (double)kernel_dot(zu, zq, n);
    /* ∂/∂margin of −ln σ(margin), in the mean over the batch */
    float by = (float)(-1 / (1 + exp(margin)) / (double)g->batch);
    for (size_t i = 0; i < n; i++) {
        g->g[u + i] += by * (zp[i] - zq[i]);
        g->g[p + i] += by * zu[i];
        g->g[q + i] -= by * zu[i];
    }
    return softplus(-margin);
}

static double l2_loss(const struct lightgcn_graph *g)
{
    size_t n = g->shape.dimensions;
    double sum = 0;
    for (size_t v = 0; v < g->n_nodes; v++)
        if (g->touched[v] > 0)
            sum += (double)kernel_dot(g->e + v * n, g->e + v * n, n) * g->touched[v];
    return g->shape.l2 / 2 * sum;
}

double lightgcn_graph_forward(struct lightgcn_graph *g, const struct lightgcn_triple *batch, size_t n)
{
    touch(g, batch, n);
    if (g->shape.plus)
        forward_plus(g, g->touched);
    else
        forward_mean(g, g->touched);
    double sum = l2_loss(g);
    for (size_t i = 0; i < n; i++)
        sum += triple_loss(g, &batch[i]);
    return sum / (double)n;
}

void lightgcn_graph_backward(struct lightgcn_graph *g,
                             void (*use)(void *arg, size_t node, const float *gradient), void *arg)
{
    if (g->shape.plus)
        backward_plus(g, use, arg);
    else
        backward_mean(g, use, arg);
}

void lightgcn_graph_final(struct lightgcn_graph *g)
{
    if (g->shape.plus)
        forward_plus(g, NULL);
    else
        forward_mean(g, NULL);
}

/* ---- life ---- */

/* degree^−½ on both sides, or degree^−α and degree^−β of LightGCN++; a node without edges takes and gives nothing. */
static void fill_factors(struct lightgcn_graph *g)
{
    const struct lightgcn_shape *s = &g->shape;
    for (size_t v = 0; v < g->n_nodes; v++) {
        size_t degree = v < g->n_users ? csr_row_count(g->x, v) : csr_row_count(&g->xt, v - g->n_users);
        g->left[v] = degree == 0 ? 0 : (float)pow((double)degree, s->plus ? -s->alpha : -0.5);
        g->right[v] = degree == 0 ? 0 : (float)pow((double)degree, s->plus ? -s->beta : -0.5);
    }
}

static bool allocate(struct lightgcn_graph *g)
{
    size_t rows = g->n_nodes + 1, values = rows * g->shape.dimensions;
    g->left = calloc(rows, sizeof *g->left);
    g->right = calloc(rows, sizeof *g->right);
    g->weighted = calloc(rows, sizeof *g->weighted);
    g->touched = calloc(rows, sizeof *g->touched);
    g->e = calloc(values, sizeof *g->e);
    g->z = calloc(values, sizeof *g->z);
    g->g = calloc(values, sizeof *g->g);
    bool ok = g->left != NULL && g->right != NULL && g->weighted != NULL && g->touched != NULL;
    ok = ok && g->e != NULL && g->z != NULL && g->g != NULL;
    size_t first = g->shape.plus ? 1 : 0, last = g->shape.plus ? g->shape.layers : 1;
    for (size_t k = first; k <= last && ok; k++)
        ok = (g->layer[k] = calloc(values, sizeof(float))) != NULL;
    for (size_t k = 0; g->shape.plus && k < g->shape.layers && ok; k++)
        ok = (g->scale[k] = calloc(rows, sizeof(float))) != NULL;
    return ok;
}

enum err lightgcn_graph_init(struct lightgcn_graph *g, const struct csr *x,
                             const struct lightgcn_shape *shape, struct fail *why)
{
    *g = (struct lightgcn_graph){
        .shape = *shape, .x = x, .n_users = x->n_rows, .n_nodes = x->n_rows + x->n_cols};
    if (shape->dimensions < 1 || shape->dimensions > LIGHTGCN_MAX_DIMENSIONS ||
        shape->layers > LIGHTGCN_MAX_LAYERS || (shape->plus && shape->layers < 1) ||
        !(shape->l2 >= 0 && shape->l2 <= 1e6))
        return fail_set(why, ERR_INVALID, "dimensions, layers or l2 out of range");
    if (csr_transpose(&g->xt, x) != ERR_OK || !allocate(g))
        return fail_set(why, ERR_NOMEM, "out of memory for %zu vectors of %zu dimensions", g->n_nodes,
                        shape->dimensions);
    fill_factors(g);
    return ERR_OK;
}

void lightgcn_graph_free(struct lightgcn_graph *g)
{
    csr_free(&g->xt);
    free(g->left);
    free(g->right);
    free(g->weighted);
    free(g->touched);
    free(g->e);
    free(g->z);
    free(g->g);
    for (size_t k = 0; k <= LIGHTGCN_MAX_LAYERS; k++)
        free(g->layer[k]);
    for (size_t k = 0; k < LIGHTGCN_MAX_LAYERS; k++)
        free(g->scale[k]);
    *g = (struct lightgcn_graph){0};
}
