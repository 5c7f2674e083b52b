/* "Not like me", the night after: it lowers a character in the ranking of its type as far as people are believed, and nobody's films. */
#include "tests/check.h"

#include <stdlib.h>

#include "fixture/program.h"
#include "fixture/tables.h"
#include "fixture/tastes.h"
#include "model/snapshot.h"

enum { BEST = 61, SECOND = 62, NOBODY = 63, FIRST = 7001 };

static struct mariadb server;
static struct program program = {.server = &server, .settings = "--quiet --set reference_dir=sql/reference"};

struct ranking {
    float best, second, nobody;
    float films[TASTES_FILMS]; /* what a visitor's choice is worth of each */
};

static struct ranking night(void)
{
    struct snapshot s;
    struct fail why = {0};
    struct ranking r = {0};
    program_works(&program, "dataset build");
    program_works(&program, "train ease --holdout 0");
    program_works(&program, "publish --force");
    CHECK_MSG(snapshot_open(&s, mariadb_path(&server, "state/snapshots/current"), &why) == ERR_OK, "%s",
              why.text);
    r.best = s.characters[snapshot_character_index(&s, BEST)].popularity;
    r.second = s.characters[snapshot_character_index(&s, SECOND)].popularity;
    r.nobody = s.characters[snapshot_character_index(&s, NOBODY)].popularity;
    float *features = calloc(s.fusion.n_parts * s.n_movies + fusion_scratch(&s.fusion) + 1, sizeof *features);
    CHECK(features != NULL && s.n_movies == TASTES_FILMS);
    fusion_score(&s.fusion, &(struct scorer_person){SCORER_NOBODY, (const int32_t[]){0, 4, 8}, 3}, features,
                 r.films, features + s.fusion.n_parts * s.n_movies);
    free(features);
    snapshot_close(&s);
    return r;
}

/* n people who like a character: the counter is what publishing reads. */
static void liked(int character, int n)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "INSERT INTO counter (kind, subject, part, slot, n) VALUES ('likes', %d, '', 0, %d)", character,
             n);
    tables_run(&server, sql);
}

/* n visitors with a test say that a character is not like them. */
static void unlike(int character, int n, int blocks, bool accounts)
{
    char sql[300];
    static const char *const films[3] = {"1", "5", "9"};
    tastes_crowd(&server, FIRST, n, films, blocks);
    snprintf(sql, sizeof sql,
             "INSERT INTO mark (visitor_id, mark, subject_id, created_at) SELECT visitor_id, 'not_me', %d, "
             "UTC_TIMESTAMP() FROM "
             "visitor WHERE visitor_id >= %d",
             character, FIRST);
    tables_run(&server, sql);
    if (accounts)
        tables_run(
            &server,
            "INSERT INTO account (visitor_id) SELECT visitor_id FROM visitor WHERE visitor_id >= 7001");
}

static void forget(void)
{
    tables_run(&server,
               "DELETE test, test_movie FROM test JOIN test_movie USING (test_id) WHERE visitor_id >= 7001");
    tables_run(&server, "DELETE FROM mark");
    tables_run(&server, "DELETE FROM account WHERE visitor_id >= 7001");
    tables_run(&server, "DELETE FROM visitor WHERE visitor_id >= 7001");
}

static struct ranking before;

static void a_ranking_by_likes(void)
{
    tastes_catalog(&server);
    program_works(&program, "import ratings --name likes \"$D/likes.csv\"");
    tables_run(
        &server,
        "INSERT INTO film_character (character_id, movie_id, name_en, mbti, enneagram, description_ko, "
        "description_en) VALUES (61, 5, 'Best', 'INFP', '4w5', '', ''), (62, 5, 'Second', 'INFP', '4w5', '', "
        "''), "
        "(63, 5, 'Nobody', 'INFP', '4w5', '', '')");
    liked(BEST, 42);
    liked(SECOND, 40);
    before = night();
    CHECK(before.best > before.second && before.second > before.nobody);
}

/* 500 guests of one block are one on a day, of fifty blocks two (docs/how-it-decides.md). */
static void a_crowd_of_guests_is_heard_as_few(void)
{
    unlike(BEST, 500, 1, false);
    struct ranking r = night();
    CHECK_MSG(r.best > r.second, "%g, then %g; second %g", (double)before.best, (double)r.best,
              (double)r.second);
    forget();
    unlike(BEST, 500, 50, false);
    r = night();
    CHECK_NEAR(r.best, r.second, 1e-6);
    forget();
    /* Likes are all that can be taken: who has none loses nothing. */
    unlike(NOBODY, 500, 50, false);
    CHECK_NEAR(night().nobody, before.nobody, 1e-6);
    forget();
}

