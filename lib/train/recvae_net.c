#include "train/recvae_net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/gemm.h"
#include "num/layer.h"
#include "num/parallel.h"

static const double LOG_2PI = 1.8378770664093454836;
enum { SMALL = 1 << 18, ROWS = 16 }; /* values of a pass: below it, threads cost more than they save */

/* Gives every array its place; with a NULL base only counts. */
static size_t place(struct recvae_net *net, float *base)
{
    const struct recvae_layout *l = &net->layout;
    size_t hidden = net->rows * l->hidden, latent = net->rows * l->latent, at = 0;
    struct {
        float **to;
        size_t n;
    } parts[] = {{&net->encoder, l->n_encoder},
                 {&net->old, l->n_encoder},
                 {&net->decoder, l->n_decoder},
                 {&net->encoder_gradient, l->n_encoder},
                 {&net->decoder_gradient, l->n_decoder},
                 {&net->inverse, RECVAE_LAYERS * net->rows},
                 {&net->da, hidden},
                 {&net->mu, latent},
                 {&net->logvar, latent},
                 {&net->old_mu, latent},
                 {&net->old_logvar, latent},
                 {&net->z, latent},
                 {&net->dz, latent},
                 {&net->dlogvar, latent},
                 {&net->logits, net->rows * l->n_items}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        *parts[i].to = base == NULL ? NULL : base + at;
        at += (parts[i].n + 15) / 16 * 16;
    }
    for (size_t k = 0; k < RECVAE_LAYERS; k++) {
        float **const layer[] = {&net->a[k], &net->x[k], &net->h[k], &net->dh[k]};
        for (size_t i = 0; i < 4; i++) {
            *layer[i] = base == NULL ? NULL : base + at;
            at += (hidden + 15) / 16 * 16;
        }
    }
    return at;
}

enum err recvae_net_init(struct recvae_net *net, size_t n_items, size_t hidden, size_t latent, size_t rows,
                         struct fail *why)
{
    *net = (struct recvae_net){.rows = rows};
    if (!recvae_layout(&net->layout, n_items, hidden, latent) || rows < 1 || rows > 1 << 20)
        return fail_set(why, ERR_INVALID, "hidden %zu, latent %zu or batch %zu is out of range", hidden,
                        latent, rows);
    size_t n = place(net, NULL);
    net->memory = calloc(n, sizeof(float));
    net->found = calloc(rows, sizeof *net->found);
    if (net->memory == NULL || net->found == NULL) {
        recvae_net_free(net);
        return fail_set(why, ERR_NOMEM, "out of memory: a network for %zu items needs %.1f GB", n_items,
                        (double)n * sizeof(float) / 1e9);
    }
    place(net, net->memory);
    return ERR_OK;
}

void recvae_net_free(struct recvae_net *net)
{
    free(net->memory);
    free(net->found);
    *net = (struct recvae_net){0};
}

/* out[n × cols] = bias + in[n × inner] · w */
static void affine(const float *in, const float *w, const float *bias, size_t n, size_t inner, size_t cols,
                   float *out)
{
    for (size_t r = 0; r < n; r++)
        memcpy(out + r * cols, bias, cols * sizeof *out);
    gemm(&(struct gemm){.rows = n, .cols = cols, .inner = inner, .add = true}, in, w, out);
}

/* dw = inᵀ·dout, db = column sums of dout; din += dout·wᵀ. */
static void affine_back(const float *in, const float *w, const float *dout, size_t n, size_t inner,
                        size_t cols, float *dw, float *db, float *din)
{
    gemm(&(struct gemm){.rows = inner, .cols = cols, .inner = n, .a_transposed = true}, in, dout, dw);
    memset(db, 0, cols * sizeof *db);
    for (size_t r = 0; r < n; r++)
        layer_add(db, 1, dout + r * cols, cols);
    gemm(&(struct gemm){.rows = n, .cols = inner, .inner = cols, .b_transposed = true, .add = true}, dout, w,
         din);
}

static float row_scale(const struct recvae_batch *b, size_t row)
{
    return (float)(1 / sqrt((double)csr_row_count(b->x, (size_t)b->users[row])));
}

/* a of the first layer: from the whole history, or from what the dropout left. */
static void first_layer(struct recvae_net *net, const float *p, const struct recvae_batch *b, bool whole)
{
    const struct recvae_layout *l = &net->layout;
    for (size_t r = 0; r < b->n; r++) {
        size_t user = (size_t)b->users[r],
               n = whole ? csr_row_count(b->x, user) : b->start[r + 1] - b->start[r];
        const int32_t *items = whole ? csr_row(b->x, user) : b->kept + b->start[r];
        float scale = row_scale(b, r) / (whole ? 1 : (float)b->keep);
        layer_gather(p + l->w[0], p + l->b[0], l->hidden, items, n, scale, net->a[0] + r * l->hidden);
    }
}

