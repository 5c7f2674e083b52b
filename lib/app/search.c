#include "app/search.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "app/search_meant.h"
#include "base/buf.h"
#include "text/search_key.h"
#include "text/search_match.h"

enum { WORDS_MAX = SEARCH_MAX_CHARS, YEAR_DIGITS = 4, READING_BYTES = 6 };

/* Answers, best first. Within a group the order of the finder holds, which is by popularity. */
enum group {
    WHOLE_TITLE = SEARCH_EXACT,
    TITLE_BEGINS = SEARCH_BEGINNING,
    WORD_BEGINS = SEARCH_WORD,
    INSIDE = SEARCH_INSIDE,
    ALL_WORDS,
    OF_YEAR,
    NO_GROUP
};

struct part {
    const char *text;
    size_t n;
    struct search_mask mask;
};

struct query {
    struct part whole; /* without blanks */
    struct part rest;  /* likewise, without the year that stands at an end; n = 0: nothing else */
    int32_t year;      /* 0: none */
    struct part words[WORDS_MAX];
    size_t n_words;          /* 0: only one, or too many */
    struct search_mask mask; /* of all words that no year can stand for */
};

/* ---- reading a query ---- */

static struct part part_of(const char *text, size_t n)
{
    return (struct part){text, n, search_mask_query(text, n)};
}

/* A part of a key without its blanks; text is NULL when memory is out. */
static struct part squeezed(const char *key, size_t n, struct arena *a)
{
    char *text = arena_alloc(a, n + 1);
    size_t len = 0;
    for (size_t i = 0; text != NULL && i < n; i++)
        if (key[i] != ' ')
            text[len++] = key[i];
    const struct part none = {0};
    return text == NULL ? none : part_of(text, len);
}

static bool is_number(const struct part *p, size_t least)
{
    return p->n >= least && p->n <= YEAR_DIGITS && strspn(p->text, "0123456789") >= p->n;
}

/* The number of words; one more than WORDS_MAX when there are more. */
static size_t split(const char *key, struct part words[WORDS_MAX])
{
    size_t n = 0;
    for (size_t len; *key != '\0' && n <= WORDS_MAX; n++, key += len + (key[len] == ' ')) {
        len = strcspn(key, " ");
        if (n < WORDS_MAX)
            words[n] = part_of(key, len);
    }
    return n;
}

/* False when memory is out. */
static bool find_year(struct query *q, size_t n, const char *key, struct arena *a)
{
    const struct part *first = &q->words[0], *last = &q->words[n - 1];
    const char *year = is_number(last, YEAR_DIGITS)    ? last->text
                       : is_number(first, YEAR_DIGITS) ? first->text
                                                       : NULL;
    if (year == NULL)
        return true;
    q->year = (int32_t)strtol(year, NULL, 10);
    if (year != key)
        q->rest = squeezed(key, (size_t)(year - key), a);
    else if (n > 1)
        q->rest = squeezed(key + first->n, strlen(key) - first->n, a);
    return n == 1 || q->rest.text != NULL;
}

static enum err read_query(struct query *q, const char *key, struct arena *a)
{
    *q = (struct query){.whole = squeezed(key, strlen(key), a)};
    if (q->whole.text == NULL)
        return ERR_NOMEM;
    size_t n = split(key, q->words);
    if (n == 0 || n > WORDS_MAX)
        return ERR_OK;
    if (!find_year(q, n, key, a))
        return ERR_NOMEM;
    q->n_words = n > 1 ? n : 0;
    for (size_t i = 0; i < q->n_words; i++)
        if (!is_number(&q->words[i], 1)) {
            q->mask.letters |= q->words[i].mask.letters;
            q->mask.pairs |= q->words[i].mask.pairs;
            q->mask.heads |= q->words[i].mask.heads;
        }
    return ERR_OK;
}

/* ---- judging ---- */

struct shelf;
typedef enum group judge(const struct shelf *s, const struct snapshot_finder *f, const struct query *q);

/* What is searched. */
struct shelf {
    const char *keys;
    const struct snapshot_finder *finder; /* [n] */
    size_t n;
    const struct snapshot_movie *movies; /* of films, which have years; else NULL */
    judge *as_is;                        /* how what was typed is judged first */
};

/* 0: none. */
static int32_t year_of(const struct shelf *s, const struct snapshot_finder *f)
{
    return s->movies != NULL ? s->movies[f->index].year : 0;
}

static bool fits(const struct snapshot_finder *f, struct search_mask query)
{
    return (query.letters & ~f->mask.letters) == 0 && (query.pairs & ~f->mask.pairs) == 0;
}

static bool leads(const struct snapshot_finder *f, struct search_mask query)
{
    return (query.heads & ~f->mask.heads) == 0;
}

static enum group place_of(const char *key, const struct snapshot_finder *f, const struct part *p)
{
    enum search_place place =
        fits(f, p->mask) ? search_match(key, p->text, p->n, leads(f, p->mask)) : SEARCH_NOWHERE;
    return place == SEARCH_NOWHERE ? NO_GROUP : (enum group)place;
}

