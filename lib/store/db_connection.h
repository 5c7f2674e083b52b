/* The connection behind db.h, for db.c alone. */
#ifndef MVTI_STORE_DB_CONNECTION_H
#define MVTI_STORE_DB_CONNECTION_H

#include <mysql.h>

#include "base/vec.h"
#include "store/db_private.h"

struct statement {
    const struct db_sql *sql;
    MYSQL_STMT *handle;
    MYSQL_BIND *params;        /* [n_params] */
    MYSQL_BIND *results;       /* [n_columns], each pointing into its column */
    struct db_column *columns; /* [n_columns] */
    unsigned n_params, n_columns;
    bool reading, orphan;
};

struct db {
    const struct config *config;
    long io_seconds;
    MYSQL *conn;           /* NULL when not connected */
    struct vec statements; /* struct statement *, of this connection */
    double started;        /* when the running call began */
    double away_since; /* when the first of the attempts to connect began that have all failed; 0: none has */
    struct db_work work; /* until work.away_until a call fails at once, saying `down` */
    struct fail down;
    bool in_transaction, broken, retry;
    bool unknown; /* the last failure was that of a commit whose outcome nobody has told */
    uint64_t affected;
    int64_t insert_id;
};

void db_statement_free(struct statement *st);
/* Drops the connection with its statements; those being read live until db_end. Inside a transaction:
 * `broken`. */
void db_disconnect(struct db *db);
/* Connects if needed, patiently where that is set; ERR_UNAVAILABLE at once while the server is known to be away. */
MUST_USE enum err db_need_connection(struct db *db, struct fail *why);
/* Whether a call that began at `since` may still wait for the database; if so it has slept a little. */
bool db_waits(const struct db *db, double since);
/* Stores the sentence and says what the number means. A connection that is lost is dropped; if it kept us
 * waiting, the server is asked for another, and known to be away if it does not give one. */
enum err db_failed(struct db *db, const char *what, unsigned code, const char *text, struct fail *why);
enum err db_connection_failed(struct db *db, const char *what, struct fail *why);

#endif
