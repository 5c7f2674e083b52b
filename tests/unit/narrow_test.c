#include "app/narrow.h"

#include <math.h>

#include "app/recommend.h"
#include "tests/check.h"
#include "tests/fixture/small_snapshot.h"

static struct small_snapshot file;
static struct snapshot snap;
static const int32_t loved[] = {101, 102, 103};

static struct recommend_request asked(void)
{
    return (struct recommend_request){.mbti = 5, .enneagram = 7, .movies = loved, .n_movies = 3, .limit = 20};
}

static bool fits(const struct narrow *n, const struct snapshot_movie *m)
{
    bool linked = n->service == NULL;
    for (uint32_t i = 0; i < m->link_count; i++)
        linked |= n->service != NULL &&
                  strcmp(snapshot_text(&snap, snap.links[m->link_start + i].platform), n->service) == 0;
    return linked && (n->since == 0 || m->year >= n->since) &&
           (n->until == 0 || (m->year > 0 && m->year <= n->until)) &&
           (n->country == NULL || strcmp(snapshot_text(&snap, m->country), n->country) == 0);
}

/* Characters of the type whose film fits: what a list can have before it takes others. */
static size_t available(const struct narrow *n, uint8_t type)
{
    size_t found = 0;
    for (size_t c = 0; c < snap.n_characters; c++) {
        const struct snapshot_movie *m = &snap.movies[snap.characters[c].movie];
        found += snap.characters[c].mbti == type && fits(n, m) && m->id > 103;
    }
    return found;
}

static void check_list(const struct narrow *n, const struct recommend_list *l, uint8_t type)
{
    size_t own = 0;
    for (size_t i = 0; i < l->n; i++) {
        const struct snapshot_character *c = &snap.characters[l->items[i].character];
        CHECK(fits(n, &snap.movies[c->movie]));
        own += c->mbti == type;
    }
    size_t most = available(n, type);
    CHECK_INT(own, most < 20 ? most : 20);
}

static void lists_have_what_was_asked_for(void)
{
    const char *country = snapshot_text(&snap, snap.movies[5].country);
    const struct narrow rows[] = {{.since = 1990},
                                  {.until = 1989},
                                  {.since = 1985, .until = 1995},
                                  {.country = country},
                                  {.country = country, .since = 1990},
                                  {.country = "nowhere"},
                                  {.service = "nothing"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena a = {0};
        struct recommend_request q = asked();
        struct recommend_result r;
        q.narrow = rows[i];
        CHECK(narrow_wants(&q.narrow));
        CHECK_INT(recommend_run(&snap, &q, &a, &r, NULL), ERR_OK);
        check_list(&rows[i], &r.same, q.mbti);
        check_list(&rows[i], &r.compatible, snap.partners[q.mbti]);
        arena_free(&a);
    }
    CHECK(!narrow_wants(&(struct narrow){0}));
}

/* The twin of the order, from what each match says. */
static double rank(const struct recommend_taste *t, uint8_t mbti, const struct recommend_item *it)
{
    const struct snapshot_character *c = &snap.characters[it->character];
    const struct recommend_match *m = &it->match;
    int own = mbti_distance(c->mbti, mbti), partner = mbti_distance(c->mbti, snap.partners[mbti]);
    double sum = (double)(t->film * m->film + t->person * (m->completes ? m->grade : m->enneagram) +
                          t->popularity * c->popularity);
    return (1 - 0.15 * fmin(own, partner)) * sum / (double)(t->film + t->person + t->popularity);
}

static void taste_orders_and_changes_no_match(void)
{
    static const struct recommend_taste tastes[] = {
        {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {50, 35, 20}, {100, 100, 100}};
    struct arena a = {0};
    const struct recommend_work *visitor;
    struct recommend_request plain = asked();
    CHECK_INT(recommend_visitor(&snap, &plain, &a, &visitor, NULL), ERR_OK);
    for (size_t i = 0; i < sizeof tastes / sizeof *tastes; i++) {
        struct recommend_request q = asked();
        struct recommend_result r;
        q.taste = &tastes[i];
        CHECK_INT(recommend_run(&snap, &q, &a, &r, NULL), ERR_OK);
        CHECK_INT(r.same.n, 20);
        for (size_t k = 0; k < r.same.n; k++) {
            const struct recommend_item *it = &r.same.items[k];
            CHECK_INT(it->match.percent, recommend_match_of(visitor, it->character).percent);
            if (k > 0 && it->match.type == r.same.items[k - 1].match.type)
                CHECK(rank(&tastes[i], q.mbti, it) <= rank(&tastes[i], q.mbti, it - 1) + 1e-6);
        }
    }
    arena_free(&a);
}

static void choices_are_what_the_catalog_has(void)
{
    struct arena a = {0};
    struct narrow_choices c;
    CHECK_INT(narrow_list(&snap, &a, &c), ERR_OK);
    size_t films = 0;
    CHECK(c.n_countries > 0);
    for (size_t i = 0; i < c.n_countries; i++) {
        size_t n = 0;
        for (size_t j = 0; j < snap.n_movies; j++)
            n += strcmp(snapshot_text(&snap, snap.movies[j].country), c.countries[i].name) == 0;
        CHECK_INT(c.countries[i].n, n);
        CHECK(i == 0 || c.countries[i].n <= c.countries[i - 1].n);
        films += n;
    }
    CHECK(films <= snap.n_movies);
    for (size_t i = 0; i < c.n_services; i++) {
        size_t n = 0;
        for (size_t k = 0; k < snap.n_links; k++)
            n += strcmp(snapshot_text(&snap, snap.links[k].platform), c.services[i].name) == 0;
        CHECK_INT(c.services[i].n, n);
    }
    for (size_t j = 0; j < snap.n_movies; j++)
        CHECK(snap.movies[j].year == 0 || (snap.movies[j].year >= c.since && snap.movies[j].year <= c.until));
    arena_free(&a);
}

int main(void)
{
    small_snapshot_open(&file, 150, 9, &snap);
    RUN(lists_have_what_was_asked_for);
    RUN(taste_orders_and_changes_no_match);
    RUN(choices_are_what_the_catalog_has);
    snapshot_close(&snap);
    small_snapshot_free(&file);
    return check_done();
}
