#include "publish/publish_guard.h"

#include "json/json.h"

static const char *const metrics[] = {"ndcg@10", "recall@10", "hit@10"};

static enum err read_metrics(struct arena *a, const char *text, size_t n, const struct json_value **out,
                             struct fail *why)
{
    const struct json_value *v;
    enum err rc = json_read(a, text, n, &v, NULL);
    if (rc == ERR_NOMEM)
        return fail_set(why, rc, "out of memory");
    if (rc != ERR_OK || v->kind != JSON_MAP)
        return fail_set(why, ERR_CORRUPT, "a snapshot's description is no JSON map");
    *out = json_member(v, "metrics");
    return ERR_OK;
}

static const struct json_value *number(const struct json_value *map, const char *name)
{
    const struct json_value *v = map != NULL ? json_member(map, name) : NULL;
    return v != NULL && (v->kind == JSON_REAL || v->kind == JSON_INT) ? v : NULL;
}

/* Were both measured in one way? Ensembles are measured on people known by `given` films (train_ensemble.c),
 * other models on a part of everybody's likes: figures of the two say nothing of each other. */
static bool same_protocol(const struct json_value *old, const struct json_value *now)
{
    const struct json_value *was = number(old, "given"), *is = number(now, "given");
    return was == NULL || is == NULL ? was == is : was->real == is->real;
}

static enum err compare(const struct json_value *old, const struct json_value *now, double margin,
                        int *compared, struct fail *why)
{
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics && same_protocol(old, now); i++) {
        const struct json_value *was = number(old, metrics[i]), *is = number(now, metrics[i]);
        if (was == NULL || is == NULL)
            continue;
        ++*compared;
        if (is->real < was->real - margin)
            return fail_set(why, ERR_CONFLICT,
                            "not published: %s is %.4f, %.4f below the current %.4f, and the margin is %g; "
                            "see 'mvti runs', or publish anyway with --force or a larger --margin",
                            metrics[i], is->real, was->real - is->real, was->real, margin);
    }
    return ERR_OK;
}

enum err publish_guard(const char *old, size_t n_old, const char *now, size_t n_now, double margin,
                       int *compared, struct fail *why)
{
    struct arena a = {0};
    const struct json_value *was = NULL, *is = NULL;
    *compared = 0;
    enum err rc = old != NULL ? read_metrics(&a, old, n_old, &was, why) : ERR_OK;
    if (rc == ERR_OK)
        rc = read_metrics(&a, now, n_now, &is, why);
    if (rc == ERR_OK)
        rc = compare(was, is, margin, compared, why);
    arena_free(&a);
    return rc;
}
