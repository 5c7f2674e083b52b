/* train/train_watch: what a training says on the way changes nothing of its result, and the last epoch's figures are
 * those of the finished model. */
#include "train/train_watch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "data/split.h"
#include "tests/check.h"
#include "train/trainers.h"

enum { PEOPLE = 120, ITEMS = 40 };

static struct csr likes(void)
{
    uint64_t *keys = malloc(PEOPLE * ITEMS * sizeof *keys);
    size_t n = 0;
    struct rng r;
    struct csr x;
    rng_seed(&r, 9);
    for (size_t u = 0; u < PEOPLE; u++)
        for (size_t j = 0; j < ITEMS; j++)
            if (rng_unit(&r) < (u % 4 == j % 4 ? 0.5 : 0.05))
                keys[n++] = (uint64_t)u << 32 | j;
    CHECK(csr_from_keys(&x, keys, &n, PEOPLE, ITEMS, NULL) == ERR_OK);
    free(keys);
    return x;
}

struct heard {
    size_t losses, figures;
    uint64_t last;
    double ndcg; /* the last one */
    const char *model;
};

static void hear(void *arg, const char *model, const char *name, uint64_t epoch, double value)
{
    struct heard *h = arg;
    CHECK(h->model == NULL || strcmp(h->model, model) == 0);
    h->model = model;
    CHECK(isfinite(value) && epoch >= h->last);
    h->last = epoch;
    if (strcmp(name, "loss") == 0)
        h->losses++;
    else if (strcmp(name, "ndcg@10") == 0) {
        h->figures++;
        h->ndcg = value;
    }
}

static const int cut = 10;

static struct evaluate_task task_of(const struct split *s)
{
    return (struct evaluate_task){.history = &s->train, .held = &s->held, .k = &cut, .n_cuts = 1};
}

static void compare(const struct trainer *t, const struct split *s, const char *epochs, bool has_loss)
{
    struct trainer_values v = {0};
    struct heard heard = {0};
    const struct evaluate_task measure = task_of(s);
    const struct train_watch watch = {.arg = &heard, .figure = hear, .measure = &measure};
    struct train_task task = {.x = &s->train, .seed = 5};
    struct trained plain, watched;
    struct evaluate_result r;
    CHECK(trainer_set(t, &v, epochs, NULL) == ERR_OK);
    CHECK(trainer_run(t, &v, &task, &plain, NULL) == ERR_OK);
    task.watch = &watch;
    CHECK(trainer_run(t, &v, &task, &watched, NULL) == ERR_OK);
    CHECK(plain.n_weights == watched.n_weights &&
          memcmp(plain.weights, watched.weights, plain.n_weights * sizeof *plain.weights) == 0);
    struct evaluate_task last = measure;
    last.scorer = trained_scorer(&watched);
    CHECK(evaluate_run(&last, &r, NULL, NULL) == ERR_OK);
    CHECK_INT(heard.figures, TRAIN_WATCH_MEASURED);
    CHECK_INT(heard.losses, has_loss ? 30 : 0);
    CHECK_INT(heard.last, 30);
    CHECK_STR(heard.model, t->name);
    CHECK(heard.ndcg == metric_mean(&r.metrics, 0, METRIC_NDCG));
    trained_free(&plain);
    trained_free(&watched);
}

static void watching_changes_nothing(void)
{
    struct csr x = likes();
    struct split s;
    CHECK(split_by_user(&s, &x, 0.3, 1, NULL) == ERR_OK);
    compare(trainers_find("cdae"), &s, "epochs=30", true);
    compare(trainers_find("recvae"), &s, "epochs=30", true);
    compare(trainers_find("lightgcn"), &s, "epochs=30", true);
    compare(trainers_find("lightgcn++"), &s, "epochs=30", true);
    compare(trainers_find("bpr"), &s, "epochs=30", false);
    compare(trainers_find("ials"), &s, "iterations=30", false);
    split_free(&s);
    csr_free(&x);
}

static void figures_are_few_however_long_it_takes(void)
{
    struct heard heard = {0};
    const struct train_watch watch = {.arg = &heard, .figure = hear};
    size_t wanted = 0;
    struct evaluate_task any = {0};
    const struct train_watch measuring = {.measure = &any};
    for (uint64_t e = 1; e <= 100000; e++) {
        train_watch_epoch(&watch, "m", NULL, e, 100000, 1);
        wanted += train_watch_wants(&measuring, e, 100000);
    }
    CHECK_INT(heard.losses, TRAIN_WATCH_LOSSES);
    CHECK_INT(heard.last, 100000);
    CHECK_INT(wanted, TRAIN_WATCH_MEASURED);
    CHECK(!train_watch_wants(NULL, 1, 1) && !train_watch_wants(&watch, 1, 1));
    train_watch_epoch(NULL, "m", NULL, 1, 1, 1);
}

int main(void)
{
    RUN(watching_changes_nothing);
    RUN(figures_are_few_however_long_it_takes);
    return check_done();
}
