#include "app/search_meant.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "text/search_key.h"
#include "text/search_match.h"

/* Where a word that says nothing more may stand. */
enum place { ANYWHERE, BEHIND_MBTI, BEHIND_CORE };

static const struct filler {
    const char *word;
    enum place place;
    bool tells; /* a number beside it is an Enneagram type */
    bool wing;  /* and the number behind it the wing */
} FILLERS[] = {
    {"유형", ANYWHERE, true, false},         {"타입", ANYWHERE, true, false},
    {"에니어그램", ANYWHERE, true, false},   {"애니어그램", ANYWHERE, true, false},
    {"type", ANYWHERE, true, false},         {"types", ANYWHERE, true, false},
    {"enneagram", ANYWHERE, true, false},    {"성격", ANYWHERE, false, false},
    {"엠비티아이", ANYWHERE, false, false},  {"인물", ANYWHERE, false, false},
    {"캐릭터", ANYWHERE, false, false},      {"주인공", ANYWHERE, false, false},
    {"영화", ANYWHERE, false, false},        {"mbti", ANYWHERE, false, false},
    {"personality", ANYWHERE, false, false}, {"character", ANYWHERE, false, false},
    {"characters", ANYWHERE, false, false},  {"movie", ANYWHERE, false, false},
    {"movies", ANYWHERE, false, false},      {"film", ANYWHERE, false, false},
    {"films", ANYWHERE, false, false},       {"the", ANYWHERE, false, false},
    {"and", ANYWHERE, false, false},         {"a", BEHIND_MBTI, false, false},
    {"t", BEHIND_MBTI, false, false},        {"번", BEHIND_CORE, true, true},
    {"형", BEHIND_MBTI, true, false},        {"형", BEHIND_CORE, true, false},
    {"인간", ANYWHERE, false, false},        {"사람", ANYWHERE, false, false},
    {"윙", BEHIND_CORE, true, true},         {"w", BEHIND_CORE, true, true},
    {"wing", BEHIND_CORE, true, true},       {"날개", BEHIND_CORE, true, true},
};
enum { N_FILLERS = sizeof FILLERS / sizeof *FILLERS, FINISHED = 1, BEGUN = 2 };

struct reading {
    const struct snapshot *s;
    struct buf fillers; /* their keys, each closed by a NUL */
    uint8_t *marked;    /* FINISHED and BEGUN */
};

/* What the words so far have said. */
struct said {
    uint8_t mbti, enneagram;
    bool filled; /* by more than a name */
    bool told;   /* the Enneagram type by more than a number */
    bool wing;   /* its wing comes next */
    bool begun;  /* the last word is only the beginning of one */
    unsigned words;
};

static void read_on(struct reading *r, const char *at, struct said said);

static void mark(struct reading *r, const struct said *said)
{
    bool mbti = said->mbti != MBTI_NONE, enneagram = said->enneagram != ENNEAGRAM_NONE;
    size_t kind = said->mbti;
    if ((!mbti && !(enneagram && said->told)) || (!said->filled && !(mbti && enneagram)))
        return;
    if (enneagram)
        kind = (mbti ? MBTI_COUNT + ENNEAGRAM_COUNT + (size_t)said->mbti * ENNEAGRAM_COUNT : MBTI_COUNT) +
               said->enneagram;
    r->marked[kind] |= said->begun ? BEGUN : FINISHED;
}

/* Bytes of the line of a key with which the query goes on; 0: it goes on otherwise. */
static size_t begins_with(const char *at, const char *line)
{
    size_t n = 0;
    for (; *line != '\0' && *line != '\n'; line++)
        if (*line != ' ' && *line != at[n++])
            return 0;
    return n;
}

/* Goes on behind each of the names of a kind; the last word may also be the beginning of one. */
static void take_names(struct reading *r, const char *key, const char *at, struct said said)
{
    size_t last = 0;
    for (const char *line = key; *line != '\0'; line += strcspn(line, "\n"), line += *line == '\n') {
        size_t n = begins_with(at, line);
        if (n > 0 && n != last)
            read_on(r, at + n, said);
        last = n > 0 ? n : last;
    }
    enum search_place place = said.words > 1 ? search_match(key, at, strlen(at), true) : SEARCH_NOWHERE;
    if (place == SEARCH_BEGINNING) {
        said.begun = true;
        mark(r, &said);
    }
}

static void take_mbti(struct reading *r, const char *at, struct said said)
{
    for (uint8_t t = 0; t < MBTI_COUNT; t++) {
        said.mbti = t;
        take_names(r, r->s->keys + r->s->kind_finder[t].key, at, said);
    }
}

static void take_enneagram(struct reading *r, const char *at, struct said said)
{
    for (uint8_t e = 0; e < ENNEAGRAM_COUNT; e++) {
        struct said next = said;
        next.enneagram = e;
        if (*at == '0' + enneagram_core(e))
            read_on(r, at + 1, next);
        next.told = true;
        take_names(r, r->s->keys + r->s->kind_finder[MBTI_COUNT + e].key, at, next);
    }
}

/* What has been said, once more or by another of its names. */
static void take_again(struct reading *r, const char *at, struct said said)
{
    said.filled = true;
    if (said.mbti != MBTI_NONE)
        take_names(r, r->s->keys + r->s->kind_finder[said.mbti].key, at, said);
    if (said.enneagram != ENNEAGRAM_NONE)
        take_names(r, r->s->keys + r->s->kind_finder[MBTI_COUNT + said.enneagram].key, at, said);
}

static bool may_stand(const struct filler *f, const struct said *said)
{
    return f->place == ANYWHERE || (f->place == BEHIND_MBTI && said->mbti != MBTI_NONE) ||
           (f->place == BEHIND_CORE && said->enneagram != ENNEAGRAM_NONE);
}

