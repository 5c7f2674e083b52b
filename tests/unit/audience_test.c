/* The simulated audience: same seed, same ratings; other seed, others; a long tail; and taste to be learned.
 */
#include "data/audience.h"

#include "base/secret.h"
#include "tests/check.h"

enum { FILMS = 120, USERS = 300 };

struct tally {
    struct secret_hasher hash;
    size_t n;
    uint32_t last_user;
    int32_t last_movie;
    bool ordered, in_range;
    uint32_t per_film[FILMS];
    double stars;
};

static void count(void *arg, const struct audience_rating *r)
{
    struct tally *t = arg;
    const uint32_t row[] = {r->user, (uint32_t)r->movie, r->time, r->half_stars};
    secret_hasher_add(&t->hash, row, sizeof row);
    t->ordered &= r->user > t->last_user || (r->user == t->last_user && r->movie > t->last_movie);
    t->in_range &= r->half_stars >= 1 && r->half_stars <= 10 && r->movie >= 1000 && r->movie < 1000 + FILMS;
    t->last_user = r->user;
    t->last_movie = r->movie;
    t->per_film[(size_t)(r->movie - 1000) % FILMS]++;
    t->stars += r->half_stars / 2.0;
    t->n++;
}

/* Turned: the same films in the opposite order. */
static void simulate(struct tally *t, uint64_t seed, bool turned, uint8_t hash[32])
{
    static const char *const genres[] = {"Drama|War", "Comedy", "Action|Sci-Fi|", "", "Romance|Comedy"};
    static const char *const countries[] = {"US", "KR", "", "US"};
    struct audience_film films[FILMS];
    for (int32_t i = 0; i < FILMS; i++)
        films[turned ? FILMS - 1 - i : i] = (struct audience_film){.id = 1000 + i,
                                                                   .year = i % 11 == 0 ? 0 : 1970 + i % 50,
                                                                   .genres = genres[i % 5],
                                                                   .country = countries[i % 4]};
    const struct audience_plan plan = {
        .films = films, .n_films = FILMS, .users = USERS, .mean = 35, .seed = seed, .rate = count, .arg = t};
    *t = (struct tally){.ordered = true, .in_range = true};
    secret_hasher_init(&t->hash);
    CHECK(audience_simulate(&plan, NULL, NULL) == ERR_OK);
    secret_hasher_end(&t->hash, hash);
}

static void one_seed_one_audience(void)
{
    struct tally t;
    uint8_t a[32], b[32], c[32], d[32];
    simulate(&t, 1, false, a);
    simulate(&t, 1, false, b);
    simulate(&t, 2, false, c);
    simulate(&t, 1, true, d);
    CHECK(memcmp(a, b, 32) == 0);
    CHECK(memcmp(a, c, 32) != 0);
    CHECK(t.n > 0 && t.last_user == USERS);
    /* genre numbers follow the films’ ids, so the order handed in does not matter */
    CHECK(memcmp(a, d, 32) == 0);
}

static int descending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x < y) - (x > y);
}

static void looks_like_an_audience(void)
{
    struct tally t;
    uint8_t hash[32];
    simulate(&t, 7, false, hash);
    CHECK(t.ordered);
    CHECK(t.in_range);
    double mean = t.stars / (double)t.n, per_person = (double)t.n / USERS;
    CHECK_MSG(mean > 3 && mean < 4.2, "mean rating %g", mean);
    CHECK_MSG(per_person > 20 && per_person < 45, "%g ratings a person", per_person);
    qsort(t.per_film, FILMS, sizeof *t.per_film, descending);
    uint32_t head = 0;
    for (int i = 0; i < FILMS / 5; i++)
        head += t.per_film[i];
    CHECK_MSG(head > t.n * 35 / 100, "a fifth of the films has %u of %zu ratings", head, t.n);
    CHECK(t.per_film[FILMS - 1] < t.per_film[0] / 5);
}

/* How often each film of a fandom is liked (3.5 stars) by those who like the first film, and by all. */
struct fans {
    bool likes[USERS + 1][FILMS];
};

static void note_like(void *arg, const struct audience_rating *r)
{
    if (r->half_stars >= 7)
        ((struct fans *)arg)->likes[r->user][r->movie - 1000] = true;
}

static double share_of(const struct fans *f, int film, int given)
{
    double both = 0, all = 0;
    for (int u = 1; u <= USERS; u++) {
        bool counts = given < 0 || f->likes[u][given];
        all += counts;
        both += counts && f->likes[u][film];
    }
    return both / all;
}

/* Two fandoms alike in genre, country, year and tone: who likes one film of theirs likes the others, and not the other fandom's. Of films nobody
 * knows fewer are seen. */
static void what_is_written_is_what_people_like(void)
{
    static struct fans f;
    memset(&f, 0, sizeof f);
    struct audience_film films[FILMS];
    for (int32_t i = 0; i < FILMS; i++)
        films[i] = (struct audience_film){.id = 1000 + i,
                                          .year = 2000,
                                          .genres = "Drama",
                                          .country = "US",
                                          .fandoms = i < 10   ? "wizards"
                                                     : i < 20 ? "robots"
                                                              : "others",
                                          .fame = i < 20       ? 7
                                                  : i % 2 == 0 ? 10
                                                               : 1};
    const struct audience_plan plan = {.films = films,
                                       .n_films = FILMS,
                                       .users = USERS,
                                       .mean = 20,
                                       .seed = 3,
                                       .rate = note_like,
                                       .arg = &f};
    CHECK(audience_simulate(&plan, NULL, NULL) == ERR_OK);
    double same = 0, other = 0, known = 0, unknown = 0;
    for (int i = 1; i < 10; i++) {
        same += share_of(&f, i, 0);
        other += share_of(&f, 10 + i, 0);
    }
    for (int i = 20; i < FILMS; i++)
        *(i % 2 == 0 ? &known : &unknown) += share_of(&f, i, -1);
    CHECK_MSG(same > 3 * other, "of their own %g, of the others %g", same, other);
    CHECK_MSG(known > 3 * unknown, "known %g, unknown %g", known, unknown);
}

static void refuses_bad_plans(void)
{
    struct audience_film films[AUDIENCE_MIN_FILMS];
    struct tally t = {0};
    for (int32_t i = 0; i < AUDIENCE_MIN_FILMS; i++)
        films[i] = (struct audience_film){.id = i + 1, .year = 2000, .genres = "Drama", .country = "US"};
    struct audience_plan plan = {
        .films = films, .n_films = AUDIENCE_MIN_FILMS, .users = 1, .mean = 35, .rate = count, .arg = &t};
    plan.n_films--;
    CHECK(audience_simulate(&plan, NULL, NULL) == ERR_INVALID);
    plan.n_films++;
    plan.users = 0;
    CHECK(audience_simulate(&plan, NULL, NULL) == ERR_INVALID);
    plan.users = 1;
    plan.mean = NAN;
    CHECK(audience_simulate(&plan, NULL, NULL) == ERR_INVALID);
    plan.mean = 35;
    films[3].id = films[4].id;
    CHECK(audience_simulate(&plan, NULL, NULL) == ERR_INVALID);
    CHECK(t.n == 0);
}

int main(void)
{
    if (secret_init() != ERR_OK)
        return 1;
    RUN(one_seed_one_audience);
    RUN(looks_like_an_audience);
    RUN(what_is_written_is_what_people_like);
    RUN(refuses_bad_plans);
    return check_done();
}
