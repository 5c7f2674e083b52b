#include "web/form.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Decodes n bytes; NULL if an escape is broken or the result is no text. */
static const char *decode(struct arena *a, const char *s, size_t n, enum err *rc)
{
    char *out = arena_alloc(a, n + 1);
    if (out == NULL) {
        *rc = ERR_NOMEM;
        return NULL;
    }
    size_t len = 0;
    *rc = ERR_INVALID;
    for (size_t i = 0; i < n; i++) {
        /* a plus is a blank in forms and queries (WHATWG URL, 5.1) */
        char c = s[i] == '+' ? ' ' : s[i];
        if (c == '%') {
            int high = n - i < 3 ? -1 : hex(s[i + 1]), low = n - i < 3 ? -1 : hex(s[i + 2]);
            if (high < 0 || low < 0)
                return NULL;
            c = (char)(high * 16 + low);
            i += 2;
        }
        out[len++] = c;
    }
    if (!utf8_valid(out, len))
        return NULL;
    *rc = ERR_OK;
    return out;
}

static enum err add_pair(struct form *f, struct arena *a, const char *pair, size_t n, struct fail *why)
{
    const char *equals = memchr(pair, '=', n);
    size_t name_n = equals != NULL ? (size_t)(equals - pair) : n;
    size_t value_at = equals != NULL ? name_n + 1 : n;
    enum err rc;
    const char *name = decode(a, pair, name_n, &rc);
    const char *value = name != NULL ? decode(a, pair + value_at, n - value_at, &rc) : NULL;
    if (value == NULL)
        return fail_set(why, rc, "the query has a broken %%-escape or bytes that are not UTF-8");
    if (form_get(f, name) != NULL)
        return fail_set(why, ERR_INVALID, "the query has '%.40s' twice", name);
    if (f->n == FORM_MAX_PAIRS)
        return fail_set(why, ERR_INVALID, "the query has more than %d parameters", FORM_MAX_PAIRS);
    f->pairs[f->n].name = name;
    f->pairs[f->n++].value = value;
    return ERR_OK;
}

static enum err parse(struct form *f, struct arena *a, const char *text, bool link, struct fail *why)
{
    f->n = 0;
    for (const char *p = text; *p != '\0';) {
        size_t n = strcspn(p, "&");
        enum err rc = n > 0 ? add_pair(f, a, p, n, why) : ERR_OK;
        if (rc != ERR_OK && !(link && rc == ERR_INVALID))
            return rc;
        p += n + (p[n] == '&');
    }
    return ERR_OK;
}

enum err form_parse(struct form *f, struct arena *a, const char *text, struct fail *why)
{
    return parse(f, a, text, false, why);
}

enum err form_parse_link(struct form *f, struct arena *a, const char *text)
{
    return parse(f, a, text, true, NULL);
}

const char *form_get(const struct form *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->pairs[i].name, name) == 0)
            return f->pairs[i].value;
    return NULL;
}

bool form_whole(const char *s, int64_t least, int64_t most, int64_t *out)
{
    size_t sign = s[0] == '-';
    size_t digits = strspn(s + sign, "0123456789");
    /* 18 digits fit an int64_t whatever they are */
    if (digits == 0 || digits > 18 || s[sign + digits] != '\0')
        return false;
    int64_t n = strtoll(s, NULL, 10);
    if (n < least || n > most)
        return false;
    *out = n;
    return true;
}
