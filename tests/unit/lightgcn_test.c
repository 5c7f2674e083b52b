/* LightGCN and LightGCN++ against an independent NumPy implementation (fixtures/make_lightgcn.py, whose
 * gradients are central differences), and the promises of training: seeded, resumable, refused when
 * diverging.
 */
#include "train/lightgcn_train.h"

#include <unistd.h>

#include "base/secret.h"
#include "model/factors.h"
#include "num/adam.h"
#include "num/hop.h"
#include "tests/check.h"
#include "tests/fixture/defaults.h"
#include "tests/fixture/groups.h"
#include "tests/fixture/numbers.h"

struct fixture {
    size_t n_users, n_items, d, n_triples, n_cases;
    struct csr x;
    double e[256];
    struct lightgcn_triple triples[32];
    FILE *file;
};

static size_t n_values(const struct fixture *x)
{
    return (x->n_users + x->n_items) * x->d;
}

static bool fixture_read(struct fixture *x)
{
    *x = (struct fixture){.file = fopen("tests/unit/fixtures/lightgcn.txt", "r")};
    CHECK_MSG(x->file != NULL, "run from the top of the repository");
    if (x->file == NULL || fscanf(x->file, "%zu %zu %zu %zu %zu\n", &x->n_users, &x->n_items, &x->d,
                                  &x->n_triples, &x->n_cases) != 5)
        return false;
    CHECK(numbers_matrix(x->file, x->n_users, x->n_items, &x->x));
    CHECK(numbers_read(x->file, x->e, n_values(x)));
    for (size_t i = 0; i < x->n_triples; i++)
        CHECK(fscanf(x->file, "%d %d %d", &x->triples[i].user, &x->triples[i].liked, &x->triples[i].other) ==
              3);
    return true;
}

static void fixture_free(struct fixture *x)
{
    csr_free(&x->x);
    if (x->file != NULL)
        fclose(x->file);
}

static struct lightgcn_shape read_case(struct fixture *x, double *loss)
{
    struct lightgcn_shape s = {.dimensions = x->d};
    int plus = 0;
    CHECK(fscanf(x->file, "%zu %d %lf %lf %lf %lf %lf", &s.layers, &plus, &s.alpha, &s.beta, &s.gamma, &s.l2,
                 loss) == 7);
    s.plus = plus != 0;
    return s;
}

static void keep_row(void *arg, size_t node, const float *gradient)
{
    float *rows = arg;
    memcpy(rows + node * 5, gradient, 5 * sizeof *gradient);
}

/* Values are of order 1 and pass some ten float32 roundings: 2e-6. The differences of the oracle are good to
 * about 1e-9. */
static void one_case(struct fixture *x)
{
    double loss, z[256], gradient[256];
    struct lightgcn_shape shape = read_case(x, &loss);
    struct lightgcn_graph g;
    float rows[256];
    CHECK(numbers_read(x->file, z, n_values(x)));
    CHECK(numbers_read(x->file, gradient, n_values(x)));
    CHECK(lightgcn_graph_init(&g, &x->x, &shape, NULL) == ERR_OK);
    for (size_t i = 0; i < n_values(x); i++)
        g.e[i] = (float)x->e[i];
    lightgcn_graph_final(&g);
    for (size_t i = 0; i < n_values(x); i++)
        CHECK_NEAR(g.z[i], z[i], 2e-6);
    for (int again = 0; again < 2; again++) { /* the second batch must not see anything of the first */
        memset(rows, 0xff, sizeof rows);
        CHECK_NEAR(lightgcn_graph_forward(&g, x->triples, x->n_triples), loss, 2e-6);
        lightgcn_graph_backward(&g, keep_row, rows);
        for (size_t i = 0; i < n_values(x); i++)
            CHECK_NEAR(rows[i], gradient[i], 2e-6);
    }
    lightgcn_graph_free(&g);
}

static void equals_numpy(void)
{
    struct fixture x;
    if (fixture_read(&x)) {
        CHECK_INT(x.d, 5);
        for (size_t i = 0; i < x.n_cases; i++)
            one_case(&x);
    }
    fixture_free(&x);
}

