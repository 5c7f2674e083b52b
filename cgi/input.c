#include "input.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/search.h"
#include "base/name.h"

enum { OFFSET_MAX = 1000000 };
#define ROW_MAX (UINT64_C(1) << 53)

enum err input_limit(struct exchange *p, size_t fallback, size_t most, size_t *out)
{
    *out = fallback;
    const char *text = form_get(&p->query, "limit");
    int64_t n;
    if (text == NULL)
        return ERR_OK;
    if (!form_whole(text, 1, (int64_t)most, &n))
        return problem_field(&p->problem, "limit", "must be a whole number from 1 to %zu", most);
    *out = (size_t)n;
    return ERR_OK;
}

/* Hexadecimal digits up to `end`; false if there are none or more than 16, or something else. */
static bool read_hex(const char *s, char end, uint64_t *out)
{
    size_t n = strspn(s, "0123456789abcdef");
    if (n == 0 || n > 16 || s[n] != end)
        return false;
    *out = strtoull(s, NULL, 16);
    return true;
}

/* Both numbers of the cursor; *given: there is one. */
static enum err read_cursor(struct exchange *p, uint64_t *first, uint64_t *second, uint64_t most, bool *given)
{
    const char *text = form_get(&p->query, "cursor");
    *given = text != NULL && *text != '\0';
    if (!*given)
        return ERR_OK;
    const char *dash = strchr(text, '-');
    if (dash == NULL || !read_hex(text, '-', first) || !read_hex(dash + 1, '\0', second) || *second > most)
        return problem_field(&p->problem, "cursor", "is not a cursor of this list");
    return ERR_OK;
}

enum err input_cursor(struct exchange *p, uint64_t *seed, size_t *offset)
{
    uint64_t at = *offset;
    bool given;
    enum err rc = read_cursor(p, seed, &at, OFFSET_MAX, &given);
    *offset = (size_t)at;
    return rc;
}

enum err input_rows(struct exchange *p, size_t most, int64_t most_second, struct input_rows *out)
{
    uint64_t first = 0, second = 0;
    *out = (struct input_rows){0};
    enum err rc = input_limit(p, most, most, &out->limit);
    if (rc == ERR_OK)
        rc = read_cursor(p, &first, &second, (uint64_t)most_second, &out->given);
    if (rc == ERR_OK && first > ROW_MAX)
        return problem_field(&p->problem, "cursor", "is not a cursor of this list");
    out->first = (int64_t)first;
    out->second = (int64_t)second;
    return rc;
}

const char *input_cursor_text(uint64_t seed, size_t offset, char out[INPUT_CURSOR])
{
    snprintf(out, INPUT_CURSOR, "%" PRIx64 "-%zx", seed, offset);
    return out;
}

enum err input_seed(struct exchange *p, uint64_t *seed, bool *given)
{
    const char *text = form_get(&p->query, "seed");
    *given = text != NULL;
    if (text == NULL)
        return ERR_OK;
    size_t n = strlen(text);
    if (n == 0 || n > 19 || strspn(text, "0123456789") != n)
        return problem_field(&p->problem, "seed", "must be a whole number of at most 19 digits");
    *seed = strtoull(text, NULL, 10);
    return ERR_OK;
}

static const char *query_or_empty(struct exchange *p, const char *name)
{
    const char *s = form_get(&p->query, name);
    return s != NULL ? s : "";
}

const char *input_search(struct exchange *p)
{
    const char *q = query_or_empty(p, "q");
    struct buf clean = {0};
    enum err rc = name_clean(&clean, q, strlen(q), SEARCH_MAX_CHARS);
    if (rc != ERR_OK)
        buf_reset(&clean);
    clean.failed |= rc == ERR_NOMEM;
    return arena_take(p->arena, &clean);
}

enum err input_personality(struct exchange *p, bool needed, uint8_t *mbti, uint8_t *enneagram)
{
    const char *type = query_or_empty(p, "mbti"), *wing = form_get(&p->query, "enneagram");
    *mbti = mbti_parse(type, strlen(type));
    *enneagram = wing != NULL ? enneagram_parse(wing, strlen(wing)) : ENNEAGRAM_NONE;
    if (!needed && form_get(&p->query, "mbti") == NULL && wing == NULL)
        return ERR_OK;
    if (*mbti == MBTI_NONE)
        problem_field(&p->problem, "mbti", "must be one of the 16 types, such as INFP");
    if (wing != NULL && *enneagram == ENNEAGRAM_NONE)
        problem_field(&p->problem, "enneagram", "must be one of the 18 types with a wing, such as 4w5");
    return p->problem.n_errors > 0 ? ERR_INVALID : ERR_OK;
}

