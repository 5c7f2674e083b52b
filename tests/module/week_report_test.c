/* `mvti report`: the week that the owner is told of has the people and clicks that there were, and no others. */
#include "tests/check.h"

#include <stdio.h>
#include <stdlib.h>

#include "fixture/program.h"
#include "fixture/tables.h"

static struct mariadb server;
static struct program program = {.server = &server, .settings = "--quiet --set time_zone=+00:00"};

#define SAYS(text)                                                                                           \
    CHECK_MSG(strstr(buf_str(&program.said), text) != NULL, "\"%s\" is not in:\n%s", text,                   \
              buf_str(&program.said))

/* n people who landed and saw a card on that day; every other one began the test. */
static void people(const char *day, int first, int n)
{
    char sql[600];
    for (int v = first; v < first + n; v++) {
        snprintf(sql, sizeof sql, "INSERT INTO visitor (visitor_id, created_at) VALUES (%d, '%s 10:00:00')",
                 v, day);
        tables_run(&server, sql);
        snprintf(sql, sizeof sql,
                 "INSERT INTO event (visitor_id, kind, character_id, list, position, created_at) VALUES "
                 "(%d, 'landing', NULL, NULL, NULL, '%s 10:00:00'), (%d, 'impression', 5, 'same', 0, '%s "
                 "10:01:00'), "
                 "(%d, '%s', NULL, NULL, NULL, '%s 10:02:00')",
                 v, day, v, day, v, v % 2 == 0 ? "start" : "landing", day);
        tables_run(&server, sql);
    }
}

static void without_visitors_it_says_so_in_noughts(void)
{
    program_works(&program, "report --locale en");
    SAYS("MVTI, the week ");
    SAYS("How far people got");
    program_works(&program, "report");
    SAYS("MVTI의 한 주: ");
    SAYS("처음 온 사람");
}

static void the_week_has_those_who_came_in_it(void)
{
    people("2026-03-02", 100, 6); /* a Monday */
    people("2026-03-08", 200, 4); /* its Sunday */
    people("2026-02-27", 300, 5); /* the week before */
    people("2026-03-09", 400, 3); /* the week behind */
    program_works(&program, "rollup");
    program_works(&program, "report --week 2026-03-08 --locale en");
    SAYS("MVTI, the week 2026-03-02 to 2026-03-08");
    const char *line = strstr(buf_str(&program.said), "Visitors ");
    CHECK(line != NULL);
    char *end;
    long now = strtol(line + sizeof "Visitors " - 1, &end, 10), before = strtol(end, NULL, 10);
    CHECK_INT(now, 10);
    CHECK_INT(before, 5);
    SAYS("+100 %");
    line = strstr(buf_str(&program.said), "Started ");
    CHECK(line != NULL && strtol(line + sizeof "Started " - 1, NULL, 10) == 5);
    SAYS("2026-03-02 ");
    CHECK(strstr(buf_str(&program.said), "2026-03-09") == NULL);
}

static void the_file_has_the_same_and_no_script(void)
{
    static char html[1 << 16];
    program_works(&program, "report --week 2026-03-08 --html \"$D/week.html\"");
    FILE *f = fopen(mariadb_path(&server, "week.html"), "r");
    CHECK(f != NULL);
    if (f == NULL)
        return;
    html[fread(html, 1, sizeof html - 1, f)] = '\0';
    fclose(f);
    CHECK(strstr(html, "<html lang=\"ko\">") != NULL);
    CHECK(strstr(html, "<title>MVTI의 한 주: 2026-03-02 – 2026-03-08</title>") != NULL);
    CHECK(strstr(html, "<th scope=\"row\">방문자</th><td>10</td><td>5</td><td>+100 %</td>") != NULL);
    CHECK(strstr(html, "<rect width=\"100.0\"") != NULL);
    CHECK(strstr(html, "<script") == NULL && strstr(html, "</html>") != NULL);
}

static void wrong_words_are_named(void)
{
    CHECK_INT(program_run(&program, "report --locale fr"), 64);
    SAYS("--locale 'fr': must be ko or en");
    CHECK_INT(program_run(&program, "report --week 2026-02-30"), 65);
    CHECK_INT(program_run(&program, "report --html \"$D/no/such/folder.html\""), 74);
}

int main(void)
{
    db_free(tables_start(&server, "mvti_week_report_test"));
    program_works(&program, "migrate");
    RUN(without_visitors_it_says_so_in_noughts);
    RUN(the_week_has_those_who_came_in_it);
    RUN(the_file_has_the_same_and_no_script);
    RUN(wrong_words_are_named);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
