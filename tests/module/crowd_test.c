/* 500 guests whom one person makes up, and what everybody else is recommended the next day. */
#include "tests/check.h"

#include <math.h>
#include <stdlib.h>

#include "fixture/program.h"
#include "fixture/tables.h"
#include "fixture/tastes.h"
#include "model/snapshot.h"

enum { UNINVOLVED = 40, GUESTS = 500, FIRST_GUEST = 5001, MOVED = 6 };

static struct mariadb server;
static struct program program = {.server = &server, .settings = "--quiet --set reference_dir=sql/reference"};
/* The film that is liked least of all, with the two best known ones, or with one of them and another one each. */
static const char *const pushed[] = {"59", "1", "2"}, *const changing[] = {"59", "1", NULL};

static void a_night(void)
{
    program_works(&program, "dataset build");
    program_works(&program, "train ease --holdout 0");
    program_works(&program, "publish --force");
}

/* The places of a film for people who chose others, best first, 0 the first; and the films that became first. */
struct places {
    double mean;
    int first, among_ten;
};

static int place_of(const struct snapshot *s, int64_t film, const int32_t *given, size_t n)
{
    float *scores = malloc((1 + s->fusion.n_parts) * s->n_movies * sizeof *scores), *scratch;
    int place = 0;
    scratch = malloc((fusion_scratch(&s->fusion) + 1) * sizeof *scratch);
    CHECK(scores != NULL && scratch != NULL);
    fusion_score(&s->fusion, &(struct scorer_person){SCORER_NOBODY, given, n}, scores + s->n_movies, scores,
                 scratch);
    for (size_t i = 0; i < n; i++)
        scores[given[i]] = -INFINITY;
    for (size_t j = 0; j < s->n_movies; j++)
        place += scores[j] > scores[film];
    free(scores);
    free(scratch);
    return place;
}

/* Visitors who chose a film that everybody knows and two others of its taste, as most do. */
static struct places look(void)
{
    struct snapshot s;
    struct fail why = {0};
    struct places out = {0};
    CHECK_MSG(snapshot_open(&s, mariadb_path(&server, "state/snapshots/current"), &why) == ERR_OK, "%s",
              why.text);
    int64_t film = snapshot_movie_index(&s, atoi(pushed[0]));
    for (int u = 0; u < UNINVOLVED; u++) {
        int taste = 1 + u % 2, other = u / 2 % 12;
        const int films[3] = {taste, taste + TASTES * (1 + other), taste + TASTES * (2 + other)};
        int32_t given[3];
        for (int i = 0; i < 3; i++)
            given[i] = (int32_t)snapshot_movie_index(&s, films[i]);
        int place = place_of(&s, film, given, 3);
        out.mean += (double)place / UNINVOLVED;
        out.first += place == 0;
        out.among_ten += place < 10;
    }
    snapshot_close(&s);
    return out;
}

static struct places before;

static void a_film_that_few_like(void)
{
    tastes_catalog(&server);
    program_works(&program, "import ratings --name likes \"$D/likes.csv\"");
    a_night();
    before = look();
    CHECK_MSG(before.first == 0 && before.mean > 20, "place %g, %d times first", before.mean, before.first);
}

/* What so many people do whom a provider knows, with the same films: all of them count. */
static struct places pushed_by_accounts(int n)
{
    tastes_crowd(&server, FIRST_GUEST, n, pushed, 1);
    tables_run(&server,
               "INSERT INTO account (visitor_id) SELECT visitor_id FROM visitor WHERE visitor_id >= 5001");
    a_night();
    return look();
}

/* docs/how-it-decides.md states this bound. */
static void pushed_by_guests(const char *const films[3], int blocks)
{
    tastes_crowd(&server, FIRST_GUEST, GUESTS, films, blocks);
    a_night();
    struct places after = look();
    CHECK_MSG(after.first == 0 && after.among_ten == before.among_ten && after.mean >= before.mean - MOVED,
              "%d guests of %d blocks: from place %g to %g, %d times first, %d among ten (before: %d)",
              GUESTS, blocks, before.mean, after.mean, after.first, after.among_ten, before.among_ten);
}

static void forget(void)
{
    tables_run(&server,
               "DELETE test, test_movie FROM test JOIN test_movie USING (test_id) WHERE visitor_id >= 5001");
    tables_run(&server, "DELETE FROM visitor WHERE visitor_id >= 5001");
    tables_run(&server, "DELETE FROM account WHERE visitor_id >= 5001");
}

/* Whether they come from one network or from fifty, and whatever they choose besides. */
static void five_hundred_guests_move_nobody(void)
{
    for (int i = 0; i < 4; i++) {
        pushed_by_guests(i % 2 == 0 ? pushed : changing, i < 2 ? 1 : 50);
        program_works(&program, "dataset build");
        CHECK_MSG(strstr(buf_str(&program.said), "of 1500 choices by 500 guests, ") != NULL, "%s",
                  buf_str(&program.said));
        forget();
    }
}

/* Were all of them believed, everybody would see the film among the first: what is tested here is no accident. */
static void five_hundred_who_are_believed(void)
{
    struct places after = pushed_by_accounts(GUESTS);
    CHECK_MSG(after.mean < before.mean / 2 && after.among_ten > UNINVOLVED / 2,
              "from place %g to %g, %d times first, %d among ten", before.mean, after.mean, after.first,
              after.among_ten);
}

int main(void)
{
    db_free(tables_start(&server, "mvti_crowd_test"));
    RUN(a_film_that_few_like);
    RUN(five_hundred_guests_move_nobody);
    RUN(five_hundred_who_are_believed);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
