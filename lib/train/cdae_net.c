#include "train/cdae_net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/gemm.h"
#include "num/kernel.h"
#include "num/layer.h"
#include "num/parallel.h"
#include "num/slab.h"

enum { SMALL = 1 << 14, ROWS = 16, ITEMS = 64, SPAN = 1 << 14 };

struct task {
    struct cdae_net *net;
    const struct person_batch *b;
};

enum err cdae_net_init(struct cdae_net *net, size_t n_items, size_t n_users, size_t d, size_t rows,
                       struct fail *why)
{
    *net = (struct cdae_net){.rows = rows};
    if (!cdae_layout(&net->layout, n_items, n_users, d) || rows < 1 || rows > 1 << 20)
        return fail_set(why, ERR_INVALID, "%zu dimensions or a batch of %zu is out of range", d, rows);
    const struct cdae_layout *l = &net->layout;
    const struct slab_part parts[] = {{&net->theta, l->n},
                                      {&net->gradient, l->n},
                                      {&net->h, rows * l->d},
                                      {&net->dh, rows * l->d},
                                      {&net->logits, rows * l->n_items}};
    size_t n;
    net->memory = slab_open(parts, sizeof parts / sizeof *parts, &n);
    net->part = calloc(rows, sizeof *net->part);
    if (net->memory == NULL || net->part == NULL) {
        cdae_net_free(net);
        return fail_set(why, ERR_NOMEM, "out of memory: a network for %zu items needs %.1f GB", n_items,
                        (double)n * sizeof(float) / 1e9);
    }
    return ERR_OK;
}

void cdae_net_free(struct cdae_net *net)
{
    free(net->memory);
    free(net->part);
    *net = (struct cdae_net){0};
}

static float scale_of(const struct person_batch *b)
{
    return (float)(1 / b->keep);
}

/* h = f(b + Σ_kept w_i/keep + v_u). The logits start as b′; the product W′h is added to all rows at once. */
static void hidden_rows(void *arg, size_t block, size_t thread)
{
    (void)thread;
    const struct task *t = arg;
    struct cdae_net *net = t->net;
    const struct cdae_layout *l = &net->layout;
    const struct person_batch *b = t->b;
    const struct layer_sparse first = {net->theta + l->w, net->theta + l->b, l->d};
    for (size_t r = block * ROWS; r < (block + 1) * ROWS && r < b->n; r++) {
        float *h = net->h + r * l->d;
        layer_gather(&first, b->kept + b->start[r], b->start[r + 1] - b->start[r], scale_of(b), h);
        kernel_axpy(h, 1, net->theta + l->v + (size_t)b->users[r] * l->d, l->d);
        cdae_activate(h, l->d, net->rectified);
        memcpy(net->logits + r * l->n_items, net->theta + l->out_b, l->n_items * sizeof(float));
    }
}

/* −Σ ln likelihood of every item, liked or not; the logits become σ − target, the gradient in them. */
static void loss_rows(void *arg, size_t block, size_t thread)
{
    (void)thread;
    const struct task *t = arg;
    const struct person_batch *b = t->b;
    size_t n_items = t->net->layout.n_items;
    for (size_t r = block * ROWS; r < (block + 1) * ROWS && r < b->n; r++) {
        size_t user = (size_t)b->users[r];
        t->net->part[r] = -layer_logistic_loss(t->net->logits + r * n_items, n_items, csr_row(b->x, user),
                                               csr_row_count(b->x, user), 1);
    }
}

/* ‖x‖, in sums of spans so that neither the length nor the threads change the order. */
static double norm(const float *x, size_t n)
{
    double sum = 0;
    for (size_t at = 0; at < n; at += SPAN) {
        size_t many = n - at < SPAN ? n - at : SPAN;
        sum += (double)kernel_dot(x + at, x + at, many);
    }
    return sqrt(sum);
}

/* The gradient of l2·‖θ[from …]‖ takes the place of what stood there; the norm's part of the loss. */
static double shrink(struct cdae_net *net, size_t from, size_t n)
{
    double length = norm(net->theta + from, n);
    float by = length > 0 ? (float)(net->l2 / length) : 0;
    for (size_t i = from; i < from + n; i++)
        net->gradient[i] = by * net->theta[i];
    return net->l2 * length;
}

/* ∂L/∂w_i = Σ dh/keep over the rows that kept item i, in their order. A block owns its items, so no two threads add to one vector. */
static void item_rows(void *arg, size_t block, size_t thread)
{
    (void)thread;
    const struct task *t = arg;
    const struct person_batch *b = t->b;
    const struct cdae_layout *l = &t->net->layout;
    for (size_t i = block * ITEMS; i < (block + 1) * ITEMS && i < b->n_touched; i++)
        for (size_t at = b->touched_start[i]; at < b->touched_start[i + 1]; at++)
            kernel_axpy(t->net->gradient + l->w + (size_t)b->touched[i] * l->d, scale_of(b),
                        t->net->dh + (size_t)b->touched_row[at] * l->d, l->d);
}

/* ∂L/∂W′ = Gᵀh, dh = G·W′ with G the gradient in the logits; then dh·f′, where f′ is 1 or 0 for ReLU and h(1 − h) for σ. */
static void back(struct cdae_net *net, const struct person_batch *b)
{
    const struct cdae_layout *l = &net->layout;
    struct task t = {net, b};
    float *g = net->gradient;
    gemm(&(struct gemm){.rows = l->n_items, .cols = l->d, .inner = b->n, .a_transposed = true}, net->logits,
         net->h, g + l->out_w);
    gemm(&(struct gemm){.rows = b->n, .cols = l->d, .inner = l->n_items}, net->logits, net->theta + l->out_w,
         net->dh);
    memset(g + l->out_b, 0, l->n_items * sizeof *g);
    memset(g + l->b, 0, l->d * sizeof *g);
    for (size_t r = 0; r < b->n; r++) {
        const float *h = net->h + r * l->d;
        float *da = net->dh + r * l->d;
        for (size_t c = 0; c < l->d; c++)
            da[c] *= net->rectified ? (h[c] > 0 ? 1 : 0) : h[c] * (1 - h[c]);
        kernel_axpy(g + l->out_b, 1, net->logits + r * l->n_items, l->n_items);
        kernel_axpy(g + l->b, 1, da, l->d);
        kernel_axpy(g + l->v + (size_t)b->users[r] * l->d, 1, da, l->d);
    }
    parallel_if(b->start[b->n] * l->d > SMALL, (b->n_touched + ITEMS - 1) / ITEMS, item_rows, &t);
}

double cdae_net_step(struct cdae_net *net, const struct person_batch *b)
{
    const struct cdae_layout *l = &net->layout;
    struct task t = {net, b};
    size_t blocks = (b->n + ROWS - 1) / ROWS;
    bool worth = b->n * l->n_items > SMALL;
    parallel_if(worth, blocks, hidden_rows, &t);
    gemm(&(struct gemm){.rows = b->n, .cols = l->n_items, .inner = l->d, .b_transposed = true, .add = true},
         net->h, net->theta + l->out_w, net->logits);
    parallel_if(worth, blocks, loss_rows, &t);
    double loss = shrink(net, l->w, l->n_items * l->d) + shrink(net, l->v, l->n_users * l->d);
    for (size_t r = 0; r < b->n; r++)
        loss += net->part[r];
    back(net, b);
    return loss;
}
