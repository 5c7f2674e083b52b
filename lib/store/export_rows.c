#include "store/export_rows.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/vec.h"

/* Rows, and changes of events, in one answer of the database. */
enum {
    PAGE = 20000,
    CHANGES = 5000,
    LONGEST_KEY = 128,
    MOST_PLACES = 1 + EXPORT_ORDER * (EXPORT_ORDER + 1) / 2
};

struct reading {
    struct db *db;
    const struct export_table *t;
    const struct export_columns *columns;
    const struct export_range *range;
    const struct export_sink *sink;
    struct arena *arena;
    struct fail *why;
    struct buf text; /* of the statement that is being made */
};

/* ---- statements ---- */

static void put_columns(struct reading *r)
{
    for (size_t i = 0; i < r->columns->n; i++) {
        const struct export_column *c = &r->columns->items[i];
        buf_printf(&r->text, c->decimal ? "%sCAST(v.`%s` AS SIGNED)" : "%sv.`%s`", i > 0 ? ", " : "",
                   c->name);
    }
}

static size_t n_order(const struct export_table *t)
{
    size_t n = 0;
    while (n < EXPORT_ORDER && t->order[n] != NULL)
        n++;
    return n;
}

static void put_order(struct reading *r, const char *before)
{
    for (size_t i = 0; i < n_order(r->t); i++)
        buf_printf(&r->text, "%sv.`%s`", i > 0 ? ", " : before, r->t->order[i]);
}

/* What comes behind the row of which the places are the values: o1 >= ? AND (o1 > ? OR (o1 = ? AND o2 > ?) …), which keys can follow. */
static void put_behind(struct reading *r)
{
    buf_printf(&r->text, " WHERE v.`%s` >= ? AND (", r->t->order[0]);
    for (size_t i = 0; i < n_order(r->t); i++) {
        buf_puts(&r->text, i > 0 ? " OR (" : "(");
        for (size_t j = 0; j < i; j++)
            buf_printf(&r->text, "v.`%s` = ? AND ", r->t->order[j]);
        buf_printf(&r->text, "v.`%s` > ?)", r->t->order[i]);
    }
    buf_puts(&r->text, ")");
}

/* The statement that was made, kept for as long as the connection may know it. NULL: out of memory. */
static const struct db_sql *made(struct reading *r)
{
    struct db_sql *sql = arena_alloc(r->arena, sizeof *sql);
    char *text = r->text.failed ? NULL : arena_strdup(r->arena, buf_str(&r->text));
    buf_reset(&r->text);
    if (sql == NULL || text == NULL) {
        (void)fail_set(r->why, ERR_NOMEM, "out of memory");
        return NULL;
    }
    const struct db_sql filled = {r->t->view, text};
    memcpy(sql, &filled, sizeof filled);
    return sql;
}

static const struct db_sql *page_statement(struct reading *r, bool first)
{
    buf_puts(&r->text, "SELECT ");
    put_columns(r);
    buf_printf(&r->text, " FROM %s v", r->t->view);
    if (!first)
        put_behind(r);
    buf_puts(&r->text, " ORDER BY ");
    put_order(r, "");
    if (!r->t->at_once)
        buf_puts(&r->text, " LIMIT ?");
    return made(r);
}

/* ---- all rows ---- */

/* Values of the columns of the order, of the last row. */
struct place {
    char texts[EXPORT_ORDER][LONGEST_KEY];
    struct db_value values[EXPORT_ORDER];
};

static enum err keep_place(struct reading *r, struct db_rows *rows, struct place *p)
{
    for (size_t i = 0; i < n_order(r->t); i++) {
        size_t at = export_table_column(r->columns, r->t->order[i]), n;
        if (r->columns->items[at].type == EXPORT_INT) {
            p->values[i] = db_int(db_get_int(rows, (unsigned)at));
            continue;
        }
        const char *text = db_get_bytes(rows, (unsigned)at, &n);
        if (n >= LONGEST_KEY)
            return fail_set(r->why, ERR_FAULT, "%s.%s: too long for a key", r->t->view, r->t->order[i]);
        memcpy(p->texts[i], text, n + 1);
        p->values[i] = db_textn(p->texts[i], n);
    }
    return ERR_OK;
}

