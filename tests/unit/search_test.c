#include "app/browse.h"
#include "app/rank.h"
#include "app/search.h"
#include "base/secret.h"
#include "fixture/small_snapshot.h"
#include "tests/check.h"

static struct small_snapshot small;
static struct snapshot s;
static struct arena arena;

static void a_wall_is_one_order_without_repeats(void)
{
    uint8_t *seen = calloc(s.n_movies, 1);
    size_t total = 0;
    for (size_t offset = 0; offset < s.n_movies; offset += 7) {
        struct browse_page page;
        CHECK(browse_wall(&s, 42, offset, 7, &arena, &page) == ERR_OK);
        CHECK(page.more == (offset + page.n < s.n_movies));
        for (size_t i = 0; i < page.n; i++, total++)
            CHECK_MSG(seen[page.items[i]]++ == 0, "film %u twice", page.items[i]);
    }
    CHECK_INT(total, s.n_movies);
    free(seen);
    struct browse_page past;
    CHECK(browse_wall(&s, 42, s.n_movies + 5, 7, &arena, &past) == ERR_OK && past.n == 0 && !past.more);
}

static void another_seed_is_another_draw_of_known_films(void)
{
    struct browse_page a, b, again;
    CHECK(browse_wall(&s, 1, 0, 20, &arena, &a) == ERR_OK);
    CHECK(browse_wall(&s, 2, 0, 20, &arena, &b) == ERR_OK);
    CHECK(browse_wall(&s, 1, 0, 20, &arena, &again) == ERR_OK);
    CHECK(memcmp(a.items, again.items, 20 * sizeof *a.items) == 0);
    CHECK(memcmp(a.items, b.items, 20 * sizeof *a.items) != 0);
    /* the middle place in the wall of a first page lies before the middle of the catalog, over many draws */
    double sum = 0;
    uint32_t *rank = calloc(s.n_movies, sizeof *rank);
    for (uint32_t r = 0; r < s.n_movies; r++)
        rank[s.wall[r]] = r;
    for (uint64_t seed = 0; seed < 50; seed++) {
        CHECK(browse_wall(&s, seed, 0, 20, &arena, &a) == ERR_OK);
        for (size_t i = 0; i < a.n; i++)
            sum += rank[a.items[i]];
    }
    CHECK_MSG(sum / (50 * 20) < 0.4 * (double)s.n_movies, "mean place %.0f of %zu", sum / 1000, s.n_movies);
    free(rank);
}

static void popular_is_the_oracle_of_a_sort(void)
{
    struct browse_page page;
    CHECK(rank_popular(&s, 12, &arena, &page) == ERR_OK);
    CHECK_INT(page.n, 12);
    for (size_t i = 0; i < page.n; i++) {
        const struct snapshot_character *c = &s.characters[page.items[i]];
        for (uint32_t o = 0; o < s.n_characters; o++) {
            bool listed = false;
            for (size_t j = 0; j <= i; j++)
                listed |= s.characters[page.items[j]].movie == s.characters[o].movie;
            CHECK_MSG(listed || s.characters[o].popularity <= c->popularity,
                      "%u should stand before place %zu", o, i);
        }
    }
}

static void a_ranking_pages_through_all(void)
{
    for (uint8_t t = 0; t < MBTI_COUNT; t++) {
        size_t total = 0;
        struct browse_page page = {.more = true};
        while (page.more) {
            rank_type(&s, t, total, 5, &page);
            for (size_t i = 0; i < page.n; i++)
                CHECK_INT(s.characters[page.items[i]].mbti, t);
            total += page.n;
        }
        CHECK_INT(total, rank_type_count(&s, t));
        rank_type(&s, t, total + 1, 5, &page);
        CHECK_INT(page.n, 0);
    }
}

static void similar_ones_have_the_type_and_other_films(void)
{
    for (uint32_t c = 0; c < s.n_characters; c += 17) {
        struct browse_page similar, others;
        CHECK(browse_similar(&s, c, &arena, &similar) == ERR_OK &&
              browse_others(&s, c, &arena, &others) == ERR_OK);
        for (size_t i = 0; i < similar.n; i++) {
            CHECK_INT(s.characters[similar.items[i]].mbti, s.characters[c].mbti);
            CHECK(s.characters[similar.items[i]].movie != s.characters[c].movie);
            for (size_t j = 0; j < i; j++)
                CHECK(s.characters[similar.items[i]].movie != s.characters[similar.items[j]].movie);
        }
        for (size_t i = 0; i < others.n; i++)
            CHECK(others.items[i] != c && s.characters[others.items[i]].movie == s.characters[c].movie);
        CHECK_INT(others.n, s.movies[s.characters[c].movie].cast_count - 1);
    }
}

static void searching_finds_every_title_by_itself(void)
{
    struct search_result found;
    for (uint32_t i = 0; i < s.n_movies; i++) {
        const char *titles[] = {snapshot_text(&s, s.movies[i].title_ko),
                                snapshot_text(&s, s.movies[i].title_en)};
        for (int t = 0; t < 2; t++) {
            CHECK(search_movies(&s, titles[t], 0, s.n_movies, &arena, &found) == ERR_OK);
            bool has = false;
            for (size_t j = 0; j < found.n; j++)
                has |= found.movies[j] == i;
            CHECK_MSG(has, "'%s' does not find film %d", titles[t], s.movies[i].id);
        }
    }
    CHECK(search_movies(&s, "!?", 0, 10, &arena, &found) == ERR_OK && found.found == 0);
    CHECK(search_movies(&s, "zzzqqq", 0, 10, &arena, &found) == ERR_OK && found.found == 0);
}

int main(void)
{
    CHECK(secret_init() == ERR_OK);
    small_snapshot_make(&small, 300, 7);
    if (snapshot_open(&s, small.path, NULL) != ERR_OK)
        return 1;
    RUN(a_wall_is_one_order_without_repeats);
    RUN(another_seed_is_another_draw_of_known_films);
    RUN(popular_is_the_oracle_of_a_sort);
    RUN(a_ranking_pages_through_all);
    RUN(similar_ones_have_the_type_and_other_films);
    RUN(searching_finds_every_title_by_itself);
    arena_free(&arena);
    snapshot_close(&s);
    small_snapshot_free(&small);
    return check_done();
}
