#include "train/recvae_net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/exp.h"
#include "num/gemm.h"
#include "num/kernel.h"
#include "num/layer.h"
#include "num/parallel.h"
#include "num/slab.h"

static const float LOG_2PI = 1.8378770664093454836f;
enum { SMALL = 1 << 14, ROWS = 16 }; /* values of a pass: below it, threads cost more than they save */

static size_t blocks_of(size_t n)
{
    return (n + ROWS - 1) / ROWS;
}

static float *open_arrays(struct recvae_net *net, size_t *n)
{
    const struct recvae_layout *l = &net->layout;
    size_t hidden = net->rows * l->hidden, latent = net->rows * l->latent, n_parts = 18;
    struct slab_part parts[18 + 3 * RECVAE_LAYERS] = {{&net->encoder, l->n_encoder},
                                                      {&net->decoder, l->n_decoder},
                                                      {&net->encoder_gradient, l->n_encoder - l->b[0]},
                                                      {&net->decoder_gradient, l->n_decoder},
                                                      {&net->old_mu, net->n_users * l->latent},
                                                      {&net->old_logvar, net->n_users * l->latent},
                                                      {&net->inverse, RECVAE_LAYERS * net->rows},
                                                      {&net->sum, hidden},
                                                      {&net->da, hidden},
                                                      {&net->dh, hidden},
                                                      {&net->partial, blocks_of(net->rows) * 3 * l->hidden},
                                                      {&net->mu, latent},
                                                      {&net->logvar, latent},
                                                      {&net->deviation, latent},
                                                      {&net->z, latent},
                                                      {&net->dz, latent},
                                                      {&net->dlogvar, latent},
                                                      {&net->logits, net->rows * l->n_items}};
    for (size_t k = 0; k < RECVAE_LAYERS; k++) {
        parts[n_parts++] = (struct slab_part){&net->a[k], hidden};
        parts[n_parts++] = (struct slab_part){&net->x[k], hidden};
        parts[n_parts++] = (struct slab_part){&net->h[k], hidden};
    }
    return slab_open(parts, n_parts, n);
}

enum err recvae_net_init(struct recvae_net *net, const struct recvae_net_sizes *s, struct fail *why)
{
    size_t rows = s->rows;
    *net = (struct recvae_net){.rows = rows, .n_users = s->n_users};
    if (!recvae_layout(&net->layout, s->n_items, s->hidden, s->latent) || rows < 1 || rows > 1 << 20)
        return fail_set(why, ERR_INVALID, "hidden %zu, latent %zu or batch %zu is out of range", s->hidden,
                        s->latent, rows);
    size_t n;
    net->memory = open_arrays(net, &n);
    net->part = calloc(rows, sizeof *net->part);
    if (net->memory == NULL || net->part == NULL) {
        recvae_net_free(net);
        return fail_set(why, ERR_NOMEM, "out of memory: a network for %zu items needs %.1f GB", s->n_items,
                        (double)n * sizeof(float) / 1e9);
    }
    return ERR_OK;
}

void recvae_net_free(struct recvae_net *net)
{
    free(net->memory);
    free(net->part);
    *net = (struct recvae_net){0};
}

/* ---- the encoder, forward ---- */

/* People of one call: rows of x, and what of their items is seen. */
struct people {
    struct recvae_net *net;
    const struct csr *x;
    const int32_t *users;
    const struct person_batch *b; /* NULL: whole histories */
    size_t n, k;                  /* k: the layer */
    float *mu, *logvar;
};

/* x′ = dropout(x/‖x‖): of n likes each is 1/√n, and those that were kept stand for the others (1/keep). */
static float scale_of(const struct csr *x, int32_t user, double keep)
{
    return (float)(1 / (sqrt((double)csr_row_count(x, (size_t)user)) * keep));
}

