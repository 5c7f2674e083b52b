/* The database connection: the only home of the MySQL/MariaDB client library.
 *
 * One `struct db` a thread. It connects when first used and again after a loss; statements are prepared once
 * a connection and found by the address of their row in the caller's const SQL table. The connection speaks
 * utf8mb4, UTC and strict SQL. Values always travel as parameters.
 *
 *     static const struct db_sql FIND = {"movie.find", "SELECT title_ko, year FROM movie WHERE movie_id = ?"};
 *     struct db_rows rows;
 *     enum err rc = db_query(db, &FIND, DB_BIND(db_int(id)), &rows, why);
 *     if (rc != ERR_OK)
 *         return rc;
 *     while (db_next(&rows))
 *         use(db_get_text(&rows, 0), db_get_int(&rows, 1));
 *     return db_end(&rows, why);
 *
 * Codes:
 *   ERR_UNAVAILABLE  server away or schema missing (for a second after a refused connection, and up to ten after
 *                    a server that hung, calls fail at once instead of waiting again); with db_patience_ms a call
 *                    waits before that, once in an outage, and what was lost and changes nothing is asked again
 *   ERR_CONFLICT     duplicate key
 *   ERR_INVALID      a value the column refuses
 *   ERR_BUSY         deadlock, lock wait or certification failure (db_transaction retries these for half a
 *                    second), or a statement that took too long: it alone has failed, the next one is asked
 *   ERR_DENIED       a missing grant
 *   ERR_FAULT        a defect in the SQL or its use */
#ifndef MVTI_STORE_DB_H
#define MVTI_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/config.h"
#include "base/err.h"

struct db;

/* One row of a const SQL table; its address identifies the prepared statement, so it must stay put. */
struct db_sql {
    const char *name; /* for messages, such as "test.insert" */
    const char *text; /* one statement with ? for values */
};

enum db_kind { DB_NULL, DB_INT, DB_REAL, DB_TEXT, DB_BYTES };

struct db_value {
    enum db_kind kind;
    int64_t integer;
    double real;
    const void *bytes; /* borrowed until the call returns */
    size_t n;
};

struct db_value db_null(void);
struct db_value db_int(int64_t value);
struct db_value db_real(double value);
/* NULL for a NULL pointer. */
struct db_value db_text(const char *s);
struct db_value db_textn(const char *s, size_t n);
struct db_value db_bytes(const void *bytes, size_t n);

/* What a statement's question marks stand for. */
struct db_params {
    const struct db_value *values; /* [n] */
    size_t n;
};
/* A pointer to them, from a list of values, from an array, and to none. */
#define DB_BIND(...)                                                                                         \
    DB_VALUES(((const struct db_value[]){__VA_ARGS__}),                                                      \
              sizeof((const struct db_value[]){__VA_ARGS__}) / sizeof(struct db_value))
#define DB_VALUES(values, n) (&(const struct db_params){values, n})
#define DB_NOTHING DB_VALUES(NULL, 0)

/* Rows of a running query. */
struct db_rows {
    struct db *db;
    void *statement; /* NULL when ended */
    const char *name;
    struct db_column *columns; /* [n_columns] of the current row */
    unsigned n_columns;
    enum err rc;
    struct fail why;
};

/* Does not connect yet. io_timeout_ms is for one statement's read or write; 0 takes the setting db_timeout_ms
 * (workers), batch programs give more. Timeouts are whole seconds, rounded up; the server ends a statement a
 * little earlier by itself. The config must outlive it. NULL when memory is out. */
struct db *db_new(const struct config *config, long io_timeout_ms);
void db_free(struct db *db);

/* What was asked of it since db_new, for who measures. */
struct db_work {
    uint64_t statements, failures; /* the second: ERR_UNAVAILABLE */
    double seconds;                /* that calls took, connecting included */
    double away_until;             /* clock_monotonic(); until then calls fail at once; 0: they do not */
};
const struct db_work *db_work(const struct db *db);

/* Connects if needed and asks the server for a sign of life. */
MUST_USE enum err db_ping(struct db *db, struct fail *why);

/* Runs a statement that gives no rows. */
MUST_USE enum err db_exec(struct db *db, const struct db_sql *sql, const struct db_params *params,
                          struct fail *why);
/* Rows changed by the last db_exec; an upsert counts 1 for an insert, 2 for a change, 0 for the same values.
 */
