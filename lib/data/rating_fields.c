#include "data/rating_fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "data/rating_scale.h"

struct csv_field rating_field_trim(struct csv_field f)
{
    while (f.n > 0 && (f.text[f.n - 1] == ' ' || f.text[f.n - 1] == '\t' || f.text[f.n - 1] == '\r'))
        f.n--;
    for (; f.n > 0 && (*f.text == ' ' || *f.text == '\t'); f.text++)
        f.n--;
    return f;
}

static bool read_film(const struct csv_field *f, uint32_t *id)
{
    size_t first = 0, n = f->n;
    const char *point = memchr(f->text, '.', n);
    if (point != NULL) {
        size_t at = (size_t)(point - f->text);
        for (size_t i = at + 1; i < n; i++)
            if (f->text[i] != '0')
                return false;
        n = at;
    }
    while (first + 1 < n && f->text[first] == '0')
        first++;
    return token_is_number(f->text + first, n - first, id);
}

bool rating_field_id(const struct csv_field *f, struct token_ids *tokens, uint32_t *id, enum err *failed)
{
    if (tokens == NULL)
        return read_film(f, id);
    if (!token_valid(f->text, f->n))
        return false;
    if (!token_ids_number(tokens, f->text, f->n, id))
        *failed = ERR_NOMEM;
    return *failed == ERR_OK;
}

bool rating_field_value(const struct csv_field *f, int32_t *value)
{
    char copy[40], *end;
    if (f->n == 0 || f->n >= sizeof copy)
        return false;
    memcpy(copy, f->text, f->n);
    copy[f->n] = '\0';
    bool yes = strcasecmp(copy, "true") == 0;
    *value = yes ? RATING_ONE : 0;
    if (yes || strcasecmp(copy, "false") == 0)
        return true;
    if (strspn(copy, "+-0123456789.,eE") != f->n)
        return false;
    char *comma = strchr(copy, ',');
    if (comma != NULL && strchr(copy, '.') == NULL)
        *comma = '.';
    double x = strtod(copy, &end);
    if (end == copy || *end != '\0' || !(fabs(x) <= (double)RATING_MOST / RATING_ONE))
        return false;
    *value = (int32_t)floor(x * RATING_ONE + 1e-6); /* 1e-6: 0.29 × 10000 is a little below 2900 */
    return true;
}
