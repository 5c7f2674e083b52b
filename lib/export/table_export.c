#include "export/table_export.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "json/json_out.h"

/* TO_DAYS of 1970-01-01. */
enum { EPOCH = 719528, ASKED_EACH = 4096 };

_Static_assert((int)EXPORT_INT == BATCH_INT && (int)EXPORT_REAL == BATCH_REAL &&
                   (int)EXPORT_TEXT == BATCH_TEXT && (int)EXPORT_TIME == BATCH_TIME &&
                   (int)EXPORT_DATE == BATCH_DATE,
               "types of columns are those of batches");

static const char *const type_names[BATCH_TYPES] = {[BATCH_INT] = "int64",
                                                    [BATCH_REAL] = "double",
                                                    [BATCH_TEXT] = "string",
                                                    [BATCH_TIME] = "timestamp",
                                                    [BATCH_DATE] = "date"};

struct work {
    struct table_export *e;
    struct export_columns columns;
    size_t day; /* its place among the columns; columns.n: there is none */
    struct batch_kind kinds[EXPORT_COLUMNS], keys[EXPORT_KEYS];
    size_t n_keys;
    char rows_folder[PARTS_PATH], gone_folder[PARTS_PATH];
    struct parts rows, gone;
};

/* ---- rows ---- */

static bool read_value(struct db_rows *rows, unsigned at, enum export_type type, struct batch_value *v)
{
    *v = (struct batch_value){.null = db_is_null(rows, at)};
    if (v->null)
        return true;
    switch (type) {
    case EXPORT_INT:
        v->integer = db_get_int(rows, at);
        return true;
    case EXPORT_REAL:
        v->real = db_get_real(rows, at);
        return true;
    case EXPORT_TEXT:
        v->text = db_get_bytes(rows, at, &v->n);
        return true;
    case EXPORT_TIME:
        return batch_parse_time(db_get_text(rows, at), &v->integer);
    case EXPORT_DATE:
        return batch_parse_date(db_get_text(rows, at), &v->integer);
    }
    return false;
}

static enum err go_on(const struct work *w, struct fail *why)
{
    const struct table_export *e = w->e;
    if ((w->rows.rows + w->gone.rows) % ASKED_EACH != 0)
        return ERR_OK;
    progress_report(e->progress, e->table->name, (uint64_t)w->rows.rows, 0);
    return progress_stopping(e->progress) ? fail_set(why, ERR_STOPPED, "stopped") : ERR_OK;
}

static enum err take_row(void *arg, struct db_rows *rows, unsigned first, struct fail *why)
{
    struct work *w = arg;
    struct batch_value values[EXPORT_COLUMNS], v;
    int64_t day = INT64_MIN;
    size_t n = 0;
    for (size_t i = 0; i < w->columns.n; i++) {
        const struct export_column *c = &w->columns.items[i];
        if (!read_value(rows, first + (unsigned)i, c->type, &v))
            return fail_set(why, ERR_FAULT, "%s.%s: %s is no date", w->e->table->view, c->name,
                            db_get_text(rows, first + (unsigned)i));
        if (i != w->day)
            values[n++] = v;
        else if (!v.null)
            day = v.integer;
    }
    enum err rc = parts_add(&w->rows, day, values, why);
    return rc == ERR_OK ? go_on(w, why) : rc;
}

static enum err take_gone(void *arg, int64_t a, int64_t b, struct fail *why)
{
    struct work *w = arg;
    struct batch_value values[EXPORT_KEYS] = {{.integer = a}, {.integer = b}};
    if (w->keys[0].type == BATCH_DATE)
        values[0].integer -= EPOCH;
    enum err rc = parts_add(&w->gone, INT64_MIN, values, why);
    return rc == ERR_OK ? go_on(w, why) : rc;
}

/* ---- before and behind ---- */

static enum err open_folder(char out[PARTS_PATH], const char *folder, const char *name, struct fail *why)
{
    if (snprintf(out, PARTS_PATH, "%s/%s", folder, name) >= PARTS_PATH)
        return fail_set(why, ERR_TOO_LARGE, "%s: the path is too long", folder);
    return mkdir(out, 0777) == 0 ? ERR_OK : fail_errno(why, ERR_IO, "%s", out);
}

