#include "data/lists_reader.h"

#include <string.h>
#include <strings.h>

#include "base/map_file.h"

struct cursor {
    const char *at, *end; /* of the file */
    const char *name;
    size_t line;      /* from 1 */
    const char *ends; /* what ends an id, besides blanks */
    struct id_tokens *ids;
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

static enum err read_id(struct cursor *c, struct token_ids *tokens, uint32_t *id, struct fail *why)
{
    const char *start = c->at;
    while (!at_line_end(c) && !is_blank(*c->at) && strchr(c->ends, *c->at) == NULL)
        c->at++;
    size_t n = (size_t)(c->at - start);
    if (token_ids_is_number(start, n, id))
        return ERR_OK;
    if (n == 0)
        return fail_set(why, ERR_INVALID, "%s:%zu: an id was expected", c->name, c->line);
    if (!token_ids_valid(start, n))
        return fail_set(why, ERR_INVALID, "%s:%zu: an id of more than %d bytes, or no text", c->name, c->line,
                        TOKEN_MAX);
    if (memchr(start, ',', n) != NULL)
        return fail_set(
            why, ERR_INVALID,
            "%s:%zu: a comma in an ID, although fields are separated by spaces; is it --format pairs?",
            c->name, c->line);
    if (memmem(start, n, ":token", 6) != NULL)
        return fail_set(why, ERR_INVALID, "%s:%zu: a RecBole header; is it --format inter?", c->name,
                        c->line);
    return token_ids_number(tokens, start, n, id)
               ? ERR_OK
               : fail_set(why, ERR_NOMEM, "%s: out of memory for ids", c->name);
}

static enum err read_item(struct cursor *c, struct interactions *out, uint32_t user, struct fail *why)
{
    uint32_t item;
    enum err rc = read_id(c, &c->ids->items, &item, why);
    if (rc == ERR_OK && !interactions_add(out, user, (int32_t)item))
        rc = fail_set(why, ERR_NOMEM, "%s: out of memory", c->name);
    return rc;
}

static enum err read_line(struct cursor *c, struct interactions *out, enum lists_shape shape,
                          struct fail *why)
{
    uint32_t user;
    skip_separator(c, false);
    if (at_line_end(c))
        return ERR_OK;
    enum err rc = read_id(c, &c->ids->users, &user, why);
    skip_separator(c, shape == LISTS_PAIRS);
    if (rc == ERR_OK && shape != LISTS_LISTS) {
        rc = read_item(c, out, user, why);
        skip_separator(c, false);
        if (shape == LISTS_ROWS)
            skip_line(c);
        if (rc == ERR_OK && !at_line_end(c))
            rc = fail_set(why, ERR_INVALID, "%s:%zu: more fields than a user and an item", c->name, c->line);
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
static struct cursor begin(const struct named_bytes *from, const char *ends, struct id_tokens *ids)
{
    const char *text = from->at;
    size_t n = from->n;
    bool mark = n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;
    return (struct cursor){.at = mark ? text + 3 : text,
                           .end = text + n,
                           .name = from->name,
                           .line = 1,
                           .ends = ends,
                           .ids = ids};
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

/* Are the words of this line names? Ids that are texts start with letters too. */
static bool is_header(struct cursor c)
{
    static const char *const names[] = {"user", "userid", "user_id", "user-id", "users", "uid", "u"};
    const char *word = c.at;
    if (c.at >= c.end || !is_letter(*word))
        return false;
    while (!at_line_end(&c) && !is_blank(*c.at) && *c.at != ',')
        c.at++;
    size_t n = (size_t)(c.at - word);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == n && strncasecmp(names[i], word, n) == 0)
            return true;
    skip_line(&c);
    return next_line(&c) && !is_letter(*c.at);
}

enum err lists_reader_parse(struct interactions *out, struct id_tokens *ids, const struct named_bytes *from,
                            enum lists_shape shape, struct fail *why)
{
    struct cursor c = begin(from, shape == LISTS_PAIRS ? "," : "", ids);
    if (shape == LISTS_PAIRS && is_header(c))
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
                                struct interactions *negative, uint32_t *user, struct fail *why)
{
    char text[TOKEN_TEXT];
    enum err rc = expect(c, '(', why);
    if (rc == ERR_OK)
        rc = read_id(c, &c->ids->users, user, why);
    skip_separator(c, false);
    if (rc == ERR_OK)
        rc = expect(c, ',', why);
    if (rc == ERR_OK)
        rc = read_item(c, positive, *user, why);
    skip_separator(c, false);
    if (rc == ERR_OK)
        rc = expect(c, ')', why);
    if (rc == ERR_OK && at_line_end(c))
        rc = fail_set(why, ERR_INVALID, "%s:%zu: user %s has no negatives", c->name, c->line,
                      token_ids_text(&c->ids->users, *user, text));
    while (rc == ERR_OK && !at_line_end(c)) {
        rc = read_item(c, negative, *user, why);
        skip_separator(c, false);
    }
    return rc;
}

/* lines: user << 32 | line of each. */
static enum err check_users(struct vec *lines, const struct cursor *c, struct fail *why)
{
    char text[TOKEN_TEXT];
    uint64_t *keys = lines->data;
    if (csr_sort_keys(keys, lines->len) != ERR_OK)
        return fail_set(why, ERR_NOMEM, "%s: out of memory", c->name);
    for (size_t i = 1; i < lines->len; i++)
        if (keys[i] >> 32 == keys[i - 1] >> 32)
            return fail_set(
                why, ERR_INVALID, "%s:%u: user %s already has line %u", c->name, (unsigned)keys[i],
                token_ids_text(&c->ids->users, (uint32_t)(keys[i] >> 32), text), (unsigned)keys[i - 1]);
    return ERR_OK;
}

enum err lists_reader_parse_candidates(struct interactions *positive, struct interactions *negative,
                                       struct id_tokens *ids, const struct named_bytes *from,
                                       struct fail *why)
{
    struct cursor c = begin(from, ",)", ids);
    struct vec lines = VEC_OF(uint64_t);
    enum err rc = ERR_OK;
    while (rc == ERR_OK && next_line(&c)) {
        uint32_t user = 0;
        skip_separator(&c, false);
        if (at_line_end(&c))
            continue;
        rc = read_candidates(&c, positive, negative, &user, why);
        uint64_t key = (uint64_t)user << 32 | (uint32_t)c.line;
        if (rc == ERR_OK && !vec_push(&lines, &key))
            rc = fail_set(why, ERR_NOMEM, "%s: out of memory", from->name);
    }
    if (rc == ERR_OK)
        rc = check_users(&lines, &c, why);
    vec_free(&lines);
    return rc;
}

enum err lists_reader_read(struct interactions *out, struct id_tokens *ids, const char *path,
                           enum lists_shape shape, struct fail *why)
{
    struct map_file file;
    enum err rc = map_file_open(&file, path, why);
    if (rc == ERR_OK)
        rc = lists_reader_parse(out, ids, &(struct named_bytes){file.data, file.size, path}, shape, why);
    map_file_close(&file);
    return rc;
}

enum err lists_reader_read_candidates(struct interactions *positive, struct interactions *negative,
                                      struct id_tokens *ids, const char *path, struct fail *why)
{
    struct map_file file;
    enum err rc = map_file_open(&file, path, why);
    if (rc == ERR_OK)
        rc = lists_reader_parse_candidates(positive, negative, ids,
                                           &(struct named_bytes){file.data, file.size, path}, why);
    map_file_close(&file);
    return rc;
}