enum err input_answers(struct exchange *p, enum social_style *style, enum coping_style *coping)
{
    int said = social_style_parse(query_or_empty(p, "style")),
        coped = coping_style_parse(query_or_empty(p, "coping"));
    if (said < 0)
        problem_field(&p->problem, "style", "must be assertive, compliant or withdrawn");
    if (coped < 0)
        problem_field(&p->problem, "coping", "must be positive, competency or reactive");
    if (p->problem.n_errors > 0)
        return ERR_INVALID;
    *style = (enum social_style)said;
    *coping = (enum coping_style)coped;
    return ERR_OK;
}

int64_t input_movie(struct exchange *p)
{
    int64_t i = snapshot_movie_index(p->snapshot, p->id);
    if (i >= 0)
        p->id = p->snapshot->movies[i].id;
    return i;
}

int64_t input_character(struct exchange *p)
{
    int64_t i = snapshot_character_index(p->snapshot, p->id);
    if (i >= 0)
        p->id = p->snapshot->characters[i].id;
    return i;
}

/* n counts what was sent, ids holds the first RECOMMEND_MAX_MOVIES of it. */
static enum err check_movies(struct exchange *p, int32_t *ids, size_t n)
{
    int32_t indexes[RECOMMEND_MAX_MOVIES];
    struct fail wrong = {0};
    if (recommend_choose(p->snapshot, ids, n, indexes, &wrong) != ERR_OK)
        return problem_field(&p->problem, "movies", "%s", wrong.text);
    for (size_t i = 0; i < n; i++)
        ids[i] = p->snapshot->movies[indexes[i]].id;
    return ERR_OK;
}

/* One id of a comma list; moves *s behind it. */
static bool next_id(const char **s, int32_t *out)
{
    size_t n = strspn(*s, "0123456789");
    if (n == 0 || n > 10 || ((*s)[n] != ',' && (*s)[n] != '\0'))
        return false;
    int64_t id = strtoll(*s, NULL, 10);
    *s += n;
    *out = (int32_t)id;
    return id <= INT32_MAX;
}

/* Ids of the query under a name; n counts what was sent, *out holds the first RECOMMEND_MAX_MOVIES of it. */
static enum err read_ids(struct exchange *p, const char *name, int32_t **out, size_t *n)
{
    const char *s = query_or_empty(p, name);
    int32_t *ids = arena_array(p->arena, RECOMMEND_MAX_MOVIES, sizeof *ids);
    if (ids == NULL)
        return ERR_NOMEM;
    *out = ids;
    *n = 0;
    while (*s != '\0') {
        int32_t id;
        if (!next_id(&s, &id) || (*s == ',' && s[1] == '\0'))
            return problem_field(&p->problem, name, "must be comma-separated film IDs, such as 1,2,3");
        s += *s == ',';
        if (*n < RECOMMEND_MAX_MOVIES)
            ids[*n] = id;
        ++*n;
    }
    return ERR_OK;
}

enum err input_movies_query(struct exchange *p, const int32_t **out, size_t *n)
{
    int32_t *ids;
    enum err rc = read_ids(p, "movies", &ids, n);
    if (rc != ERR_OK)
        return rc;
    *out = ids;
    return check_movies(p, ids, *n);
}

enum err input_chosen(struct exchange *p, const uint32_t **out, size_t *n)
{
    int32_t *ids;
    size_t sent;
    uint32_t *known = arena_array(p->arena, RECOMMEND_MAX_MOVIES, sizeof *known);
    *n = 0;
    *out = known;
    enum err rc = known != NULL ? read_ids(p, "chosen", &ids, &sent) : ERR_NOMEM;
    if (rc != ERR_OK)
        return rc;
    if (sent > RECOMMEND_MAX_MOVIES)
        return problem_field(&p->problem, "chosen", "takes at most %d films", RECOMMEND_MAX_MOVIES);
    for (size_t i = 0; i < sent; i++) {
        int64_t at = snapshot_movie_index(p->snapshot, ids[i]);
        bool out_of_it = at < 0;
        for (size_t k = 0; k < *n && !out_of_it; k++)
            out_of_it = known[k] == (uint32_t)at;
        if (!out_of_it)
            known[(*n)++] = (uint32_t)at;
    }
    return ERR_OK;
}

