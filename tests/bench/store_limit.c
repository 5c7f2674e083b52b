/* store_limit SOCKET DATABASE USER CONNECTIONS SECONDS: how many tests a second the database itself commits. Each connection writes what a new
 * guest's test is (visitor, arrival, session, test, films, results, changes, counters) as one transaction of prepared statements, one a table, by the
 * client library alone: no HTTP, no recommendation, nothing read. The results are those of tests that the site has stored, so that rows are as wide and
 * keys as scattered as its own. Prints one JSON object. */
#include <mysql.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"

enum { RESULTS = 40, FIELDS = 11, FILMS = 3, MODELS = 64, TEXT = 256, MOST_CONNECTIONS = 64 };
enum { VISITOR, ARRIVAL, SESSION, TEST, MOVIE, RESULT, CHANGE, COUNTER, STATEMENTS };

/* A stored test: its rows as text. */
struct model {
    char text[RESULTS][FIELDS][TEXT];
    unsigned long length[RESULTS][FIELDS];
    my_bool null[RESULTS][FIELDS];
};

struct writer {
    pthread_t thread;
    MYSQL *conn;
    MYSQL_STMT *statement[STATEMENTS];
    long done;
};

static const char *socket_file, *database, *user;
static struct model models[MODELS];
static size_t n_models;
static double seconds;
static atomic_bool ended;

static void die(const char *what, const char *why)
{
    fprintf(stderr, "store_limit: %s: %s\n", what, why);
    exit(1);
}

static MYSQL *dial(void)
{
    MYSQL *conn = mysql_init(NULL);
    if (conn == NULL || mysql_real_connect(conn, NULL, user, NULL, database, 0, socket_file, 0) == NULL)
        die("connecting", conn != NULL ? mysql_error(conn) : "out of memory");
    return conn;
}

static void ask(MYSQL *conn, const char *sql)
{
    if (mysql_query(conn, sql) != 0)
        die(sql, mysql_error(conn));
}

/* Tests with two whole lists, the newest first. */
static void read_models(MYSQL *conn)
{
    size_t n = 0;
    ask(conn, "SELECT list, position, character_id, match_type, percent, enneagram_similarity, because_json, "
              "film, points, above, strange "
              "FROM test_result JOIN (SELECT test_id FROM test_result GROUP BY test_id HAVING COUNT(*) = 40 "
              "ORDER BY test_id DESC LIMIT 64) t "
              "USING (test_id) ORDER BY test_id, list, position");
    MYSQL_RES *found = mysql_store_result(conn);
    for (MYSQL_ROW row = NULL; found != NULL && (row = mysql_fetch_row(found)) != NULL; n++)
        for (int i = 0; i < FIELDS; i++) {
            struct model *m = &models[n / RESULTS];
            m->null[n % RESULTS][i] = row[i] == NULL;
            m->length[n % RESULTS][i] =
                (unsigned long)snprintf(m->text[n % RESULTS][i], TEXT, "%s", row[i] != NULL ? row[i] : "");
        }
    mysql_free_result(found);
    n_models = n / RESULTS;
    if (n_models == 0)
        die("reading", "the site has stored no test with 40 results");
}

/* `head` and `row` as often as there are rows. */
static char *many(const char *head, const char *row, size_t n, const char *tail)
{
    size_t room = strlen(head) + n * (strlen(row) + 1) + strlen(tail) + 1, at = 0;
    char *sql = malloc(room);
    if (sql == NULL)
        die("preparing", "out of memory");
    at += (size_t)snprintf(sql, room, "%s", head);
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(sql + at, room - at, "%s%s", i > 0 ? "," : "", row);
    snprintf(sql + at, room - at, "%s", tail);
    return sql;
}

static void prepare(struct writer *w, int which, char *sql)
{
    w->statement[which] = mysql_stmt_init(w->conn);
    if (w->statement[which] == NULL || mysql_stmt_prepare(w->statement[which], sql, strlen(sql)) != 0)
        die(sql, mysql_error(w->conn));
    free(sql);
}

static void prepare_all(struct writer *w)
{
    prepare(w, VISITOR,
            many("INSERT INTO visitor (counted, entered, created_at) VALUES (1, NULL, UTC_TIMESTAMP())", "",
                 0, ""));
    prepare(w, ARRIVAL,
            many("INSERT INTO arrival (proof_hash, network_hash, created_at) VALUES ",
                 "(?,?,UTC_TIMESTAMP())", 1, ""));
    prepare(w, SESSION,
            many("INSERT INTO session (visitor_id, token_hash, created_at, last_seen_at, expires_at, "
                 "ends_at, client) VALUES ",
                 "(?,?,UTC_TIMESTAMP(),UTC_TIMESTAMP(),UTC_TIMESTAMP() + INTERVAL 30 DAY,UTC_TIMESTAMP() + "
                 "INTERVAL 365 DAY,'Chrome Linux')",
                 1, ""));
    prepare(w, TEST,
            many("INSERT INTO test (token, visitor_id, mbti, enneagram, locale, snapshot_id, crowd, "
                 "left_out_characters, left_out_movies, feedback, "
                 "created_at) VALUES ",
                 "(?,?,'INFP','4w5','ko','0123456789abcdef',1,0,0,'none',UTC_TIMESTAMP())", 1, ""));
    prepare(w, MOVIE,
            many("INSERT INTO test_movie (test_id, position, movie_id) VALUES ", "(?,?,?)", FILMS, ""));
    prepare(w, RESULT,
            many("INSERT INTO test_result (test_id, list, position, character_id, match_type, percent, "
                 "enneagram_similarity, because_json, film, "
                 "points, above, strange) VALUES ",
                 "(?,?,?,?,?,?,?,?,?,?,?,?)", RESULTS, ""));
    prepare(w, CHANGE,
            many("INSERT INTO change_new (what, a, b) VALUES ", "('visitor',?,?),('test',?,?)", 1, ""));
    prepare(w, COUNTER,
            many("INSERT INTO counter (kind, subject, part, slot, n) VALUES ",
                 "('visitor.tests',?,'',0,1),('tests',0,'',?,1)", 1,
                 " ON DUPLICATE KEY UPDATE n = n + VALUES(n)"));
}

