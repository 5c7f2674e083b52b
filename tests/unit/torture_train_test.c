/* Training, evaluation and the content model while memory runs out, on a few people and films. */
#include <stdio.h>
#include <string.h>

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

/* Fewer rounds and smaller networks than people need, of whatever has such a setting. */
static const struct {
    const char *name;
    int value;
} least[] = {{"epochs", 2}, {"hidden", 16}, {"latent", 8}};
enum { LEAST = sizeof least / sizeof *least, ASSIGNMENT = 64 };

static bool has(const struct trainer *t, const char *setting)
{
    for (size_t i = 0; i < t->n_settings; i++)
        if (strcmp(t->settings[i].name, setting) == 0)
            return true;
    return false;
}

struct small {
    struct trainer_values values;
    char text[TRAINER_MAX_MEMBER_SETS][ASSIGNMENT]; /* which they borrow from */
    size_t n;
};

/* member: NULL for t's own settings. */
static void make_small(struct small *s, const struct trainer *t, const struct trainer *member)
{
    for (size_t i = 0; i < LEAST; i++) {
        if (!has(member != NULL ? member : t, least[i].name))
            continue;
        CHECK(s->n < TRAINER_MAX_MEMBER_SETS);
        char *text = s->text[s->n++];
        snprintf(text, ASSIGNMENT, "%s%s%s=%d", member != NULL ? member->name : "", member != NULL ? "." : "",
                 least[i].name, least[i].value);
        CHECK_MSG(trainer_set(t, &s->values, text, NULL) == ERR_OK, "%s: %s", t->name, text);
    }
}

struct training {
    const struct trainer *trainer;
    const struct trainer_values *values;
};

static enum err train(void *arg, struct torture_result *out, struct fail *why)
{
    const struct training *training = arg;
    struct trained m;
    const struct train_task task = {.x = &likes, .seed = 1};
    enum err rc = trainer_run(training->trainer, training->values, &task, &m, why);
    if (rc != ERR_OK)
        return rc;
    torture_says(out, &m.n_weights, sizeof m.n_weights);
    torture_says(out, m.strength, csr_count(&m.links) * sizeof(float));
    trained_free(&m);
    return ERR_OK;
}

static void every_trainer(void)
{
    size_t n;
    const struct trainer *const *all = trainers(&n);
    for (size_t i = 0; i < n; i++) {
        struct small small = {0};
        make_small(&small, all[i], NULL);
        for (size_t k = 0; k < all[i]->n_members; k++)
            make_small(&small, all[i], all[i]->members[k].trainer);
        CHECK(torture(all[i]->name, train, &(struct training){all[i], &small.values}));
    }
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
