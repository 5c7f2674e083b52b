#include "store/db_private.h"

enum err db_exec_count(struct db *db, const struct db_sql *sql, const struct db_params *params, int64_t *n,
                       struct fail *why)
{
    enum err rc = db_exec(db, sql, params, why);
    *n = rc == ERR_OK ? (int64_t)db_affected(db) : 0;
    return rc;
}

enum err db_number(struct db *db, const struct db_sql *sql, const struct db_params *params, int64_t *out,
                   struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_first(db, sql, params, &rows, why);
    if (rc != ERR_OK)
        return rc;
    *out = db_get_int(&rows, 0);
    return db_end(&rows, why);
}

enum err db_end_with(struct db_rows *rows, enum err rc, struct fail *why)
{
    enum err ended = db_end(rows, rc == ERR_OK ? why : NULL);
    return rc != ERR_OK ? rc : ended;
}

/* NULL for SQL's NULL, at the end, and after a wrong use. */
static const struct db_column *cell(struct db_rows *rows, unsigned column, enum db_kind kind)
{
    if (rows->statement == NULL)
        return NULL;
    if (column >= rows->n_columns) {
        db_rows_fail(rows, ERR_FAULT, "no such column");
        return NULL;
    }
    const struct db_column *c = &rows->columns[column];
    if (c->null)
        return NULL;
    if (c->kind != kind) {
        db_rows_fail(rows, ERR_FAULT, "a column of another kind");
        return NULL;
    }
    return c;
}

bool db_is_null(const struct db_rows *rows, unsigned column)
{
    return rows->statement == NULL || column >= rows->n_columns || rows->columns[column].null;
}

int64_t db_get_int(struct db_rows *rows, unsigned column)
{
    const struct db_column *c = cell(rows, column, DB_INT);
    if (c == NULL)
        return 0;
    if (c->is_unsigned && c->integer < 0)
        db_rows_fail(rows, ERR_FAULT, "a number does not fit");
    return c->integer;
}

double db_get_real(struct db_rows *rows, unsigned column)
{
    const struct db_column *c = cell(rows, column, DB_REAL);
    return c == NULL ? 0.0 : c->real;
}

const void *db_get_bytes(struct db_rows *rows, unsigned column, size_t *n)
{
    const struct db_column *c = cell(rows, column, DB_TEXT);
    *n = c == NULL ? 0 : c->length;
    if (c == NULL)
        return "";
    c->text[*n] = '\0';
    return c->text;
}

const char *db_get_text(struct db_rows *rows, unsigned column)
{
    size_t n;
    return db_get_bytes(rows, column, &n);
}
