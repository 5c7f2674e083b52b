/* app/recommend.h: who could have stood in a place that was drawn, and matches of characters who are asked for by name. */
#include "app/recommend.h"

#include "tests/check.h"
#include "tests/fixture/small_snapshot.h"

static struct small_snapshot file;
static struct snapshot snap;
static const int32_t films[] = {101, 105, 109, 113};
static const struct variant_settings exploring = {
    .parts = VARIANT_EXPLORE, .explore_share = 0.25f, .explore_temperature = 0.05f, .explore_pool = 4};

static struct recommend_request request(uint8_t mbti)
{
    return (struct recommend_request){
        .mbti = mbti, .enneagram = (uint8_t)(mbti % 18), .movies = films, .n_movies = 4, .limit = 20};
}

/* The one that stands there is among them with its chance, and the chances of a place are all there are. */
static void check_pools(const struct recommend_list *l, size_t *drawn)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct recommend_item *it = &l->items[i];
        double sum = 0, chance = 0;
        CHECK((it->n_pool > 0) == it->drawn && it->n_pool <= RECOMMEND_POOL);
        for (size_t k = 0; k < it->n_pool; k++) {
            sum += it->pool[k].chance;
            chance += it->pool[k].character == it->character ? it->pool[k].chance : 0;
        }
        if (it->drawn) {
            CHECK_NEAR(sum, 1, 1e-9);
            CHECK_NEAR(chance, it->propensity, 0);
            ++*drawn;
        }
    }
}

static void pools_are_those_of_every_draw(void)
{
    struct arena a = {0}, b = {0};
    size_t drawn = 0;
    for (uint8_t mbti = 0; mbti < MBTI_COUNT; mbti++) {
        struct recommend_request q = request(mbti), other = request(mbti);
        struct recommend_result r, s;
        q.settings = other.settings = &exploring;
        q.pools = other.pools = true;
        q.seed = 1;
        other.seed = 2;
        CHECK(recommend_run(&snap, &q, &a, &r, NULL) == ERR_OK &&
              recommend_run(&snap, &other, &b, &s, NULL) == ERR_OK);
        check_pools(&r.same, &drawn);
        check_pools(&r.compatible, &drawn);
        for (size_t i = 0; i < r.same.n; i++) {
            CHECK(r.same.items[i].n_pool == s.same.items[i].n_pool);
            for (size_t k = 0; k < r.same.items[i].n_pool; k++)
                CHECK(r.same.items[i].pool[k].character == s.same.items[i].pool[k].character);
        }
        arena_reset(&a);
        arena_reset(&b);
    }
    CHECK_INT(drawn, MBTI_COUNT * 2 * 5);
    struct recommend_request unasked = request(3);
    struct recommend_result r;
    unasked.settings = &exploring;
    CHECK(recommend_run(&snap, &unasked, &a, &r, NULL) == ERR_OK && r.same.items[3].drawn &&
          r.same.items[3].n_pool == 0);
    arena_free(&a);
    arena_free(&b);
}

/* The film of who stands first, with which all others are compared. */
static int32_t best_film(const struct recommend_request *q, struct arena *a)
{
    struct recommend_result r;
    const struct recommend_item *best = NULL;
    CHECK(recommend_run(&snap, q, a, &r, NULL) == ERR_OK);
    for (size_t i = 0; i < r.same.n; i++)
        if (best == NULL || r.same.items[i].match.film > best->match.film)
            best = &r.same.items[i];
    return snap.movies[snap.characters[best->character].movie].id;
}

/* What is asked for one pair is the number that the lists have, whatever else was left out of them. */
static void matches_are_those_of_the_lists(void)
{
    struct arena a = {0};
    const struct variant_settings taste = {
        .parts = VARIANT_MATCH, .film = 80, .enneagram = 15, .certainty = 5};
    const struct variant_settings *const all[] = {NULL, &taste};
    for (int k = 0; k < 2; k++)
        for (uint8_t mbti = 0; mbti < MBTI_COUNT; mbti++) {
            struct recommend_request q = request(mbti);
            struct recommend_result r;
            const struct recommend_work *visitor;
            q.settings = all[k];
            int32_t best = best_film(&q, &a);
            q.left_out = (struct leave_out){.movies = &best, .n_movies = 1};
            CHECK(recommend_run(&snap, &q, &a, &r, NULL) == ERR_OK);
            q.left_out = (struct leave_out){0}; /* marks change no number of what is not marked */
            CHECK(recommend_visitor(&snap, &q, &a, &visitor, NULL) == ERR_OK);
            for (size_t i = 0; i < r.same.n + r.compatible.n; i++) {
                const struct recommend_item *it =
                    i < r.same.n ? &r.same.items[i] : &r.compatible.items[i - r.same.n];
                struct recommend_match m = recommend_match_of(visitor, it->character);
                CHECK_INT(m.percent, it->match.percent);
                CHECK(m.completes == it->match.completes && m.type == it->match.type);
            }
            arena_reset(&a);
        }
    struct recommend_request wrong = request(MBTI_COUNT);
    const struct recommend_work *none;
    CHECK(recommend_visitor(&snap, &wrong, &a, &none, NULL) == ERR_INVALID);
    arena_free(&a);
}

int main(void)
{
    small_snapshot_open(&file, 300, 4, &snap);
    RUN(pools_are_those_of_every_draw);
    RUN(matches_are_those_of_the_lists);
    snapshot_close(&snap);
    small_snapshot_free(&file);
    return check_done();
}
