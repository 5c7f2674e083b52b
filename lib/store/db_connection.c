/* A connection and its end: made when needed, given up when it is of no use, left alone when the server is
 * away. */
#include "store/db_connection.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "store/db_transport.h"
#include "store/schema.h"

enum { LONGEST_LOCK_WAIT = 50 };
static const double DOWN_LEAST = 1.0, DOWN_MOST = 10.0, SLOW = 0.5;

struct db *db_new(const struct config *config, long io_timeout_ms)
{
    struct db *db = calloc(1, sizeof *db);
    if (db == NULL)
        return NULL;
    db->config = config;
    db->io_seconds = ((io_timeout_ms > 0 ? io_timeout_ms : config->db_timeout_ms) + 999) / 1000;
    db->statements = VEC_OF(struct statement *);
    return db;
}

void db_statement_free(struct statement *st)
{
    if (st == NULL)
        return;
    if (st->handle != NULL)
        mysql_stmt_close(st->handle);
    for (unsigned i = 0; i < st->n_columns; i++)
        free(st->columns[i].text);
    free(st->params);
    free(st->results);
    free(st->columns);
    free(st);
}

void db_disconnect(struct db *db)
{
    struct statement **all = db->statements.data;
    for (size_t i = 0; i < db->statements.len; i++)
        if (all[i]->reading)
            all[i]->orphan = true; /* db_end frees it */
        else
            db_statement_free(all[i]);
    db->statements.len = 0;
    if (db->conn != NULL)
        mysql_close(db->conn);
    db->conn = NULL;
    db->broken = db->in_transaction;
}

void db_free(struct db *db)
{
    if (db == NULL)
        return;
    db_disconnect(db);
    vec_free(&db->statements);
    free(db);
}

/* A refused connection costs nothing and is tried again after a second; a server that hangs costs a timeout,
 * so it is left alone for ten times as long as it kept us waiting. */
static void stay_away(struct db *db)
{
    double now = clock_monotonic(), seconds = 10 * (now - db->started);
    db->work.away_until = now + (seconds < DOWN_LEAST  ? DOWN_LEAST
                                 : seconds > DOWN_MOST ? DOWN_MOST
                                                       : seconds);
}

static enum err try_connect(struct db *db, unsigned seconds, struct fail *why);

enum err db_failed(struct db *db, const char *what, unsigned code, const char *text, struct fail *why)
{
    enum err rc = db_meaning(code, &db->retry);
    fail_set(why, rc, "database: %s: %s (%u)", what, text, code);
    if (!db_connection_lost(code))
        return rc;
    bool waited = clock_monotonic() - db->started > SLOW, retry = db->retry;
    db_disconnect(db);
    /* A statement that was never answered may be the statement's fault. Whoever greets us is not away. */
    if (waited && try_connect(db, 1, &db->down) != ERR_OK)
        stay_away(db);
    db->retry = retry;
    return rc;
}

enum err db_connection_failed(struct db *db, const char *what, struct fail *why)
{
    char text[256];
    snprintf(text, sizeof text, "%s", mysql_error(db->conn)); /* which dies with the connection */
    return db_failed(db, what, mysql_errno(db->conn), text, why);
}

/* The server ends a statement before the client gives up on it: so a slow one fails alone, and the connection
 * stays. MySQL knows that for SELECT only. */
