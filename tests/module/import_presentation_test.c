/* `mvti import characters` with a presentation. */
#include "tests/check.h"

#include "fixture/file.h"
#include "fixture/program.h"
#include "fixture/tables.h"
#include "store/catalog.h"

static struct mariadb server;
static struct db *db;
static struct arena arena;
static struct program program = {.server = &server};

#define FILE_OF(name, text) PROGRAM_FILE(&program, name, text)

#define SAYS(words) PROGRAM_SAYS(&program, words)

/* What a portrait shows of somebody is what the file says, and a wrong word costs nothing else. */
static void presentations_are_checked(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(program_import(&program, "movies", FILE_OF("m.csv", "movie_id,title_en\n1,One\n"), ""), 0);
    CHECK_INT(program_import(&program, "characters",
                             FILE_OF("p.csv", "character_id,movie_id,name_en,mbti,enneagram,presentation\n"
                                              "31,1,A,ISFP,9w8,man|old\n32,1,B,ISFP,9w8,gentleman\n"
                                              "33,1,C,ISFP,9w8,\n"),
                             ""),
              0);
    SAYS("p.csv:3: warning: presentation left out, as it is not one of woman, man");
    const struct catalog_character *c = tables_catalog(&server, db, &arena)->characters;
    CHECK_STR(c[0].presentation, "man|old");
    CHECK_STR(c[1].presentation, "");
    CHECK_STR(c[2].presentation, "");
    CHECK_INT(program_import(&program, "characters",
                             FILE_OF("p2.csv", "character_id,movie_id,name_en,mbti,enneagram,presentation\n"
                                               "31,1,A,ISFP,9w8,sir\n"),
                             ""),
              0);
    CHECK_STR(tables_catalog(&server, db, &arena)->characters[0].presentation, "man|old");
}

int main(void)
{
    db = tables_start(&server, "mvti_import_presentation_test");
    RUN(presentations_are_checked);
    db_free(db);
    arena_free(&arena);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
