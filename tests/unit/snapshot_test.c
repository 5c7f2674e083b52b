#include "base/map_file.h"
#include "base/rng.h"
#include "base/secret.h"
#include "model/snapshot_writer.h"
#include "tests/check.h"
#include "tests/fixture/small_snapshot.h"

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

static void the_builder_refuses_what_does_not_fit(void)
{
    struct small_snapshot f;
    struct snapshot_builder b;
    struct fail why = {0};
    char path[128];
    small_snapshot_fill(&b, &f, 5, 7);
    struct snapshot_character orphan = {.id = 99999, .movie = 4711};
    CHECK(vec_push(&b.characters, &orphan));
    CHECK(snapshot_build(&b, "/tmp", 0, path, sizeof path, &why) == ERR_INVALID);
    CHECK(strstr(why.text, "4711") != NULL);
    snapshot_builder_free(&b);
    small_snapshot_free(&f);
    snapshot_builder_init(&b);
    CHECK(snapshot_build(&b, "/tmp", 0, path, sizeof path, &why) == ERR_INVALID);
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
    CHECK(snapshot_switch(f.folder, "another.mvs", NULL) == ERR_OK);
    memset(target, 0, sizeof target);
    CHECK(readlink(link, target, sizeof target - 1) > 0);
    CHECK_STR(target, "another.mvs");
    small_snapshot_free(&f);
}

int main(void)
{
    if (secret_init() != ERR_OK)
        return 1;
    RUN(what_was_written_is_read);
    RUN(lists_are_complete_and_sorted);
    RUN(same_content_same_id);
    RUN(every_damage_is_refused);
    RUN(the_builder_refuses_what_does_not_fit);
    RUN(switching_is_by_link);
    return check_done();
}