/* The rows of an answer; `last` (NULL: nobody asks) becomes the place of the last one. */
static enum err take_rows(struct reading *r, struct db_rows *rows, struct place *last, int64_t *n)
{
    enum err rc = ERR_OK;
    for (*n = 0; rc == ERR_OK && db_next(rows); ++*n) {
        rc = r->sink->row(r->sink->arg, rows, 0, r->why);
        if (rc == ERR_OK && last != NULL)
            rc = keep_place(r, rows, last);
    }
    return db_end_with(rows, rc, r->why);
}

static enum err first_page(struct reading *r, struct place *last, int64_t *n)
{
    struct db_rows rows;
    const struct db_value limit = db_int(PAGE);
    const struct db_sql *sql = page_statement(r, true);
    enum err rc = sql != NULL ? db_query(r->db, sql, DB_VALUES(&limit, r->t->at_once ? 0 : 1), &rows, r->why)
                              : ERR_NOMEM;
    return rc == ERR_OK ? take_rows(r, &rows, r->t->at_once ? NULL : last, n) : rc;
}

static enum err next_page(struct reading *r, const struct db_sql *sql, struct place *last, int64_t *n)
{
    struct db_rows rows;
    struct db_value values[MOST_PLACES + 1];
    size_t k = 0;
    values[k++] = last->values[0];
    for (size_t i = 0; i < n_order(r->t); i++)
        for (size_t j = 0; j <= i; j++)
            values[k++] = last->values[j];
    values[k++] = db_int(PAGE);
    enum err rc = db_query(r->db, sql, DB_VALUES(values, k), &rows, r->why);
    return rc == ERR_OK ? take_rows(r, &rows, last, n) : rc;
}

static enum err read_whole(struct reading *r)
{
    struct place last = {0};
    int64_t n = 0;
    enum err rc = first_page(r, &last, &n);
    if (rc != ERR_OK || r->t->at_once || n < PAGE)
        return rc;
    const struct db_sql *sql = page_statement(r, false);
    rc = sql != NULL ? ERR_OK : ERR_NOMEM;
    while (rc == ERR_OK && n == PAGE)
        rc = next_page(r, sql, &last, &n);
    return rc;
}

/* ---- keys that have changed ---- */

#define KEYS                                                                                                 \
    "SELECT DISTINCT a, b FROM change_log WHERE what = ? AND a >= ? AND (a > ? OR b > ?) AND batch > ? AND " \
    "batch <= ? ORDER BY a, b LIMIT ?"

static const struct db_sql *keys_statement(struct reading *r)
{
    buf_printf(&r->text, "SELECT k.a, k.b, v.`%s` IS NULL, ", r->t->key[0]);
    put_columns(r);
    buf_printf(&r->text, " FROM (" KEYS ") k LEFT JOIN %s v ON %s ORDER BY k.a, k.b", r->t->view, r->t->join);
    put_order(r, ", ");
    return made(r);
}

struct key {
    int64_t a, b;
};

static enum err take_keys(struct reading *r, struct db_rows *rows, struct key *last, bool *any)
{
    enum err rc = ERR_OK;
    for (*any = false; rc == ERR_OK && db_next(rows); *any = true) {
        *last = (struct key){db_get_int(rows, 0), db_get_int(rows, 1)};
        rc = db_get_int(rows, 2) != 0 ? r->sink->gone(r->sink->arg, last->a, last->b, r->why)
                                      : r->sink->row(r->sink->arg, rows, 3, r->why);
    }
    return db_end_with(rows, rc, r->why);
}

static enum err ask_keys(struct reading *r, const struct db_sql *sql, const struct key *after, int64_t most,
                         struct db_rows *rows)
{
    return db_query(r->db, sql,
                    DB_BIND(db_text(change_name(r->t->what)), db_int(after->a), db_int(after->a),
                            db_int(after->b), db_int(r->range->after), db_int(r->range->until), db_int(most)),
                    rows, r->why);
}

static enum err read_keys(struct reading *r)
{
    struct key last = {INT64_MIN, INT64_MIN};
    struct db_rows rows;
    bool any = true;
    const struct db_sql *sql = keys_statement(r);
    enum err rc = sql != NULL ? ERR_OK : ERR_NOMEM;
    while (rc == ERR_OK && any) {
        rc = ask_keys(r, sql, &last, r->t->per_piece, &rows);
        if (rc == ERR_OK)
            rc = take_keys(r, &rows, &last, &any);
    }
    return rc;
}

/* ---- ranges of events that have changed ---- */

