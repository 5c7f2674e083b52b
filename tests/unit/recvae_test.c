/* RecVAE against an independent NumPy implementation (fixtures/make_recvae.py, whose gradients are central
 * differences); the parts of num/layer.h and num/gemm.h against naive twins. */
#include "train/recvae_net.h"

#include "base/rng.h"
#include "num/exp.h"
#include "num/gemm.h"
#include "num/kernel.h"
#include "num/layer.h"
#include "tests/check.h"
#include "tests/fixture/numbers.h"

static struct csr read_matrix(FILE *file, size_t users, size_t items)
{
    struct csr x;
    CHECK(numbers_matrix(file, users, items, &x));
    return x;
}

static void read_floats(FILE *file, float *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        CHECK(fscanf(file, "%f", &out[i]) == 1);
}

/* Values pass some thirty float32 roundings at sizes up to 30: 2e-5 of the largest. The differences of the
 * oracle are good to about 1e-8. */
static void check_floats(FILE *file, const float *got, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float want;
        CHECK(fscanf(file, "%f", &want) == 1);
        CHECK_NEAR(got[i], want, 2e-5 * fmax(1, fabs((double)want)));
    }
}

static void check_scores(FILE *file, const struct recvae_net *net, const struct csr *x)
{
    const struct recvae_layout *l = &net->layout;
    size_t n = recvae_weight_count(l);
    float *weights = malloc(n * sizeof *weights), scores[16];
    recvae_pack(l, net->encoder, net->decoder, weights);
    CHECK(recvae_weights_ok(weights, n, l->n_items));
    CHECK(!recvae_weights_ok(weights, n - 1, l->n_items) && !recvae_weights_ok(weights, n, l->n_items + 1));
    for (size_t u = 0; u < x->n_rows; u++) {
        recvae_score(weights, l->n_items, csr_row(x, u), csr_row_count(x, u), scores);
        check_floats(file, scores, l->n_items);
    }
    recvae_score(weights, l->n_items, NULL, 0, scores);
    for (size_t j = 0; j < l->n_items; j++)
        CHECK(isfinite(scores[j]));
    weights[0] = NAN;
    CHECK(!recvae_weights_ok(weights, n, l->n_items));
    free(weights);
}

/* A batch of all people of x from the items kept, as a drawer of keep 1 makes it of those. */
static struct person_batch batch_of(const struct csr *x, const struct csr *kept, struct person_drawer *drawer,
                                    const int32_t *all)
{
    struct person_batch b;
    *drawer = (struct person_drawer){.x = kept, .rows = kept->n_rows, .latent = 1, .keep = 1};
    CHECK(person_batch_init(drawer, NULL) == ERR_OK);
    person_batch_draw(drawer, all, kept->n_rows, 1, true, &b);
    for (size_t u = 0; u <= x->n_rows; u++)
        CHECK(b.start[u] == kept->start[u]);
    for (size_t i = 0; i < kept->start[kept->n_rows]; i++)
        CHECK(b.kept[i] == kept->col[i]);
    b.x = x;
    return b;
}

/* The gradient of all of the encoder, with zeros for the rows of W₁ that have none. */
static void whole_gradient(const struct recvae_net *net, const struct person_batch *b, float *out)
{
    const struct recvae_layout *l = &net->layout;
    memset(out, 0, l->b[0] * sizeof *out);
    for (size_t i = 0; i < b->n_touched; i++)
        recvae_net_item_gradient(net, b, i, out + (size_t)b->touched[i] * l->hidden);
    memcpy(out + l->b[0], net->encoder_gradient, (l->n_encoder - l->b[0]) * sizeof *out);
}

/* The decoder's pass is a forward pass without dropout after the encoder became the old one. */
static void check_decode(struct recvae_net *net, const struct csr *x, const int32_t *all, const float *noise)
{
    struct person_drawer drawer;
    float z[64];
    struct person_batch b = batch_of(x, x, &drawer, all);
    b.noise = noise;
    double loss = recvae_net_forward(net, &b); /* γ = 0: the likelihood's part alone */
    memcpy(z, net->z, x->n_rows * net->layout.latent * sizeof *z);
    CHECK_NEAR(recvae_net_decode(net, &b), loss, 2e-5);
    for (size_t i = 0; i < x->n_rows * net->layout.latent; i++)
        CHECK_NEAR(net->z[i], z[i], 2e-5);
    person_batch_free(&drawer);
}

