#include "experiment/lifecycle.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/saying.h"

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static const char *settings_text(const struct definition_variant *v, struct arena *a)
{
    struct buf b = {0};
    struct json_out w;
    json_out_start(&w, &b);
    variant_write(&w, &v->settings, &v->words);
    return arena_take(a, &b);
}

static enum err from_definition(const struct definition *d, struct arena *a, struct experiment *e,
                                struct fail *why)
{
    *e = (struct experiment){
        .name = d->name,
        .layer = d->layer,
        .salt = d->salt,
        .kind = definition_kind_name(d->kind),
        .goal = d->goal,
        .state = "draft",
        .traffic = d->traffic,
        .floor = d->floor,
        .min_views = d->min_views,
        .guard_like = d->guard_like,
        .guard_down = d->guard_down,
        .guard_alpha = d->guard_alpha,
        .guard_tests = d->guard_tests,
        .starts_at = d->starts_at,
        .ends_at = d->ends_at,
        .n = d->n,
    };
    for (size_t i = 0; i < d->n; i++) {
        const char *text = settings_text(&d->variants[i], a);
        if (text == NULL)
            return fail_set(why, ERR_NOMEM, "out of memory");
        e->variants[i] = (struct experiment_variant){
            .name = d->variants[i].name, .share = d->variants[i].share, .settings = text};
    }
    return ERR_OK;
}

/* What of a running experiment would be another one. */
static enum err check_change(const struct experiment *old, const struct experiment *e, struct fail *why)
{
    const char *what = !is(old->layer, e->layer)                ? "layer"
                       : !is(old->salt, e->salt)                ? "salt"
                       : !is(old->kind, e->kind)                ? "kind"
                       : fabs(old->traffic - e->traffic) > 1e-9 ? "traffic"
                       : old->starts_at != e->starts_at         ? "start"
                       : old->n != e->n                         ? "number of variants"
                                                                : NULL;
    for (size_t i = 0; what == NULL && i < e->n; i++)
        if (!is(old->variants[i].name, e->variants[i].name) ||
            !is(old->variants[i].settings, e->variants[i].settings))
            what = "variants' names and settings";
    return what == NULL
               ? ERR_OK
               : fail_set(
                     why, ERR_CONFLICT,
                     "%s runs, so its %s cannot change; stop it and apply the definition under another name",
                     e->name, what);
}

struct applying {
    struct experiment *e;
    struct arena *arena;
};

static enum err apply_work(struct db *db, void *arg, struct fail *why)
{
    const struct applying *w = arg;
    struct experiment old;
    enum err rc = experiment_lock(db, why);
    if (rc != ERR_OK)
        return rc;
    rc = experiment_find(db, w->e->name, w->arena, &old, why);
    if (rc != ERR_OK && rc != ERR_NOT_FOUND)
        return rc;
    w->e->id = old.id;
    if (rc == ERR_OK && is(old.state, "stopped"))
        return fail_set(why, ERR_CONFLICT, SAYING_NO_RETURN, old.name);
    if (rc == ERR_OK && is(old.state, "running") && (rc = check_change(&old, w->e, why)) != ERR_OK)
        return rc;
    if (rc == ERR_OK)
        w->e->state = old.state;
    return experiment_put(db, w->e, why);
}

enum err lifecycle_apply(struct db *db, const struct definition *d, struct arena *a, const char **state,
                         struct fail *why)
{
    struct experiment e;
    enum err rc = from_definition(d, a, &e, why);
    if (rc == ERR_OK)
        rc = db_transaction(db, apply_work, &(struct applying){&e, a}, why);
    *state = e.state;
    return rc;
}

enum err lifecycle_settings(const struct experiment *e, size_t variant, struct arena *a,
                            struct variant_settings *out, struct variant_words *words, struct fail *why)
{
    char where[120];
    struct fail inner = {0};
    const struct json_value *v;
    const char *text = e->variants[variant].settings;
    snprintf(where, sizeof where, "experiment %s, variant %s", e->name, e->variants[variant].name);
    enum err rc = json_read(a, text, strlen(text), &v, &inner);
    if (rc == ERR_OK)
        rc = variant_read(v, where, out, words, &inner);
    return rc == ERR_OK
               ? rc
               : fail_set(why, rc == ERR_INVALID ? ERR_CORRUPT : rc, "stored settings: %s", inner.text);
}

