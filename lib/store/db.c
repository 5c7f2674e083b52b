#include "store/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/db_connection.h"

enum { FIRST_TEXT = 256, WORDS_MOST = 96, ID_MOST = 64 };

/* The connection's number is what the server's slow log and list of processes have too. Outside requests statements may take long. */
static void tell_slow(const struct db *db, const char *what, double seconds)
{
    if (db->config->db_slow_ms > 0 && 1000 * seconds >= (double)db->config->db_slow_ms &&
        log_request()[0] != '\0')
        log_event(LOG_WARNING, "db.slow", "%s: %.0f ms, connection %lu", what, 1000 * seconds,
                  db->conn != NULL ? mysql_thread_id(db->conn) : 0);
}

/* The end of a call that began with db_need_connection: counted, and logged where it was slow. */
static enum err done(struct db *db, const char *what, enum err rc)
{
    double seconds = clock_monotonic() - db->started;
    db->work.statements++;
    db->work.failures += rc == ERR_UNAVAILABLE;
    db->work.seconds += seconds;
    tell_slow(db, what, seconds);
    return rc;
}

const struct db_work *db_work(const struct db *db)
{
    return &db->work;
}

static bool is_integer(enum enum_field_types type)
{
    return type == MYSQL_TYPE_TINY || type == MYSQL_TYPE_SHORT || type == MYSQL_TYPE_INT24 ||
           type == MYSQL_TYPE_LONG || type == MYSQL_TYPE_LONGLONG || type == MYSQL_TYPE_YEAR;
}

static bool bind_column(MYSQL_BIND *bind, struct db_column *c, const MYSQL_FIELD *field)
{
    bind->length = &c->length;
    bind->is_null = &c->null;
    if (is_integer(field->type)) {
        c->kind = DB_INT;
        c->is_unsigned = (field->flags & UNSIGNED_FLAG) != 0;
        bind->buffer_type = MYSQL_TYPE_LONGLONG;
        bind->buffer = &c->integer;
        bind->is_unsigned = (my_bool)c->is_unsigned;
    } else if (field->type == MYSQL_TYPE_FLOAT || field->type == MYSQL_TYPE_DOUBLE) {
        c->kind = DB_REAL;
        bind->buffer_type = MYSQL_TYPE_DOUBLE;
        bind->buffer = &c->real;
    } else {
        bind->buffer_type = MYSQL_TYPE_STRING;
        bind->buffer_length = FIRST_TEXT;
        c->kind = DB_TEXT;
        c->text = malloc(FIRST_TEXT + 1);
        bind->buffer = c->text;
    }
    return bind->buffer != NULL;
}

static enum err bind_columns(struct statement *st, struct fail *why)
{
    MYSQL_RES *meta = mysql_stmt_result_metadata(st->handle);
    if (meta == NULL)
        return ERR_OK;
    unsigned n = mysql_num_fields(meta);
    st->results = calloc(n, sizeof *st->results);
    st->columns = calloc(n, sizeof *st->columns);
    bool ok = st->results != NULL && st->columns != NULL;
    for (st->n_columns = 0; ok && st->n_columns < n; st->n_columns++)
        ok = bind_column(&st->results[st->n_columns], &st->columns[st->n_columns],
                         mysql_fetch_field_direct(meta, st->n_columns));
    mysql_free_result(meta);
    return ok ? ERR_OK : fail_set(why, ERR_NOMEM, "database: out of memory");
}

static enum err stmt_failed(struct db *db, struct statement *st, struct fail *why)
{
    char text[256];
    snprintf(text, sizeof text, "%s", mysql_stmt_error(st->handle)); /* which dies with the connection */
    return db_failed(db, st->sql->name, mysql_stmt_errno(st->handle), text, why);
}

static enum err prepare(struct db *db, const struct db_sql *sql, struct statement **out, struct fail *why)
{
    struct statement *st = calloc(1, sizeof *st);
    if (st == NULL || !vec_push(&db->statements, &st)) {
        free(st);
        return fail_set(why, ERR_NOMEM, "database: out of memory");
    }
    st->sql = sql;
    st->handle = mysql_stmt_init(db->conn);
    enum err rc = ERR_OK;
    if (st->handle == NULL) {
        rc = db_connection_failed(db, sql->name, why);
    } else if (mysql_stmt_prepare(st->handle, sql->text, strlen(sql->text)) != 0) {
        rc = stmt_failed(db, st, why);
    } else {
        st->n_params = (unsigned)mysql_stmt_param_count(st->handle);
        st->params = calloc(st->n_params + 1, sizeof *st->params);
        rc = st->params == NULL ? fail_set(why, ERR_NOMEM, "database: out of memory") : bind_columns(st, why);
    }
    if (rc == ERR_OK) {
        *out = st;
    } else if (db->statements.len > 0) { /* it is the last; a lost connection has freed it with the others */
        db->statements.len--;
        db_statement_free(st);
    }
    return rc;
}