static void check_gradients(FILE *file, struct recvae_net *net, const struct person_batch *b)
{
    float *gradient = malloc(net->layout.n_encoder * sizeof *gradient);
    double want;
    CHECK(fscanf(file, "%lf", &want) == 1);
    for (int again = 0; again < 2; again++) { /* the second batch must not see anything of the first */
        CHECK_NEAR(recvae_net_forward(net, b), want, 2e-5);
        recvae_net_encoder_gradient(net, b);
        recvae_net_decoder_gradient(net, b);
    }
    whole_gradient(net, b, gradient);
    check_floats(file, gradient, net->layout.n_encoder);
    check_floats(file, net->decoder_gradient, net->layout.n_decoder);
    free(gradient);
}

static void equals_numpy(void)
{
    FILE *file = fopen("tests/unit/fixtures/recvae.txt", "r");
    size_t users, items, hidden, latent;
    const int32_t all[] = {0, 1, 2, 3};
    struct recvae_net net;
    struct person_drawer drawer;
    double gamma, keep;
    float noise[64];
    CHECK_MSG(file != NULL, "run from the top of the repository");
    if (file == NULL)
        return;
    CHECK(fscanf(file, "%zu %zu %zu %zu %lf %lf\n", &users, &items, &hidden, &latent, &gamma, &keep) == 6);
    struct csr x = read_matrix(file, users, items), kept = read_matrix(file, users, items);
    struct person_batch b = batch_of(&x, &kept, &drawer, all);
    CHECK(recvae_net_init(&net, &(struct recvae_net_sizes){items, hidden, latent, users, users + 2}, NULL) ==
          ERR_OK);
    float *encoder = malloc(net.layout.n_encoder * sizeof *encoder);
    read_floats(file, encoder, net.layout.n_encoder);
    read_floats(file, net.encoder, net.layout.n_encoder); /* the old one */
    read_floats(file, net.decoder, net.layout.n_decoder);
    read_floats(file, noise, users * latent);
    recvae_net_remember(&net, &x, all, users);
    check_decode(&net, &x, all, noise);
    memcpy(net.encoder, encoder, net.layout.n_encoder * sizeof *encoder);
    b.keep = keep;
    b.noise = noise;
    b.gamma = gamma;
    check_gradients(file, &net, &b);
    check_scores(file, &net, &x);
    recvae_net_free(&net);
    person_batch_free(&drawer);
    csr_free(&x);
    csr_free(&kept);
    free(encoder);
    fclose(file);
}

static void fill(float *out, size_t n, uint64_t seed)
{
    struct rng rng;
    rng_seed(&rng, seed);
    for (size_t i = 0; i < n; i++)
        out[i] = (float)rng_normal(&rng);
}

/* Sums of at most 65 products of order 1: 1e-4. */
static void gemm_equals_the_sum(void)
{
    const size_t sizes[] = {0, 1, 3, 16, 65};
    static float a[65 * 65], b[65 * 65], out[65 * 65];
    fill(a, 65 * 65, 1);
    fill(b, 65 * 65, 2);
    for (size_t s = 0; s < 5 * 5 * 5 * 8; s++) {
        struct gemm g = {.rows = sizes[s % 5],
                         .cols = sizes[s / 5 % 5],
                         .inner = sizes[s / 25 % 5],
                         .a_transposed = s / 125 & 1,
                         .b_transposed = s / 125 & 2,
                         .add = s / 125 & 4};
        for (size_t i = 0; i < 65 * 65; i++)
            out[i] = 7;
        gemm(&g, a, b, out);
        for (size_t i = 0; i < g.rows; i++)
            for (size_t j = 0; j < g.cols; j++) {
                double sum = g.add ? 7 : 0;
                for (size_t k = 0; k < g.inner; k++)
                    sum += (double)a[g.a_transposed ? k * g.rows + i : i * g.inner + k] *
                           b[g.b_transposed ? j * g.inner + k : k * g.cols + j];
                CHECK_NEAR(out[i * g.cols + j], sum, 1e-4);
            }
        CHECK(g.rows * g.cols == 65 * 65 || out[g.rows * g.cols] == 7);
    }
}

/* The gradient that a likelihood leaves in the logits, against central differences in float32: steps of 1/64
 * err by 1e-4 of third derivatives, and by roundings of 1e-6/(1/32). */
static void one_likelihood(double (*loss)(float *, size_t, const int32_t *, size_t, float), size_t width)
{
    const int32_t items[] = {0, 2};
    size_t n = width > 2 ? 2 : 1;
    float base[32] = {0}, moved[32], gradient[32];
    fill(base, width, width);
    memcpy(gradient, base, sizeof base);
    loss(gradient, width, items, n, 0.5f);
    for (size_t j = 0; j < width; j++) {
        double side[2];
        for (int s = 0; s < 2; s++) {
            memcpy(moved, base, sizeof base);
            moved[j] += s == 0 ? 1 / 64.0f : -1 / 64.0f;
            side[s] = loss(moved, width, items, n, 1);
        }
        CHECK_NEAR(gradient[j], -0.5 * (side[0] - side[1]) * 32, 3e-4);
    }
}

