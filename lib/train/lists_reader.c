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

static void skip_line(struct cursor *c)
{
    while (!at_line_end(c))
        c->at++;
}

static enum err read_id(struct cursor *c, uint64_t most, uint64_t *id, struct fail *why)
{
    const char *start = c->at;
    uint64_t n = 0;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9' && n <= most)
        n = n * 10 + (uint64_t)(*c->at++ - '0');
    bool ended = at_line_end(c) || is_blank(*c->at) || *c->at == ',' || *c->at == ')';
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
    if (rc == ERR_OK && shape != LISTS_LISTS) {
        rc = read_item(c, out, user, why);
        skip_separator(c, false);
        if (shape == LISTS_ROWS)
            skip_line(c);
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

/* At the first byte behind a byte order mark. */
static struct cursor begin(const char *text, size_t n, const char *name)
{
    bool mark = n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;
    return (struct cursor){.at = mark ? text + 3 : text, .end = text + n, .name = name, .line = 1};
}

/* Over the ends of lines. False at the end of the file. */
static bool next_line(struct cursor *c)
{
    while (c->at < c->end && *c->at == '\n') {
        c->at++;
        c->line++;
    }
    return c->at < c->end;
}

enum err lists_parse(struct interactions *out, const char *text, size_t n, const char *name,
                     enum lists_shape shape, struct fail *why)
{
    struct cursor c = begin(text, n, name);
    if (shape == LISTS_PAIRS && c.at < c.end && is_letter(*c.at))
        skip_line(&c);
    enum err rc = ERR_OK;
    while (rc == ERR_OK && next_line(&c))
        rc = read_line(&c, out, shape, why);
    return rc;
}

static enum err expect(struct cursor *c, char byte, struct fail *why)
{
    if (at_line_end(c) || *c->at != byte)
        return fail_set(why, ERR_INVALID, "%s:%zu: '%c' was expected: (user,positive), then negatives",
                        c->name, c->line, byte);
    c->at++;
    skip_separator(c, false);
    return ERR_OK;
}

static enum err read_candidates(struct cursor *c, struct interactions *positive,
                                struct interactions *negative, uint64_t *user, struct fail *why)
{
    enum err rc = expect(c, '(', why);
    if (rc == ERR_OK)
        rc = read_id(c, UINT32_MAX, user, why);
    skip_separator(c, false);
    if (rc == ERR_OK)
        rc = expect(c, ',', why);
    if (rc == ERR_OK)
        rc = read_item(c, positive, *user, why);
    skip_separator(c, false);
    if (rc == ERR_OK)
        rc = expect(c, ')', why);
    if (rc == ERR_OK && at_line_end(c))
        rc = fail_set(why, ERR_INVALID, "%s:%zu: user %llu has no negatives", c->name, c->line,
                      (unsigned long long)*user);
    while (rc == ERR_OK && !at_line_end(c)) {
        rc = read_item(c, negative, *user, why);
        skip_separator(c, false);
    }
    return rc;
}

/* lines: user << 32 | line of each. */
static enum err check_users(struct vec *lines, const char *name, struct fail *why)
{
    uint64_t *keys = lines->data;
    if (csr_sort_keys(keys, lines->len) != ERR_OK)
        return fail_set(why, ERR_NOMEM, "%s: out of memory", name);
    for (size_t i = 1; i < lines->len; i++)
        if (keys[i] >> 32 == keys[i - 1] >> 32)
            return fail_set(why, ERR_INVALID, "%s:%u: user %u has a line already: %u", name,
                            (unsigned)keys[i], (unsigned)(keys[i] >> 32), (unsigned)keys[i - 1]);
    return ERR_OK;
}

enum err lists_parse_candidates(struct interactions *positive, struct interactions *negative,
                                const char *text, size_t n, const char *name, struct fail *why)
{
    struct cursor c = begin(text, n, name);
    struct vec lines = VEC_OF(uint64_t);
    enum err rc = ERR_OK;
    while (rc == ERR_OK && next_line(&c)) {
        uint64_t user = 0;
        skip_separator(&c, false);
        if (at_line_end(&c))
            continue;
        rc = read_candidates(&c, positive, negative, &user, why);
        uint64_t key = user << 32 | (uint32_t)c.line;
        if (rc == ERR_OK && !vec_push(&lines, &key))
            rc = fail_set(why, ERR_NOMEM, "%s: out of memory", name);
    }
    if (rc == ERR_OK)
        rc = check_users(&lines, name, why);
    vec_free(&lines);
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

enum err lists_read_candidates(struct interactions *positive, struct interactions *negative, const char *path,
                               struct fail *why)
{
    struct map_file file;
    enum err rc = map_file_open(&file, path, why);
    if (rc == ERR_OK)
        rc = lists_parse_candidates(positive, negative, (const char *)file.data, file.size, path, why);
    map_file_close(&file);
    return rc;
}
