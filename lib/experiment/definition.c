#include "experiment/definition.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/day.h"
#include "experiment/fields.h"

static const char *const goals[] = {"engage", "like", "click", "watch", "share", "up"};
static const char *const kinds[DEFINITION_KINDS] = {"split", "bandit"};

const char *definition_kind_name(enum definition_kind kind)
{
    return kinds[kind];
}

/* *out stays where the member is absent. */
static enum err read_name(const struct fields *r, const char *name, size_t most, const char **out)
{
    const struct json_value *m = json_member(r->v, name);
    if (m == NULL)
        return *out != NULL ? ERR_OK : fail_set(r->why, ERR_INVALID, "%s.%s: is missing", r->where, name);
    if (m->kind != JSON_TEXT || !variant_name_valid(m->text, "-", most))
        return fail_set(r->why, ERR_INVALID, "%s.%s: must be 1 to %zu lower-case letters, digits and hyphens",
                        r->where, name, most);
    *out = m->text;
    return ERR_OK;
}

/* One of some words; *out: which. */
static enum err read_word(const struct fields *r, const char *name, const char *const *words, size_t n,
                          size_t *out)
{
    char all[100] = "";
    const struct json_value *m = json_member(r->v, name);
    if (m == NULL)
        return ERR_OK;
    for (*out = 0; *out < n; ++*out) {
        if (m->kind == JSON_TEXT && strcmp(m->text, words[*out]) == 0)
            return ERR_OK;
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", *out > 0 ? ", " : "", words[*out]);
    }
    return fail_set(r->why, ERR_INVALID, "%s.%s: must be one of %s", r->where, name, all);
}

/* "Z", "+09:00"; in seconds. */
static bool read_offset(const char *s, int64_t *out)
{
    int hours, minutes, used = 0;
    *out = 0;
    if (strcmp(s, "Z") == 0)
        return true;
    if ((*s != '+' && *s != '-') || sscanf(s + 1, "%2d:%2d%n", &hours, &minutes, &used) != 2 || used != 5 ||
        s[6] != '\0')
        return false;
    *out = (*s == '-' ? -60 : 60) * (60 * hours + minutes);
    return hours >= 0 && hours <= 14 && minutes >= 0 && minutes < 60;
}

static bool read_moment(const char *text, int64_t *out)
{
    struct tm t = {0};
    int64_t offset = 0;
    const char *rest;
    if (!day_read(text, &rest, out))
        return false;
    if (*rest != '\0') {
        const char *time = rest;
        rest = strptime(time, "T%H:%M", &t);
        if (rest != NULL && *rest == ':')
            rest = strptime(time, "T%H:%M:%S", &t);
        if (rest == NULL || (rest - time != 6 && rest - time != 9) || t.tm_sec > 59 ||
            !read_offset(rest, &offset))
            return false;
    }
    *out += (t.tm_hour * 60 + t.tm_min) * 60 + t.tm_sec;
    bool later = *out > 0;
    *out -= offset;
    return later;
}

static enum err read_time(const struct fields *r, const char *name, int64_t *out)
{
    const struct json_value *m = json_member(r->v, name);
    if (m == NULL || m->kind == JSON_NULL)
        return ERR_OK;
    if (m->kind != JSON_TEXT || !read_moment(m->text, out))
        return fail_set(
            r->why, ERR_INVALID,
            "%s.%s: must be a time such as 2026-12-01T09:00:00+09:00, or a day such as 2026-12-01", r->where,
            name);
    return ERR_OK;
}

static enum err read_guard(const struct fields *r, struct definition *d)
{
    static const char *const names[] = {"like_drop", "down_rise", "alpha", "tests"};
    int64_t tests = d->guard_tests;
    enum err rc = fields_known(r, names, 4);
    if (rc == ERR_OK)
        rc = fields_real(r, "like_drop", 0, 1, &d->guard_like);
    if (rc == ERR_OK)
        rc = fields_real(r, "down_rise", 0, 1, &d->guard_down);
    if (rc == ERR_OK)
        rc = fields_real(r, "alpha", 0, 0.5, &d->guard_alpha);
    if (rc == ERR_OK)
        rc = fields_whole(r, "tests", 20, 1000000, &tests);
    d->guard_tests = (int)tests;
    return rc;
}

static enum err read_bandit(const struct fields *r, struct definition *d)
{
    static const char *const names[] = {"floor", "min_views"};
    int64_t views = d->min_views;
    enum err rc = fields_known(r, names, 2);
    if (rc == ERR_OK && d->kind != DEFINITION_BANDIT)
        rc = fail_set(r->why, ERR_INVALID, "%s: only an experiment of kind bandit has it", r->where);
    if (rc == ERR_OK)
        rc = fields_real(r, "floor", 0.01, 0.05, &d->floor);
    if (rc == ERR_OK)
        rc = fields_whole(r, "min_views", 1, 1000000, &views);
    d->min_views = (int)views;
    return rc;
}

static enum err read_variant(const struct fields *r, size_t i, struct definition *d)
{
    static const char *const names[] = {"name", "share", "settings"};
    struct definition_variant *v = &d->variants[i];
    char where[300];
    const struct json_value *settings = json_member(r->v, "settings");
    enum err rc = fields_known(r, names, 3);
    if (rc == ERR_OK)
        rc = read_name(r, "name", DEFINITION_NAME, &v->name);
    for (size_t k = 0; rc == ERR_OK && k < i; k++)
        if (strcmp(d->variants[k].name, v->name) == 0)
            rc = fail_set(r->why, ERR_INVALID, "%s.name: variants[%zu] has that name already", r->where, k);
    if (rc == ERR_OK && json_member(r->v, "share") == NULL)
        rc = fail_set(r->why, ERR_INVALID, "%s.share: is missing", r->where);
    if (rc == ERR_OK)
        rc = fields_real(r, "share", 0.001, 1e6, &v->share);
    if (rc != ERR_OK || settings == NULL)
        return rc;
    snprintf(where, sizeof where, "%.200s.settings", r->where);
    rc = variant_read(settings, where, &v->settings, &v->words, r->why);
    if (rc == ERR_OK && i == 0 && v->settings.parts != 0)
        rc = fail_set(r->why, ERR_INVALID, "%s: the first variant is the control, which is the site as it is",
                      where);
    return rc;
}