static void encode(struct recvae_net *net, const float *p, const struct recvae_batch *b, bool whole,
                   float *mu, float *logvar)
{
    const struct recvae_layout *l = &net->layout;
    size_t width = l->hidden, count = b->n * width;
    for (size_t k = 0; k < RECVAE_LAYERS; k++) {
        const struct layer_norm norm = {p + l->gain[k], p + l->shift[k], width, RECVAE_EPS};
        if (k == 0)
            first_layer(net, p, b, whole);
        else
            affine(net->h[k - 1], p + l->w[k], p + l->b[k], b->n, width, width, net->a[k]);
        for (size_t j = 0; j < k; j++)
            layer_add(net->a[k], 1, net->h[j], count);
        for (size_t r = 0; r < b->n; r++)
            layer_norm_forward(&norm, net->a[k] + r * width, net->h[k] + r * width, net->x[k] + r * width,
                               &net->inverse[k * net->rows + r]);
    }
    affine(net->h[RECVAE_LAYERS - 1], p + l->mu_w, p + l->mu_b, b->n, width, l->latent, mu);
    affine(net->h[RECVAE_LAYERS - 1], p + l->logvar_w, p + l->logvar_b, b->n, width, l->latent, logvar);
}

double recvae_prior(double z, double mu, double logvar, double *slope)
{
    const double weight[] = {3.0 / 20, 3.0 / 4, 1.0 / 10};
    const double means[] = {0, mu, 0}, logvars[] = {0, logvar, 10};
    double log_part[3], largest = -INFINITY, sum = 0, pull = 0;
    for (int i = 0; i < 3; i++) {
        double off = z - means[i];
        log_part[i] = log(weight[i]) - 0.5 * (logvars[i] + LOG_2PI + off * off * exp(-logvars[i]));
        largest = fmax(largest, log_part[i]);
    }
    for (int i = 0; i < 3; i++) {
        double part = exp(log_part[i] - largest);
        sum += part;
        pull -= part * (z - means[i]) * exp(-logvars[i]);
    }
    *slope = pull / sum;
    return largest + log(sum);
}

/* z, the divergence, and the divergence's share of dz and dlogvar. */
static double sample(struct recvae_net *net, const struct recvae_batch *b)
{
    size_t width = net->layout.latent;
    double total = 0;
    for (size_t i = 0; i < b->n * width; i++) {
        size_t user = (size_t)b->users[i / width];
        double by = b->gamma * (double)csr_row_count(b->x, user) / (double)b->n;
        double noise = b->noise[i], logvar = net->logvar[i], slope;
        net->z[i] = (float)(net->mu[i] + noise * exp(logvar / 2));
        double log_p = recvae_prior(net->z[i], net->old_mu[i], net->old_logvar[i], &slope);
        total += by * (-0.5 * (logvar + LOG_2PI + noise * noise) - log_p);
        net->dz[i] = (float)(-by * slope);
        net->dlogvar[i] = (float)(-by / 2);
    }
    return total;
}

struct likelihood {
    struct recvae_net *net;
    const struct recvae_batch *b;
};

static void likelihood_rows(void *arg, size_t block, size_t thread)
{
    (void)thread;
    const struct likelihood *job = arg;
    const struct recvae_batch *b = job->b;
    size_t n_items = job->net->layout.n_items;
    for (size_t r = block * ROWS; r < (block + 1) * ROWS && r < b->n; r++) {
        size_t user = (size_t)b->users[r];
        job->net->found[r] = layer_softmax_loss(job->net->logits + r * n_items, n_items, csr_row(b->x, user),
                                                csr_row_count(b->x, user), (float)(1 / (double)b->n));
    }
}