/* A hop at widths around the span of 64, and with sparse rows, against the plain sum. */
static void hop_equals_the_sum(void)
{
    const size_t widths[] = {1, 3, 63, 64, 65, 128, 130};
    struct csr x = groups_draw(13, 9), xt;
    float *in = calloc(22 * 130, sizeof *in), factor[22], out[130];
    uint32_t sparse[22];
    CHECK(csr_transpose(&xt, &x) == ERR_OK);
    for (size_t v = 0; v < 22; v++) {
        factor[v] = 1 / (float)(v + 1);
        sparse[v] = v % 3;
    }
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
        size_t n = widths[w];
        struct hop h = {&x, &xt, factor, factor, in, sparse, n};
        for (size_t i = 0; i < 22 * n; i++)
            in[i] = sparse[i / n] == 0 ? 0 : (float)(i * 7 % 31) / 16;
        for (size_t v = 0; v < 44; v++) {
            h.sparse = v < 22 ? sparse : NULL;
            size_t node = v % 22;
            hop_row(&h, node, out);
            for (size_t c = 0; c < n; c++) {
                double sum = 0;
                for (size_t o = 0; o < 22; o++) {
                    bool edge = node < 13 ? o >= 13 && csr_has(&x, node, (int32_t)(o - 13))
                                          : o < 13 && csr_has(&x, o, (int32_t)(node - 13));
                    sum += edge ? factor[o] * in[o * n + c] : 0;
                }
                CHECK_NEAR(out[c], sum * factor[node], 1e-5); /* at most 13 terms below 2 */
            }
        }
    }
    free(in);
    csr_free(&x);
    csr_free(&xt);
}

/* The first step of Adam moves each parameter by the rate, against the sign of its gradient; three steps
 * against the formulas in double. */
static void adam_by_the_book(void)
{
    struct adam a;
    float theta[3] = {1, 1, 1}, m[3] = {0}, v[3] = {0};
    const float g[3] = {0.5f, -2, 0};
    double bm = 0, bv = 0, bt = 1;
    adam_init(&a, 0.1);
    for (int t = 1; t <= 3; t++) {
        adam_begin(&a);
        adam_update(&a, theta, m, v, g, 3);
        bm = 0.9 * bm + 0.1 * -2;
        bv = 0.999 * bv + 0.001 * 4;
        bt -= 0.1 * (bm / (1 - pow(0.9, t))) / (sqrt(bv / (1 - pow(0.999, t))) + 1e-8);
        CHECK_NEAR(theta[1], bt, 1e-6);
        if (t == 1)
            CHECK_NEAR(theta[0], 0.9, 1e-6);
    }
    CHECK_NEAR(theta[2], 1, 0);
}

static struct lightgcn_plan plan_of(size_t epochs, bool plus)
{
    return (struct lightgcn_plan){.shape = {.dimensions = 16,
                                            .layers = 2,
                                            .plus = plus,
                                            .alpha = 0.6,
                                            .beta = -0.1,
                                            .gamma = 0.2,
                                            .l2 = 1e-4},
                                  .rate = 0.01,
                                  .epochs = epochs,
                                  .batch = 256,
                                  .seed = 5};
}

enum { USERS = 80, ITEMS = 40, VALUES = ITEMS * 16 };

static void learns_groups(void)
{
    struct csr x = groups_draw(USERS, ITEMS);
    static float users[USERS * 16], items[VALUES];
    const struct scorer s = {.score = factors_score,
                             .weights = items,
                             .n_items = ITEMS,
                             .n_factors = 16,
                             .users = users,
                             .n_users = USERS};
    for (int plus = 0; plus < 2; plus++) {
        struct lightgcn_plan p = plan_of(60, plus);
        CHECK(lightgcn_train(&x, &p, users, items, NULL, NULL) == ERR_OK);
        double share = groups_order(&x, &s);
        CHECK_MSG(share > 0.97, "plus %d: %.3f", plus, share);
    }
    csr_free(&x);
}

