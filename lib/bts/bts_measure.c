#include "bts/bts_measure.h"

#include <stdio.h>
#include <stdlib.h>

#include "train/cold.h"
#include "train/evaluate.h"

static const int cut = 10;
static const double HALF = 0.5;

static const struct {
    const char *name, *meaning;
} protocols[BTS_PROTOCOLS] = {
    [BTS_COLD] = {"cold", "cold-start films, ranked among themselves"},
    [BTS_AMONG] = {"among", "cold-start films, ranked among all films"},
    [BTS_HALF] = {"half", "half of each person's films given, ranked among all films"},
};

static enum err evaluate(const struct bts_measure *m, const struct csr *links, const float *strength,
                         const struct split *s, struct metric_sum *sum, struct fail *why)
{
    struct scorer scorer = {.n_items = m->films->n, .links = *links, .strength = strength};
    struct evaluate_result r = {0};
    if (!model_scorer_of("bts", &scorer))
        return fail_set(why, ERR_FAULT, "bts: not a kind of model file");
    const struct evaluate_task task = {
        .scorer = scorer, .history = &s->train, .held = &s->held, .k = &cut, .n_cuts = 1};
    enum err rc = evaluate_run(&task, &r, m->progress, why);
    *sum = r.metrics;
    return rc;
}

static enum err measure_cold(const struct bts_measure *m, const struct csr *x, struct bts_measured *out,
                             struct fail *why)
{
    struct cold cold;
    struct csr links = {0};
    float *strength = NULL;
    enum err rc = cold_split(&cold, x, m->share, m->seed, why);
    if (rc != ERR_OK)
        return rc;
    out->n_cold = cold.n_cold;
    rc = cold_links(&cold, m->links, m->strength, &links, &strength, why);
    if (rc == ERR_OK)
        rc = evaluate(m, &links, strength, &cold.split, &out->sum[BTS_COLD], why);
    if (rc == ERR_OK)
        rc = evaluate(m, m->links, m->strength, &cold.split, &out->sum[BTS_AMONG], why);
    csr_free(&links);
    free(strength);
    cold_free(&cold);
    return rc;
}

static enum err measure_half(const struct bts_measure *m, const struct csr *x, struct bts_measured *out,
                             struct fail *why)
{
    struct split s;
    enum err rc = split_by_user(&s, x, HALF, m->seed, why);
    if (rc != ERR_OK)
        return rc;
    rc = evaluate(m, m->links, m->strength, &s, &out->sum[BTS_HALF], why);
    split_free(&s);
    return rc;
}

enum err bts_measure(const struct bts_measure *m, const struct dataset *d, struct bts_measured *out,
                     struct fail *why)
{
    struct csr x;
    *out = (struct bts_measured){0};
    enum err rc = cold_project(&x, &d->x, d->item_ids, m->films->ids, m->films->n, why);
    if (rc == ERR_OK && csr_count(&x) > 0) {
        rc = measure_cold(m, &x, out, why);
        if (rc == ERR_OK)
            rc = measure_half(m, &x, out, why);
        out->done = rc == ERR_OK;
    }
    csr_free(&x);
    return rc;
}

size_t bts_measure_values(const struct bts_measured *m, struct model_value out[BTS_MEASURE_VALUES])
{
    size_t n = 0;
    for (int p = 0; p < BTS_PROTOCOLS && m->done; p++)
        for (int kind = 0; kind < METRIC_KINDS; kind++) {
            char name[MODEL_NAME];
            snprintf(name, sizeof name, "%s.%s@%d", protocols[p].name, metric_name((enum metric_kind)kind),
                     cut);
            model_value_set(&out[n++], name, metric_mean(&m->sum[p], 0, (enum metric_kind)kind));
        }
    if (m->done)
        model_value_set(&out[n++], "cold.films", (double)m->n_cold);
    return n;
}

const char *bts_measure_name(enum bts_protocol p)
{
    return protocols[p].name;
}

const char *bts_measure_meaning(enum bts_protocol p)
{
    return protocols[p].meaning;
}