static void first_layer(const struct people *p, size_t r, float *a)
{
    const struct recvae_layout *l = &p->net->layout;
    const float *w = p->net->encoder;
    const struct layer_sparse first = {w + l->w[0], w + l->b[0], l->hidden};
    size_t user = (size_t)p->users[r];
    if (p->b == NULL)
        layer_gather(&first, csr_row(p->x, user), csr_row_count(p->x, user), scale_of(p->x, p->users[r], 1),
                     a);
    else
        layer_gather(&first, p->b->kept + p->b->start[r], p->b->start[r + 1] - p->b->start[r],
                     scale_of(p->x, p->users[r], p->b->keep), a);
}

/* h of layer k from a; then a of the next one without its product: b_{k+1} + Σ_{j≤k} h_j (model/recvae.h). */
static void layer_rows(void *arg, size_t block, size_t thread)
{
    (void)thread;
    const struct people *p = arg;
    struct recvae_net *net = p->net;
    const struct recvae_layout *l = &net->layout;
    size_t width = l->hidden, k = p->k;
    const struct layer_norm norm = {net->encoder + l->gain[k], net->encoder + l->shift[k], width, RECVAE_EPS};
    for (size_t r = block * ROWS; r < (block + 1) * ROWS && r < p->n; r++) {
        float *a = net->a[k] + r * width, *h = net->h[k] + r * width, *sum = net->sum + r * width;
        if (k == 0)
            first_layer(p, r, a);
        layer_norm_forward(&norm, a, h, net->x[k] + r * width, &net->inverse[k * net->rows + r]);
        if (k + 1 == RECVAE_LAYERS) {
            memcpy(p->mu + r * l->latent, net->encoder + l->mu_b, l->latent * sizeof(float));
            memcpy(p->logvar + r * l->latent, net->encoder + l->logvar_b, l->latent * sizeof(float));
            continue;
        }
        float *next = net->a[k + 1] + r * width;
        const float *bias = net->encoder + l->b[k + 1];
        for (size_t c = 0; c < width; c++) {
            sum[c] = k == 0 ? h[c] : sum[c] + h[c];
            next[c] = bias[c] + sum[c];
        }
    }
}

static void encode(struct people *p)
{
    struct recvae_net *net = p->net;
    const struct recvae_layout *l = &net->layout;
    struct gemm g = {.rows = p->n, .cols = l->hidden, .inner = l->hidden, .add = true};
    for (p->k = 0; p->k < RECVAE_LAYERS; p->k++) {
        if (p->k > 0)
            gemm(&g, net->h[p->k - 1], net->encoder + l->w[p->k], net->a[p->k]);
        parallel_if(p->n * l->hidden > SMALL, blocks_of(p->n), layer_rows, p);
    }
    g.cols = l->latent;
    gemm(&g, net->h[RECVAE_LAYERS - 1], net->encoder + l->mu_w, p->mu);
    gemm(&g, net->h[RECVAE_LAYERS - 1], net->encoder + l->logvar_w, p->logvar);
}

void recvae_net_remember(struct recvae_net *net, const struct csr *x, const int32_t *users, size_t n)
{
    size_t latent = net->layout.latent;
    for (size_t from = 0; from < n; from += net->rows) {
        size_t many = n - from < net->rows ? n - from : net->rows;
        struct people p = {
            .net = net, .x = x, .users = users + from, .n = many, .mu = net->mu, .logvar = net->logvar};
        encode(&p);
        for (size_t r = 0; r < many; r++) {
            memcpy(net->old_mu + (size_t)p.users[r] * latent, net->mu + r * latent, latent * sizeof(float));
            memcpy(net->old_logvar + (size_t)p.users[r] * latent, net->logvar + r * latent,
                   latent * sizeof(float));
        }
    }
}

/* ---- sample and loss ---- */

/* ln Σ_i w_i N(z; m_i, v_i) in each dimension as a sum of exponentials less their largest, so that none of them overflows; its slope is
 * −Σ_i r_i (z − m_i)/v_i, r_i the share of each. */
