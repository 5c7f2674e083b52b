#include "experiment/choice.h"

#include <string.h>

static double weight_sum(const struct experiment_file *f, const struct experiment_record *e)
{
    double sum = 0;
    for (uint32_t i = 0; i < e->n; i++)
        sum += f->arms[e->first + i].weight;
    return sum;
}

static const struct choice_past *past_of(const struct choice_ask *ask, const struct experiment_record *e)
{
    for (size_t i = 0; i < ask->n_past; i++)
        if (ask->past[i].experiment == e->id && ask->past[i].position < e->n)
            return &ask->past[i];
    return NULL;
}

static void add(struct choice *out, const struct choice_ask *ask, const struct experiment_record *e,
                uint32_t position, bool counted)
{
    const struct experiment_arm *arm = &ask->file->arms[e->first + position];
    double sum = weight_sum(ask->file, e);
    if (out->n == CHOICE_MOST)
        return;
    out->made[out->n++] = (struct choice_made){.experiment = e,
                                               .arm = arm,
                                               .position = position,
                                               .propensity = counted && sum > 0 ? arm->weight / sum : 1,
                                               .counted = counted,
                                               .known = past_of(ask, e) != NULL};
    variant_add(&out->settings, &arm->settings);
}

static bool is_forced(const struct choice_ask *ask, uint32_t experiment, uint32_t *position)
{
    for (size_t i = 0; i < ask->forced->n; i++)
        if (ask->forced->pairs[i].experiment == experiment) {
            *position = ask->forced->pairs[i].position;
            return true;
        }
    return false;
}

static bool layer_taken(const struct choice *out, const struct experiment_record *e)
{
    for (size_t i = 0; i < out->n; i++)
        if (strcmp(out->made[i].experiment->layer, e->layer) == 0)
            return true;
    return false;
}

static bool is_open(const struct choice_ask *ask, uint32_t i)
{
    const struct experiment_record *e = &ask->file->experiments[i];
    return e->slots > 0 && e->starts_at <= ask->now && ask->now < e->ends_at && ask->usable[i];
}

/* The experiment of e's layer that the visitor was in before, if it still runs. */
static const struct experiment_record *earlier_of_layer(const struct choice_ask *ask,
                                                        const struct experiment_record *e)
{
    for (uint32_t i = 0; i < ask->file->n; i++) {
        const struct experiment_record *o = &ask->file->experiments[i];
        if (strcmp(o->layer, e->layer) == 0 && is_open(ask, i) && past_of(ask, o) != NULL)
            return o;
    }
    return NULL;
}

static bool takes_part(const struct choice_ask *ask, const struct experiment_record *e)
{
    const struct experiment_record *earlier = earlier_of_layer(ask, e);
    if (earlier != NULL)
        return earlier == e;
    uint32_t slot = assign_slot(ask->key, e->layer, ask->visitor);
    return slot >= e->slot_from && slot - e->slot_from < e->slots;
}

static uint32_t draw(const struct choice_ask *ask, const struct experiment_record *e)
{
    double weights[DEFINITION_VARIANTS];
    const struct choice_past *past = past_of(ask, e);
    if (e->kind == DEFINITION_SPLIT && past != NULL)
        return past->position;
    for (uint32_t i = 0; i < e->n; i++)
        weights[i] = ask->file->arms[e->first + i].weight;
    bool split = e->kind == DEFINITION_SPLIT;
    return (uint32_t)assign_variant(ask->key, e->salt, split ? (const void *)&ask->visitor : ask->seed,
                                    split ? sizeof ask->visitor : ask->n_seed, weights, e->n);
}

void choice_make(const struct choice_ask *ask, struct choice *out)
{
    *out = (struct choice){0};
    for (uint32_t i = 0; i < ask->file->n; i++) {
        const struct experiment_record *e = &ask->file->experiments[i];
        uint32_t position;
        if ((e->parts & ask->parts) != 0 && is_forced(ask, i, &position))
            add(out, ask, e, position, false);
    }
    for (uint32_t i = 0; ask->visitor != 0 && i < ask->file->n; i++) {
        const struct experiment_record *e = &ask->file->experiments[i];
        if ((e->parts & ask->parts) == 0 || !is_open(ask, i) || layer_taken(out, e) || !takes_part(ask, e))
            continue;
        uint32_t position = draw(ask, e);
        if (position < e->n && ask->file->arms[e->first + position].stopped == 0)
            add(out, ask, e, position, true);
    }
}

/* One NAME=VARIANT of n characters. */
static bool force_one(const struct experiment_file *f, const char *s, size_t n, struct choice_forced *out)
{
    const char *equals = memchr(s, '=', n);
    if (equals == NULL || out->n == CHOICE_MOST)
        return false;
    size_t n_name = (size_t)(equals - s), n_variant = n - n_name - 1;
    for (uint32_t i = 0; i < f->n; i++) {
        const struct experiment_record *e = &f->experiments[i];
        if (strlen(e->name) != n_name || memcmp(e->name, s, n_name) != 0)
            continue;
        for (uint32_t k = 0; k < e->n; k++) {
            const char *name = f->arms[e->first + k].name;
            if (strlen(name) == n_variant && memcmp(name, equals + 1, n_variant) == 0) {
                out->pairs[out->n].experiment = i;
                out->pairs[out->n++].position = k;
                return true;
            }
        }
    }
    return false;
}

enum err choice_force(const struct experiment_file *f, const char *text, struct choice_forced *out,
                      struct fail *why)
{
    *out = (struct choice_forced){0};
    for (const char *at = text; *at != '\0';) {
        size_t n = strcspn(at, ",");
        if (!force_one(f, at, n, out))
            return fail_set(why, ERR_INVALID,
                            "experiment_force: %.*s is not NAME=VARIANT of a draft or running experiment",
                            (int)(n < 100 ? n : 100), at);
        at += n + (at[n] == ',');
    }
    return ERR_OK;
}