static const struct db_sql RANGES = {"export.ranges", KEYS};

static const struct db_sql *range_statement(struct reading *r)
{
    buf_puts(&r->text, "SELECT ");
    put_columns(r);
    buf_printf(&r->text, " FROM %s v WHERE v.`%s` >= ? AND v.`%s` <= ? ORDER BY v.`%s` LIMIT ?", r->t->view,
               r->t->key[0], r->t->key[0], r->t->key[0]);
    return made(r);
}

static enum err take_gone(struct reading *r, int64_t from, int64_t to)
{
    enum err rc = ERR_OK;
    for (int64_t id = from; rc == ERR_OK && id < to; id++)
        rc = r->sink->gone(r->sink->arg, id, id, r->why);
    return rc;
}

/* *next becomes the number behind the last row; n: rows that there were. */
static enum err take_page(struct reading *r, struct db_rows *rows, int64_t *next, int64_t *n)
{
    unsigned at = (unsigned)export_table_column(r->columns, r->t->key[0]);
    enum err rc = ERR_OK;
    for (*n = 0; rc == ERR_OK && db_next(rows); ++*n) {
        int64_t id = db_get_int(rows, at);
        rc = take_gone(r, *next, id);
        if (rc == ERR_OK)
            rc = r->sink->row(r->sink->arg, rows, 0, r->why);
        *next = id + 1;
    }
    return db_end_with(rows, rc, r->why);
}

static enum err read_range(struct reading *r, const struct db_sql *sql, const struct key *range)
{
    struct db_rows rows;
    int64_t next = range->a, n = PAGE;
    enum err rc = ERR_OK;
    while (rc == ERR_OK && n == PAGE) {
        rc = db_query(r->db, sql, DB_BIND(db_int(next), db_int(range->b), db_int(PAGE)), &rows, r->why);
        if (rc == ERR_OK)
            rc = take_page(r, &rows, &next, &n);
    }
    return rc == ERR_OK ? take_gone(r, next, range->b + 1) : rc;
}

static enum err keep_ranges(struct reading *r, struct db_rows *rows, struct vec *out)
{
    enum err rc = ERR_OK;
    out->len = 0;
    while (rc == ERR_OK && db_next(rows)) {
        struct key k = {db_get_int(rows, 0), db_get_int(rows, 1)};
        rc = vec_push(out, &k) ? ERR_OK : fail_set(r->why, ERR_NOMEM, "out of memory");
    }
    return db_end_with(rows, rc, r->why);
}

/* What touches or overlaps is one range: mostly all that was inserted since. */
static enum err join_ranges(struct reading *r, const struct db_sql *sql, const struct vec *found,
                            struct key *open)
{
    const struct key *k = found->data;
    enum err rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < found->len; i++) {
        if (open->b >= open->a && k[i].a > open->b + 1) {
            rc = read_range(r, sql, open);
            *open = k[i];
        } else if (open->b < open->a) {
            *open = k[i];
        } else if (k[i].b > open->b) {
            open->b = k[i].b;
        }
    }
    return rc;
}

static enum err read_ranges(struct reading *r)
{
    struct vec found = VEC_OF(struct key);
    struct key last = {INT64_MIN, INT64_MIN}, open = {0, -1};
    struct db_rows rows;
    const struct db_sql *sql = range_statement(r);
    enum err rc = sql != NULL ? ERR_OK : ERR_NOMEM;
    do {
        if (rc == ERR_OK)
            rc = ask_keys(r, &RANGES, &last, CHANGES, &rows);
        if (rc == ERR_OK)
            rc = keep_ranges(r, &rows, &found);
        if (rc == ERR_OK && found.len > 0) {
            last = ((struct key *)found.data)[found.len - 1];
            rc = join_ranges(r, sql, &found, &open);
        }
    } while (rc == ERR_OK && found.len == CHANGES);
    if (rc == ERR_OK && open.b >= open.a)
        rc = read_range(r, sql, &open);
    vec_free(&found);
    return rc;
}

enum err export_rows(struct db *db, const struct export_question *q, const struct export_sink *sink,
                     struct fail *why)
{
    struct reading r = {db, q->table, q->columns, &q->range, sink, q->arena, why, {0}};
    enum err rc = q->range.whole ? read_whole(&r) : q->table->join != NULL ? read_keys(&r) : read_ranges(&r);
    buf_free(&r.text);
    return rc;
}