double recvae_net_prior(const float *z, const float *old_mu, const float *old_logvar, size_t n, float *slope)
{
    static const float weight[] = {-1.8971200f, -0.28768207f, -2.3025851f}; /* log of 3/20, 3/4, 1/10 */
    static const float wide = 4.5399930e-5f;                                /* e⁻¹⁰ */
    float precision[RECVAE_MAX_LATENT], part[3][RECVAE_MAX_LATENT], most[RECVAE_MAX_LATENT];
    double total = 0;
    exp_each(old_logvar, -1, precision, n);
    for (size_t c = 0; c < n; c++) {
        float off = z[c] - old_mu[c], square = z[c] * z[c];
        part[0][c] = weight[0] - 0.5f * (LOG_2PI + square);
        part[1][c] = weight[1] - 0.5f * (LOG_2PI + old_logvar[c] + off * off * precision[c]);
        part[2][c] = weight[2] - 0.5f * (LOG_2PI + 10 + square * wide);
        most[c] = fmaxf(part[0][c], fmaxf(part[1][c], part[2][c]));
        for (size_t i = 0; i < 3; i++)
            part[i][c] -= most[c];
    }
    for (size_t i = 0; i < 3; i++)
        exp_each(part[i], 1, part[i], n);
    for (size_t c = 0; c < n; c++) {
        float sum = part[0][c] + part[1][c] + part[2][c];
        float pull = z[c] * (part[0][c] + part[2][c] * wide) + (z[c] - old_mu[c]) * part[1][c] * precision[c];
        slope[c] = -pull / sum;
        total += (double)(most[c] + logf(sum));
    }
    return total;
}

struct task {
    struct recvae_net *net;
    const struct person_batch *b;
    bool remembered; /* z is from what was remembered */
};

/* z = μ + ε·exp(v/2), the divergence of row r from this one draw, γ·n/batch · (ln q(z) − ln p(z)), and its share of dz and dlogvar: with z
 * written so, ln q changes with v alone, by −½. */
static double sample(const struct task *t, size_t r)
{
    struct recvae_net *net = t->net;
    size_t n = net->layout.latent, user = (size_t)t->b->users[r];
    const float *mu = net->mu + r * n, *logvar = net->logvar + r * n, *noise = t->b->noise + r * n;
    float *z = net->z + r * n, *deviation = net->deviation + r * n, *dz = net->dz + r * n;
    double by = t->b->gamma * (double)csr_row_count(t->b->x, user) / (double)t->b->n, log_q = 0;
    exp_each(logvar, 0.5f, deviation, n);
    for (size_t c = 0; c < n; c++) {
        z[c] = mu[c] + noise[c] * deviation[c];
        log_q -= 0.5 * (double)(logvar[c] + LOG_2PI + noise[c] * noise[c]);
        net->dlogvar[r * n + c] = (float)(-by / 2);
    }
    double log_p = recvae_net_prior(z, net->old_mu + user * n, net->old_logvar + user * n, n, dz);
    for (size_t c = 0; c < n; c++)
        dz[c] *= (float)-by;
    return by * (log_q - log_p);
}

static void sample_remembered(const struct task *t, size_t r)
{
    struct recvae_net *net = t->net;
    size_t n = net->layout.latent, user = (size_t)t->b->users[r];
    float *z = net->z + r * n;
    exp_each(net->old_logvar + user * n, 0.5f, z, n);
    for (size_t c = 0; c < n; c++)
        z[c] = net->old_mu[user * n + c] + t->b->noise[r * n + c] * z[c];
}

static void sample_rows(void *arg, size_t block, size_t thread)
{
    (void)thread;
    const struct task *t = arg;
    struct recvae_net *net = t->net;
    const struct recvae_layout *l = &net->layout;
    for (size_t r = block * ROWS; r < (block + 1) * ROWS && r < t->b->n; r++) {
        net->part[r] = 0;
        if (t->remembered)
            sample_remembered(t, r);
        else
            net->part[r] = sample(t, r);
        memcpy(net->logits + r * l->n_items, net->decoder + l->decoder_b, l->n_items * sizeof(float));
    }
}

