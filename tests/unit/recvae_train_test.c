/* Training of RecVAE and its checkpoint: what it learns, and the promises of seed, resumption and refusal.
 * The gradients are in recvae_test.c. */
#include "train/recvae_train.h"

#include <unistd.h>

#include "base/secret.h"
#include "model/recvae.h"
#include "tests/check.h"
#include "tests/fixture/defaults.h"
#include "tests/fixture/groups.h"
#include "train/person_batch.h"

enum { USERS = 90, ITEMS = 40, HIDDEN = 24, LATENT = 8 };

static struct recvae_plan plan_of(size_t epochs)
{
    return (struct recvae_plan){.hidden = HIDDEN,
                                .latent = LATENT,
                                .epochs = epochs,
                                .batch = 32,
                                .rate = 2e-3,
                                .gamma = 5e-3,
                                .dropout = 0.5,
                                .noise = 1,
                                .seed = 5};
}

static float *room(const struct recvae_plan *p, size_t items, size_t *n)
{
    struct recvae_layout l;
    CHECK(recvae_layout(&l, items, p->hidden, p->latent));
    *n = recvae_weight_count(&l);
    return calloc(*n, sizeof(float));
}

static void score(const struct scorer *s, const int32_t *history, size_t n, float *scores)
{
    recvae_score(s->weights, s->n_items, history, n, scores);
}

static void learns_groups(void)
{
    struct csr x = groups_draw(USERS, ITEMS);
    struct recvae_plan p = plan_of(1);
    double first, last;
    size_t n;
    float *weights = room(&p, ITEMS, &n);
    CHECK(recvae_train(&x, &p, weights, &first, NULL, NULL) == ERR_OK);
    p.epochs = 60;
    CHECK(recvae_train(&x, &p, weights, &last, NULL, NULL) == ERR_OK);
    CHECK_MSG(last < 0.95 * first, "%g, then %g", first, last);
    double share = groups_order(&x, &(struct scorer){.score = score, .weights = weights, .n_items = ITEMS});
    CHECK_MSG(share > 0.95, "%.3f", share);
    free(weights);
    csr_free(&x);
}

static char noted[600];

static void take_note(void *arg, const char *sentence)
{
    (void)arg;
    snprintf(noted, sizeof noted, "%s", sentence);
}

static bool always(void *arg)
{
    (void)arg;
    return true;
}

static char path[] = "/tmp/mvti-recvae-XXXXXX";

static void resumes_to_the_same_bytes(void)
{
    struct csr x = groups_draw(USERS, ITEMS);
    struct recvae_plan p = plan_of(7);
    const struct progress progress = {.note = take_note};
    const size_t stops[] = {3, 4, 7, 7};
    double loss, again;
    size_t n;
    float *whole = room(&p, ITEMS, &n), *parts = room(&p, ITEMS, &n);
    CHECK(recvae_train(&x, &p, whole, &loss, NULL, NULL) == ERR_OK);
    CHECK(recvae_train(&x, &p, parts, &again, NULL, NULL) == ERR_OK);
    CHECK(memcmp(whole, parts, n * sizeof *whole) == 0 && loss == again);
    p.checkpoint.path = path;
    for (size_t i = 0; i < 4; i++) {
        p.epochs = stops[i];
        CHECK(recvae_train(&x, &p, parts, &again, &progress, NULL) == ERR_OK);
        CHECK((memcmp(whole, parts, n * sizeof *whole) == 0) == (stops[i] == 7));
    }
    CHECK(loss == again && strstr(noted, "resuming from epoch 7") != NULL);
    p.epochs = 3;
    CHECK(recvae_train(&x, &p, parts, &again, &progress, NULL) == ERR_OK);
    CHECK_MSG(strstr(noted, "more than the 3 asked for") != NULL, "%s", noted);
    CHECK(unlink(path) == 0);
    free(whole);
    free(parts);
    csr_free(&x);
}