static void take_filler(struct reading *r, const char *key, const char *at, struct said said)
{
    size_t n = begins_with(at, key);
    if (n > 0) {
        read_on(r, at + n, said);
    } else if (said.words > 1 && search_match(key, at, strlen(at), true) == SEARCH_BEGINNING) {
        said.begun = true;
        mark(r, &said);
    }
}

static void take_fillers(struct reading *r, const char *at, struct said said)
{
    const char *key = buf_str(&r->fillers);
    said.filled = true;
    for (size_t i = 0; i < N_FILLERS; i++, key += strlen(key) + 1) {
        struct said next = said;
        next.told |= FILLERS[i].tells;
        next.wing = FILLERS[i].wing;
        if (may_stand(&FILLERS[i], &said))
            take_filler(r, key, at, next);
    }
}

/* at: what is left of the query. Each of the ways to read it is tried. */
static void read_on(struct reading *r, const char *at, struct said said)
{
    if (*at == '\0')
        mark(r, &said);
    if (*at == '\0' || said.words++ == SEARCH_MEANT_WORDS)
        return;
    if (said.wing && enneagram_name(said.enneagram)[2] == *at) {
        struct said next = said;
        next.wing = false;
        read_on(r, at + 1, next);
    }
    if (said.mbti == MBTI_NONE)
        take_mbti(r, at, said);
    if (said.enneagram == ENNEAGRAM_NONE)
        take_enneagram(r, at, said);
    take_again(r, at, said);
    take_fillers(r, at, said);
}

static size_t keep_finished(uint8_t *marked)
{
    size_t n = 0;
    uint8_t all = 0;
    for (size_t i = 0; i < SNAPSHOT_KINDS; i++)
        all |= marked[i];
    for (size_t i = 0; i < SNAPSHOT_KINDS; i++) {
        marked[i] = (marked[i] & ((all & FINISHED) != 0 ? FINISHED : BEGUN)) != 0;
        n += marked[i];
    }
    return n;
}

/* ---- as typed, or by the other keyboard */

/* Which of a query the other keyboard was meant for: all of it, or its words and not its numbers ("dlsvmvl 4w5" is 인프피 4w5), or the other way
 * round. */
static const struct way {
    bool words, numbers;
} NOTHING = {false, false}, TURNED[] = {{true, true}, {true, false}, {false, true}};

/* Appends the key of a part without its blanks. *lost: on the other keyboard it is nothing. */
static enum err add_part(struct buf *out, const char *at, size_t n, bool turn, bool *lost)
{
    struct buf part = {0}, key = {0};
    if (n == 0)
        return ERR_OK;
    buf_put(&part, at, n);
    enum err rc = part.failed ? ERR_NOMEM
                  : turn      ? search_key_other_keyboard(&key, buf_str(&part))
                              : search_key_query(&key, buf_str(&part));
    for (const char *s = buf_str(&key); *s != '\0'; s++)
        if (*s != ' ')
            buf_putc(out, *s);
    *lost |= turn && key.len == 0;
    buf_free(&part);
    buf_free(&key);
    return rc;
}

/* A word, in which a number reaches from the first digit to the last: 4w5. */
static enum err add_word(struct buf *out, const char *word, size_t n, struct way way, bool *lost)
{
    static const char DIGITS[] = "0123456789";
    size_t first = strcspn(word, DIGITS), end = n;
    first = first < n ? first : n;
    while (end > first && strchr(DIGITS, word[end - 1]) == NULL)
        end--;
    enum err rc = add_part(out, word, first, way.words, lost);
    if (rc == ERR_OK)
        rc = add_part(out, word + first, end - first, way.numbers, lost);
    return rc == ERR_OK ? add_part(out, word + end, n - end, way.words, lost) : rc;
}

static enum err add_query(struct buf *out, const char *query, struct way way, bool *lost)
{
    static const char BETWEEN[] = " ,.-/+&()";
    enum err rc = ERR_OK;
    if (way.words == way.numbers)
        return add_part(out, query, strlen(query), way.words, lost);
    for (size_t n; *query != '\0' && rc == ERR_OK; query += n + (query[n] != '\0')) {
        n = strcspn(query, BETWEEN);
        rc = add_word(out, query, n, way, lost);
    }
    return rc;
}

static enum err read_query(struct reading *r, const char *query, struct way way, size_t *found)
{
    struct buf key = {0};
    bool lost = false;
    enum err rc = add_query(&key, query, way, &lost);
    rc = key.failed ? ERR_NOMEM : rc;
    if (rc == ERR_OK && !lost)
        read_on(r, buf_str(&key), (struct said){.mbti = MBTI_NONE, .enneagram = ENNEAGRAM_NONE});
    buf_free(&key);
    *found = rc == ERR_OK ? keep_finished(r->marked) : 0;
    return rc;
}

static enum err add_fillers(struct buf *out)
{
    enum err rc = ERR_OK;
    for (size_t i = 0; i < N_FILLERS && rc == ERR_OK; i++) {
        rc = search_key_query(out, FILLERS[i].word);
        buf_putc(out, '\0');
    }
    return out->failed ? ERR_NOMEM : rc;
}

enum err search_meant(const struct snapshot *s, const char *query, bool turned, uint8_t *marked,
                      size_t *found)
{
    struct reading r = {.s = s, .marked = marked};
    enum err rc = add_fillers(&r.fillers);
    *found = 0;
    if (rc == ERR_OK && !turned)
        rc = read_query(&r, query, NOTHING, found);
    for (size_t i = 0; turned && i < sizeof TURNED / sizeof *TURNED && rc == ERR_OK && *found == 0; i++)
        rc = read_query(&r, query, TURNED[i], found);
    buf_free(&r.fillers);
    return rc;
}