static enum err find_statement(struct db *db, const struct db_sql *sql, struct statement **out,
                               struct fail *why)
{
    struct statement **all = db->statements.data;
    for (size_t i = 0; i < db->statements.len; i++)
        if (all[i]->sql == sql) {
            *out = all[i];
            return ERR_OK;
        }
    return prepare(db, sql, out, why);
}

static void bind_value(MYSQL_BIND *b, const struct db_value *v)
{
    static const enum enum_field_types types[] = {
        [DB_NULL] = MYSQL_TYPE_NULL,   [DB_INT] = MYSQL_TYPE_LONGLONG, [DB_REAL] = MYSQL_TYPE_DOUBLE,
        [DB_TEXT] = MYSQL_TYPE_STRING, [DB_BYTES] = MYSQL_TYPE_BLOB,
    };
    *b = (MYSQL_BIND){.buffer_type = types[v->kind]};
    if (v->kind == DB_INT)
        b->buffer = (void *)&v->integer;
    else if (v->kind == DB_REAL)
        b->buffer = (void *)&v->real;
    else if (v->kind != DB_NULL)
        b->buffer = (void *)(v->bytes != NULL ? v->bytes : "");
    b->buffer_length = v->n;
}

/* Connects, prepares, binds, executes. */
static enum err run(struct db *db, const struct db_sql *sql, const struct db_params *params,
                    struct statement **out, struct fail *why)
{
    struct statement *st = NULL;
    enum err rc = db_need_connection(db, why);
    if (rc == ERR_OK)
        rc = find_statement(db, sql, &st, why);
    if (rc != ERR_OK || st == NULL)
        return rc != ERR_OK ? rc : ERR_FAULT;
    *out = st;
    if (st->reading || st->n_params != params->n)
        return fail_set(why, ERR_FAULT, "database: %s: %s", sql->name,
                        st->reading ? "still being read" : "wrong number of values");
    for (size_t i = 0; i < params->n; i++)
        bind_value(&st->params[i], &params->values[i]);
    if (params->n > 0 && mysql_stmt_bind_param(st->handle, st->params) != 0)
        return stmt_failed(db, st, why);
    if (mysql_stmt_execute(st->handle) != 0)
        return stmt_failed(db, st, why);
    return ERR_OK;
}

static enum err exec_prepared(struct db *db, const struct db_sql *sql, const struct db_params *params,
                              struct fail *why)
{
    struct statement *st;
    enum err rc = run(db, sql, params, &st, why);
    if (rc != ERR_OK)
        return rc;
    if (st->n_columns > 0) {
        mysql_stmt_free_result(st->handle);
        return fail_set(why, ERR_FAULT, "database: %s: unexpected rows", sql->name);
    }
    db->affected = mysql_stmt_affected_rows(st->handle);
    db->insert_id = (int64_t)mysql_stmt_insert_id(st->handle);
    return ERR_OK;
}

enum err db_exec(struct db *db, const struct db_sql *sql, const struct db_params *params, struct fail *why)
{
    return done(db, sql->name, exec_prepared(db, sql, params, why));
}

uint64_t db_affected(const struct db *db)
{
    return db->affected;
}

int64_t db_insert_id(const struct db *db)
{
    return db->insert_id;
}

static enum err query_prepared(struct db *db, const struct db_sql *sql, const struct db_params *params,
                               struct db_rows *rows, struct fail *why)
{
    *rows = (struct db_rows){.db = db};
    struct statement *st;
    enum err rc = run(db, sql, params, &st, why);
    if (rc != ERR_OK)
        return rc;
    if (st->n_columns == 0)
        return fail_set(why, ERR_FAULT, "database: %s: no rows", sql->name);
    if (mysql_stmt_bind_result(st->handle, st->results) != 0 || mysql_stmt_store_result(st->handle) != 0)
        return stmt_failed(db, st, why);
    st->reading = true;
    rows->statement = st;
    rows->name = sql->name;
    rows->columns = st->columns;
    rows->n_columns = st->n_columns;
    return ERR_OK;
}

enum err db_query(struct db *db, const struct db_sql *sql, const struct db_params *params,
                  struct db_rows *rows, struct fail *why)
{
    double began = clock_monotonic();
    enum err rc;
    do
        rc = done(db, sql->name, query_prepared(db, sql, params, rows, why));
    while (rc == ERR_UNAVAILABLE && db->retry && !db->in_transaction && db_waits(db, began));
    return rc;
}

enum err db_first(struct db *db, const struct db_sql *sql, const struct db_params *params,
                  struct db_rows *rows, struct fail *why)
{
    enum err rc = db_query(db, sql, params, rows, why);
    if (rc != ERR_OK || db_next(rows))
        return rc;
    rc = db_end(rows, why);
    return rc != ERR_OK ? rc : fail_set(why, ERR_NOT_FOUND, "database: %s: no such row", sql->name);
}

void db_rows_fail(struct db_rows *rows, enum err rc, const char *text)
{
    if (rows->rc == ERR_OK)
        rows->rc = fail_set(&rows->why, rc, "database: %s: %s", rows->name, text);
}