/* Asked to stop after each epoch, a training still comes to the same end; another seed does not go on. */
static void stops_when_asked(void)
{
    struct csr x = groups_draw(USERS, ITEMS);
    struct recvae_plan p = plan_of(3);
    const struct progress progress = {.note = take_note, .stopping = always};
    struct fail why;
    double loss;
    size_t n;
    float *whole = room(&p, ITEMS, &n), *parts = room(&p, ITEMS, &n);
    CHECK(recvae_train(&x, &p, whole, &loss, &progress, NULL) == ERR_OK); /* keeps none, so is not asked */
    p.checkpoint = (struct checkpoint_place){path, false, 1e9};
    for (int epoch = 1; epoch < 3; epoch++) {
        CHECK(recvae_train(&x, &p, parts, &loss, &progress, &why) == ERR_STOPPED);
        CHECK(strstr(why.text, epoch == 1 ? "after epoch 1" : "after epoch 2") != NULL);
    }
    CHECK(recvae_train(&x, &p, parts, &loss, &progress, NULL) == ERR_OK);
    CHECK(memcmp(whole, parts, n * sizeof *whole) == 0);
    p.seed = 6;
    CHECK(recvae_train(&x, &p, parts, &loss, &progress, NULL) == ERR_STOPPED);
    CHECK_MSG(strstr(noted, "another seed") != NULL, "%s", noted);
    p.checkpoint.anew = true;
    CHECK(recvae_train(&x, &p, parts, &loss, &progress, &why) == ERR_STOPPED);
    CHECK(strstr(why.text, "after epoch 1") != NULL);
    CHECK(unlink(path) == 0);
    p.checkpoint.path = "/nonexistent/folder/x";
    CHECK(recvae_train(&x, &p, parts, &loss, &progress, NULL) == ERR_IO);
    free(whole);
    free(parts);
    csr_free(&x);
}

static void refuses_what_diverges(void)
{
    struct csr x = groups_draw(USERS, ITEMS);
    struct recvae_plan p = plan_of(30);
    struct fail why;
    double loss;
    size_t n;
    float *weights = room(&p, ITEMS, &n);
    p.rate = 10;
    CHECK(recvae_train(&x, &p, weights, &loss, NULL, &why) == ERR_DIVERGED);
    CHECK_MSG(strstr(why.text, "smaller rate") != NULL, "%s", why.text);
    p.rate = NAN;
    CHECK(recvae_train(&x, &p, weights, &loss, NULL, NULL) == ERR_INVALID);
    p = plan_of(1);
    p.dropout = 1;
    CHECK(recvae_train(&x, &p, weights, &loss, NULL, NULL) == ERR_INVALID);
    p = plan_of(1);
    p.hidden = RECVAE_MAX_HIDDEN + 1;
    CHECK(recvae_train(&x, &p, weights, &loss, NULL, NULL) == ERR_INVALID);
    free(weights);
    csr_free(&x);
}

