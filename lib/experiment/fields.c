#include "experiment/fields.h"

#include <string.h>

enum err fields_known(const struct fields *r, const char *const *names, size_t n)
{
    if (r->v->kind != JSON_MAP)
        return fail_set(r->why, ERR_INVALID, "%s: must be an object", r->where);
    for (size_t i = 0; i < r->v->n; i++) {
        size_t k = 0;
        while (k < n && strcmp(names[k], r->v->names[i]) != 0)
            k++;
        if (k == n)
            return fail_set(r->why, ERR_INVALID, "%s: there is no member \"%.40s\"", r->where,
                            r->v->names[i]);
    }
    return ERR_OK;
}

enum err fields_real(const struct fields *r, const char *name, double least, double most, double *out)
{
    const struct json_value *m = json_member(r->v, name);
    if (m == NULL)
        return ERR_OK;
    if ((m->kind != JSON_INT && m->kind != JSON_REAL) || !(m->real >= least && m->real <= most))
        return fail_set(r->why, ERR_INVALID, "%s.%s: must be a number from %g to %g", r->where, name, least,
                        most);
    *out = m->real;
    return ERR_OK;
}

enum err fields_whole(const struct fields *r, const char *name, int64_t least, int64_t most, int64_t *out)
{
    const struct json_value *m = json_member(r->v, name);
    if (m == NULL)
        return ERR_OK;
    if (m->kind != JSON_INT || m->integer < least || m->integer > most)
        return fail_set(r->why, ERR_INVALID, "%s.%s: must be a whole number from %lld to %lld", r->where,
                        name, (long long)least, (long long)most);
    *out = m->integer;
    return ERR_OK;
}
