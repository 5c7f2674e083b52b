/* Reading JSON (RFC 8259) from strangers: json-c does the syntax, this turns its tree into one in the
 * caller's arena, so that a page frees nothing and never sees a type it did not ask for. Duplicate names: the
 * last one counts, unless the caller asks json_names_once, as all do that read what visitors and providers
 * send. */
#ifndef MVTI_JSON_JSON_H
#define MVTI_JSON_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum { JSON_MAX_DEPTH = 12, JSON_MAX_VALUES = 20000 };

enum json_kind { JSON_NULL, JSON_BOOL, JSON_INT, JSON_REAL, JSON_TEXT, JSON_LIST, JSON_MAP };

struct json_value {
    enum json_kind kind;
    bool truth;                     /* JSON_BOOL */
    int64_t integer;                /* JSON_INT; out of 64 bits becomes JSON_REAL */
    double real;                    /* JSON_REAL, JSON_INT */
    const char *text;               /* JSON_TEXT: NUL-terminated valid UTF-8 without NUL inside */
    size_t n;                       /* bytes of text; items of a list; members of a map */
    const struct json_value *items; /* [n] JSON_LIST, JSON_MAP */
    const char *const *names;       /* [n] JSON_MAP */
};

/* Parses exactly one value of n bytes, blanks around it allowed. ERR_INVALID with a sentence: not UTF-8, not
 * JSON, deeper than JSON_MAX_DEPTH, more than JSON_MAX_VALUES values; ERR_NOMEM. */
MUST_USE enum err json_read(struct arena *a, const char *bytes, size_t n, const struct json_value **out,
                            struct fail *why);
/* True unless an object in it has a name twice; v is what json_read made of these bytes. */
bool json_names_once(const char *bytes, size_t n, const struct json_value *v);
/* Member of a map; NULL if v is no map or has no such member. */
const struct json_value *json_member(const struct json_value *v, const char *name);
/* The text of a member; NULL if there is none or it is no text. */
const char *json_text(const struct json_value *v, const char *name);

#endif