static void resumes_to_the_same_bytes(void)
{
    struct csr x = groups_draw(USERS, ITEMS);
    static float whole[VALUES], again[VALUES], parts[VALUES];
    char path[] = "/tmp/mvti-lightgcn-XXXXXX";
    int fd = mkstemp(path);
    CHECK(fd >= 0 && close(fd) == 0 && unlink(path) == 0);
    for (int plus = 0; plus < 2; plus++) {
        struct lightgcn_plan p = plan_of(7, plus);
        CHECK(lightgcn_train(&x, &p, NULL, whole, NULL, NULL) == ERR_OK);
        CHECK(lightgcn_train(&x, &p, NULL, again, NULL, NULL) == ERR_OK);
        CHECK(memcmp(whole, again, sizeof whole) == 0);
        p.checkpoint.path = path;
        const size_t stops[] = {3, 4, 7, 7};
        for (size_t i = 0; i < 4; i++) {
            p.epochs = stops[i];
            CHECK(lightgcn_train(&x, &p, NULL, parts, NULL, NULL) == ERR_OK);
            CHECK((memcmp(whole, parts, sizeof whole) == 0) == (stops[i] == 7));
        }
        p.seed = 6;
        CHECK(lightgcn_train(&x, &p, NULL, parts, NULL, NULL) == ERR_OK); /* the file is of another seed */
        CHECK(memcmp(whole, parts, sizeof whole) != 0);
        p.checkpoint.path = NULL;
        CHECK(lightgcn_train(&x, &p, NULL, again, NULL, NULL) == ERR_OK);
        CHECK(memcmp(again, parts, sizeof again) == 0);
        CHECK(unlink(path) == 0);
    }
    csr_free(&x);
}

static void refuses_what_diverges(void)
{
    struct csr x = groups_draw(USERS, ITEMS);
    static float items[VALUES];
    struct lightgcn_plan p = plan_of(20, false);
    p.rate = 10;
    CHECK(lightgcn_train(&x, &p, NULL, items, NULL, NULL) == ERR_DIVERGED);
    p.rate = NAN;
    CHECK(lightgcn_train(&x, &p, NULL, items, NULL, NULL) == ERR_INVALID);
    p.rate = 0.01;
    p.shape.dimensions = LIGHTGCN_MAX_DIMENSIONS + 1;
    CHECK(lightgcn_train(&x, &p, NULL, items, NULL, NULL) == ERR_INVALID);
    csr_free(&x);
}

/* Nobody likes anything, or one person everything: there is no triple to draw. */
static void nothing_to_learn(void)
{
    struct lightgcn_plan p = plan_of(3, false);
    float items[2 * 16];
    struct csr x;
    uint64_t keys[] = {0, 1};
    size_t n = 2;
    CHECK(csr_from_keys(&x, keys, &n, 1, 2, NULL) == ERR_OK);
    CHECK(lightgcn_train(&x, &p, NULL, items, NULL, NULL) == ERR_OK);
    csr_free(&x);
    n = 0;
    CHECK(csr_from_keys(&x, keys, &n, 0, 0, NULL) == ERR_OK);
    CHECK(lightgcn_train(&x, &p, NULL, items, NULL, NULL) == ERR_OK);
    csr_free(&x);
}

/* Small data is trained as its authors did; at MovieLens-25M's size a training has some thousand steps, each
 * as far as all of them together have to go. */
static void large_data_has_large_steps(void)
{
    static const struct {
        uint64_t likes;
        double batch, epochs, rate;
    } want[] = {{0, 2048, 600, 1e-3},         {64315, 2048, 600, 1e-3},   {204800, 2048, 600, 1e-3},
                {400000, 4000, 500, 1e-3},    {5000000, 50000, 40, 5e-3}, {15000000, 150000, 13, 20.0 / 1300},
                {100000000, 1000000, 3, 0.02}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        CHECK_NEAR(defaults_of("lightgcn++", "batch", 1, want[i].likes), want[i].batch, 0);
        CHECK_NEAR(defaults_of("lightgcn++", "epochs", 1, want[i].likes), want[i].epochs, 0);
        CHECK_NEAR(defaults_of("lightgcn++", "rate", 1, want[i].likes), want[i].rate, 1e-9);
    }
}

int main(void)
{
    CHECK(secret_init() == ERR_OK);
    RUN(equals_numpy);
    RUN(hop_equals_the_sum);
    RUN(adam_by_the_book);
    RUN(learns_groups);
    RUN(resumes_to_the_same_bytes);
    RUN(refuses_what_diverges);
    RUN(nothing_to_learn);
    RUN(large_data_has_large_steps);
    return check_done();
}