static void set_options(struct db *db, unsigned connect)
{
    unsigned io = (unsigned)db->io_seconds, off = 0;
    double most = db->io_seconds > 2 ? (double)db->io_seconds - 1 : 0.75 * (double)db->io_seconds;
    my_bool on = 1;
    long wait = db->io_seconds - 1 < 1 ? 1 : db->io_seconds - 1;
    /* What stands in a comment with M! is run by MariaDB from that version on, with ! by MySQL from that one. */
    char init[400];
    snprintf(
        init, sizeof init,
        "SET SESSION time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,"
        "NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = %ld /*M!100101 , max_statement_time = %.2f */ "
        "/*!80000 , max_execution_time = %.0f */",
        wait > LONGEST_LOCK_WAIT ? LONGEST_LOCK_WAIT : wait, most, 1000 * most);
    mysql_options(db->conn, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mysql_options(db->conn, MYSQL_OPT_CONNECT_TIMEOUT, &connect);
    mysql_options(db->conn, MYSQL_OPT_READ_TIMEOUT, &io);
    mysql_options(db->conn, MYSQL_OPT_WRITE_TIMEOUT, &io);
    /* A server may answer any statement by asking for a file of this machine. */
    mysql_options(db->conn, MYSQL_OPT_LOCAL_INFILE, &off);
    /* A value longer than its buffer is cut without a word unless mysql_stmt_fetch may say MYSQL_DATA_TRUNCATED. */
    mysql_options(db->conn, MYSQL_REPORT_DATA_TRUNCATION, &on);
    mysql_options(db->conn, MYSQL_INIT_COMMAND, init);
}

/* The number of schema.h; 0 where there is none yet, or it may not be read. */
static int schema_since(struct db *db)
{
    const char *sql = schema_since_query();
    MYSQL_RES *result =
        mysql_real_query(db->conn, sql, strlen(sql)) == 0 ? mysql_store_result(db->conn) : NULL;
    MYSQL_ROW row = result != NULL ? mysql_fetch_row(result) : NULL;
    int since = row != NULL && row[0] != NULL ? atoi(row[0]) : 0;
    if (result != NULL)
        mysql_free_result(result);
    return since;
}

static enum err try_connect(struct db *db, unsigned seconds, struct fail *why)
{
    db->conn = mysql_init(NULL);
    if (db->conn == NULL)
        return fail_set(why, ERR_NOMEM, "database: out of memory");
    set_options(db, seconds);
    enum err rc = db_transport_connect(db->conn, db->config, why);
    if (rc == ERR_OK)
        rc = schema_allows(schema_since(db), why);
    if (rc != ERR_OK)
        db_disconnect(db);
    return rc;
}

/* An idle connection has nothing to say: readable means that the server closed it (restart, wait_timeout). */
static bool went_away(struct db *db)
{
    struct pollfd p = {.fd = (int)mysql_get_socket(db->conn), .events = POLLIN | POLLRDHUP};
    return poll(&p, 1, 0) != 0;
}

bool db_waits(const struct db *db, double since)
{
    static const struct timespec a_little = {.tv_nsec = 50000000};
    if (1000 * (clock_monotonic() - since) >= (double)db->config->db_patience_ms)
        return false;
    nanosleep(&a_little, NULL);
    return true;
}

/* Who has waited through the beginning of an outage in vain waits no more, because visitors queue behind. */
static enum err connect_patiently(struct db *db, struct fail *why)
{
    unsigned seconds = (unsigned)((db->config->db_timeout_ms + 999) / 1000);
    if (db->away_since == 0)
        db->away_since = db->started;
    enum err rc;
    do
        rc = try_connect(db, seconds, why);
    while (rc == ERR_UNAVAILABLE && db_waits(db, db->away_since));
    if (rc == ERR_OK)
        db->away_since = 0;
    return rc;
}

enum err db_need_connection(struct db *db, struct fail *why)
{
    db->retry = db->broken;
    db->unknown = false;
    db->started = clock_monotonic();
    if (db->broken)
        return fail_set(why, ERR_UNAVAILABLE, "database: the connection was lost inside the transaction");
    if (db->conn != NULL && !db->in_transaction && went_away(db))
        db_disconnect(db);
    if (db->conn != NULL)
        return ERR_OK;
    if (db->started < db->work.away_until)
        return fail_set(why, ERR_UNAVAILABLE, "%s", db->down.text);
    enum err rc = connect_patiently(db, &db->down);
    if (rc == ERR_OK) {
        db->work.away_until = 0;
        return ERR_OK;
    }
    stay_away(db);
    return fail_set(why, rc, "%s", db->down.text);
}

enum err db_ping(struct db *db, struct fail *why)
{
    enum err rc = db_need_connection(db, why);
    if (rc == ERR_OK && mysql_ping(db->conn) != 0)
        rc = db_connection_failed(db, "ping", why);
    return rc;
}
