#include "export/export.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map_file.h"
#include "export/export_folder.h"
#include "export/table_export.h"
#include "json/json_out.h"

struct run {
    struct db *db;
    const struct export_order *order;
    struct arena *arena;
    struct export_done *done;
    struct change_span span;
    bool zone; /* the time zone has changed: all days are other ones */
    char folder[PARTS_PATH];
    struct fail *why;
};

static const char *table_word(const struct export_order *o)
{
    return o->table != NULL ? o->table->name : "all";
}

/* ---- one table ---- */

/* Changes are of use where all since the watermark are kept, and none of them concerns all rows. */
static enum err is_whole(struct run *r, const struct export_table *t, bool *whole)
{
    *whole = r->zone || t->what == CHANGE_KINDS || r->done->since < r->span.oldest;
    if (*whole || t->also == CHANGE_KINDS)
        return ERR_OK;
    return change_any(r->db, t->also, r->done->since, r->done->until, whole, r->why);
}

/* What is told of a table is written last, so a table of which it is there is whole. */
static enum err write_table(struct run *r, const struct export_table *t, const char *told_path)
{
    char folder[PARTS_PATH];
    struct buf told = {0};
    struct table_export e = {.table = t,
                             .range = {.after = r->done->since, .until = r->done->until},
                             .format = r->order->format,
                             .progress = r->order->progress,
                             .arena = r->arena};
    enum err rc = export_folder_fresh(r->folder, t->name, folder, r->why);
    if (rc == ERR_OK)
        rc = is_whole(r, t, &e.range.whole);
    if (rc == ERR_OK)
        rc = table_export(r->db, &e, folder, &told, r->why);
    if (rc == ERR_OK)
        rc = map_file_put(told_path, told.data, told.len, r->why);
    buf_free(&told);
    r->done->rows += e.rows;
    r->done->gone += e.gone;
    r->done->tables++;
    return rc;
}

static enum err one_table(struct run *r, const struct export_table *t)
{
    char told[PARTS_PATH + 64];
    snprintf(told, sizeof told, "%s/%s.json", r->folder, t->name);
    if (access(told, F_OK) != 0)
        return write_table(r, t, told);
    r->done->kept++;
    return ERR_OK;
}

/* ---- the manifest ---- */

static enum err add_told(struct json_out *j, const char *folder, const char *table, struct fail *why)
{
    char path[PARTS_PATH + 64];
    struct map_file map;
    snprintf(path, sizeof path, "%s/%s.json", folder, table);
    enum err rc = map_file_open(&map, path, why);
    if (rc != ERR_OK)
        return rc;
    json_out_raw(j, (const char *)map.data, map.size);
    map_file_close(&map);
    return ERR_OK;
}

static enum err for_tables(struct run *r, enum err (*each)(struct run *r, const struct export_table *t))
{
    enum err rc = ERR_OK;
    if (r->order->table != NULL)
        return each(r, r->order->table);
    for (const struct export_table *t = export_tables(); rc == ERR_OK && t->name != NULL; t++)
        rc = each(r, t);
    return rc;
}

static enum err add_tables(struct run *r, struct json_out *j)
{
    enum err rc = ERR_OK;
    if (r->order->table != NULL)
        return add_told(j, r->folder, r->order->table->name, r->why);
    for (const struct export_table *t = export_tables(); rc == ERR_OK && t->name != NULL; t++)
        rc = add_told(j, r->folder, t->name, r->why);
    return rc;
}

static enum err remove_told(struct run *r, const struct export_table *t)
{
    char path[PARTS_PATH + 64];
    snprintf(path, sizeof path, "%s/%s.json", r->folder, t->name);
    return unlink(path) == 0 || errno == ENOENT ? ERR_OK : fail_errno(r->why, ERR_IO, "%s", path);
}

static enum err write_manifest(struct run *r)
{
    char path[PARTS_PATH + 64];
    struct buf text = {0};
    struct json_out j;
    json_out_start(&j, &text);
    json_out_map(&j);
    json_out_int_of(&j, "version", 1);
    json_out_int_of(&j, "since", r->done->since);
    json_out_int_of(&j, "until", r->done->until);
    json_out_text_of(&j, "format", parts_format_name(r->order->format));
    json_out_name(&j, "tables");
    json_out_list(&j);
    enum err rc = add_tables(r, &j);
    json_out_end(&j);
    json_out_end(&j);
    buf_putc(&text, '\n');
    snprintf(path, sizeof path, "%s/manifest.json", r->folder);
    if (rc == ERR_OK)
        rc = text.failed ? fail_set(r->why, ERR_NOMEM, "out of memory")
                         : map_file_put(path, text.data, text.len, r->why);
    buf_free(&text);
    return rc == ERR_OK ? for_tables(r, remove_told) : rc;
}

/* ---- all of it ---- */

/* One moment for all tables: that of the first question. */
static enum err read_all(struct run *r)
{
    enum err rc = db_begin(r->db, r->why);
    if (rc == ERR_OK)
        rc = change_span(r->db, &r->span, r->why);
    if (rc == ERR_OK)
        rc = change_any(r->db, CHANGE_ZONE, r->done->since, r->done->until, &r->zone, r->why);
    if (rc == ERR_OK)
        rc = for_tables(r, one_table);
    db_rollback(r->db);
    return rc;
}

/* Where it begins, and where it ends: at a batch that is sealed now, or that an export of the same order sealed before it was cut off. */
static enum err set_range(struct run *r)
{
    const struct export_order *o = r->order;
    struct export_done *done = r->done;
    const struct export_series series = {o->dir, table_word(o), parts_format_name(o->format)};
    enum err rc = change_span(r->db, &r->span, r->why);
    if (rc != ERR_OK)
        return rc;
    done->since = o->since == EXPORT_LAST ? export_folder_last(&series) : o->since;
    if (done->since > r->span.newest)
        return fail_set(r->why, ERR_INVALID,
                        "the watermark %" PRId64
                        " is of another database, or of a later state of this one, whose newest is %" PRId64
                        ": export everything (--since 0) into a new folder",
                        done->since, r->span.newest);
    done->until = export_folder_unfinished(&series, done->since);
    if (done->until == 0 || done->until > r->span.newest)
        rc = change_seal(r->db, &done->until, r->why);
    export_folder_name(r->folder, &series, ".", done);
    export_folder_name(done->path, &series, "", done);
    if (rc == ERR_OK && mkdir(r->folder, 0777) != 0 && errno != EEXIST)
        rc = fail_errno(r->why, ERR_IO, "%s", r->folder);
    return rc == ERR_OK ? export_folder_tidy(r->folder, r->why) : rc;
}

static enum err export_locked(struct run *r)
{
    enum err rc = set_range(r);
    if (rc == ERR_OK)
        rc = read_all(r);
    if (rc == ERR_OK)
        rc = write_manifest(r);
    return rc == ERR_OK ? export_folder_publish(r->folder, r->done->path, r->why) : rc;
}

enum err export_run(struct db *db, const struct export_order *order, struct arena *a, struct export_done *out,
                    struct fail *why)
{
    struct run r = {.db = db, .order = order, .arena = a, .done = out, .why = why};
    int lock;
    *out = (struct export_done){0};
    enum err rc = export_folder_lock(order->dir, &lock, why);
    if (rc != ERR_OK)
        return rc;
    rc = export_locked(&r);
    close(lock);
    return rc;
}
