#include "train/inter_reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/map_file.h"

enum column { USER, ITEM, RATING, COLUMNS };
static const char *const column_names[COLUMNS] = {"user_id", "item_id", "rating"};

struct reader {
    const char *at, *end; /* of the file */
    const char *name;
    size_t line;         /* from 1 */
    int column[COLUMNS]; /* which field, −1 for none */
    int n_fields;
    double threshold;
};

struct field {
    const char *text; /* [n], no NUL behind it */
    size_t n;
};

/* The line's next field; *at_end when it is the last one. */
static struct field next_field(struct reader *r, bool *at_end)
{
    struct field f = {.text = r->at};
    while (r->at < r->end && *r->at != '\t' && *r->at != '\n')
        r->at++;
    f.n = (size_t)(r->at - f.text);
    *at_end = r->at >= r->end || *r->at == '\n';
    if (*at_end && f.n > 0 && f.text[f.n - 1] == '\r')
        f.n--;
    if (!*at_end)
        r->at++;
    return f;
}

/* Over the ends of lines. False at the end of the file. */
static bool next_line(struct reader *r)
{
    for (; r->at < r->end && (*r->at == '\n' || (*r->at == '\r' && r->at + 1 < r->end && r->at[1] == '\n'));
         r->at++)
        r->line += *r->at == '\n';
    return r->at < r->end;
}

static enum err read_header(struct reader *r, struct fail *why)
{
    bool at_end = !next_line(r);
    for (int c = 0; c < COLUMNS; c++)
        r->column[c] = -1;
    while (!at_end) {
        struct field f = next_field(r, &at_end);
        const char *colon = memchr(f.text, ':', f.n);
        size_t n = colon != NULL ? (size_t)(colon - f.text) : f.n;
        for (int c = 0; c < COLUMNS; c++)
            if (strlen(column_names[c]) == n && memcmp(column_names[c], f.text, n) == 0 && r->column[c] < 0)
                r->column[c] = r->n_fields;
        r->n_fields++;
    }
    if (r->column[USER] < 0 || r->column[ITEM] < 0)
        return fail_set(why, ERR_INVALID,
                        "%s:%zu: the first line must name user_id:token and item_id:token, by tabs", r->name,
                        r->line);
    return ERR_OK;
}

static enum err read_id(const struct reader *r, struct field f, enum column c, uint64_t most, uint64_t *id,
                        struct fail *why)
{
    uint64_t n = 0;
    size_t i = 0;
    for (; i < f.n && f.text[i] >= '0' && f.text[i] <= '9' && n <= most; i++)
        n = n * 10 + (uint64_t)(f.text[i] - '0');
    if (f.n == 0 || i < f.n || n > most)
        return fail_set(why, ERR_INVALID, "%s:%zu: %s is not a number from 0 to %llu", r->name, r->line,
                        column_names[c], (unsigned long long)most);
    *id = n;
    return ERR_OK;
}

static enum err read_rating(const struct reader *r, struct field f, double *rating, struct fail *why)
{
    char copy[32], *end = copy;
    if (f.n > 0 && f.n < sizeof copy) {
        memcpy(copy, f.text, f.n);
        copy[f.n] = '\0';
        *rating = strtod(copy, &end);
    }
    if (end == copy || end != copy + f.n || !(*rating >= -1e9 && *rating <= 1e9))
        return fail_set(why, ERR_INVALID, "%s:%zu: rating is not a number", r->name, r->line);
    return ERR_OK;
}

static enum err read_row(struct reader *r, struct interactions *out, struct fail *why)
{
    struct field found[COLUMNS] = {0};
    uint64_t user = 0, item = 0;
    double rating = 0;
    bool at_end = false;
    int n = 0;
    for (; !at_end; n++) {
        struct field f = next_field(r, &at_end);
        for (int c = 0; c < COLUMNS; c++)
            if (r->column[c] == n)
                found[c] = f;
    }
    if (n != r->n_fields)
        return fail_set(why, ERR_INVALID, "%s:%zu: %d fields, the first line has %d", r->name, r->line, n,
                        r->n_fields);
    enum err rc = read_id(r, found[USER], USER, UINT32_MAX, &user, why);
    if (rc == ERR_OK)
        rc = read_id(r, found[ITEM], ITEM, INT32_MAX, &item, why);
    if (rc == ERR_OK && r->column[RATING] >= 0)
        rc = read_rating(r, found[RATING], &rating, why);
    if (rc != ERR_OK || (r->column[RATING] >= 0 && rating < r->threshold))
        return rc;
    return interactions_add(out, (uint32_t)user, (int32_t)item)
               ? ERR_OK
               : fail_set(why, ERR_NOMEM, "%s: out of memory", r->name);
}

enum err inter_parse(struct interactions *out, const char *text, size_t n, const char *name, double threshold,
                     struct fail *why)
{
    bool mark = n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;
    struct reader r = {
        .at = mark ? text + 3 : text, .end = text + n, .name = name, .line = 1, .threshold = threshold};
    enum err rc = read_header(&r, why);
    while (rc == ERR_OK && next_line(&r))
        rc = read_row(&r, out, why);
    return rc;
}

enum err inter_read(struct interactions *out, const char *path, double threshold, struct fail *why)
{
    struct map_file file;
    enum err rc = map_file_open(&file, path, why);
    if (rc == ERR_OK)
        rc = inter_parse(out, (const char *)file.data, file.size, path, threshold, why);
    map_file_close(&file);
    return rc;
}