static enum err parts_of(const struct experiment *e, struct arena *a, uint32_t *parts, struct fail *why)
{
    struct variant_settings s = {0};
    struct variant_words words;
    enum err rc = ERR_OK;
    *parts = 0;
    for (size_t i = 0; rc == ERR_OK && i < e->n; i++) {
        rc = lifecycle_settings(e, i, a, &s, &words, why);
        *parts |= s.parts;
    }
    return rc;
}

static enum err check_others(const struct experiment *e, const struct experiment *others, size_t n,
                             int64_t now, struct arena *a, struct fail *why)
{
    uint32_t mine, theirs;
    enum err rc = parts_of(e, a, &mine, why);
    for (size_t i = 0; rc == ERR_OK && i < n; i++) {
        const struct experiment *o = &others[i];
        if (is(o->layer, e->layer) || (o->ends_at != 0 && o->ends_at <= now))
            continue;
        rc = parts_of(o, a, &theirs, why);
        uint32_t both = mine & theirs;
        if (rc == ERR_OK && both != 0)
            return fail_set(
                why, ERR_CONFLICT,
                "%s in layer %s sets %s too, so visitors could be given both; put %s into layer %s, or "
                "stop the other",
                o->name, o->layer, variant_part_name((enum variant_part)(both & -both)), e->name, o->layer);
    }
    return rc;
}

/* The first gap of the layer that holds `wanted` slots. *largest: of all gaps. −1: none does. */
static int64_t find_slots(const struct experiment *e, const struct experiment *others, size_t n, int64_t now,
                          int64_t wanted, int64_t *largest)
{
    bool taken[EXPERIMENT_SLOTS] = {false};
    int64_t gap = 0;
    *largest = 0;
    for (size_t i = 0; i < n; i++)
        if (is(others[i].layer, e->layer) && (others[i].ends_at == 0 || others[i].ends_at > now))
            for (int64_t s = 0; s < others[i].slots; s++)
                taken[(others[i].slot_from + s) % EXPERIMENT_SLOTS] = true;
    for (int64_t s = 0; s < EXPERIMENT_SLOTS; s++) {
        gap = taken[s] ? 0 : gap + 1;
        *largest = gap > *largest ? gap : *largest;
        if (gap == wanted)
            return s + 1 - wanted;
    }
    return -1;
}

struct starting {
    const char *name;
    int64_t now;
    struct arena *arena;
};

static enum err start_work(struct db *db, void *arg, struct fail *why)
{
    const struct starting *w = arg;
    struct experiment e, *others;
    size_t n;
    enum err rc = experiment_lock(db, why);
    if (rc == ERR_OK)
        rc = experiment_find(db, w->name, w->arena, &e, why);
    if (rc == ERR_OK)
        rc = experiment_list(db, true, w->arena, &others, &n, why);
    if (rc != ERR_OK)
        return rc;
    if (is(e.state, "running"))
        return fail_set(why, ERR_CONFLICT, SAYING_RUNS_ALREADY, e.name);
    if (!is(e.state, "draft"))
        return fail_set(why, ERR_CONFLICT, SAYING_NO_RETURN, e.name);
    if (e.ends_at != 0 && e.ends_at <= w->now)
        return fail_set(why, ERR_CONFLICT, SAYING_END_PASSED, e.name);
    rc = check_others(&e, others, n, w->now, w->arena, why);
    if (rc != ERR_OK)
        return rc;
    int64_t largest, wanted = (int64_t)lround(e.traffic * EXPERIMENT_SLOTS);
    int64_t from = find_slots(&e, others, n, w->now, wanted, &largest);
    if (from < 0)
        return fail_set(why, ERR_CONFLICT, SAYING_NO_ROOM, e.name, 100 * e.traffic, e.layer,
                        100 * (double)largest / EXPERIMENT_SLOTS);
    return experiment_run(db, &e, from, wanted, why);
}

enum err lifecycle_start(struct db *db, const char *name, int64_t now, struct arena *a, struct fail *why)
{
    return db_transaction(db, start_work, &(struct starting){name, now, a}, why);
}

enum err lifecycle_stop(struct db *db, const char *name, const char *reason, struct arena *a,
                        struct fail *why)
{
    struct experiment e;
    enum err rc = experiment_find(db, name, a, &e, why);
    if (rc == ERR_OK && is(e.state, "stopped"))
        rc = fail_set(why, ERR_CONFLICT, SAYING_STOPPED_ALREADY, name, e.stop_reason);
    return rc == ERR_OK ? experiment_stop(db, e.id, reason != NULL ? reason : SAYING_STOPPED_BY_HAND, why)
                        : rc;
}
