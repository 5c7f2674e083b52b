/* CDAE against an independent NumPy implementation (fixtures/make_cdae.py, whose gradients are central
 * differences), and the promises of training: it learns, is seeded, resumable, refused when diverging. */
#include "train/cdae_train.h"

#include <unistd.h>

#include "base/secret.h"
#include "model/scorer.h"
#include "tests/check.h"
#include "tests/fixture/groups.h"
#include "tests/fixture/numbers.h"
#include "train/cdae_net.h"

enum { USERS = 90, ITEMS = 40, WIDTH = 16, WEIGHTS = CDAE_HEADER + 2 * ITEMS * WIDTH + WIDTH + ITEMS };

/* ---- against NumPy ---- */

static struct csr read_matrix(FILE *file, size_t users, size_t items)
{
    struct csr x;
    CHECK(numbers_matrix(file, users, items, &x));
    return x;
}

/* Values of order 1 to 10 after some ten float32 roundings; the oracle's differences are good to 1e-8. */
static void check_floats(FILE *file, const float *got, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float want;
        CHECK(fscanf(file, "%f", &want) == 1);
        CHECK_NEAR(got[i], want, 5e-6 * fmax(1, fabs((double)want)));
    }
}

static void check_scores(FILE *file, const struct cdae_net *net, const struct csr *x)
{
    const struct cdae_layout *l = &net->layout;
    float *weights = calloc(CDAE_HEADER + l->n_scoring, sizeof *weights), scores[16];
    weights[0] = (float)l->d;
    weights[1] = net->rectified ? 1 : 0;
    memcpy(weights + CDAE_HEADER, net->theta, l->n_scoring * sizeof *weights);
    CHECK(cdae_weights_ok(weights, CDAE_HEADER + l->n_scoring, l->n_items));
    CHECK(!cdae_weights_ok(weights, CDAE_HEADER + l->n_scoring - 1, l->n_items));
    struct scorer s = {.score = cdae_score,
                       .score_known = cdae_score_known,
                       .weights = weights,
                       .n_items = l->n_items,
                       .users = net->theta + l->v,
                       .n_users = l->n_users};
    for (int known = 1; known >= 0; known--, s.users = NULL)
        for (size_t u = 0; u < x->n_rows; u++) {
            scorer_score(&s, &(struct scorer_person){u, csr_row(x, u), csr_row_count(x, u)}, scores, NULL);
            check_floats(file, scores, l->n_items);
        }
    weights[1] = 2;
    CHECK(!cdae_weights_ok(weights, CDAE_HEADER + l->n_scoring, l->n_items));
    free(weights);
}

static void one_network(FILE *file, const struct csr *x, const struct person_batch *b, size_t d, double l2,
                        bool rectified)
{
    struct cdae_net net;
    double want;
    CHECK(cdae_net_init(&net, x->n_cols, x->n_rows, d, x->n_rows + 1, NULL) == ERR_OK);
    net.l2 = l2;
    net.rectified = rectified;
    for (size_t i = 0; i < net.layout.n; i++)
        CHECK(fscanf(file, "%f", &net.theta[i]) == 1);
    CHECK(fscanf(file, "%lf", &want) == 1);
    for (int again = 0; again < 2; again++) /* the second batch must not see anything of the first */
        CHECK_NEAR(cdae_net_step(&net, b), want, 2e-5);
    check_floats(file, net.gradient, net.layout.n);
    check_scores(file, &net, x);
    cdae_net_free(&net);
}

static void equals_numpy(void)
{
    FILE *file = fopen("tests/unit/fixtures/cdae.txt", "r");
    size_t users, items, d;
    double keep, l2;
    const int32_t all[] = {0, 1, 2, 3};
    struct person_drawer drawer;
    struct person_batch b;
    CHECK_MSG(file != NULL, "run from the top of the repository");
    if (file == NULL)
        return;
    CHECK(fscanf(file, "%zu %zu %zu %lf %lf\n", &users, &items, &d, &keep, &l2) == 5);
    struct csr x = read_matrix(file, users, items), kept = read_matrix(file, users, items);
    drawer = (struct person_drawer){.x = &kept, .rows = users, .keep = 1};
    CHECK(person_batch_init(&drawer, NULL) == ERR_OK);
    person_batch_draw(&drawer, all, users, 1, true, &b); /* keeps all of what the dropout left */
    b.x = &x;
    b.keep = keep;
    one_network(file, &x, &b, d, l2, false);
    one_network(file, &x, &b, d, l2, true);
    person_batch_free(&drawer);
    csr_free(&x);
    csr_free(&kept);
    fclose(file);
}

/* ---- training ---- */

static struct cdae_plan plan_of(size_t epochs, bool rectified)
{
    return (struct cdae_plan){.dimensions = WIDTH,
                              .epochs = epochs,
                              .batch = 32,
                              .rate = 5e-3,
                              .l2 = 0.01,
                              .dropout = 0.5,
                              .rectified = rectified,
                              .seed = 5};
}

static float weights[WEIGHTS], again[WEIGHTS], users[USERS * WIDTH], users_again[USERS * WIDTH];