double recvae_net_forward(struct recvae_net *net, const struct recvae_batch *b)
{
    const struct recvae_layout *l = &net->layout;
    struct likelihood job = {net, b};
    size_t n_blocks = (b->n + ROWS - 1) / ROWS;
    encode(net, net->old, b, true, net->old_mu, net->old_logvar);
    encode(net, net->encoder, b, false, net->mu, net->logvar);
    double loss = sample(net, b);
    for (size_t r = 0; r < b->n; r++)
        memcpy(net->logits + r * l->n_items, net->decoder + l->decoder_b, l->n_items * sizeof(float));
    gemm(
        &(struct gemm){
            .rows = b->n, .cols = l->n_items, .inner = l->latent, .b_transposed = true, .add = true},
        net->z, net->decoder, net->logits);
    if (b->n * l->n_items > SMALL)
        parallel_for(n_blocks, likelihood_rows, &job);
    else
        for (size_t i = 0; i < n_blocks; i++)
            likelihood_rows(&job, i, 0);
    for (size_t r = 0; r < b->n; r++)
        loss -= net->found[r] / (double)b->n;
    return loss;
}

void recvae_net_decoder_gradient(struct recvae_net *net, const struct recvae_batch *b)
{
    const struct recvae_layout *l = &net->layout;
    float *db = net->decoder_gradient + l->decoder_b;
    gemm(&(struct gemm){.rows = l->n_items, .cols = l->latent, .inner = b->n, .a_transposed = true},
         net->logits, net->z, net->decoder_gradient);
    memset(db, 0, l->n_items * sizeof *db);
    for (size_t r = 0; r < b->n; r++)
        layer_add(db, 1, net->logits + r * l->n_items, l->n_items);
}

/* dz of the likelihood joins that of the divergence, and both pass on to μ and the log-variance. */
static void back_to_heads(struct recvae_net *net, const struct recvae_batch *b)
{
    const struct recvae_layout *l = &net->layout;
    const float *p = net->encoder, *last = net->h[RECVAE_LAYERS - 1];
    float *g = net->encoder_gradient, *dlast = net->dh[RECVAE_LAYERS - 1];
    gemm(&(struct gemm){.rows = b->n, .cols = l->latent, .inner = l->n_items, .add = true}, net->logits,
         net->decoder, net->dz);
    for (size_t i = 0; i < b->n * l->latent; i++)
        net->dlogvar[i] += 0.5f * net->dz[i] * b->noise[i] * expf(net->logvar[i] / 2);
    affine_back(last, p + l->mu_w, net->dz, b->n, l->hidden, l->latent, g + l->mu_w, g + l->mu_b, dlast);
    affine_back(last, p + l->logvar_w, net->dlogvar, b->n, l->hidden, l->latent, g + l->logvar_w,
                g + l->logvar_b, dlast);
}

static void back_through_layer(struct recvae_net *net, const struct recvae_batch *b, size_t k)
{
    const struct recvae_layout *l = &net->layout;
    const float *p = net->encoder;
    float *g = net->encoder_gradient;
    size_t width = l->hidden;
    const struct layer_norm norm = {p + l->gain[k], p + l->shift[k], width, RECVAE_EPS};
    memset(g + l->gain[k], 0, width * sizeof *g);
    memset(g + l->shift[k], 0, width * sizeof *g);
    for (size_t r = 0; r < b->n; r++)
        layer_norm_backward(&norm, net->a[k] + r * width, net->x[k] + r * width,
                            net->inverse[k * net->rows + r], net->dh[k] + r * width, net->da + r * width,
                            g + l->gain[k], g + l->shift[k]);
    for (size_t j = 0; j < k; j++)
        layer_add(net->dh[j], 1, net->da, b->n * width);
    if (k > 0) {
        /* cppcheck takes k for unbounded; the only caller counts down from RECVAE_LAYERS */
        /* cppcheck-suppress arrayIndexOutOfBoundsCond */
        affine_back(net->h[k - 1], p + l->w[k], net->da, b->n, width, width, g + l->w[k], g + l->b[k],
                    net->dh[k - 1]);
        return;
    }
    memset(g + l->w[0], 0, (l->n_items * width) * sizeof *g);
    memset(g + l->b[0], 0, width * sizeof *g);
    for (size_t r = 0; r < b->n; r++) {
        layer_scatter(g + l->w[0], width, b->kept + b->start[r], b->start[r + 1] - b->start[r],
                      row_scale(b, r) / (float)b->keep, net->da + r * width);
        layer_add(g + l->b[0], 1, net->da + r * width, width);
    }
}

void recvae_net_encoder_gradient(struct recvae_net *net, const struct recvae_batch *b)
{
    for (size_t k = 0; k < RECVAE_LAYERS; k++)
        memset(net->dh[k], 0, b->n * net->layout.hidden * sizeof(float));
    back_to_heads(net, b);
    for (size_t k = RECVAE_LAYERS; k > 0; k--)
        back_through_layer(net, b, k - 1);
}
