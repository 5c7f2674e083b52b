/* Training, evaluation and the content model while memory runs out, on a few people and films. */
#include "base/secret.h"
#include "bts/bts.h"
#include "data/interactions.h"
#include "fixture/torture.h"
#include "tests/check.h"
#include "train/evaluate.h"
#include "train/trainers.h"

enum { USERS = 24, ITEMS = 17 };

static struct csr likes, held;

/* Whoever likes an item likes the ones beside it; one more is held out. */
static void make(void)
{
    uint64_t keys[USERS * ITEMS], out[USERS];
    size_t n = 0, n_out = 0;
    for (uint64_t u = 0; u < USERS; u++) {
        for (uint64_t i = 0; i < ITEMS; i++)
            if ((u * 5 + i * 3) % 7 < 3)
                keys[n++] = u << 32 | i;
            else if (n_out == u)
                out[n_out++] = u << 32 | i;
    }
    CHECK(csr_from_keys(&likes, keys, &n, USERS, ITEMS, NULL) == ERR_OK);
    CHECK(csr_from_keys(&held, out, &n_out, USERS, ITEMS, NULL) == ERR_OK);
}

struct model {
    const char *name, *settings[3]; /* fewer rounds and smaller networks than people need */
};

static enum err train(void *arg, struct torture_result *out, struct fail *why)
{
    const struct model *model = arg;
    const struct trainer *t = trainers_find(model->name);
    struct trained m;
    struct trainer_values v = {0};
    const struct train_task task = {.x = &likes, .seed = 1};
    enum err rc = ERR_OK;
    for (size_t i = 0; i < 3 && model->settings[i] != NULL && rc == ERR_OK; i++)
        rc = trainer_set(t, &v, model->settings[i], why);
    if (rc == ERR_OK)
        rc = trainer_run(t, &v, &task, &m, why);
    if (rc != ERR_OK)
        return rc;
    torture_says(out, &m.n_weights, sizeof m.n_weights);
    torture_says(out, m.strength, csr_count(&m.links) * sizeof(float));
    trained_free(&m);
    return ERR_OK;
}

static void every_trainer(void)
{
    static const struct model rows[] = {
        {"popularity", {NULL}},
        {"item-knn", {NULL}},
        {"ease", {NULL}},
        {"ease-sparse", {NULL}},
        {"admm-slim", {NULL}},
        {"slim-sparse", {NULL}},
        {"ials", {NULL}},
        {"bpr", {"epochs=2"}},
        {"cdae", {"epochs=2"}},
        {"lightgcn", {"epochs=2"}},
        {"recvae", {"epochs=1", "hidden=16", "latent=8"}},
        {"ader-fitted", {"recvae.epochs=1", "recvae.hidden=16", "recvae.latent=8"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(torture(rows[i].name, train, (void *)&rows[i]));
}

static enum err evaluate(void *arg, struct torture_result *out, struct fail *why)
{
    const struct trained *m = arg;
    static const int k[] = {1, 5};
    struct evaluate_result r;
    const struct evaluate_task task = {
        .scorer = trained_scorer(m), .history = &likes, .held = &held, .k = k, .n_cuts = 2};
    enum err rc = evaluate_run(&task, &r, NULL, why);
    if (rc == ERR_OK)
        torture_says(out, &r.metrics, sizeof r.metrics);
    return rc;
}

static void evaluation(void)
{
    struct trained m;
    struct trainer_values v = {0};
    const struct train_task task = {.x = &likes, .seed = 1};
    CHECK(trainer_run(trainers_find("ease"), &v, &task, &m, NULL) == ERR_OK);
    CHECK(torture("evaluate", evaluate, &m));
    trained_free(&m);
}

static enum err content(void *arg, struct torture_result *out, struct fail *why)
{
    (void)arg;
    static const struct bts_film films[] = {
        {1, 1990, {"Sea", ""}, {"a sailor and a storm", ""}, "sea|storm", "Drama"},
        {2, 1991, {"Storm", ""}, {"a storm at sea", "바다의 폭풍"}, "storm", "Drama|War"},
        {3, 2005, {"Field", ""}, {"a farmer in a field", "들판의 농부"}, "", "Comedy"},
        {4, 0, {"", ""}, {"", ""}, "", "Comedy"},
    };
    const struct bts_task task = {
        .films = films, .n = 4, .options = {.neighbours = 3, .mix = 0.5, .genres = 0.3, .era = 0.1}};
    struct csr links = {0};
    float *strength = NULL;
    enum err rc = bts_train(&task, &links, &strength, why);
    if (rc != ERR_OK)
        return rc;
    torture_says(out, strength, csr_count(&links) * sizeof *strength);
    csr_free(&links);
    free(strength);
    return ERR_OK;
}

static void content_model(void)
{
    CHECK(torture("bts", content, NULL));
}

int main(void)
{
    if (secret_init() != ERR_OK)
        return 1;
    make();
    RUN(every_trainer);
    RUN(evaluation);
    RUN(content_model);
    csr_free(&likes);
    csr_free(&held);
    return check_done();
}