static MYSQL_BIND number(int64_t *value)
{
    return (MYSQL_BIND){.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = value};
}

static MYSQL_BIND bytes(void *at, unsigned long *n)
{
    return (MYSQL_BIND){.buffer_type = MYSQL_TYPE_STRING, .buffer = at, .buffer_length = *n, .length = n};
}

static int64_t run(struct writer *w, int which, MYSQL_BIND *binds)
{
    MYSQL_STMT *st = w->statement[which];
    if ((binds != NULL && mysql_stmt_bind_param(st, binds) != 0) || mysql_stmt_execute(st) != 0)
        die("executing", mysql_stmt_error(st));
    return (int64_t)mysql_stmt_insert_id(st);
}

static void write_results(struct writer *w, int64_t *test, struct model *m)
{
    MYSQL_BIND binds[RESULTS * (FIELDS + 1)] = {0};
    for (size_t row = 0; row < RESULTS; row++) {
        MYSQL_BIND *b = &binds[row * (FIELDS + 1)];
        b[0] = number(test);
        for (int i = 0; i < FIELDS; i++) {
            b[i + 1] = bytes(m->text[row][i], &m->length[row][i]);
            b[i + 1].is_null = &m->null[row][i];
        }
    }
    run(w, RESULT, binds);
}

static void write_films(struct writer *w, int64_t *test, uint32_t drawn)
{
    MYSQL_BIND binds[FILMS * 3];
    int64_t position[FILMS], film[FILMS];
    for (int i = 0; i < FILMS; i++) {
        position[i] = i;
        film[i] = 1 + (drawn + (uint32_t)i * 97) % 1000;
        binds[3 * i] = number(test);
        binds[3 * i + 1] = number(&position[i]);
        binds[3 * i + 2] = number(&film[i]);
    }
    run(w, MOVIE, binds);
}

static void write_test(struct writer *w)
{
    uint8_t drawn[32];
    char token[23];
    unsigned long hash = sizeof drawn, chars = 22;
    if (getrandom(drawn, sizeof drawn, 0) != sizeof drawn)
        die("drawing", "no random bytes");
    for (int i = 0; i < 11; i++)
        snprintf(token + 2 * i, 3, "%02x", drawn[i]);
    ask(w->conn, "START TRANSACTION");
    int64_t visitor = run(w, VISITOR, NULL), slot = visitor % 16;
    run(w, ARRIVAL, (MYSQL_BIND[]){bytes(drawn, &hash), bytes(drawn, &hash)});
    run(w, SESSION, (MYSQL_BIND[]){number(&visitor), bytes(drawn, &hash)});
    int64_t test = run(w, TEST, (MYSQL_BIND[]){bytes(token, &chars), number(&visitor)});
    write_films(w, &test, drawn[0] * 256U + drawn[1]);
    write_results(w, &test, &models[drawn[2] % n_models]);
    run(w, CHANGE, (MYSQL_BIND[]){number(&visitor), number(&visitor), number(&test), number(&test)});
    run(w, COUNTER, (MYSQL_BIND[]){number(&visitor), number(&slot)});
    ask(w->conn, "COMMIT");
}

static void *write_on(void *arg)
{
    struct writer *w = arg;
    for (; !ended; w->done++)
        write_test(w);
    return NULL;
}

int main(int argc, char **argv)
{
    static struct writer writers[MOST_CONNECTIONS];
    int n = argc == 6 ? atoi(argv[4]) : 0;
    if (n < 1 || n > MOST_CONNECTIONS || (seconds = atof(argv[5])) <= 0) {
        fputs("usage: store_limit SOCKET DATABASE USER CONNECTIONS SECONDS\n", stderr);
        return 64;
    }
    socket_file = argv[1], database = argv[2], user = argv[3];
    MYSQL *conn = dial();
    read_models(conn);
    mysql_close(conn);
    for (int i = 0; i < n; i++) {
        writers[i].conn = dial();
        prepare_all(&writers[i]);
    }
    double began = clock_monotonic();
    for (int i = 0; i < n; i++)
        if (pthread_create(&writers[i].thread, NULL, write_on, &writers[i]) != 0)
            die("beginning", "no thread");
    while (clock_monotonic() - began < seconds)
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    ended = true;
    long done = 0;
    for (int i = 0; i < n; i++) {
        pthread_join(writers[i].thread, NULL);
        done += writers[i].done;
    }
    double took = clock_monotonic() - began;
    printf("{\"connections\":%d,\"tests\":%ld,\"seconds\":%.2f,\"per_second\":%.1f}\n", n, done, took,
           (double)done / took);
    return 0;
}
