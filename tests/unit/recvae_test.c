/* RecVAE against an independent NumPy implementation (fixtures/make_recvae.py, whose gradients are central
 * differences); the parts of num/layer.h and num/gemm.h against naive twins. */
#include "train/recvae_net.h"

#include "base/rng.h"
#include "num/gemm.h"
#include "num/layer.h"
#include "tests/check.h"
#include "train/interactions.h"

static void read_row(FILE *file, uint32_t row, struct interactions *out)
{
    char line[256], *rest = NULL;
    CHECK(fgets(line, sizeof line, file) != NULL);
    for (char *at = strtok_r(line, " \n", &rest); at != NULL; at = strtok_r(NULL, " \n", &rest))
        CHECK(interactions_add(out, row, atoi(at)));
}

static struct csr read_matrix(FILE *file, size_t users, size_t items)
{
    struct interactions in = INTERACTIONS_NONE;
    struct csr x = {0};
    for (uint32_t u = 0; u < users; u++)
        read_row(file, u, &in);
    size_t n = in.keys.len;
    CHECK(csr_from_keys(&x, in.keys.data, &n, users, items, NULL) == ERR_OK);
    interactions_free(&in);
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

static void equals_numpy(void)
{
    FILE *file = fopen("tests/unit/fixtures/recvae.txt", "r");
    size_t users, items, hidden, latent;
    struct recvae_net net;
    struct recvae_batch b = {.n = 0};
    float noise[64];
    double loss, want;
    CHECK_MSG(file != NULL, "run from the top of the repository");
    if (file == NULL)
        return;
    CHECK(fscanf(file, "%zu %zu %zu %zu %lf %lf\n", &users, &items, &hidden, &latent, &b.gamma, &b.keep) ==
          6);
    struct csr x = read_matrix(file, users, items), kept = read_matrix(file, users, items);
    const int32_t all[] = {0, 1, 2, 3};
    size_t start[5];
    for (size_t u = 0; u <= users; u++)
        start[u] = (size_t)kept.start[u];
    CHECK(recvae_net_init(&net, items, hidden, latent, users + 2, NULL) == ERR_OK);
    read_floats(file, net.encoder, net.layout.n_encoder);
    read_floats(file, net.old, net.layout.n_encoder);
    read_floats(file, net.decoder, net.layout.n_decoder);
    read_floats(file, noise, users * latent);
    b = (struct recvae_batch){users, &x, all, kept.col, start, b.keep, noise, b.gamma};
    CHECK(fscanf(file, "%lf", &want) == 1);
    for (int again = 0; again < 2; again++) { /* the second batch must not see anything of the first */
        loss = recvae_net_forward(&net, &b);
        CHECK_NEAR(loss, want, 2e-5);
        recvae_net_encoder_gradient(&net, &b);
        recvae_net_decoder_gradient(&net, &b);
    }
    check_floats(file, net.encoder_gradient, net.layout.n_encoder);
    check_floats(file, net.decoder_gradient, net.layout.n_decoder);
    check_scores(file, &net, &x);
    recvae_net_free(&net);
    csr_free(&x);
    csr_free(&kept);
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
        CHECK_NEAR(layer_dot(a, b, n), sum, 1e-5);
    }
}

/* A prior far from z: neither overflow nor a slope that is no number. */
static void prior_in_the_tails(void)
{
    double slope, up, down, mid = recvae_prior(3, -1, -2, &slope), side;
    up = recvae_prior(3 + 1e-5, -1, -2, &side);
    down = recvae_prior(3 - 1e-5, -1, -2, &side);
    CHECK_NEAR(slope, (up - down) / 2e-5, 1e-6);
    CHECK(isfinite(mid));
    CHECK(isfinite(recvae_prior(1e4, 0, -20, &slope)) && isfinite(slope));
}

int main(void)
{
    RUN(equals_numpy);
    RUN(gemm_equals_the_sum);
    RUN(likelihoods_have_their_gradients);
    RUN(dot_at_any_width);
    RUN(prior_in_the_tails);
    return check_done();
}
