#include "model/snapshot_finder.h"

#include <stdio.h>
#include <stdlib.h>

#include "text/search_key.h"

enum { ALSO = 4 };

/* What the types are also called, as people know them from elsewhere: as Koreans say them aloud, and by
 * widespread nicknames. In the order of domain/mbti.h. */
static const char *const also_mbti[MBTI_COUNT][ALSO] = {
    {"엣티제", "에스티제", "경영자", "Executive"},
    {"엣팁", "에스팁", "사업가", "Entrepreneur"},
    {"엣프제", "집정관", "Consul"},
    {"엣프피", "연예인", "Entertainer"},
    {"엔티제", "통솔자", "Commander"},
    {"엔팁", "변론가", "Debater"},
    {"엔프제", "선도자", "Protagonist"},
    {"엔프피", "활동가", "Campaigner"},
    {"잇티제", "있티제", "현실주의자", "Logistician"},
    {"잇팁", "있팁", "장인", "Virtuoso"},
    {"잇프제", "있프제", "수호자", "Defender"},
    {"잇프피", "있프피", "모험가", "Adventurer"},
    {"인티제", "전략가", "Architect"},
    {"인팁", "논리술사", "Logician"},
    {"인프제", "옹호자", "Advocate"},
    {"인프피", "중재자", "Mediator"},
};
/* The same of the nine cores. */
static const char *const also_core[][ALSO] = {
    {"1번", "개혁가", "Reformer"},       {"2번", "조력가", "Helper"},
    {"3번", "성취자", "Achiever"},       {"4번", "예술가", "개인주의자", "Individualist"},
    {"5번", "탐구자", "Investigator"},   {"6번", "충성가", "Loyalist"},
    {"7번", "열정가", "Enthusiast"},     {"8번", "도전자", "Challenger"},
    {"9번", "평화주의자", "Peacemaker"},
};

struct finding {
    const struct snapshot_builder *b;
    struct buf *keys;
    struct buf key; /* the readings of what is at hand */
    struct snapshot_finder *next;
    enum err rc;
};

static void read_name(struct finding *f, const char *name)
{
    if (f->rc == ERR_OK && name != NULL)
        f->rc = search_key_title(&f->key, name);
}

static void read_texts(struct finding *f, uint32_t ko, uint32_t en)
{
    read_name(f, f->b->strings.data + ko);
    read_name(f, f->b->strings.data + en);
}

static void read_also(struct finding *f, const char *const names[ALSO])
{
    for (int i = 0; i < ALSO; i++)
        read_name(f, names[i]);
}

static void close_entry(struct finding *f, uint32_t index)
{
    *f->next++ = (struct snapshot_finder){
        .mask = search_mask_key(buf_str(&f->key)), .index = index, .key = (uint32_t)f->keys->len};
    buf_put(f->keys, buf_str(&f->key), f->key.len + 1);
    if (f->keys->failed || f->keys->len > UINT32_MAX)
        f->rc = ERR_NOMEM;
    buf_reset(&f->key);
}

static void add_movies(struct finding *f, const uint32_t *wall)
{
    const struct snapshot_movie *movies = f->b->movies.data;
    for (size_t i = 0; f->rc == ERR_OK && i < f->b->movies.len; i++) {
        read_texts(f, movies[wall[i]].title_ko, movies[wall[i]].title_en);
        close_entry(f, wall[i]);
    }
}

/* By popularity, equals in their order. */
static int compare_characters(const void *a, const void *b, void *of)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    const struct snapshot_character *c = of;
    if (c[x].popularity != c[y].popularity)
        return c[x].popularity > c[y].popularity ? -1 : 1;
    return (x > y) - (x < y);
}

static void add_characters(struct finding *f)
{
    struct snapshot_character *characters = f->b->characters.data;
    size_t n = f->b->characters.len;
    uint32_t *order = calloc(n + 1, sizeof *order);
    if (order == NULL) {
        f->rc = ERR_NOMEM;
        return;
    }
    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    if (n > 0)
        qsort_r(order, n, sizeof *order, compare_characters, characters);
    for (size_t i = 0; f->rc == ERR_OK && i < n; i++) {
        read_texts(f, characters[order[i]].name_ko, characters[order[i]].name_en);
        close_entry(f, order[i]);
    }
    free(order);
}

static void add_pair(struct finding *f, uint8_t mbti, uint8_t enneagram)
{
    char both[16];
    snprintf(both, sizeof both, "%s %s", mbti_name(mbti), enneagram_name(enneagram));
    read_name(f, both);
}

static void add_kinds(struct finding *f)
{
    uint32_t index = 0;
    for (uint8_t t = 0; f->rc == ERR_OK && t < MBTI_COUNT; t++) {
        read_name(f, mbti_name(t));
        read_also(f, also_mbti[t]);
        read_texts(f, f->b->types[t].name.ko, f->b->types[t].name.en);
        close_entry(f, index++);
    }
    for (uint8_t e = 0; f->rc == ERR_OK && e < ENNEAGRAM_COUNT; e++) {
        read_name(f, enneagram_name(e));
        read_also(f, also_core[enneagram_core(e) - 1]);
        read_texts(f, f->b->wings[e].name.ko, f->b->wings[e].name.en);
        close_entry(f, index++);
    }
    for (uint8_t t = 0; t < MBTI_COUNT; t++)
        for (uint8_t e = 0; f->rc == ERR_OK && e < ENNEAGRAM_COUNT; e++) {
            add_pair(f, t, e);
            close_entry(f, index++);
        }
}

enum err snapshot_finder_fill(const struct snapshot_builder *b, const uint32_t *wall, struct buf *keys,
                              struct snapshot_finder *finder)
{
    struct finding f = {.b = b, .keys = keys, .next = finder, .rc = ERR_OK};
    add_movies(&f, wall);
    if (f.rc == ERR_OK)
        add_characters(&f);
    if (f.rc == ERR_OK)
        add_kinds(&f);
    buf_free(&f.key);
    return f.rc;
}
