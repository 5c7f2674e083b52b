/* data/credit.h: a crowd of guests counts as few, and honest people as many. */
#include "data/credit.h"

#include <stdlib.h>

#include "base/rng.h"
#include "tests/check.h"

enum { PUSHED = 999, MOST = 20000 };

static struct credit_choice choices[MOST];
static size_t n;

static void choose(int64_t visitor, int32_t movie, int32_t day, int64_t crowd)
{
    CHECK(n < MOST);
    choices[n++] = (struct credit_choice){
        .visitor = visitor, .movie = movie, .day = day, .crowd = crowd, .counted = true};
}

static struct credit_tally give(size_t people)
{
    struct credit_tally t;
    struct fail why = {0};
    CHECK_MSG(credit_give(choices, n, people, &t, &why) == ERR_OK, "%s", why.text);
    return t;
}

static size_t kept_of(int32_t movie)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        kept += choices[i].movie == movie && choices[i].kept;
    return kept;
}

/* Guests from `blocks` network blocks, a day each after `per_day`, who want film PUSHED seen. */
static size_t attack(int guests, int blocks, int per_day, bool same_films, size_t people)
{
    struct rng r;
    rng_seed(&r, 1);
    n = 0;
    for (int i = 0; i < guests; i++) {
        int32_t first = same_films ? 1 : 1 + (int32_t)rng_below(&r, 40);
        choose(i, PUSHED, i / per_day, i % blocks);
        choose(i, first, i / per_day, i % blocks);
        choose(i, first + 1 + (same_films ? 0 : (int32_t)rng_below(&r, 40)), i / per_day, i % blocks);
    }
    give(people);
    return kept_of(PUSHED);
}

/* What docs/how-it-decides.md says that attacks reach. */
static void attacks_count_as_few(void)
{
    static const struct {
        int guests, blocks, per_day;
        bool same_films;
        size_t people, most;
    } rows[] = {
        {500, 1, 500, true, 600, 1},      {500, 50, 500, true, 600, 1},
        {500, 1, 500, false, 600, 1},     {500, 50, 500, false, 600, 2},
        {5000, 500, 500, false, 600, 59}, {500, 1, 500, true, 160000, 1},
        {500, 1, 500, false, 160000, 76}, {500, 50, 500, false, 160000, 147},
        {5000, 5000, 5000, true, 600, 1}, {5000, 500, 500, false, 160000, 1664},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t heard =
            attack(rows[i].guests, rows[i].blocks, rows[i].per_day, rows[i].same_films, rows[i].people);
        CHECK_MSG(heard <= rows[i].most && heard * 10 >= rows[i].most * 9, "row %zu: %zu of %d, at most %zu",
                  i, heard, rows[i].guests, rows[i].most);
    }
}

/* However many there are: what a film gets on a day, from everywhere, stays below a thousandth of the people, or 3. */
static void the_bound_holds_for_any_crowd(void)
{
    struct rng r;
    rng_seed(&r, 7);
    for (int round = 0; round < 60; round++) {
        size_t people = (size_t)rng_below(&r, 5000), guests = 1 + (size_t)rng_below(&r, 3000);
        int blocks = 1 + (int)rng_below(&r, 400);
        double most = fmax(3, ((double)people + (double)guests / 4) / 1000);
        n = 0;
        for (size_t i = 0; i < guests; i++) {
            choose((int64_t)i, PUSHED, 1, (int64_t)rng_below(&r, (uint64_t)blocks));
            choose((int64_t)i, (int32_t)rng_below(&r, 100), 1, choices[n - 1].crowd);
        }
        struct credit_tally t = give(people);
        CHECK_MSG((double)kept_of(PUSHED) < most, "%zu guests, %zu people: %zu", guests, people,
                  kept_of(PUSHED));
        CHECK(t.guests == guests && t.choices == n && t.kept <= n && t.heard <= guests);
    }
}

/* A school: each chooses among many films, some of them well known. */
static void honest_people_behind_one_address_count(void)
{
    enum { PEOPLE = 200, FILMS = 6, KNOWN = 400 };
    struct rng r;
    rng_seed(&r, 3);
    n = 0;
    for (int v = 0; v < PEOPLE; v++) {
        bool has[KNOWN + 1] = {false};
        for (int i = 0; i < FILMS;) {
            int32_t film = 1 + (int32_t)(KNOWN * pow(rng_unit(&r), 2));
            if (film > KNOWN || has[film])
                continue;
            has[film] = true;
            choose(v, film, 1, 17);
            choices[n - 1].counted = v < 40; /* as those who come after them are not (guest_counted) */
            i++;
        }
    }
    struct credit_tally t = give(600);
    /* Where so few are, a film is heard once of a place and day; who chose only what others had chosen is not. */
    CHECK_MSG(t.heard >= 120, "%zu of 200 people", t.heard);
    CHECK_MSG(t.kept >= n / 5, "%zu of %zu choices", t.kept, n);
    t = give(160000); /* half of those who are not counted */
    CHECK_MSG(t.heard >= 180, "%zu of 200 people", t.heard);
    CHECK_MSG(t.kept >= n / 2, "%zu of %zu choices", t.kept, n);
}