static bool year_begins(int32_t year, const struct part *p)
{
    int32_t digits = 0;
    for (size_t i = 0; i < p->n; i++)
        digits = digits * 10 + (p->text[i] - '0');
    for (size_t i = p->n; i < YEAR_DIGITS; i++)
        year /= 10;
    return year == digits && digits > 0;
}

static bool has_all_words(const struct shelf *s, const struct snapshot_finder *f, const struct query *q)
{
    const char *key = s->keys + f->key;
    for (size_t i = 0; i < q->n_words; i++) {
        const struct part *w = &q->words[i];
        bool may_be_year = is_number(w, 1) && year_begins(year_of(s, f), w);
        if (!may_be_year &&
            (!fits(f, w->mask) || !leads(f, w->mask) || !search_match_word(key, w->text, w->n)))
            return false;
    }
    return true;
}

static enum group judge_typed(const struct shelf *s, const struct snapshot_finder *f, const struct query *q)
{
    const char *key = s->keys + f->key;
    enum group best = place_of(key, f, &q->whole);
    if (q->year != 0 && year_of(s, f) == q->year) {
        enum group dated = q->rest.n == 0 ? OF_YEAR : place_of(key, f, &q->rest);
        best = dated < best ? dated : best;
    }
    if (best == NO_GROUP && q->n_words > 0 && fits(f, q->mask) && leads(f, q->mask) && has_all_words(s, f, q))
        best = ALL_WORDS;
    return best;
}

/* Of letters that nobody meant a few stand inside many titles. */
static enum group judge_other(const struct shelf *s, const struct snapshot_finder *f, const struct query *q)
{
    enum group group = judge_typed(s, f, q);
    return group == INSIDE ? NO_GROUP : group;
}

/* Bytes of the article at the beginning of a line. */
static size_t article(const char *line)
{
    static const char *const articles[] = {"the ", "a ", "an "};
    for (size_t i = 0; i < sizeof articles / sizeof *articles; i++)
        if (strncmp(line, articles[i], strlen(articles[i])) == 0)
            return strlen(articles[i]);
    return 0;
}

/* Whether the query is one whole reading but for its mistake and an article, and not the beginning of a longer one. */
static bool is_nearly_whole(const char *key, const struct part *p)
{
    char line[SEARCH_MAX_CHARS * READING_BYTES];
    for (size_t n; *key != '\0'; key += n + (key[n] == '\n')) {
        size_t typed = 0;
        key += article(key);
        n = strcspn(key, "\n");
        for (size_t i = 0; i < n; i++)
            typed += key[i] != ' ';
        if (n >= sizeof line || typed > p->n + 1 || p->n > typed + 1)
            continue;
        memcpy(line, key, n);
        line[n] = '\0';
        if (search_match_mistyped(line, p->text, p->n))
            return true;
    }
    return false;
}

static enum group judge_mistyped(const struct shelf *s, const struct snapshot_finder *f,
                                 const struct query *q)
{
    const struct part *p = &q->whole;
    const char *key = s->keys + f->key;
    if (!search_match_may_be_mistyped(f->mask, p->mask) || !search_match_mistyped(key, p->text, p->n))
        return NO_GROUP;
    return is_nearly_whole(key, p) ? WHOLE_TITLE : INSIDE;
}

static enum group judge_year(const struct shelf *s, const struct snapshot_finder *f, const struct query *q)
{
    return is_number(&q->whole, 1) && year_begins(year_of(s, f), &q->whole) ? OF_YEAR : NO_GROUP;
}

/* ---- all of a shelf ---- */

/* Everyone's group, and how many have one. */
static size_t find_all(const struct shelf *s, const struct query *q, judge *of, uint8_t *groups)
{
    size_t found = 0;
    for (size_t i = 0; i < s->n && q->whole.n > 0; i++) {
        groups[i] = (uint8_t)of(s, &s->finder[i], q);
        found += groups[i] != NO_GROUP;
    }
    return found;
}

static enum err read_both(const char *query, struct arena *a, struct query *as_typed, struct query *as_other)
{
    struct buf typed = {0}, other = {0};
    enum err rc = search_key_query(&typed, query);
    if (rc == ERR_OK)
        rc = search_key_other_keyboard(&other, query);
    const char *kept = rc == ERR_OK ? arena_strdup(a, buf_str(&typed)) : NULL;
    const char *turned = rc == ERR_OK ? arena_strdup(a, buf_str(&other)) : NULL;
    buf_free(&typed);
    buf_free(&other);
    if (rc == ERR_OK && (kept == NULL || turned == NULL))
        rc = ERR_NOMEM;
    if (rc == ERR_OK)
        rc = read_query(as_typed, kept, a);
    return rc == ERR_OK ? read_query(as_other, turned, a) : rc;
}

static enum err find(const struct shelf *s, const char *query, uint8_t *groups, struct arena *a,
                     struct search_result *out)
{
    struct query as_typed, as_other;
    enum err rc = read_both(query, a, &as_typed, &as_other);
    if (rc != ERR_OK)
        return rc;
    const struct {
        const struct query *q;
        judge *of;
    } ways[] = {{&as_typed, s->as_is},
                {&as_other, judge_other},
                {&as_typed, judge_mistyped},
                {&as_typed, judge_year}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways && out->found == 0; i++) {
        out->found = find_all(s, ways[i].q, ways[i].of, groups);
        out->guessed = i > 0;
    }
    return ERR_OK;
}