uint64_t db_affected(const struct db *db);
/* db_exec, and what db_affected says then: *n is 0 after an error. */
MUST_USE enum err db_exec_count(struct db *db, const struct db_sql *sql, const struct db_params *params,
                                int64_t *n, struct fail *why);
/* AUTO_INCREMENT value of the last db_exec. */
int64_t db_insert_id(const struct db *db);

/* Starts a query; the whole result is held by the client until db_end, so other statements may run meanwhile
 * (but not this one again: ERR_FAULT). If one of them loses the connection, the rows left are lost with it:
 * ERR_UNAVAILABLE. On an error there is nothing to end. */
MUST_USE enum err db_query(struct db *db, const struct db_sql *sql, const struct db_params *params,
                           struct db_rows *rows, struct fail *why);
/* db_query and the first row; ERR_NOT_FOUND (nothing to end) if there is none. */
MUST_USE enum err db_first(struct db *db, const struct db_sql *sql, const struct db_params *params,
                           struct db_rows *rows, struct fail *why);
/* A query for one whole number: the first column of the first row. ERR_NOT_FOUND if there is no row. */
MUST_USE enum err db_number(struct db *db, const struct db_sql *sql, const struct db_params *params,
                            int64_t *out, struct fail *why);
/* The next row; false at the end or after an error, which db_end reports. */
bool db_next(struct db_rows *rows);
/* Ends the query; the first error of db_next and of the db_get_ calls. Safe twice. */
MUST_USE enum err db_end(struct db_rows *rows, struct fail *why);
/* The same after work on the rows that gave rc: the first of both errors, and `why` is that one's. */
MUST_USE enum err db_end_with(struct db_rows *rows, enum err rc, struct fail *why);

/* Column values of the current row, columns from 0. NULL reads as 0, 0.0, "" and n = 0. A column of another
 * kind or a number that does not fit makes db_end report ERR_FAULT. Text and bytes are valid until the next
 * db_next or db_end, are never cut, and have a NUL behind them. */
bool db_is_null(const struct db_rows *rows, unsigned column);
int64_t db_get_int(struct db_rows *rows, unsigned column);
double db_get_real(struct db_rows *rows, unsigned column);
const char *db_get_text(struct db_rows *rows, unsigned column);
const void *db_get_bytes(struct db_rows *rows, unsigned column, size_t *n);

/* A transaction by hand. After any error: db_rollback. A connection lost inside fails every further statement
 * until then. */
MUST_USE enum err db_begin(struct db *db, struct fail *why);
MUST_USE enum err db_commit(struct db *db, struct fail *why);
/* Never fails: without a connection the server has rolled back itself. Does nothing outside a transaction. */
void db_rollback(struct db *db);

/* True if the last failure was a deadlock, lock wait, certification failure or a connection lost before the
 * commit was sent: the whole transaction may be run again. */
bool db_may_retry(const struct db *db);

/* begin, work, commit; rolls back when work fails. The whole is run again, at most 5 times in all with
 * growing pauses, after a deadlock, lock wait or certification failure, or when the connection was lost
 * before the commit was sent; so work must be free of other effects. A connection lost during the commit is
 * ERR_UNAVAILABLE: the outcome is not known. */
typedef enum err db_work_fn(struct db *db, void *arg, struct fail *why);
MUST_USE enum err db_transaction(struct db *db, db_work_fn *work, void *arg, struct fail *why);

/* The same for work that ends in ERR_CONFLICT, or changes nothing, where it has been done before: it is also run again, as long as db_patience_ms
 * allows, after a commit whose outcome is not known. Without that setting it is db_transaction. */
MUST_USE enum err db_transaction_once(struct db *db, db_work_fn *work, void *arg, struct fail *why);

/* The same at READ COMMITTED: each statement sees what is committed when it begins, and INSERT … SELECT locks neither the rows that it reads nor the
 * gaps between and behind them. (At the server's REPEATABLE READ it locks both, so that nobody could insert behind the last row read.) */
MUST_USE enum err db_transaction_unlocked(struct db *db, db_work_fn *work, void *arg, struct fail *why);

/* One statement as plain text, for migrations; rows are thrown away. */
MUST_USE enum err db_exec_text(struct db *db, const char *sql, size_t n, struct fail *why);

#endif
