/* A snapshot that waits to be live on all hosts, watched where it is: by `mvti publish --judge`, as the timer runs it. */
#include "tests/check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fixture/peer.h"
#include "fixture/program.h"
#include "fixture/tables.h"
#include "fixture/tastes.h"

static struct mariadb server;
static char settings[600];
static struct program program = {.server = &server, .settings = settings};
static struct peer peer;
/* What the two hosts count, and which snapshot the first serves. */
static long requests[2], failed[2];
static char serves[40];

static void set(const char *more)
{
    snprintf(settings, sizeof settings,
             "--quiet --set reference_dir=sql/reference --set offer_dir=\"$D/offer\" --set "
             "offer_key_file=\"$D/offer.key\" --set offer_lead_s=3600 %s",
             more);
}

static void answer(int connection, const char *request)
{
    char text[600];
    int i = strncmp(request, "GET /others ", 12) == 0;
    int n = snprintf(text, sizeof text,
                     "mvti_http_requests_total{route=\"/\",code=\"200\"} %ld\n"
                     "mvti_http_requests_total{route=\"/\",code=\"500\"} %ld\n"
                     "mvti_worker_snapshot{pool=\"main\",id=\"%s\"} 1\n",
                     requests[i], failed[i], serves);
    peer_send(connection, "200 OK", text, (size_t)n);
}

static void live_is(const char *name)
{
    char command[200];
    snprintf(command, sizeof command,
             "test \"$(readlink \"$D/state/snapshots/current\")\" = \"$(cat \"$D/%s\")\"", name);
    program_shell_works(&program, command);
}

/* Another content is published each time, and called so from here on. */
static void publish(const char *name)
{
    char command[200];
    tables_run(&server, "UPDATE movie SET title_en = CONCAT(title_en, '!') ORDER BY movie_id LIMIT 1");
    program_says(&program, "publish --force --model \"$D/state/models/ease.mvm\"", 0,
                 "offered to other hosts");
    snprintf(command, sizeof command, "readlink \"$D/state/snapshots/current\" >\"$D/%s\"", name);
    program_shell_works(&program, command);
    tables_run(&server, "DELETE FROM event");
    tables_run(&server, "DELETE FROM list_view");
}

/* Visitors of what is live (own 1) or was before (0), of whom so many in a hundred open a card. */
static void come(int own, int visitors, int percent)
{
    char sql[900];
    static int first = 1000;
    snprintf(
        sql, sizeof sql,
        "INSERT INTO list_view (view_id, list, snapshot_id, created_at) SELECT %d + seq, 'popular', (SELECT "
        "IF(%d, snapshot_id, 'before') FROM publication ORDER BY publication_id DESC LIMIT 1), "
        "UTC_TIMESTAMP(3) FROM " TABLES_NUMBERS("%d"),
        first, own, visitors);
    tables_run(&server, sql);
    snprintf(
        sql, sizeof sql,
        "INSERT INTO event (kind, view_id, visitor_id, created_at) SELECT 'impression', view_id, view_id, "
        "created_at FROM list_view WHERE view_id > %d",
        first);
    tables_run(&server, sql);
    snprintf(sql, sizeof sql,
             "INSERT INTO event (kind, view_id, visitor_id, created_at) SELECT 'click', view_id, view_id, "
             "created_at "
             "FROM list_view WHERE view_id > %d AND (view_id * 37) %% 100 < %d",
             first, percent);
    tables_run(&server, sql);
    first += visitors;
}

static void a_host_that_offers(void)
{
    set("");
    program_shell_works(&program, "mkdir -p \"$D/state\" \"$D/offer\"");
    tastes_catalog(&server);
    program_says(&program, "key --signing \"$D/offer.key\"", 0, "");
    program_says(&program, "import ratings --name likes \"$D/likes.csv\"", 0, "");
    program_works(&program, "dataset build");
    program_works(&program, "train popularity");
    program_works(&program, "train ease");
    publish("first");
    program_says(&program, "--set offer_lead_s=0 publish --judge", 0, "too early to tell: visitors: 0");
}

static void the_equal_one_stays(void)
{
    publish("second");
    program_says(&program, "publish --judge", 0, "too early to tell: visitors: 0 on the host");
    come(1, 400, 30);
    program_says(&program, "publish --judge", 0,
                 "too early to tell: visitors: 400 on the host that had it first and 0");
    come(0, 900, 30);
    program_says(&program, "publish --judge", 0, "not worse: visitors who opened something: 30.00 % of 400");
    live_is("second");
}

static void the_worse_one_is_withdrawn(void)
{
    publish("third");
    come(0, 900, 30);
    come(1, 400, 12);
    program_says(&program, "--set offer_dir= publish --judge", 0, "offers nothing");
    program_works(&program, "publish --pin");
    program_says(&program, "publish --judge", 0, "is pinned");
    live_is("third");
    program_works(&program, "publish --unpin");
    program_says(&program, "publish --judge", 65,
                 "is live again (visitors who opened something: 12.00 % of 400");
    PROGRAM_SAYS(&program, "offered to other hosts");
    live_is("second");
    CHECK_INT(tables_number(&server,
                            "SELECT COUNT(*) FROM publication WHERE action = 'rollback' AND reason LIKE "
                            "'visitors who opened something: 12.00%'"),
              1);
    program_says(&program, "publish --judge", 0,
                 "nothing waits"); /* hosts go back within 75 s: too soon to judge */
    program_says(&program, "publish --model \"$D/state/models/ease.mvm\"", 65,
                 "the same content was withdrawn before");
    live_is("second");
    program_says(&program, "publish --force --model \"$D/state/models/ease.mvm\"", 0, "published ");
    live_is("third");
}

static void read_what_is_live(void)
{
    char link[600], name[64] = "";
    snprintf(link, sizeof link, "%s/state/snapshots/current", server.folder);
    CHECK(readlink(link, name, sizeof name - 1) > 0 && sscanf(name, "mvti-%39[0-9a-f].mvs", serves) == 1);
}

static void one_that_fails_requests_is_withdrawn(void)
{
    char more[200];
    publish("fourth");
    snprintf(more, sizeof more, "--set canary_metrics='http://127.0.0.1:%d/first http://127.0.0.1:%d/others'",
             peer.port, peer.port);
    set(more);
    requests[0] = 50000, failed[0] = 40000, requests[1] = 90000; /* before */
    program_says(&program, "publish --judge", 0, "too early");   /* the first does not serve it yet */
    failed[0] = 41000;
    read_what_is_live();
    program_says(&program, "publish --judge", 0, "too early"); /* counted from here on */
    requests[0] += 5000, failed[0] += 5, requests[1] += 10000, failed[1] += 12;
    program_says(&program, "publish --judge", 0, "not worse");
    failed[0] += 500;
    program_says(&program, "--set canary_metrics=http://127.0.0.1:9/x publish --judge", 0,
                 "what hosts count is not known");
    live_is("fourth");
    program_says(&program, "publish --judge", 65, "is live again (requests that failed: 9.17 % of 5505");
    live_is("third");
}

int main(void)
{
    db_free(tables_start(&server, "mvti_canary_test"));
    peer_open(&peer, answer);
    RUN(a_host_that_offers);
    RUN(the_equal_one_stays);
    RUN(the_worse_one_is_withdrawn);
    RUN(one_that_fails_requests_is_withdrawn);
    peer_close(&peer);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
