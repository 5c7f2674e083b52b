#include "train/trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "model/ease.h"
#include "model/model_file.h"
#include "model/popularity.h"
#include "num/dense.h"
#include "train/ease_train.h"
#include "train/popularity_train.h"

static enum err run_ease(const struct csr *x, const double *values, uint64_t seed, float *weights,
                         const struct progress *progress, struct fail *why)
{
    (void)seed; /* a closed form: nothing is drawn */
    return ease_train(x, values[0], weights, NULL, progress, why);
}

static enum err run_popularity(const struct csr *x, const double *values, uint64_t seed, float *weights,
                               const struct progress *progress, struct fail *why)
{
    (void)values;
    (void)seed;
    (void)progress;
    (void)why;
    popularity_train(x, weights);
    return ERR_OK;
}

static const struct trainer_setting ease_settings[] = {
    {"lambda", 1e-3, 1e6, ease_default_lambda,
     "L2 regularisation; default 4 x users per item, within 100 and 500"},
};

static const struct trainer rows[] = {
    {"ease", "item-item weights in closed form (Steck 2019)", ease_settings, 1, run_ease, ease_score},
    {"popularity", "the most liked for everyone: the baseline", NULL, 0, run_popularity, popularity_score},
};

const struct trainer *trainer_rows(size_t *n)
{
    *n = sizeof rows / sizeof *rows;
    return rows;
}

const struct trainer *trainer_find(const char *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

enum err trainer_set(const struct trainer *t, struct trainer_values *v, const char *assignment,
                     struct fail *why)
{
    const char *equals = strchr(assignment, '=');
    size_t len = equals == NULL ? 0 : (size_t)(equals - assignment);
    for (size_t i = 0; i < t->n_settings && equals != NULL; i++) {
        const struct trainer_setting *s = &t->settings[i];
        if (strlen(s->name) != len || memcmp(s->name, assignment, len) != 0)
            continue;
        char *end;
        double x = strtod(equals + 1, &end);
        if (end == equals + 1 || *end != '\0' || !(x >= s->least && x <= s->most))
            return fail_set(why, ERR_INVALID, "%s: %s must be a number from %g to %g", assignment, s->name,
                            s->least, s->most);
        v->value[i] = x;
        v->given[i] = true;
        return ERR_OK;
    }
    return fail_set(why, ERR_INVALID, "%s: %s has no such setting", assignment, t->name);
}

static enum err allocate(struct trained *m, struct fail *why)
{
    if (!model_weight_count(m->trainer->name, m->n_items, &m->n_weights))
        return fail_set(why, ERR_FAULT, "%s: not a kind of model file", m->trainer->name);
    size_t n = m->n_weights;
    if (n == m->n_items)
        m->weights = malloc((n + 1) * sizeof(float));
    else
        m->weights = dense_square(m->n_items);
    if (m->weights == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory: %s of %zu items needs %.1f GB", m->trainer->name,
                        m->n_items, (double)n * sizeof(float) / 1e9);
    return ERR_OK;
}

enum err trainer_run(const struct trainer *t, const struct trainer_values *v, const struct csr *x,
                     uint64_t seed, const struct progress *progress, struct trained *out, struct fail *why)
{
    *out = (struct trained){.trainer = t, .n_items = x->n_cols};
    for (size_t i = 0; i < t->n_settings; i++)
        out->value[i] = v->given[i] ? v->value[i] : t->settings[i].fallback(x);
    enum err rc = allocate(out, why);
    double start = clock_monotonic();
    if (rc == ERR_OK)
        rc = t->train(x, out->value, seed, out->weights, progress, why);
    out->seconds = clock_monotonic() - start;
    if (rc != ERR_OK)
        trained_free(out);
    return rc;
}

struct scorer trained_scorer(const struct trained *m)
{
    return (struct scorer){.score = m->trainer->score, .weights = m->weights, .n_items = m->n_items};
}

void trained_free(struct trained *m)
{
    free(m->weights);
    *m = (struct trained){0};
}
