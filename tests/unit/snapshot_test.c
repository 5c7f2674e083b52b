#include "base/map_file.h"
#include "base/rng.h"
#include "base/secret.h"
#include "model/snapshot_writer.h"
#include "tests/check.h"
#include "tests/fixture/forge.h"
#include "tests/fixture/guarded.h"
#include "tests/fixture/small_snapshot.h"

#include <stddef.h>
#include <unistd.h>

static void what_was_written_is_read(void)
{
    struct small_snapshot f;
    small_snapshot_make(&f, 40, 1);
    struct snapshot s;
    struct fail why = {0};
    CHECK_MSG(snapshot_open(&s, f.path, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(s.n_movies, 40);
    CHECK_INT(s.n_characters, 160);
    CHECK_INT(s.fusion.n_parts, 2);
    CHECK_INT(s.models[0].n_items, 35);
    CHECK_INT(s.models[1].n_items, 40);
    CHECK_NEAR(s.fusion.parts[0].weight + s.fusion.cold, 1.2, 1e-6);
    CHECK(!s.fusion.parts[0].content && s.fusion.parts[1].content);
    int64_t at = snapshot_movie_index(&s, 107);
    CHECK(at >= 0 && s.movies[at].rated == 0);
    for (size_t p = 0; p < 2; p++)
        for (size_t i = 0; i < s.n_movies; i++) {
            int32_t item = s.fusion.parts[p].item_of[i];
            CHECK(item < 0 ? p == 0 && i % 7 == 6 : s.models[p].item_ids[item] == s.movies[i].id);
        }
    CHECK_STR(snapshot_text(&s, s.movies[at].title_ko), "영화 6");
    CHECK_INT(snapshot_movie_index(&s, 99), -1);
    CHECK_INT(snapshot_movie_index(&s, 100000), -1);
    int64_t c = snapshot_character_index(&s, 1052);
    CHECK(c >= 0 && s.movies[s.characters[c].movie].id == 105);
    CHECK_INT(s.n_movie_aliases, 2);
    CHECK_INT(s.n_character_aliases, 1);
    CHECK_INT(snapshot_movie_index(&s, 51), snapshot_movie_index(&s, 101));
    CHECK_INT(snapshot_movie_index(&s, 52), snapshot_movie_index(&s, 102));
    CHECK_INT(snapshot_movie_index(&s, 53), -1);
    CHECK_INT(snapshot_character_index(&s, 511), snapshot_character_index(&s, 1011));
    CHECK_STR(snapshot_text(&s, UINT32_MAX), "");
    int64_t linked = snapshot_movie_index(&s, 104);
    CHECK_INT(s.movies[linked].link_count, 1);
    CHECK_STR(snapshot_text(&s, s.links[s.movies[linked].link_start].platform), "왓챠");
    snapshot_close(&s);
    small_snapshot_free(&f);
}

static void lists_are_complete_and_sorted(void)
{
    struct small_snapshot f;
    small_snapshot_make(&f, 60, 2);
    struct snapshot s;
    CHECK(snapshot_open(&s, f.path, NULL) == ERR_OK);
    size_t seen = 0;
    for (uint8_t t = 0; t < MBTI_COUNT; t++)
        for (uint32_t i = s.rank_start[t]; i < s.rank_start[t + 1]; i++, seen++) {
            const struct snapshot_character *c = &s.characters[s.ranking[i]];
            CHECK_INT(c->mbti, t);
            if (i > s.rank_start[t])
                CHECK(s.characters[s.ranking[i - 1]].popularity >= c->popularity);
        }
    CHECK_INT(seen, s.n_characters);
    for (size_t m = 0; m < s.n_movies; m++) {
        CHECK_INT(s.movies[m].cast_count, 4);
        for (uint32_t i = 0; i < 4; i++)
            CHECK_INT(s.characters[s.cast[s.movies[m].cast_start + i]].movie, m);
        if (m > 0)
            CHECK(s.movies[s.wall[m - 1]].popularity >= s.movies[s.wall[m]].popularity);
    }
    snapshot_close(&s);
    small_snapshot_free(&f);
}

static void same_content_same_id(void)
{
    struct small_snapshot a, b, c;
    small_snapshot_make(&a, 10, 3);
    small_snapshot_make(&b, 10, 3);
    small_snapshot_make(&c, 10, 4);
    CHECK_STR(strrchr(a.path, '/'), strrchr(b.path, '/'));
    CHECK(strcmp(strrchr(a.path, '/'), strrchr(c.path, '/')) != 0);
    small_snapshot_free(&a);
    small_snapshot_free(&b);
    small_snapshot_free(&c);
}

static void write_bytes(const char *path, const unsigned char *bytes, size_t n)
{
    FILE *out = fopen(path, "wb");
    CHECK(out != NULL && fwrite(bytes, 1, n, out) == n);
    fclose(out);
}

static void every_damage_is_refused(void)
{
    struct small_snapshot f;
    small_snapshot_make(&f, 12, 5);
    struct map_file m;
    CHECK(map_file_open(&m, f.path, NULL) == ERR_OK);
    unsigned char *copy = malloc(m.size);
    char path[160];
    snprintf(path, sizeof path, "%s/damaged", f.folder);
    struct rng r;
    rng_seed(&r, 6);
    struct snapshot s;
    for (int i = 0; i < 700; i++) {
        memcpy(copy, m.data, m.size);
        size_t at = i < 128 ? (size_t)i : rng_below(&r, m.size);
        copy[at] ^= (unsigned char)(1 + rng_below(&r, 255));
        write_bytes(path, copy, m.size);
        CHECK_MSG(snapshot_open(&s, path, NULL) == ERR_CORRUPT, "byte %zu", at);
    }
    for (int i = 0; i < 50; i++) {
        write_bytes(path, m.data, rng_below(&r, m.size));
        CHECK(snapshot_open(&s, path, NULL) == ERR_CORRUPT);
    }
    CHECK(snapshot_open(&s, "/nonexistent.mvs", NULL) == ERR_NOT_FOUND);
    free(copy);
    map_file_close(&m);
    small_snapshot_free(&f);
}

struct forged_field {
    uint32_t tag;
    size_t item, offset;
    uint32_t value;
    const char *reason;
};

/* One field of 32 bits, or of what a smaller item has, changed, checksums right. */
static void check_forged(const struct map_file *whole, const struct forged_field *f)
{
    struct snapshot s;
    struct fail why = {0};
    struct guarded g;
    unsigned char *copy = malloc(whole->size);
    memcpy(copy, whole->data, whole->size);
    struct forge_part part = forge_section(copy, f->tag);
    CHECK(f->item < part.count && f->offset < part.item_size);
    size_t room = part.item_size - f->offset, width = room < sizeof f->value ? room : sizeof f->value;
    memcpy(part.bytes + f->item * part.item_size + f->offset, &f->value, width);
    forge_seal(copy, whole->size, NULL, 0);
    guarded_make(&g, copy, whole->size, 64);
    CHECK_MSG(snapshot_parse(&s, &(struct named_bytes){g.bytes, g.n, "forged"}, &why) == ERR_CORRUPT &&
                  strstr(why.text, f->reason) != NULL,
              "section %u, item %zu, offset %zu: %s", f->tag, f->item, f->offset, why.text);
    snapshot_close(&s);
    guarded_free(&g);
    free(copy);
}

#define FIELD(type, name) offsetof(struct snapshot_##type, name)

static void forged_fields_are_refused(void)
{
    static const struct forged_field fields[] = {
        {SNAP_CHARACTERS, 0, FIELD(character, movie), 12, "characters"}, /* there are films 0 … 11 */
        {SNAP_CHARACTERS, 47, FIELD(character, movie), UINT32_MAX, "characters"},
        {SNAP_CHARACTERS, 3, FIELD(character, votes), UINT32_MAX - 1, "characters"},
        {SNAP_CHARACTERS, 3, FIELD(character, mbti), 16, "characters"},
        {SNAP_CHARACTERS, 3, FIELD(character, mbti), 18 << 8, "characters"}, /* the Enneagram beside it */
        {SNAP_CHARACTERS, 3, FIELD(character, image), UINT32_MAX, "characters"},
        {SNAP_CHARACTERS, 3, FIELD(character, id), 1, "characters"},
        {SNAP_MOVIES, 11, FIELD(movie, cast_count), 49, "movies"},
        {SNAP_MOVIES, 0, FIELD(movie, cast_start), UINT32_MAX, "movies"},
        {SNAP_MOVIES, 0, FIELD(movie, link_count), UINT32_MAX, "movies"},
        {SNAP_MOVIES, 5, FIELD(movie, plot_en), UINT32_MAX, "movies"},
        {SNAP_MOVIES, 5, FIELD(movie, rated), 2, "movies"},
        {SNAP_CAST, 47, 0, 48, "lists"},
        {SNAP_RANKING, 0, 0, 48, "lists"},
        {SNAP_RANK_START, 0, 0, 1, "lists"},
        {SNAP_RANK_START, 16, 0, 49, "lists"},
        {SNAP_RANK_START, 15, 0, 49, "lists"},
        {SNAP_WALL, 11, 0, 12, "lists"},
        {SNAP_FINDER, 11, FIELD(finder, index), 12, "search keys"},
        {SNAP_FINDER, 12 + 47, FIELD(finder, index), 48, "search keys"},
        {SNAP_FINDER, 12 + 48, FIELD(finder, index), SNAPSHOT_KINDS, "search keys"},
        {SNAP_FINDER, 0, FIELD(finder, key), UINT32_MAX, "search keys"},
        {SNAP_MOVIE_ALIASES, 1, FIELD(alias, index), 12, "aliases"},
        {SNAP_MOVIE_ALIASES, 1, FIELD(alias, id), 51, "aliases"},
        {SNAP_CHARACTER_ALIASES, 0, FIELD(alias, index), 48, "aliases"},
        {SNAP_LINKS, 0, FIELD(link, url), UINT32_MAX, "texts"},
        {SNAP_TYPES, 15, FIELD(type, compatible.en), UINT32_MAX, "texts"},
        {SNAP_GRADES, 255, 0, 0x7fc00000, "numbers"},
        {SNAP_PARTNERS, 0, 0, 16, "lists"},
        {SNAP_ITEMS, 0, offsetof(struct survey_item, axis), UINT32_MAX, "lists"},
        {SNAP_ITEMS, 0, offsetof(struct survey_item, axis), MBTI_AXES, "lists"},
        {SNAP_ITEM_OF, 0, 0, 11, "model 1"}, /* it knows items 0 … 10 */
        {SNAP_ITEM_OF, 12, 0, UINT32_MAX - 1, "model 2"},
        {SNAP_BLEND, 0, FIELD(blend, n_parts), FUSION_PARTS + 1, "blend"},
        {SNAP_BLEND, 0, FIELD(blend, rule), FUSION_RULES, "blend"},
        {SNAP_BLEND, 0, FIELD(blend, searched), 3, "forest"},
    };
    struct small_snapshot f;
    struct map_file m;
    small_snapshot_make(&f, 12, 5);
    CHECK(map_file_open(&m, f.path, NULL) == ERR_OK);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        check_forged(&m, &fields[i]);
    map_file_close(&m);
    small_snapshot_free(&f);
}

/* Section `tag` with `count` items, checksums right. */
static void check_resized(const struct map_file *whole, uint32_t tag, uint64_t count, const char *reason)
{
    struct snapshot s;
    struct fail why = {0};
    struct guarded g;
    size_t n = 0;
    uint8_t *copy = forge_resize(whole->data, whole->size, tag, count, &n);
    CHECK(copy != NULL);
    guarded_make(&g, copy, n, 64);
    CHECK_MSG(snapshot_parse(&s, &(struct named_bytes){g.bytes, g.n, "forged"}, &why) == ERR_CORRUPT &&
                  strstr(why.text, reason) != NULL,
              "section %u: %s", tag, why.text);
    snapshot_close(&s);
    guarded_free(&g);
    free(copy);
}

static void forged_lengths_are_refused(void)
{
    struct small_snapshot f;
    struct map_file m;
    small_snapshot_make(&f, 12, 5);
    CHECK(map_file_open(&m, f.path, NULL) == ERR_OK);
    check_resized(&m, SNAP_TYPES, 15, "section 10: wrong length");
    check_resized(&m, SNAP_STRINGS, 0, "string section");
    check_resized(&m, SNAP_WALL, 11, "list lengths");
    check_resized(&m, SNAP_FINDER, 11, "search keys");
    check_resized(&m, SNAP_KEYS, 0, "search keys");
    check_resized(&m, SNAP_ITEM_OF, 1, "blend");
    check_resized(&m, SNAP_MODEL, 100, "forged");
    struct snapshot s;
    struct fail why = {0};
    unsigned char *longer = calloc(1, m.size + 64);
    memcpy(longer, m.data, m.size);
    forge_seal(longer, m.size + 64, NULL, 0);
    CHECK(snapshot_parse(&s, &(struct named_bytes){longer, m.size + 64, "longer"}, &why) == ERR_CORRUPT);
    CHECK_MSG(strstr(why.text, "64 bytes after the last section") != NULL, "%s", why.text);
    free(longer);
    map_file_close(&m);
    small_snapshot_free(&f);
}

static void the_builder_refuses_what_does_not_fit(void)
{
    struct small_snapshot f;
    struct snapshot_builder b;
    struct fail why = {0};
    char path[128];
    small_snapshot_fill(&b, &f, 5, 7);
    struct snapshot_character orphan = {.id = 99999, .movie = 4711};
    CHECK(vec_push(&b.characters, &orphan));
    CHECK(snapshot_writer_build(&b, "/tmp", 0, path, sizeof path, &why) == ERR_INVALID);
    CHECK(strstr(why.text, "4711") != NULL);
    snapshot_builder_free(&b);
    small_snapshot_free(&f);
    small_snapshot_fill(&b, &f, 5, 7);
    struct snapshot_movie first = *(const struct snapshot_movie *)b.movies.data;
    CHECK(vec_push(&b.movies, &first));
    CHECK(snapshot_writer_build(&b, "/tmp", 0, path, sizeof path, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "duplicate movie") != NULL, "%s", why.text);
    snapshot_builder_free(&b);
    small_snapshot_free(&f);
    small_snapshot_fill(&b, &f, 5, 7);
    CHECK(snapshot_writer_build(&b, "/nonexistent", 0, path, sizeof path, &why) != ERR_OK);
    CHECK_MSG(strstr(why.text, "/nonexistent") != NULL, "%s", why.text);
    snapshot_builder_free(&b);
    small_snapshot_free(&f);
    snapshot_builder_init(&b);
    CHECK(snapshot_writer_build(&b, "/tmp", 0, path, sizeof path, &why) == ERR_INVALID);
    snapshot_builder_free(&b);
}

static void switching_is_by_link(void)
{
    struct small_snapshot f;
    small_snapshot_make(&f, 5, 8);
    char link[128], target[128] = {0};
    snprintf(link, sizeof link, "%s/current", f.folder);
    CHECK(readlink(link, target, sizeof target - 1) > 0);
    CHECK_STR(target, strrchr(f.path, '/') + 1);
    CHECK(snapshot_writer_switch(f.folder, "another.mvs", NULL) == ERR_OK);
    memset(target, 0, sizeof target);
    CHECK(readlink(link, target, sizeof target - 1) > 0);
    CHECK_STR(target, "another.mvs");
    struct fail why = {0};
    CHECK(snapshot_writer_switch("/nonexistent", "another.mvs", &why) != ERR_OK);
    CHECK_MSG(strstr(why.text, "/nonexistent") != NULL, "%s", why.text);
    small_snapshot_free(&f);
}

/* What is as large as it may be is taken; one more is in forged_fields_are_refused, or here. */
static void limits_may_be_reached(void)
{
    struct small_snapshot f;
    struct map_file m;
    struct snapshot s;
    struct guarded g;
    struct fail why = {0};
    small_snapshot_make(&f, 12, 5);
    CHECK(map_file_open(&m, f.path, NULL) == ERR_OK);
    for (uint32_t past = 0; past <= 1; past++) {
        size_t n;
        uint8_t *copy = malloc(m.size);
        memcpy(copy, m.data, m.size);
        uint32_t end = (uint32_t)forge_section(copy, SNAP_STRINGS).count - 1 + past;
        memcpy(forge_section(copy, SNAP_LINKS).bytes + FIELD(link, url), &end, sizeof end);
        forge_seal(copy, m.size, NULL, 0);
        guarded_make(&g, copy, m.size, 64);
        CHECK_MSG(snapshot_parse(&s, &(struct named_bytes){g.bytes, g.n, "f"}, &why) ==
                      (past ? ERR_CORRUPT : ERR_OK),
                  "%s", why.text);
        snapshot_close(&s);
        guarded_free(&g);
        free(copy);
        copy = forge_resize(m.data, m.size, SNAP_ITEMS, SURVEY_MAX_ITEMS + past, &n);
        guarded_make(&g, copy, n, 64);
        CHECK_MSG(snapshot_parse(&s, &(struct named_bytes){g.bytes, g.n, "f"}, &why) ==
                      (past ? ERR_CORRUPT : ERR_OK),
                  "%s", why.text);
        snapshot_close(&s);
        guarded_free(&g);
        free(copy);
    }
    map_file_close(&m);
    small_snapshot_free(&f);
}

static bool is_mapped(const char *name)
{
    char line[600];
    bool found = false;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
        found = found || strstr(line, name) != NULL;
    CHECK(maps != NULL && fclose(maps) == 0);
    return found;
}

/* A worker opens one after the other for as long as it lives. */
static void a_closed_snapshot_is_mapped_no_more(void)
{
    struct small_snapshot f;
    struct snapshot s;
    small_snapshot_make(&f, 12, 5);
    const char *name = strrchr(f.path, '/');
    CHECK(snapshot_open(&s, f.path, NULL) == ERR_OK && is_mapped(name));
    snapshot_close(&s);
    CHECK(!is_mapped(name));
    snapshot_close(&s);
    small_snapshot_free(&f);
}

static void types_have_a_temperament(void)
{
    static const char *const types[][4] = {{"INFJ", "INFP", "ENFJ", "ENFP"},
                                           {"INTJ", "INTP", "ENTJ", "ENTP"},
                                           {"ISTJ", "ISFJ", "ESTJ", "ESFJ"},
                                           {"ISTP", "ISFP", "ESTP", "ESFP"}};
    for (int t = 0; t < 4; t++)
        for (int i = 0; i < 4; i++)
            CHECK_MSG(snapshot_temperament(mbti_parse(types[t][i], 4)) == t, "%s", types[t][i]);
}

int main(void)
{
    if (secret_init() != ERR_OK)
        return 1;
    RUN(what_was_written_is_read);
    RUN(lists_are_complete_and_sorted);
    RUN(same_content_same_id);
    RUN(every_damage_is_refused);
    RUN(forged_fields_are_refused);
    RUN(limits_may_be_reached);
    RUN(a_closed_snapshot_is_mapped_no_more);
    RUN(types_have_a_temperament);
    RUN(forged_lengths_are_refused);
    RUN(the_builder_refuses_what_does_not_fit);
    RUN(switching_is_by_link);
    return check_done();
}