static enum err prepare(struct work *w, struct db *db, const char *folder, struct fail *why)
{
    const struct export_table *t = w->e->table;
    enum err rc = export_table_columns(db, t, w->e->arena, &w->columns, why);
    if (rc == ERR_OK)
        rc = open_folder(w->rows_folder, folder, "rows", why);
    if (rc == ERR_OK)
        rc = open_folder(w->gone_folder, folder, "gone", why);
    if (rc != ERR_OK)
        return rc;
    size_t n = 0;
    w->day = export_table_column(&w->columns, "day");
    for (size_t i = 0; i < w->columns.n; i++)
        if (i != w->day)
            w->kinds[n++] =
                (struct batch_kind){w->columns.items[i].name, (enum batch_type)w->columns.items[i].type};
    for (; w->n_keys < EXPORT_KEYS && t->key[w->n_keys] != NULL; w->n_keys++) {
        size_t at = export_table_column(&w->columns, t->key[w->n_keys]);
        if (at == w->columns.n)
            return fail_set(why, ERR_FAULT, "%s has no column %s", t->view, t->key[w->n_keys]);
        w->keys[w->n_keys] =
            (struct batch_kind){t->key[w->n_keys], (enum batch_type)w->columns.items[at].type};
    }
    w->rows.folder = w->rows_folder;
    w->rows.kinds = w->kinds;
    w->rows.n = n;
    w->rows.by_day = w->day < w->columns.n;
    w->gone.folder = w->gone_folder;
    w->gone.kinds = w->keys;
    w->gone.n = w->n_keys;
    return ERR_OK;
}

static void tell_files(struct json_out *j, const char *table, const char *folder, const struct parts *p)
{
    const struct parts_file *files = p->files.data;
    for (size_t i = 0; i < p->files.len; i++) {
        char path[PARTS_NAME + 64];
        snprintf(path, sizeof path, "%s/%s/%s", table, folder, files[i].name);
        json_out_map(j);
        json_out_text_of(j, "path", path);
        json_out_int_of(j, "rows", files[i].rows);
        json_out_int_of(j, "bytes", files[i].bytes);
        json_out_end(j);
    }
}

static void tell_columns(struct json_out *j, const struct work *w)
{
    json_out_name(j, "key");
    json_out_list(j);
    for (size_t i = 0; i < w->n_keys; i++)
        json_out_text(j, w->keys[i].name);
    json_out_end(j);
    json_out_name(j, "columns");
    json_out_list(j);
    for (size_t i = 0; i < w->columns.n; i++) {
        json_out_map(j);
        json_out_text_of(j, "name", w->columns.items[i].name);
        json_out_text_of(j, "type", type_names[w->columns.items[i].type]);
        json_out_end(j);
    }
    json_out_end(j);
}

static void tell(struct buf *told, const struct work *w)
{
    struct json_out j;
    const char *name = w->e->table->name;
    json_out_start(&j, told);
    json_out_map(&j);
    json_out_text_of(&j, "table", name);
    json_out_text_of(&j, "view", w->e->table->view);
    json_out_bool_of(&j, "whole", w->e->range.whole);
    json_out_int_of(&j, "rows", w->rows.rows);
    json_out_int_of(&j, "gone", w->gone.rows);
    tell_columns(&j, w);
    json_out_name(&j, "files");
    json_out_list(&j);
    tell_files(&j, name, "rows", &w->rows);
    tell_files(&j, name, "gone", &w->gone);
    json_out_end(&j);
    json_out_end(&j);
}

enum err table_export(struct db *db, struct table_export *e, const char *folder, struct buf *told,
                      struct fail *why)
{
    struct work w = {.e = e, .rows = {.format = e->format}, .gone = {.format = e->format}};
    const struct export_sink sink = {&w, take_row, take_gone};
    parts_open(&w.rows);
    parts_open(&w.gone);
    enum err rc = prepare(&w, db, folder, why);
    if (rc == ERR_OK)
        rc = export_rows(db, &(struct export_question){e->table, &w.columns, e->range, e->arena}, &sink, why);
    if (rc == ERR_OK)
        rc = parts_finish(&w.rows, why);
    if (rc == ERR_OK)
        rc = parts_finish(&w.gone, why);
    if (rc == ERR_OK)
        tell(told, &w);
    if (rc == ERR_OK && told->failed)
        rc = fail_set(why, ERR_NOMEM, "out of memory");
    e->rows = w.rows.rows;
    e->gone = w.gone.rows;
    parts_close(&w.rows);
    parts_close(&w.gone);
    return rc;
}