static void likelihood_rows(void *arg, size_t block, size_t thread)
{
    (void)thread;
    const struct task *t = arg;
    const struct person_batch *b = t->b;
    size_t n_items = t->net->layout.n_items;
    for (size_t r = block * ROWS; r < (block + 1) * ROWS && r < b->n; r++) {
        size_t user = (size_t)b->users[r];
        t->net->part[r] -= layer_softmax_loss(t->net->logits + r * n_items, n_items, csr_row(b->x, user),
                                              csr_row_count(b->x, user), (float)(1 / (double)b->n)) /
                           (double)b->n;
    }
}

/* From z's distribution to the loss and its gradient in the logits. */
static double decode(struct recvae_net *net, const struct person_batch *b, bool remembered)
{
    const struct recvae_layout *l = &net->layout;
    struct task t = {net, b, remembered};
    double loss = 0;
    parallel_if(b->n * l->n_items > SMALL, blocks_of(b->n), sample_rows, &t);
    gemm(
        &(struct gemm){
            .rows = b->n, .cols = l->n_items, .inner = l->latent, .b_transposed = true, .add = true},
        net->z, net->decoder, net->logits);
    parallel_if(b->n * l->n_items > SMALL, blocks_of(b->n), likelihood_rows, &t);
    for (size_t r = 0; r < b->n; r++)
        loss += net->part[r];
    return loss;
}

double recvae_net_forward(struct recvae_net *net, const struct person_batch *b)
{
    struct people p = {
        .net = net, .x = b->x, .users = b->users, .b = b, .n = b->n, .mu = net->mu, .logvar = net->logvar};
    encode(&p);
    return decode(net, b, false);
}

double recvae_net_decode(struct recvae_net *net, const struct person_batch *b)
{
    return decode(net, b, true);
}

/* ---- gradients ---- */

static void add_rows(const float *rows, size_t n, size_t width, float *sum)
{
    memset(sum, 0, width * sizeof *sum);
    for (size_t r = 0; r < n; r++)
        kernel_axpy(sum, 1, rows + r * width, width);
}

void recvae_net_decoder_gradient(struct recvae_net *net, const struct person_batch *b)
{
    const struct recvae_layout *l = &net->layout;
    gemm(&(struct gemm){.rows = l->n_items, .cols = l->latent, .inner = b->n, .a_transposed = true},
         net->logits, net->z, net->decoder_gradient);
    add_rows(net->logits, b->n, l->n_items, net->decoder_gradient + l->decoder_b);
}

/* The gradient's place of the encoder's parameter `at`, which is not one of W₁. */
static float *gradient_at(const struct recvae_net *net, size_t at)
{
    return net->encoder_gradient + (at - net->layout.b[0]);
}

/* A product in·w of the encoder, on the way back. */
struct product {
    size_t n, cols;
    const float *in;   /* [n × hidden] */
    size_t w;          /* where its weights begin, [hidden × cols] */
    const float *dout; /* [n × cols] */
    bool add;
};

/* dw = inᵀ·dout; dh (+)= dout·wᵀ */
static void product_back(struct recvae_net *net, const struct product *p)
{
    size_t width = net->layout.hidden;
    gemm(&(struct gemm){.rows = width, .cols = p->cols, .inner = p->n, .a_transposed = true}, p->in, p->dout,
         gradient_at(net, p->w));
    gemm(&(struct gemm){.rows = p->n, .cols = width, .inner = p->cols, .b_transposed = true, .add = p->add},
         p->dout, net->encoder + p->w, net->dh);
}