/* What the site has shown does not outweigh what is loved: the first likes speak, as many as films were chosen. */
static void likes_are_weak_words(void)
{
    n = 0;
    for (int32_t film = 1; film <= 5; film++)
        choose(1, film, 1, 5);
    for (int32_t like = 1; like <= 40; like++) {
        choose(1, 100 + like, 1, CREDIT_NO_CROWD);
        choices[n - 1].like = like;
    }
    choose(2, 1, 1, 5); /* one film, and likes that came first */
    for (int32_t like = 1; like <= 4; like++) {
        choose(2, 200 + like, 1, CREDIT_NO_CROWD);
        choices[n - 1].like = like;
    }
    for (size_t i = 0; i < n; i++)
        choices[i].account = true;
    give(0);
    for (int32_t film = 1; film <= 5; film++)
        CHECK(kept_of(film) > 0);
    for (int32_t like = 1; like <= 40; like++)
        CHECK_INT(kept_of(100 + like), like <= 5);
    for (int32_t like = 1; like <= 4; like++)
        CHECK_INT(kept_of(200 + like), like <= CREDIT_LIKES);
}

/* One film or two are the same by chance, and nobody is suspected for that. */
static void few_films_are_the_same_by_chance(void)
{
    n = 0;
    for (int v = 0; v < 4; v++)
        choose(v, PUSHED, v, v);
    give(600);
    CHECK_INT(kept_of(PUSHED), 4);
}

/* The same love on many days is worth more than on one: what a week of honest people says is learned, a day of faces is not. */
static void days_are_worth_more_than_faces(void)
{
    n = 0;
    for (int v = 0; v < 70; v++)
        choose(v, PUSHED, v / 10, 100 + v);
    give(4000);
    size_t in_a_week = kept_of(PUSHED);
    for (int v = 0; v < 70; v++)
        choices[v].day = 1;
    give(4000);
    CHECK_MSG(in_a_week >= 35 && kept_of(PUSHED) <= 3, "%zu in a week, %zu in a day", in_a_week,
              kept_of(PUSHED));
}

/* What no page was open for counts a quarter, and so do the likes of who sent it; of people who waited nothing is taken. */
static void haste_counts_a_quarter(void)
{
    n = 0;
    for (int v = 0; v < 8; v++) {
        choose(v, PUSHED, v, v);
        choices[n - 1].hasty = true;
        choose(v, 500, v, CREDIT_NO_CROWD);
        choices[n - 1].like = 1;
        choose(v, 600, v, v);
    }
    give(600);
    CHECK_INT(kept_of(PUSHED), 2);
    CHECK_INT(kept_of(500), 2);
    CHECK_INT(kept_of(600), 8);
}

static void accounts_always_count(void)
{
    n = 0;
    for (int v = 0; v < 300; v++) {
        choose(v, PUSHED, 1, 5);
        choices[n - 1].account = true;
    }
    struct credit_tally t = give(0);
    CHECK_INT(kept_of(PUSHED), 300);
    CHECK(t.guests == 0 && t.choices == 0);
}

static void few_guests_lose_nothing(void)
{
    n = 0;
    for (int v = 0; v < 3; v++)
        for (int32_t m = 0; m < 3; m++)
            choose(v, 10 * v + m, 1, v);
    CHECK_INT(give(0).kept, 9);
    /* Half of a choice is none yet; of two, one. */
    n = 0;
    choose(1, 5, 1, 1);
    choose(2, 5, 1, 2);
    choose(2, 6, 1, 2);
    choices[0].counted = choices[1].counted = choices[2].counted = false;
    CHECK_INT(give(0).kept, 1);
    CHECK_INT(kept_of(5), 1);
}

/* Nobody's day has more than CREDIT_FILMS films; a like belongs to the crowd of the visitor's test. */
static void one_guest_is_bounded_too(void)
{
    n = 0;
    for (int32_t m = 0; m < 3 * CREDIT_FILMS; m++)
        choose(1, m, m < 2 * CREDIT_FILMS ? 1 : 2, 1);
    CHECK_INT(give(0).kept, 2 * CREDIT_FILMS);
    n = 0;
    for (int v = 0; v < 100; v++) {
        choose(v, 1000 + v, 1, 3);
        choose(v, PUSHED, 2, CREDIT_NO_CROWD);
    }
    give(0);
    CHECK_INT(kept_of(PUSHED), 1);
}

static void order_of_the_input_does_not_matter(void)
{
    static struct credit_choice sorted[MOST];
    struct rng r;
    attack(500, 7, 90, false, 900);
    size_t all = n;
    memcpy(sorted, choices, sizeof choices);
    rng_seed(&r, 5);
    for (size_t i = all; i > 1; i--) {
        size_t other = rng_below(&r, i);
        struct credit_choice c = choices[i - 1];
        choices[i - 1] = choices[other];
        choices[other] = c;
    }
    give(900);
    bool same = true;
    for (size_t i = 0; i < all; i++)
        same = same && sorted[i].visitor == choices[i].visitor && sorted[i].movie == choices[i].movie &&
               sorted[i].kept == choices[i].kept;
    CHECK(same);
    struct credit_tally t;
    CHECK(credit_give(choices, 0, 900, &t, NULL) == ERR_OK && t.guests == 0);
}

int main(void)
{
    RUN(attacks_count_as_few);
    RUN(the_bound_holds_for_any_crowd);
    RUN(honest_people_behind_one_address_count);
    RUN(likes_are_weak_words);
    RUN(few_films_are_the_same_by_chance);
    RUN(days_are_worth_more_than_faces);
    RUN(haste_counts_a_quarter);
    RUN(accounts_always_count);
    RUN(few_guests_lose_nothing);
    RUN(one_guest_is_bounded_too);
    RUN(order_of_the_input_does_not_matter);
    return check_done();
}
