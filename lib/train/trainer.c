#include "train/trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "model/model_file.h"
#include "num/dense.h"
#include "num/kernel.h"
#include "train/ensemble.h"
#include "train/item_cut.h"

const struct trainer *trainer_find(const char *name)
{
    size_t n;
    const struct trainer *rows = trainer_rows(&n);
    for (size_t i = 0; i < n; i++)
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
    if (ensemble_find(t->name) != NULL && len > 0 && memchr(assignment, '.', len) != NULL)
        return ensemble_set(ensemble_find(t->name), v, assignment, why);
    return fail_set(why, ERR_INVALID, "%s: %s has no such setting", assignment, t->name);
}

static enum err no_memory(const struct trained *out, struct fail *why)
{
    return fail_set(why, ERR_NOMEM, "out of memory: %s of %zu items needs %.1f GB", out->trainer->name,
                    out->n_items, (double)out->n_weights * sizeof(float) / 1e9);
}

enum err trained_alloc(struct trained *out, size_t n_factors, struct fail *why)
{
    if (!model_weight_count(out->trainer->name, out->n_items, n_factors, &out->n_weights))
        return fail_set(why, ERR_FAULT, "%s: not a kind of model file", out->trainer->name);
    out->n_factors = n_factors;
    if (out->n_weights != out->n_items * out->n_items)
        return trained_alloc_network(out, out->n_weights, why);
    out->weights = dense_square(out->n_items);
    return out->weights == NULL ? no_memory(out, why) : ERR_OK;
}

enum err trained_alloc_network(struct trained *out, size_t n, struct fail *why)
{
    out->n_weights = n;
    out->weights = aligned_alloc(64, ((n + 1) * sizeof(float) + 63) / 64 * 64);
    return out->weights == NULL ? no_memory(out, why) : ERR_OK;
}

static enum err check_numbers(const struct trained *m, struct fail *why)
{
    if (kernel_within(m->weights, m->n_weights, MODEL_LARGEST) &&
        kernel_within(m->strength, csr_count(&m->links), MODEL_LARGEST))
        return ERR_OK;
    return fail_set(why, ERR_DIVERGED, "%s: training left weights that are no numbers or beyond %g",
                    m->trainer->name, (double)MODEL_LARGEST);
}

enum err trainer_run(const struct trainer *t, const struct trainer_values *v, const struct train_task *task,
                     struct trained *out, struct fail *why)
{
    *out = (struct trained){.trainer = t, .n_items = task->x->n_cols};
    for (size_t i = 0; i < t->n_settings; i++)
        out->value[i] = v->given[i] ? v->value[i] : t->settings[i].fallback(task->x);
    struct train_task asked = *task;
    asked.values = v;
    double start = clock_monotonic();
    enum err rc = t->train(&asked, out, why);
    out->seconds = clock_monotonic() - start;
    if (rc == ERR_OK)
        rc = check_numbers(out, why);
    if (rc != ERR_OK)
        trained_free(out);
    return rc;
}

struct scorer trained_scorer(const struct trained *m)
{
    if (m->fusion != NULL)
        return (struct scorer){.n_items = m->n_items, .fusion = m->fusion};
    struct scorer s = {.weights = m->weights,
                       .n_items = m->n_items,
                       .n_factors = m->n_factors,
                       .links = m->links,
                       .strength = m->strength,
                       .users = m->users,
                       .n_users = m->n_users};
    (void)model_scorer_of(m->trainer->name, &s); /* trained_alloc refused kinds that are not known */
    return s;
}

void trained_free(struct trained *m)
{
    free(m->weights);
    csr_free(&m->links);
    free(m->strength);
    free(m->users);
    for (size_t i = 0; i < m->n_parts; i++)
        trained_free(&m->parts[i]);
    free(m->parts);
    if (m->cut != NULL)
        item_cut_free(m->cut);
    free(m->cut);
    free(m->fusion);
    *m = (struct trained){0};
}
