#include "json/json.h"

#include <json-c/json.h>
#include <string.h>

#include "base/utf8.h"

struct converting {
    struct arena *arena;
    size_t values; /* seen so far */
    enum err rc;
};

static void convert(struct converting *c, json_object *from, struct json_value *to);

static void convert_list(struct converting *c, json_object *from, struct json_value *to)
{
    size_t n = json_object_array_length(from);
    struct json_value *items = arena_array(c->arena, n, sizeof *items);
    if (items == NULL) {
        c->rc = ERR_NOMEM;
        return;
    }
    for (size_t i = 0; i < n; i++)
        convert(c, json_object_array_get_idx(from, i), &items[i]);
    *to = (struct json_value){.kind = JSON_LIST, .n = n, .items = items};
}

static void convert_map(struct converting *c, json_object *from, struct json_value *to)
{
    size_t n = (size_t)json_object_object_length(from);
    struct json_value *items = arena_array(c->arena, n, sizeof *items);
    const char **names = arena_array(c->arena, n, sizeof *names);
    if (items == NULL || names == NULL) {
        c->rc = ERR_NOMEM;
        return;
    }
    size_t i = 0;
    json_object_object_foreach(from, name, value)
    {
        names[i] = arena_strdup(c->arena, name);
        if (names[i] == NULL)
            c->rc = ERR_NOMEM;
        convert(c, value, &items[i++]);
    }
    *to = (struct json_value){.kind = JSON_MAP, .n = n, .items = items, .names = names};
}

static void convert_text(struct converting *c, json_object *from, struct json_value *to)
{
    size_t n = (size_t)json_object_get_string_len(from);
    const char *s = json_object_get_string(from);
    /* \u0000 is JSON, but no text of ours; of half a surrogate pair json-c has made U+FFFD. */
    if (!utf8_valid(s, n)) {
        c->rc = ERR_INVALID;
        return;
    }
    *to = (struct json_value){.kind = JSON_TEXT, .n = n, .text = arena_strndup(c->arena, s, n)};
    if (to->text == NULL)
        c->rc = ERR_NOMEM;
}

static void convert_number(json_object *from, struct json_value *to)
{
    bool whole = json_object_get_type(from) == json_type_int;
    int64_t n = whole ? json_object_get_int64(from) : 0;
    /* json-c clamps what 64 bits cannot hold; such a number is not the integer that was sent */
    bool clamped = n == INT64_MAX || n == INT64_MIN;
    *to = (struct json_value){.kind = whole && !clamped ? JSON_INT : JSON_REAL,
                              .integer = clamped ? 0 : n,
                              .real = json_object_get_double(from)};
}

static void convert(struct converting *c, json_object *from, struct json_value *to)
{
    if (c->rc == ERR_OK && ++c->values > JSON_MAX_VALUES)
        c->rc = ERR_INVALID;
    if (c->rc != ERR_OK)
        return;
    switch (json_object_get_type(from)) {
    case json_type_null:
        *to = (struct json_value){.kind = JSON_NULL};
        break;
    case json_type_boolean:
        *to = (struct json_value){.kind = JSON_BOOL, .truth = json_object_get_boolean(from)};
        break;
    case json_type_int:
    case json_type_double:
        convert_number(from, to);
        break;
    case json_type_string:
        convert_text(c, from, to);
        break;
    case json_type_array:
        convert_list(c, from, to);
        break;
    case json_type_object:
        convert_map(c, from, to);
        break;
    }
}

/* json-c, even when strict, takes 'single quotes', NaN and Infinity. Outside strings JSON needs these bytes
 * only. */
static bool has_only_json_bytes(const char *s, size_t n)
{
    bool inside = false;
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '"')
            inside = !inside;
        else if (inside && s[i] == '\\')
            i++;
        else if (!inside && strchr("{}[]:,+-.0123456789eEtrufalsn \t\r\n", s[i]) == NULL)
            return false;
    }
    return true;
}

/* The parsed tree, NULL with *error set. A JSON null is NULL with *error = json_tokener_success. */
static json_object *parse(struct json_tokener *t, const char *bytes, size_t n, enum json_tokener_error *error)
{
    json_tokener_set_flags(t, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    json_object *tree = json_tokener_parse_ex(t, bytes, (int)n);
    *error = json_tokener_get_error(t);
    if (*error == json_tokener_continue) { /* a number or word at the very end is complete only now */
        json_object_put(tree);
        tree = json_tokener_parse_ex(t, "\0", 1);
        *error = json_tokener_get_error(t);
    }
    return tree;
}

enum err json_read(struct arena *a, const char *bytes, size_t n, const struct json_value **out,
                   struct fail *why)
{
    *out = NULL;
    if (n > INT32_MAX || !utf8_valid(bytes, n))
        return fail_set(why, ERR_INVALID, "not valid UTF-8 without NUL bytes");
    if (!has_only_json_bytes(bytes, n))
        return fail_set(why, ERR_INVALID, "not valid JSON");
    enum json_tokener_error error;
    struct json_tokener *t = json_tokener_new_ex(JSON_MAX_DEPTH);
    if (t == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for JSON of %zu bytes", n);
    json_object *tree = parse(t, bytes, n, &error);
    json_tokener_free(t);
    if (error != json_tokener_success) {
        json_object_put(tree);
        return fail_set(why, ERR_INVALID, "not valid JSON: %s", json_tokener_error_desc(error));
    }
    struct converting c = {.arena = a};
    struct json_value *v = arena_alloc(a, sizeof *v);
    if (v == NULL)
        c.rc = ERR_NOMEM;
    else
        convert(&c, tree, v);
    json_object_put(tree);
    if (c.rc == ERR_OK)
        *out = v;
    if (c.rc == ERR_NOMEM)
        return fail_set(why, c.rc, "out of memory for JSON of %zu bytes", n);
    return c.rc == ERR_OK
               ? ERR_OK
               : fail_set(why, c.rc, "JSON with too many values, or with a string that is not text");
}

/* Members of all objects in it, a name that stands twice counted once. */
static size_t members(const struct json_value *v)
{
    bool holds = v->kind == JSON_MAP || v->kind == JSON_LIST;
    size_t sum = v->kind == JSON_MAP ? v->n : 0;
    for (size_t i = 0; holds && i < v->n; i++)
        sum += members(&v->items[i]);
    return sum;
}

/* json-c keeps the last of two and says nothing, so the colons of the text are counted: each is behind one
 * name. */
bool json_names_once(const char *bytes, size_t n, const struct json_value *v)
{
    bool inside = false;
    size_t colons = 0;
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == '"')
            inside = !inside;
        else if (inside && bytes[i] == '\\')
            i++;
        else if (!inside && bytes[i] == ':')
            colons++;
    }
    return colons == members(v);
}

const struct json_value *json_member(const struct json_value *v, const char *name)
{
    if (v == NULL || v->kind != JSON_MAP)
        return NULL;
    for (size_t i = 0; i < v->n; i++)
        if (strcmp(v->names[i], name) == 0)
            return &v->items[i];
    return NULL;
}

const char *json_text(const struct json_value *v, const char *name)
{
    const struct json_value *member = json_member(v, name);
    return member != NULL && member->kind == JSON_TEXT ? member->text : NULL;
}