static void learns_groups(void)
{
    struct scorer s = {.score = cdae_score,
                       .score_known = cdae_score_known,
                       .weights = weights,
                       .n_items = ITEMS,
                       .n_users = USERS};
    struct csr x = groups_draw(USERS, ITEMS);
    for (int rectified = 0; rectified < 2; rectified++) {
        struct cdae_plan p = plan_of(1, rectified);
        double first, last;
        CHECK(cdae_train(&x, &p, &(struct cdae_trained){weights, users, &first}, NULL, NULL) == ERR_OK);
        p.epochs = 150;
        CHECK(cdae_train(&x, &p, &(struct cdae_trained){weights, users, &last}, NULL, NULL) == ERR_OK);
        CHECK_MSG(last < 0.7 * first, "%g, then %g", first, last);
        s.users = users;
        double known = groups_order(&x, &s);
        s.users = NULL;
        double unknown = groups_order(&x, &s);
        CHECK_MSG(known > 0.9 && unknown > 0.9, "rectified %d: %.3f %.3f", rectified, known, unknown);
    }
    csr_free(&x);
}

static bool always(void *arg)
{
    (void)arg;
    return true;
}

static void resumes_to_the_same_bytes(void)
{
    struct csr x = groups_draw(USERS, ITEMS);
    struct cdae_plan p = plan_of(4, false);
    const struct progress progress = {.stopping = always};
    char path[] = "/tmp/mvti-cdae-XXXXXX";
    double loss, loss_again;
    int fd = mkstemp(path);
    CHECK(fd >= 0 && close(fd) == 0 && unlink(path) == 0);
    CHECK(cdae_train(&x, &p, &(struct cdae_trained){weights, users, &loss}, NULL, NULL) == ERR_OK);
    p.checkpoint = (struct checkpoint_place){path, false, 1e9};
    for (int epoch = 1; epoch < 4; epoch++) /* asked to stop after each */
        CHECK(cdae_train(&x, &p, &(struct cdae_trained){again, users_again, &loss_again}, &progress, NULL) ==
              ERR_STOPPED);
    CHECK(cdae_train(&x, &p, &(struct cdae_trained){again, users_again, &loss_again}, &progress, NULL) ==
          ERR_OK);
    CHECK(memcmp(weights, again, sizeof weights) == 0 && memcmp(users, users_again, sizeof users) == 0);
    CHECK(loss == loss_again);
    p.rectified = true; /* another training: begins anew */
    CHECK(cdae_train(&x, &p, &(struct cdae_trained){again, users_again, &loss_again}, NULL, NULL) == ERR_OK);
    CHECK(memcmp(weights, again, sizeof weights) != 0);
    CHECK(unlink(path) == 0);
    csr_free(&x);
}

static void refuses_what_diverges(void)
{
    struct csr x = groups_draw(USERS, ITEMS);
    struct cdae_plan p = plan_of(30, true);
    struct fail why;
    double loss;
    p.rate = 10;
    CHECK(cdae_train(&x, &p, &(struct cdae_trained){weights, users, &loss}, NULL, &why) == ERR_DIVERGED);
    CHECK_MSG(strstr(why.text, "smaller rate") != NULL, "%s", why.text);
    p.rate = NAN;
    CHECK(cdae_train(&x, &p, &(struct cdae_trained){weights, users, &loss}, NULL, NULL) == ERR_INVALID);
    p = plan_of(1, true);
    p.dropout = 1;
    CHECK(cdae_train(&x, &p, &(struct cdae_trained){weights, users, &loss}, NULL, NULL) == ERR_INVALID);
    p = plan_of(1, true);
    p.dimensions = CDAE_MAX_DIMENSIONS + 1;
    CHECK(cdae_train(&x, &p, &(struct cdae_trained){weights, users, &loss}, NULL, NULL) == ERR_INVALID);
    csr_free(&x);
}

static void one_size(size_t n_users, size_t items, uint64_t *keys, size_t n_keys)
{
    struct csr x;
    struct cdae_plan p = plan_of(2, false);
    double loss;
    float scores[4];
    CHECK(csr_from_keys(&x, keys, &n_keys, n_users, items, NULL) == ERR_OK);
    CHECK(cdae_train(&x, &p, &(struct cdae_trained){weights, users, &loss}, NULL, NULL) == ERR_OK);
    const struct scorer s = {.weights = weights, .n_items = items};
    cdae_score(&s, NULL, 0, scores);
    for (size_t i = 0; i < items; i++)
        CHECK(isfinite(scores[i]));
    csr_free(&x);
}

static void smallest_sizes(void)
{
    uint64_t first[] = {0}, later[] = {(uint64_t)2 << 32 | 1};
    one_size(1, 1, first, 1); /* one person, one film */
    one_size(1, 1, first, 0); /* a person without films */
    one_size(4, 2, later, 1); /* most without films */
    one_size(0, 1, first, 0); /* nobody */
}

int main(void)
{
    CHECK(secret_init() == ERR_OK);
    RUN(equals_numpy);
    RUN(learns_groups);
    RUN(resumes_to_the_same_bytes);
    RUN(refuses_what_diverges);
    RUN(smallest_sizes);
    return check_done();
}