static bool fetch_again(struct db_rows *rows, struct statement *st, unsigned i)
{
    struct db_column *c = &st->columns[i];
    char *wider = realloc(c->text, c->length + 1);
    if (wider == NULL) {
        db_rows_fail(rows, ERR_NOMEM, "out of memory");
        return false;
    }
    c->text = wider;
    st->results[i].buffer = wider;
    st->results[i].buffer_length = c->length;
    if (mysql_stmt_fetch_column(st->handle, &st->results[i], i, 0) != 0 ||
        mysql_stmt_bind_result(st->handle, st->results) != 0) {
        db_rows_fail(rows, ERR_FAULT, mysql_stmt_error(st->handle));
        return false;
    }
    return true;
}

/* Fetches the texts again that did not fit. Numbers always do: they are bound as wide as there are any, with
 * the sign that the column has. */
static bool widen(struct db_rows *rows, struct statement *st)
{
    for (unsigned i = 0; i < st->n_columns; i++) {
        const struct db_column *c = &st->columns[i];
        bool cut = !c->null && c->kind == DB_TEXT && c->length > st->results[i].buffer_length;
        if (cut && !fetch_again(rows, st, i))
            return false;
    }
    return true;
}

bool db_next(struct db_rows *rows)
{
    struct statement *st = rows->statement;
    if (st == NULL || rows->rc != ERR_OK)
        return false;
    if (st->orphan) { /* the client library would read from where its connection was */
        db_rows_fail(rows, ERR_UNAVAILABLE, "the connection was lost while it was read");
        return false;
    }
    int rc = mysql_stmt_fetch(st->handle);
    if (rc == MYSQL_NO_DATA)
        return false;
    if (rc != 0 && rc != MYSQL_DATA_TRUNCATED) {
        db_rows_fail(rows, ERR_UNAVAILABLE, mysql_stmt_error(st->handle));
        return false;
    }
    return widen(rows, st);
}

enum err db_end(struct db_rows *rows, struct fail *why)
{
    struct statement *st = rows->statement;
    if (st != NULL) {
        mysql_stmt_free_result(st->handle);
        st->reading = false;
        if (st->orphan)
            db_statement_free(st);
    }
    rows->statement = NULL;
    rows->n_columns = 0;
    return rows->rc == ERR_OK ? ERR_OK : fail_set(why, rows->rc, "%s", rows->why.text);
}

static enum err exec_text(struct db *db, const char *sql, size_t n, struct fail *why)
{
    enum err rc = db_need_connection(db, why);
    if (rc != ERR_OK)
        return rc;
    if (mysql_real_query(db->conn, sql, n) != 0)
        return db_connection_failed(db, "statement", why);
    MYSQL_RES *result = mysql_store_result(db->conn);
    if (result != NULL)
        mysql_free_result(result);
    return mysql_errno(db->conn) != 0 ? db_connection_failed(db, "statement", why) : ERR_OK;
}

enum err db_exec_text(struct db *db, const char *sql, size_t n, struct fail *why)
{
    return done(db, "statement", exec_text(db, sql, n, why));
}

/* Words by which a transaction begins or ends, with the id of the request behind them for the server's logs and its list of processes.
 * They are sent as text in any case; a comment in a prepared statement would have to be prepared anew for each request (decision 74). An
 * id of nginx's is hex digits, and nothing else gets into the comment. */
static enum err exec_words(struct db *db, const char *words, struct fail *why)
{
    char text[WORDS_MOST];
    const char *id = log_request();
    size_t n = strlen(id);
    bool plain = n > 0 && n < ID_MOST && strspn(id, "0123456789abcdef") == n;
    snprintf(text, sizeof text, plain ? "%s /* %s */" : "%s", words, id);
    return done(db, words, exec_text(db, text, strlen(text), why));
}

enum err db_begin(struct db *db, struct fail *why)
{
    if (db->in_transaction)
        return fail_set(why, ERR_FAULT, "database: transaction inside a transaction");
    enum err rc = exec_words(db, "START TRANSACTION", why);
    db->in_transaction = rc == ERR_OK;
    return rc;
}

enum err db_commit(struct db *db, struct fail *why)
{
    if (!db->in_transaction)
        return fail_set(why, ERR_FAULT, "database: commit outside a transaction");
    if (db->broken)
        return db_need_connection(db, why);
    enum err rc = exec_words(db, "COMMIT", why);
    if (rc == ERR_UNAVAILABLE) { /* the server may have committed before it went */
        db->retry = false;
        db->unknown = true;
    }
    if (rc == ERR_OK)
        db->in_transaction = false;
    return rc;
}

void db_rollback(struct db *db)
{
    bool retry = db->retry, unknown = db->unknown;
    if (db->in_transaction && !db->broken && exec_words(db, "ROLLBACK", NULL) != ERR_OK)
        db_disconnect(db);
    db->in_transaction = false;
    db->broken = false;
    db->retry = retry;
    db->unknown = unknown;
}

bool db_may_retry(const struct db *db)
{
    return db->retry;
}
