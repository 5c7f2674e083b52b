#include "train/trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "model/model_file.h"
#include "num/dense.h"
#include "num/kernel.h"
#include "train/item_cut.h"

/* What stands behind the dot of "ease.lambda=400" if that is about this trainer, else NULL. */
static const char *setting_of(const struct trainer *t, const char *assignment)
{
    size_t n = t == NULL ? 0 : strlen(t->name);
    return n > 0 && strncmp(assignment, t->name, n) == 0 && assignment[n] == '.' ? assignment + n + 1 : NULL;
}

static enum err set_own(const struct trainer *t, struct trainer_values *v, size_t i, const char *assignment,
                        const char *number, struct fail *why)
{
    const struct trainer_setting *s = &t->settings[i];
    char *end;
    double x = strtod(number, &end);
    if (end == number || *end != '\0' || !(x >= s->least && x <= s->most))
        return fail_set(why, ERR_INVALID, "%s: %s must be a number from %g to %g", assignment, s->name,
                        s->least, s->most);
    v->value[i] = x;
    v->given[i] = true;
    return ERR_OK;
}

static enum err set_member(const struct trainer *t, struct trainer_values *v, const char *assignment,
                           struct fail *why)
{
    struct trainer_values unused = {0};
    for (size_t i = 0; i < 2 * t->n_members; i++) {
        const struct trainer_member *m = &t->members[i / 2];
        const struct trainer *member = i % 2 == 0 ? m->trainer : m->beyond;
        const char *setting = setting_of(member, assignment);
        if (setting == NULL)
            continue;
        enum err rc = trainer_set(member, &unused, setting, why);
        if (rc != ERR_OK)
            return rc;
        if (v->n_member == TRAINER_MAX_MEMBER_SETS)
            return fail_set(why, ERR_TOO_LARGE, "%s: more than %d settings", assignment,
                            TRAINER_MAX_MEMBER_SETS);
        v->member[v->n_member++] = assignment;
        return ERR_OK;
    }
    return fail_set(why, ERR_INVALID, "%s: no such member", assignment);
}

enum err trainer_set(const struct trainer *t, struct trainer_values *v, const char *assignment,
                     struct fail *why)
{
    const char *equals = strchr(assignment, '=');
    size_t len = equals == NULL ? 0 : (size_t)(equals - assignment);
    for (size_t i = 0; i < t->n_settings && equals != NULL; i++)
        if (strlen(t->settings[i].name) == len && memcmp(t->settings[i].name, assignment, len) == 0)
            return set_own(t, v, i, assignment, equals + 1, why);
    if (t->n_members > 0 && len > 0 && memchr(assignment, '.', len) != NULL)
        return set_member(t, v, assignment, why);
    return fail_set(why, ERR_INVALID, "%s: %s has no such setting", assignment, t->name);
}

enum err trainer_set_members(const struct trainer *member, struct trainer_values *out,
                             const struct trainer_values *ensemble, struct fail *why)
{
    enum err rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < ensemble->n_member; i++) {
        const char *setting = setting_of(member, ensemble->member[i]);
        if (setting != NULL)
            rc = trainer_set(member, out, setting, why);
    }
    return rc;
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

enum err trained_alloc_users(struct trained *out, size_t n_users, size_t n_factors, struct fail *why)
{
    out->users = malloc((n_users * n_factors + 1) * sizeof *out->users);
    out->n_users = n_users;
    if (out->users == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for the vectors of %zu users", n_users);
    return ERR_OK;
}

enum err trained_alloc_vectors(struct trained *out, size_t n_users, size_t n_factors, struct fail *why)
{
    enum err rc = trained_alloc(out, n_factors, why);
    return rc == ERR_OK ? trained_alloc_users(out, n_users, n_factors, why) : rc;
}

static enum err check_numbers(const struct trained *m, struct fail *why)
{
    if (kernel_within(m->weights, m->n_weights, MODEL_LARGEST) &&
        kernel_within(m->strength, csr_count(&m->links), MODEL_LARGEST))
        return ERR_OK;
    return fail_set(why, ERR_DIVERGED, "%s: training left weights that are not finite or exceed %g",
                    m->trainer->name, (double)MODEL_LARGEST);
}

/* The greatest weight has between half of 2^this steps and all of them. */
enum { WEIGHT_BITS = 15 };

static void round_to(float *w, size_t n)
{
    float most = 0, step;
    int exponent;
    for (size_t i = 0; i < n; i++)
        most = fmaxf(most, fabsf(w[i]));
    frexpf(most, &exponent);
    step = ldexpf(1, exponent - WEIGHT_BITS);
    for (size_t i = 0; most > 0 && i < n; i++)
        w[i] = rintf(w[i] / step) * step + 0.0F; /* no -0 */
}

/* Weights from item to item are kept in steps of 2^-15 of the greatest one: hardly a list changes by it, and a snapshot travels to other hosts in a third
 * of its size (docs/decisions/0105-a-snapshot-travels-in-pieces.md, release/pieces.h). */
static void round_weights(struct trained *out)
{
    size_t square = out->n_items * out->n_items;
    if (out->strength != NULL)
        round_to(out->strength, csr_count(&out->links));
    for (size_t i = 0; square > 0 && out->n_weights % square == 0 && i < out->n_weights; i += square)
        round_to(out->weights + i, square);
}

enum err trainer_run(const struct trainer *t, const struct trainer_values *v, const struct train_task *task,
                     struct trained *out, struct fail *why)
{
    *out = (struct trained){.trainer = t, .n_items = task->x->n_cols};
    for (size_t i = 0; i < t->n_settings; i++)
        out->value[i] = v->given[i] ? v->value[i] : t->settings[i].fallback(task->x);
    const struct trainer_epochs epochs = {.watch = task->watch, .out = out};
    struct train_task asked = *task;
    asked.values = v;
    asked.epochs = &epochs;
    double start = clock_monotonic();
    enum err rc = t->train(&asked, out, why);
    out->seconds = clock_monotonic() - start;
    if (rc == ERR_OK)
        rc = check_numbers(out, why);
    if (rc == ERR_OK)
        round_weights(out);
    else
        trained_free(out);
    return rc;
}

bool trainer_epochs_want(const struct trainer_epochs *e, uint64_t epoch, uint64_t epochs)
{
    return e != NULL && train_watch_wants(e->watch, epoch, epochs);
}

void trainer_epochs_tell(const struct trainer_epochs *e, uint64_t epoch, uint64_t epochs, double loss)
{
    if (e == NULL || e->watch == NULL)
        return;
    const struct scorer now = trained_scorer(e->out);
    train_watch_epoch(e->watch, e->out->trainer->name, &now, epoch, epochs, loss);
}

struct scorer trained_scorer(const struct trained *m)
{
    if (m->fusion != NULL)
        return fusion_scorer(m->fusion);
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
