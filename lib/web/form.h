/* Query strings: application/x-www-form-urlencoded (WHATWG URL), decoded once, then read by name and type. */
#ifndef MVTI_WEB_FORM_H
#define MVTI_WEB_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum { FORM_MAX_PAIRS = 160 /* a page of a hundred chosen films, and a wall of more */ };

struct form {
    size_t n;
    struct {
        const char *name, *value; /* NUL-terminated valid UTF-8 without NUL inside */
    } pairs[FORM_MAX_PAIRS];
};

/* ERR_INVALID: a bad escape, bytes that are no UTF-8, a name twice, more than FORM_MAX_PAIRS: f has what stands before it. ERR_NOMEM. */
MUST_USE enum err form_parse(struct form *f, struct arena *a, const char *text, struct fail *why);
/* The same of a link, to which whoever passes it on can add: the first of a name counts, as for URLSearchParams.get, and
 * what is broken or behind FORM_MAX_PAIRS does not. ERR_NOMEM. */
MUST_USE enum err form_parse_link(struct form *f, struct arena *a, const char *text);
/* Value by name, NULL when absent. */
const char *form_get(const struct form *f, const char *name);
/* A whole number from least to most, plain digits with an optional minus. False if s is anything else. */
bool form_whole(const char *s, int64_t least, int64_t most, int64_t *out);

#endif