/* What each variant is made of, against what its kind allows. */
static enum err check_variants(const struct fields *r, const struct definition *d)
{
    for (size_t i = 1; i < d->n; i++) {
        uint32_t parts = d->variants[i].settings.parts;
        if (parts == 0 && i > 1)
            return fail_set(r->why, ERR_INVALID,
                            "%s.variants[%zu].settings: nothing is set, as in the control", r->where, i);
        if (d->kind == DEFINITION_BANDIT && (parts & ~(unsigned)VARIANT_RESULT) != 0)
            return fail_set(r->why, ERR_INVALID,
                            "%s.variants[%zu].settings: a bandit draws anew for each test, so it takes "
                            "match, rankers, diversity and explore "
                            "only",
                            r->where, i);
    }
    return ERR_OK;
}

static enum err read_variants(const struct fields *r, struct definition *d)
{
    double sum = 0;
    const struct json_value *list = json_member(r->v, "variants");
    if (list == NULL || list->kind != JSON_LIST || list->n < 2 || list->n > DEFINITION_VARIANTS)
        return fail_set(r->why, ERR_INVALID, "%s.variants: must be a list of 2 to %d variants", r->where,
                        DEFINITION_VARIANTS);
    d->n = list->n;
    for (size_t i = 0; i < d->n; i++) {
        char where[300];
        snprintf(where, sizeof where, "%.200s.variants[%zu]", r->where, i);
        enum err rc = read_variant(&(struct fields){&list->items[i], where, r->why}, i, d);
        if (rc != ERR_OK)
            return rc;
        sum += d->variants[i].share;
    }
    for (size_t i = 0; i < d->n; i++)
        d->variants[i].share /= sum;
    return check_variants(r, d);
}

static enum err read_part(const struct fields *r, const char *name,
                          enum err (*read)(const struct fields *r, struct definition *d),
                          struct definition *d)
{
    char where[300];
    const struct json_value *m = json_member(r->v, name);
    if (m == NULL)
        return ERR_OK;
    snprintf(where, sizeof where, "%.200s.%s", r->where, name);
    return read(&(struct fields){m, where, r->why}, d);
}

static enum err read_head(const struct fields *r, struct definition *d)
{
    size_t kind = 0, goal = 0;
    double percent = 100;
    enum err rc = read_name(r, "name", DEFINITION_NAME, &d->name);
    if (rc == ERR_OK)
        rc = read_name(r, "layer", DEFINITION_NAME, &d->layer);
    d->salt = d->name;
    if (rc == ERR_OK)
        rc = read_name(r, "salt", DEFINITION_SALT, &d->salt);
    if (rc == ERR_OK)
        rc = read_word(r, "kind", kinds, DEFINITION_KINDS, &kind);
    if (rc == ERR_OK)
        rc = read_word(r, "goal", goals, sizeof goals / sizeof *goals, &goal);
    if (rc == ERR_OK)
        rc = fields_real(r, "traffic", 0.01, 100, &percent);
    if (rc != ERR_OK)
        return rc;
    d->kind = (enum definition_kind)kind;
    d->goal = goals[goal];
    d->traffic = percent / 100;
    return ERR_OK;
}

static enum err read_all(const struct fields *r, struct definition *d)
{
    static const char *const names[] = {"name",  "layer", "kind",  "goal",   "salt",    "traffic",
                                        "start", "end",   "guard", "bandit", "variants"};
    enum err rc = fields_known(r, names, sizeof names / sizeof *names);
    if (rc == ERR_OK)
        rc = read_head(r, d);
    if (rc == ERR_OK)
        rc = read_time(r, "start", &d->starts_at);
    if (rc == ERR_OK)
        rc = read_time(r, "end", &d->ends_at);
    if (rc == ERR_OK && d->ends_at != 0 && d->ends_at <= d->starts_at)
        rc = fail_set(r->why, ERR_INVALID, "%s.end: is not after its start", r->where);
    if (rc == ERR_OK)
        rc = read_part(r, "guard", read_guard, d);
    if (rc == ERR_OK)
        rc = read_part(r, "bandit", read_bandit, d);
    return rc == ERR_OK ? read_variants(r, d) : rc;
}

enum err definition_read(const char *bytes, size_t n, const char *file, struct arena *a,
                         struct definition *out, struct fail *why)
{
    char where[220];
    const struct json_value *v;
    struct fail inner = {0};
    *out = (struct definition){.guard_like = 0.2,
                               .guard_down = 0.05,
                               .guard_alpha = 0.01,
                               .guard_tests = 200,
                               .floor = 0.02,
                               .min_views = 200};
    if (n > DEFINITION_BYTES)
        return fail_set(why, ERR_TOO_LARGE, "%s: a definition has at most %d bytes", file, DEFINITION_BYTES);
    enum err rc = json_read(a, bytes, n, &v, &inner);
    if (rc != ERR_OK)
        return fail_set(why, rc, "%s: %s", file, inner.text);
    if (!json_names_once(bytes, n, v))
        return fail_set(why, ERR_INVALID, "%s: an object has a duplicate member", file);
    snprintf(where, sizeof where, "%.200s", file);
    return read_all(&(struct fields){v, where, why}, out);
}