/* Those whom a provider knows count each; taken back, it is as before. */
static void people_are_heard(void)
{
    unlike(BEST, 25, 1, true);
    struct ranking r = night();
    CHECK_MSG(r.best < r.second, "%g, second %g", (double)r.best, (double)r.second);
    forget();
    r = night();
    CHECK_NEAR(r.best, before.best, 1e-6);
}

/* The choices of the crowd are what moves films; that it marks somebody as well changes nothing. */
static void marks_of_others_move_no_films(void)
{
    unlike(BEST, 500, 50, false);
    struct ranking with = night();
    tables_run(&server, "DELETE FROM mark");
    struct ranking without = night();
    for (size_t i = 0; i < TASTES_FILMS; i++)
        CHECK_NEAR(with.films[i], without.films[i], 0);
    forget();
}

/* Of the films of another taste than the chosen ones, how many are among the first fifteen. */
static int strangers_among_first(const struct ranking *r)
{
    int n = 0;
    for (size_t i = 0; i < TASTES_FILMS; i++) {
        int better = 0;
        for (size_t j = 0; j < TASTES_FILMS; j++)
            better += j % TASTES == 0 && j > 8 && r->films[j] > r->films[i];
        n += i % TASTES != 0 && better < (TASTES_FILMS / TASTES - 3) / 2;
    }
    return n;
}

/* 200 people who love films of one taste put hearts on twenty that they were shown of another: three hearts of each speak for their
 * films, and none that is taken back by a mark. Six films of another taste come among the first then; eleven would, if all hearts did. */
static void hearts_do_not_outweigh_what_is_loved(void)
{
    static const char *const films[3] = {"1", "5", "9"};
    tables_run(
        &server,
        "INSERT INTO film_character (character_id, movie_id, name_en, mbti, enneagram, description_ko, "
        "description_en) SELECT 100 + movie_id, movie_id, 'Shown', 'INFP', '4w5', '', '' FROM movie WHERE "
        "movie_id "
        "% 4 IN (2, 3) AND movie_id <= 40");
    tastes_crowd(&server, FIRST, 200, films, 1);
    tables_run(&server,
               "INSERT INTO account (visitor_id) SELECT visitor_id FROM visitor WHERE visitor_id >= 7001");
    struct ranking none = night();
    tables_run(&server, "INSERT INTO character_like (visitor_id, character_id, counted, created_at) SELECT "
                        "visitor_id, character_id, 1, "
                        "UTC_TIMESTAMP() - INTERVAL (visitor_id * 7 + character_id * 13) % 97 MINUTE FROM "
                        "visitor JOIN film_character "
                        "WHERE visitor_id >= 7001 AND name_en = 'Shown'");
    struct ranking hearts = night();
    tables_run(&server, "INSERT INTO mark (visitor_id, mark, subject_id, created_at) SELECT visitor_id, "
                        "'not_me', character_id, "
                        "UTC_TIMESTAMP() FROM character_like WHERE visitor_id >= 7001");
    struct ranking marked = night();
    CHECK_INT(strangers_among_first(&marked), strangers_among_first(&none));
    CHECK_MSG(strangers_among_first(&hearts) <= strangers_among_first(&none) + 8,
              "%d films of another taste, without hearts %d", strangers_among_first(&hearts),
              strangers_among_first(&none));
    tables_run(&server, "DELETE FROM character_like");
    tables_run(&server, "DELETE FROM film_character WHERE name_en = 'Shown'");
    forget();
}

/* Guests whose test was never completed say nothing that counts, as with their likes. */
static void who_took_no_test_is_not_heard(void)
{
    tables_run(&server, "INSERT INTO visitor (visitor_id) SELECT 7000 + seq FROM " TABLES_NUMBERS("30"));
    tables_run(&server,
               "INSERT INTO mark (visitor_id, mark, subject_id, created_at) SELECT 7000 + seq, 'not_me', 61, "
               "UTC_TIMESTAMP() FROM " TABLES_NUMBERS("30"));
    CHECK_NEAR(night().best, before.best, 1e-6);
    forget();
}

int main(void)
{
    db_free(tables_start(&server, "mvti_unlike_test"));
    RUN(a_ranking_by_likes);
    RUN(a_crowd_of_guests_is_heard_as_few);
    RUN(people_are_heard);
    RUN(marks_of_others_move_no_films);
    RUN(who_took_no_test_is_not_heard);
    RUN(hearts_do_not_outweigh_what_is_loved);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