/* dz of the likelihood joins that of the divergence, and both pass on to μ and the log-variance: ∂z/∂μ = 1, ∂z/∂v = ½·ε·exp(v/2). */
static void back_to_heads(struct recvae_net *net, const struct person_batch *b)
{
    const struct recvae_layout *l = &net->layout;
    const float *last = net->h[RECVAE_LAYERS - 1];
    gemm(&(struct gemm){.rows = b->n, .cols = l->latent, .inner = l->n_items, .add = true}, net->logits,
         net->decoder, net->dz);
    for (size_t i = 0; i < b->n * l->latent; i++)
        net->dlogvar[i] += 0.5f * net->dz[i] * b->noise[i] * net->deviation[i];
    product_back(net, &(struct product){b->n, l->latent, last, l->mu_w, net->dz, false});
    product_back(net, &(struct product){b->n, l->latent, last, l->logvar_w, net->dlogvar, true});
    add_rows(net->dz, b->n, l->latent, gradient_at(net, l->mu_b));
    add_rows(net->dlogvar, b->n, l->latent, gradient_at(net, l->logvar_b));
}

/* From dh of layer k: da, and the sum of all da so far, which is what reaches the layers before past the
 * products. The sums over people are by block, so that they do not depend on the threads. */
static void layer_back_rows(void *arg, size_t block, size_t thread)
{
    (void)thread;
    const struct people *p = arg;
    struct recvae_net *net = p->net;
    const struct recvae_layout *l = &net->layout;
    size_t width = l->hidden, k = p->k;
    const struct layer_norm norm = {net->encoder + l->gain[k], net->encoder + l->shift[k], width, RECVAE_EPS};
    float *gain = net->partial + block * 3 * width, *shift = gain + width, *bias = shift + width;
    memset(gain, 0, 3 * width * sizeof *gain);
    for (size_t r = block * ROWS; r < (block + 1) * ROWS && r < p->n; r++) {
        size_t at = r * width;
        float *da = net->da + at, *dh = net->dh + at, *sum = net->sum + at;
        const struct layer_norm_kept kept = {net->a[k] + at, net->x[k] + at, net->inverse[k * net->rows + r]};
        layer_norm_backward(&norm, &kept, dh, da, &(struct layer_norm_slopes){gain, shift});
        for (size_t c = 0; c < width; c++) {
            bias[c] += da[c];
            sum[c] = k + 1 == RECVAE_LAYERS ? da[c] : sum[c] + da[c];
            dh[c] = sum[c];
        }
    }
}

static void back_through_layer(struct people *p)
{
    struct recvae_net *net = p->net;
    const struct recvae_layout *l = &net->layout;
    size_t width = l->hidden, k = p->k, blocks = blocks_of(p->n);
    parallel_if(p->n * width > SMALL, blocks, layer_back_rows, p);
    float *const to[] = {gradient_at(net, l->gain[k]), gradient_at(net, l->shift[k]),
                         gradient_at(net, l->b[k])};
    for (size_t i = 0; i < 3; i++) {
        memset(to[i], 0, width * sizeof(float));
        for (size_t block = 0; block < blocks; block++)
            kernel_axpy(to[i], 1, net->partial + (block * 3 + i) * width, width);
    }
    if (k > 0)
        product_back(net, &(struct product){p->n, width, net->h[k - 1], l->w[k], net->da, true});
}

void recvae_net_encoder_gradient(struct recvae_net *net, const struct person_batch *b)
{
    struct people p = {.net = net, .x = b->x, .users = b->users, .b = b, .n = b->n};
    back_to_heads(net, b);
    for (size_t k = RECVAE_LAYERS; k > 0; k--) {
        p.k = k - 1;
        back_through_layer(&p);
    }
}

void recvae_net_item_gradient(const struct recvae_net *net, const struct person_batch *b, size_t i,
                              float *row)
{
    size_t width = net->layout.hidden;
    memset(row, 0, width * sizeof *row);
    for (size_t at = b->touched_start[i]; at < b->touched_start[i + 1]; at++) {
        size_t r = (size_t)b->touched_row[at];
        kernel_axpy(row, scale_of(b->x, b->users[r], b->keep), net->da + r * width, width);
    }
}