enum err input_visitor(struct exchange *p, struct input_visitor *out)
{
    struct recommend_request *q = &out->asked;
    *out = (struct input_visitor){0};
    bool films = form_get(&p->query, "movies") != NULL;
    enum err who =
        input_personality(p, films, &q->mbti, &q->enneagram); /* all wrong fields are named at once */
    enum err rc = films ? input_movies_query(p, &q->movies, &q->n_movies) : ERR_OK;
    if (rc == ERR_OK)
        rc = who;
    if (rc != ERR_OK || q->mbti == MBTI_NONE)
        return rc;
    q->limit = RECOMMEND_DEFAULT;
    return recommend_visitor(p->snapshot, q, p->arena, &out->matches, &p->why);
}

enum err input_movies_json(struct exchange *p, const struct json_value *list, const int32_t **out, size_t *n)
{
    if (list == NULL || list->kind != JSON_LIST)
        return problem_field(&p->problem, "movies", "must be a list of film IDs");
    int32_t *ids = arena_array(p->arena, RECOMMEND_MAX_MOVIES, sizeof *ids);
    if (ids == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < list->n; i++) {
        const struct json_value *v = &list->items[i];
        if (v->kind != JSON_INT || v->integer < 0 || v->integer > INT32_MAX)
            return problem_field(&p->problem, "movies", "must contain film IDs, which are whole numbers");
        if (i < RECOMMEND_MAX_MOVIES)
            ids[i] = (int32_t)v->integer;
    }
    *out = ids;
    *n = list->n;
    return check_movies(p, ids, *n);
}

const char *input_text(struct exchange *p, const struct json_value *map, const char *name)
{
    const struct json_value *v = json_member(map, name);
    if (v != NULL && v->kind == JSON_TEXT)
        return v->text;
    problem_field(&p->problem, name, v == NULL ? "is missing" : "must be a string");
    return NULL;
}

enum err input_once(struct exchange *p, struct once *out)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *s = p->request->idempotency_key;
    *out = (struct once){.content = p->content, .n = p->content_n};
    if (s == NULL)
        return ERR_OK;
    bool quoted = *s == '"';
    s += quoted;
    size_t n = strspn(s, letters);
    if (n < ONCE_KEY_LEAST || n > ONCE_KEY_MOST || strcmp(s + n, quoted ? "\"" : "") != 0)
        return problem_field(&p->problem, "Idempotency-Key", "must be %d to %d of A-Z a-z 0-9 - _",
                             ONCE_KEY_LEAST, ONCE_KEY_MOST);
    out->key = arena_strndup(p->arena, s, n);
    return out->key != NULL ? ERR_OK : ERR_NOMEM;
}

static enum err read_place(struct exchange *p, const struct circles_view *v, const char *name, int64_t *at)
{
    const char *text = form_get(&p->query, name);
    *at = -1;
    return text == NULL || form_whole(text, 0, (int64_t)v->members.n - 1, at)
               ? ERR_OK
               : problem_field(&p->problem, name, "must be a whole number from 0 to %zu", v->members.n - 1);
}

enum err input_two(struct exchange *p, const struct circles_view *v, struct circles_two *two)
{
    int64_t at[2];
    enum err rc = read_place(p, v, "a", &at[0]);
    if (rc == ERR_OK)
        rc = read_place(p, v, "b", &at[1]);
    for (int k = 0; k < 2 && rc == ERR_OK; k++) {
        if (at[k] < 0)
            at[k] = v->mine >= 0 && v->mine != at[1 - k] ? v->mine : at[1 - k] == 0;
        two->at[k] = (size_t)at[k];
    }
    return rc != ERR_OK || at[0] != at[1] ? rc : problem_field(&p->problem, "b", "must be another than a");
}