static void likelihoods_have_their_gradients(void)
{
    const size_t widths[] = {1, 3, 8, 31};
    float huge[] = {1e30f, -1e30f, 0}, none[1];
    const int32_t second[] = {1};
    for (size_t w = 0; w < 4; w++) {
        one_likelihood(layer_softmax_loss, widths[w]);
        one_likelihood(layer_logistic_loss, widths[w]);
    }
    CHECK(layer_logistic_loss(huge, 3, second, 1, 1) < -1e30 && huge[0] == 1 && huge[1] == -1);
    CHECK(layer_softmax_loss(none, 0, second, 0, 1) == 0);
    float bad[] = {NAN, 1};
    CHECK(isnan(layer_softmax_loss(bad, 2, second, 1, 1)));
}

static void dot_at_any_width(void)
{
    float a[40], b[40];
    fill(a, 40, 1);
    fill(b, 40, 2);
    for (size_t n = 0; n < 40; n++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += (double)a[i] * b[i];
        CHECK_NEAR(kernel_dot(a, b, n), sum, 1e-5);
    }
}

/* The composite prior in one dimension by its formula, in double; its slope by a difference. */
static double prior_by_the_book(double z, double mu, double logvar)
{
    const double weight[] = {3.0 / 20, 3.0 / 4, 1.0 / 10}, means[] = {0, mu, 0}, logvars[] = {0, logvar, 10};
    double part[3], largest = -INFINITY, sum = 0;
    for (int i = 0; i < 3; i++) {
        double off = z - means[i];
        part[i] = log(weight[i]) - 0.5 * (logvars[i] + log(2 * M_PI) + off * off * exp(-logvars[i]));
        largest = fmax(largest, part[i]);
    }
    for (int i = 0; i < 3; i++)
        sum += exp(part[i] - largest);
    return largest + log(sum);
}

/* Differences of values of order 1 and some ten float32 roundings of values up to 100: 2e-5 of them. */
static void prior_equals_its_formula(void)
{
    enum { N = 37 };
    float z[N], mu[N], logvar[N], slope[N];
    fill(z, N, 3);
    fill(mu, N, 4);
    fill(logvar, N, 5);
    z[0] = 9; /* in the tails, where every part of the mixture is small */
    z[1] = -9;
    double want = 0, got = recvae_net_prior(z, mu, logvar, N, slope);
    for (size_t c = 0; c < N; c++) {
        double v = (double)logvar[c], m = (double)mu[c], at = (double)z[c];
        want += prior_by_the_book(at, m, v);
        double side = (prior_by_the_book(at + 1e-5, m, v) - prior_by_the_book(at - 1e-5, m, v)) / 2e-5;
        CHECK_NEAR(slope[c], side, 2e-5 * fmax(1, fabs(side)));
    }
    CHECK_NEAR(got, want, 2e-5 * fabs(want));
    z[0] = 1e4f; /* neither overflow nor a slope that is no number */
    logvar[0] = -20;
    CHECK(isfinite(recvae_net_prior(z, mu, logvar, 1, slope)) && isfinite(slope[0]));
}

/* 2 units in the last place are 2.4e-7; at every length around the vectors' and in the corners. */
static void exponentials(void)
{
    float x[70], y[70], odd[] = {NAN, -INFINITY, INFINITY, -88, 89, 0};
    fill(x, 70, 6);
    for (size_t n = 0; n <= 70; n++) {
        double sum = 0;
        y[n < 70 ? n : 69] = 7;
        exp_each(x, 20, y, n);
        CHECK(n >= 70 || y[n] == 7);
        for (size_t i = 0; i < n; i++)
            CHECK_NEAR(y[i] / exp(20.0 * (double)x[i]), 1, 2.5e-6); /* 20·x is rounded: 60 · 2⁻²⁴ / 2 */
        memcpy(y, x, sizeof y);
        for (size_t i = 0; i < n; i++)
            sum += exp((double)x[i] - 1);
        CHECK_NEAR(exp_sum(y, 1, n), sum, 1e-6 * sum);
        for (size_t i = 0; i < n; i++)
            CHECK_NEAR(y[i] / exp((double)x[i] - 1), 1, 6e-7);
    }
    exp_each(odd, 1, y, 6);
    CHECK(isnan(y[0]) && y[1] == 0 && isinf(y[2]) && y[3] == 0 && isinf(y[4]) && y[5] == 1);
}

int main(void)
{
    RUN(equals_numpy);
    RUN(gemm_equals_the_sum);
    RUN(likelihoods_have_their_gradients);
    RUN(dot_at_any_width);
    RUN(prior_equals_its_formula);
    RUN(exponentials);
    return check_done();
}