static void one_size(size_t users, size_t items, uint64_t *keys, size_t n_keys)
{
    struct csr x;
    struct recvae_plan p = plan_of(2);
    double loss;
    float scores[4];
    size_t n;
    float *weights = room(&p, items, &n);
    CHECK(csr_from_keys(&x, keys, &n_keys, users, items, NULL) == ERR_OK);
    CHECK(recvae_train(&x, &p, weights, &loss, NULL, NULL) == ERR_OK);
    recvae_score(weights, items, csr_row(&x, 0), users == 0 ? 0 : csr_row_count(&x, 0), scores);
    for (size_t i = 0; i < items; i++)
        CHECK(isfinite(scores[i]));
    free(weights);
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

/* What a batch holds by item is what it holds by person; the dropout keeps about its share, and draws anew
 * with another seed. */
static void batches_are_consistent(void)
{
    struct csr x = groups_draw(USERS, ITEMS);
    struct person_drawer d;
    struct person_batch b;
    const int32_t users[] = {3, 0, 17, 40, 8};
    size_t n_kept = 0, n_all = 0;
    d = (struct person_drawer){.x = &x, .rows = 5, .latent = 3, .keep = 0.5, .noise = 1};
    CHECK(person_batch_init(&d, NULL) == ERR_OK);
    for (uint64_t seed = 0; seed < 20; seed++) {
        person_batch_draw(&d, users, seed % 2 == 0 ? 5 : 3, seed, true, &b);
        size_t found = 0;
        for (size_t i = 0; i < b.n_touched; i++)
            for (size_t at = b.touched_start[i]; at < b.touched_start[i + 1]; at++) {
                size_t r = (size_t)b.touched_row[at];
                bool kept = false;
                CHECK(at == b.touched_start[i] || b.touched_row[at - 1] < b.touched_row[at]);
                for (size_t k = b.start[r]; k < b.start[r + 1]; k++)
                    kept = kept || b.kept[k] == b.touched[i];
                CHECK(kept);
                found++;
            }
        CHECK_INT(found, b.start[b.n]);
        for (size_t r = 0; r < b.n; r++)
            n_all += csr_row_count(&x, (size_t)users[r]);
        n_kept += found;
    }
    double share = (double)n_kept / (double)n_all; /* of some 500: deviation 0.02 */
    CHECK_MSG(share > 0.4 && share < 0.6, "%g", share);
    person_batch_free(&d);
    csr_free(&x);
}

/* Few people are seen often; at MovieLens-25M's size five times are some 5,000 steps. */
static void epochs_become_fewer(void)
{
    static const struct {
        uint32_t users;
        double epochs;
    } want[] = {{1, 200},    {943, 35},   {6502, 31},  {20000, 20},
                {32509, 20}, {65017, 11}, {162541, 5}, {1000000, 4}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        const struct csr x = {.n_rows = want[i].users};
        CHECK_NEAR(recvae_train_default_epochs(&x), want[i].epochs, 0);
    }
}

/* n values drawn evenly in ±most, whose root mean square is most/√3: within `off` of it. */
static void check_even(const float *drawn, size_t n, double most, double off)
{
    double square = 0, largest = 0;
    for (size_t i = 0; i < n; i++) {
        square += (double)drawn[i] * (double)drawn[i] / (double)n;
        largest = fmax(largest, fabs((double)drawn[i]));
    }
    CHECK_MSG(largest < 1.0001 * most && largest > (1 - off) * most, "%g of %g", largest, most);
    CHECK_MSG(fabs(sqrt(3 * square) / most - 1) < off, "%g of %g", sqrt(3 * square), most);
}

/* The authors' start: within 1/√inputs, biases too. The first epoch's steps are too small to be seen. */
static void weights_begin_as_the_authors_do(void)
{
    struct csr x = groups_draw(USERS, ITEMS);
    struct recvae_plan p = plan_of(1);
    struct recvae_layout l;
    double loss;
    size_t n;
    float *weights = room(&p, ITEMS, &n);
    p.rate = 1e-8;
    CHECK(recvae_layout(&l, ITEMS, HIDDEN, LATENT));
    CHECK(recvae_train(&x, &p, weights, &loss, NULL, NULL) == ERR_OK);
    const float *encoder = weights + RECVAE_HEADER, *decoder = encoder + l.n_scoring;
    check_even(encoder + l.w[0], (size_t)ITEMS * HIDDEN, 1 / sqrt(ITEMS), 0.1);
    check_even(encoder + l.b[0], HIDDEN, 1 / sqrt(ITEMS), 0.3);
    check_even(encoder + l.w[4], (size_t)HIDDEN * HIDDEN, 1 / sqrt(HIDDEN), 0.1);
    check_even(encoder + l.mu_w, (size_t)HIDDEN * LATENT, 1 / sqrt(HIDDEN), 0.15);
    check_even(encoder + l.mu_b, LATENT, 1 / sqrt(HIDDEN), 0.4);
    check_even(decoder, (size_t)ITEMS * LATENT, 1 / sqrt(LATENT), 0.15);
    check_even(decoder + l.decoder_b, ITEMS, 1 / sqrt(LATENT), 0.3);
    free(weights);
    csr_free(&x);
}

/* The paper's noise where there is much to learn. */
static void much_data_has_noise(void)
{
    CHECK_NEAR(defaults_of("recvae", "noise", 1682, 399999), 0.01, 0);
    CHECK_NEAR(defaults_of("recvae", "noise", 3706, 400000), 1, 0);
}

static void much_data_has_a_wide_network(void)
{
    static const struct {
        uint64_t likes;
        uint32_t films;
        double hidden, latent;
    } want[] = {{50000, 100, 100, 33},    {50000, 356, 178, 59},    {50000, 1182, 200, 197},
                {199999, 1682, 200, 200}, {200000, 1182, 591, 197}, {15000000, 49849, 600, 200}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        CHECK_NEAR(defaults_of("recvae", "hidden", want[i].films, want[i].likes), want[i].hidden, 0);
        CHECK_NEAR(defaults_of("recvae", "latent", want[i].films, want[i].likes), want[i].latent, 0);
    }
}

int main(void)
{
    CHECK(secret_init() == ERR_OK);
    int fd = mkstemp(path);
    CHECK(fd >= 0 && close(fd) == 0 && unlink(path) == 0);
    RUN(learns_groups);
    RUN(resumes_to_the_same_bytes);
    RUN(stops_when_asked);
    RUN(refuses_what_diverges);
    RUN(smallest_sizes);
    RUN(batches_are_consistent);
    RUN(weights_begin_as_the_authors_do);
    RUN(epochs_become_fewer);
    RUN(much_data_has_noise);
    RUN(much_data_has_a_wide_network);
    return check_done();
}
