/* Members of a JSON object that a person wrote, each refused by name: a sentence begins with the place, such as "taste.json: variants[1].share". */
#ifndef MVTI_EXPERIMENT_FIELDS_H
#define MVTI_EXPERIMENT_FIELDS_H

#include "base/err.h"
#include "json/json.h"

struct fields {
    const struct json_value *v;
    const char *where;
    struct fail *why;
};

/* ERR_INVALID: it is no object, or has a member that is none of names[n]: a misspelt one would be dropped without a word. */
MUST_USE enum err fields_known(const struct fields *r, const char *const *names, size_t n);
/* A number, or a whole one, from least to most. *out stays where the member is absent. ERR_INVALID. */
MUST_USE enum err fields_real(const struct fields *r, const char *name, double least, double most,
                              double *out);
MUST_USE enum err fields_whole(const struct fields *r, const char *name, int64_t least, int64_t most,
                               int64_t *out);

#endif
