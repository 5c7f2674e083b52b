#include "train/lists_reader.h"

#include <string.h>

#include "base/map_file.h"

struct cursor {
    const char *at, *end; /* of the file */
    const char *name;
    size_t line; /* from 1 */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Skips blanks, and one comma where a pair allows it. */
static void skip_separator(struct cursor *c, bool comma)
{
    while (c->at < c->end && is_blank(*c->at))
        c->at++;
    if (comma && c->at < c->end && *c->at == ',') {
        c->at++;
        skip_separator(c, false);
    }
}

static bool at_line_end(const struct cursor *c)
{
    return c->at >= c->end || *c->at == '\n';
}

static enum err read_id(struct cursor *c, uint64_t most, uint64_t *id, struct fail *why)
{
    const char *start = c->at;
    uint64_t n = 0;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9' && n <= most)
        n = n * 10 + (uint64_t)(*c->at++ - '0');
    bool ended = at_line_end(c) || is_blank(*c->at) || *c->at == ',';
    if (c->at == start || !ended)
        return fail_set(why, ERR_INVALID, "%s:%zu: a number was expected", c->name, c->line);
    if (n > most)
        return fail_set(why, ERR_INVALID, "%s:%zu: an id above %llu", c->name, c->line,
                        (unsigned long long)most);
    *id = n;
    return ERR_OK;
}

static enum err read_item(struct cursor *c, struct interactions *out, uint64_t user, struct fail *why)
{
    uint64_t item;
    enum err rc = read_id(c, INT32_MAX, &item, why);
    if (rc == ERR_OK && !interactions_add(out, (uint32_t)user, (int32_t)item))
        rc = fail_set(why, ERR_NOMEM, "%s: out of memory", c->name);
    return rc;
}

static enum err read_line(struct cursor *c, struct interactions *out, enum lists_shape shape,
                          struct fail *why)
{
    uint64_t user;
    skip_separator(c, false);
    if (at_line_end(c))
        return ERR_OK;
    enum err rc = read_id(c, UINT32_MAX, &user, why);
    skip_separator(c, shape == LISTS_PAIRS);
    if (rc == ERR_OK && shape == LISTS_PAIRS) {
        rc = read_item(c, out, user, why);
        skip_separator(c, false);
        if (rc == ERR_OK && !at_line_end(c))
            rc = fail_set(why, ERR_INVALID, "%s:%zu: more than a user and an item", c->name, c->line);
    }
    while (rc == ERR_OK && !at_line_end(c)) {
        rc = read_item(c, out, user, why);
        skip_separator(c, false);
    }
    return rc;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

enum err lists_parse(struct interactions *out, const char *text, size_t n, const char *name,
                     enum lists_shape shape, struct fail *why)
{
    struct cursor c = {.at = text, .end = text + n, .name = name, .line = 1};
    if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        c.at += 3;
    if (shape == LISTS_PAIRS && c.at < c.end && is_letter(*c.at))
        while (!at_line_end(&c))
            c.at++;
    enum err rc = ERR_OK;
    while (c.at < c.end && rc == ERR_OK) {
        if (*c.at == '\n') {
            c.at++;
            c.line++;
            continue;
        }
        rc = read_line(&c, out, shape, why);
    }
    return rc;
}

enum err lists_read(struct interactions *out, const char *path, enum lists_shape shape, struct fail *why)
{
    struct map_file file;
    enum err rc = map_file_open(&file, path, why);
    if (rc == ERR_OK)
        rc = lists_parse(out, (const char *)file.data, file.size, path, shape, why);
    map_file_close(&file);
    return rc;
}