struct part_of_answer {
    size_t offset, limit;
};

static void take_page(const struct shelf *s, const uint8_t *groups, struct part_of_answer part,
                      uint32_t *items, size_t *n)
{
    for (int group = WHOLE_TITLE; group < NO_GROUP; group++)
        for (const uint8_t *at = groups, *end = groups + s->n;
             *n < part.limit && (at = memchr(at, group, (size_t)(end - at))) != NULL; at++) {
            if (part.offset > 0)
                part.offset--;
            else
                items[(*n)++] = s->finder[at - groups].index;
        }
}

static enum err search(const struct shelf *s, const char *query, struct part_of_answer part, struct arena *a,
                       struct search_result *out)
{
    *out = (struct search_result){0};
    uint8_t *groups = arena_alloc(a, s->n);
    uint32_t *items = arena_array(a, part.limit + 1, sizeof *items);
    if (groups == NULL || items == NULL)
        return ERR_NOMEM;
    enum err rc = find(s, query, groups, a, out);
    if (rc == ERR_OK && out->found > 0)
        take_page(s, groups, part, items, &out->n);
    out->items = items;
    return rc;
}

enum err search_movies(const struct snapshot *s, const char *query, size_t offset, size_t limit,
                       struct arena *a, struct search_result *out)
{
    const struct shelf films = {s->keys, s->finder, s->n_movies, s->movies, judge_typed};
    return search(&films, query, (struct part_of_answer){offset, limit}, a, out);
}

enum err search_characters(const struct snapshot *s, const char *query, size_t offset, size_t limit,
                           struct arena *a, struct search_result *out)
{
    const struct shelf characters = {s->keys, s->character_finder, s->n_characters, NULL, judge_typed};
    return search(&characters, query, (struct part_of_answer){offset, limit}, a, out);
}

/* ---- kinds ---- */

enum { SINGLE_KINDS = MBTI_COUNT + ENNEAGRAM_COUNT };

static size_t count_until(const uint8_t *groups, size_t n, int group)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += groups[i] <= group;
    return count;
}

/* Kinds that are called so, if there are any; else types of one kind, if there are any; else pairs. How many are left. */
static size_t keep_meant(uint8_t *groups)
{
    bool whole = count_until(groups, SNAPSHOT_KINDS, WHOLE_TITLE) > 0;
    bool single = count_until(groups, SINGLE_KINDS, NO_GROUP - 1) > 0;
    for (size_t i = 0; i < SNAPSHOT_KINDS; i++)
        if (whole ? groups[i] != WHOLE_TITLE : single && i >= SINGLE_KINDS)
            groups[i] = NO_GROUP;
    return count_until(groups, SNAPSHOT_KINDS, NO_GROUP - 1);
}

/* What a query of several words means, as types that are called so. */
static enum err find_meant(const struct snapshot *s, const char *query, bool turned, uint8_t *groups,
                           struct search_result *out)
{
    memset(groups, 0, SNAPSHOT_KINDS);
    enum err rc = search_meant(s, query, turned, groups, &out->found);
    for (size_t i = 0; i < SNAPSHOT_KINDS && rc == ERR_OK; i++)
        groups[i] = groups[i] != 0 ? WHOLE_TITLE : NO_GROUP;
    out->guessed = turned;
    return rc;
}

/* A letter or two stand inside many names: only beginnings count. */
enum err search_kinds(const struct snapshot *s, const char *query, size_t limit, struct arena *a,
                      struct search_result *out)
{
    const struct shelf kinds = {s->keys, s->kind_finder, SNAPSHOT_KINDS, NULL, judge_other};
    uint8_t groups[SNAPSHOT_KINDS];
    uint32_t *items = arena_array(a, limit + 1, sizeof *items);
    *out = (struct search_result){.items = items};
    if (items == NULL)
        return ERR_NOMEM;
    enum err rc = find_meant(s, query, false, groups, out);
    if (rc == ERR_OK && out->found == 0)
        rc = find(&kinds, query, groups, a, out);
    if (rc == ERR_OK && out->found == 0)
        rc = find_meant(s, query, true, groups, out);
    if (rc != ERR_OK || out->found == 0)
        return rc;
    out->found = keep_meant(groups);
    take_page(&kinds, groups, (struct part_of_answer){0, limit}, items, &out->n);
    return ERR_OK;
}

void search_kind(uint32_t kind, uint8_t *mbti, uint8_t *enneagram)
{
    uint32_t pair = kind - SINGLE_KINDS;
    bool single = kind < SINGLE_KINDS;
    *mbti = (uint8_t)(kind < MBTI_COUNT ? kind : single ? MBTI_NONE : pair / ENNEAGRAM_COUNT);
    *enneagram = (uint8_t)(kind < MBTI_COUNT ? ENNEAGRAM_NONE
                           : single          ? kind - MBTI_COUNT
                                             : pair % ENNEAGRAM_COUNT);
}
