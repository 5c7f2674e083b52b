#include "export/parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/map_file.h"
#include "export/lines.h"
#include "export/parquet.h"

struct parts_day {
    int64_t day;
    int written; /* files so far */
    struct batch batch;
};

static const struct {
    const char *name;
    enum err (*write)(struct buf *out, const struct batch *b);
} formats[PARTS_FORMATS] = {
    [PARTS_PARQUET] = {"parquet", parquet_file},
    [PARTS_CSV] = {"csv", lines_csv},
    [PARTS_JSONL] = {"jsonl", lines_json},
};

const char *parts_format_name(enum parts_format format)
{
    return formats[format].name;
}

enum parts_format parts_format_of(const char *word)
{
    int i = 0;
    while (i < PARTS_FORMATS && strcmp(formats[i].name, word) != 0)
        i++;
    return (enum parts_format)i;
}

void parts_open(struct parts *p)
{
    p->most = PARTS_ALL_BYTES;
    p->held = p->latest = 0;
    p->rows = 0;
    p->days = VEC_OF(struct parts_day);
    p->files = VEC_OF(struct parts_file);
}

static struct parts_day *days_of(const struct parts *p)
{
    return p->days.data;
}

void parts_close(struct parts *p)
{
    for (size_t i = 0; i < p->days.len; i++)
        batch_close(&days_of(p)[i].batch);
    vec_free(&p->days);
    vec_free(&p->files);
}

/* ---- writing ---- */

/* The folder of a day, and the name of its next file. */
static void name_file(const struct parts *p, const struct parts_day *d, char day[40], char name[PARTS_NAME])
{
    char text[BATCH_TIME_TEXT];
    day[0] = '\0';
    if (p->by_day && d->day == INT64_MIN) {
        snprintf(day, 40, "day=__HIVE_DEFAULT_PARTITION__");
    } else if (p->by_day) {
        batch_date_text(d->day, text);
        snprintf(day, 40, "day=%s", text);
    }
    snprintf(name, PARTS_NAME, "%s%s%04d.%s", day, day[0] != '\0' ? "/" : "", d->written + 1,
             formats[p->format].name);
}

static enum err write_file(struct parts *p, struct parts_day *d, struct fail *why)
{
    char day[40], path[PARTS_PATH];
    struct buf bytes = {0};
    struct parts_file file = {.rows = (int64_t)d->batch.n_rows};
    name_file(p, d, day, file.name);
    if (snprintf(path, sizeof path, "%s/%s", p->folder, day) >= PARTS_PATH - PARTS_NAME)
        return fail_set(why, ERR_TOO_LARGE, "%s: the path is too long", p->folder);
    if (day[0] != '\0' && mkdir(path, 0777) != 0 && errno != EEXIST)
        return fail_errno(why, ERR_IO, "%s", path);
    snprintf(path, sizeof path, "%s/%s", p->folder, file.name);
    enum err rc = formats[p->format].write(&bytes, &d->batch);
    if (rc != ERR_OK)
        rc = fail_set(why, rc, "%s: %s", path, rc == ERR_NOMEM ? "out of memory" : "too much for one file");
    else
        rc = map_file_put(path, bytes.data, bytes.len, why);
    file.bytes = (int64_t)bytes.len;
    buf_free(&bytes);
    if (rc == ERR_OK && !vec_push(&p->files, &file))
        rc = fail_set(why, ERR_NOMEM, "out of memory");
    d->written++;
    return rc;
}

static enum err flush(struct parts *p, struct parts_day *d, struct fail *why)
{
    if (d->batch.n_rows == 0)
        return ERR_OK;
    p->held -= batch_bytes(&d->batch);
    enum err rc = write_file(p, d, why);
    batch_close(&d->batch);
    return rc;
}

/* Half of what is held goes, the largest first, so that files are as few as can be. */
static enum err make_room(struct parts *p, struct fail *why)
{
    enum err rc = ERR_OK;
    while (rc == ERR_OK && p->held > p->most / 2) {
        struct parts_day *d = days_of(p), *largest = d;
        for (size_t i = 1; i < p->days.len; i++)
            if (batch_bytes(&d[i].batch) > batch_bytes(&largest->batch))
                largest = &d[i];
        rc = flush(p, largest, why);
    }
    return rc;
}

/* ---- days ---- */

static size_t find_day(const struct parts *p, int64_t day)
{
    size_t low = 0, high = p->days.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (days_of(p)[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The day's place, which is made if there is none. NULL: out of memory. */
static struct parts_day *day_of(struct parts *p, int64_t day)
{
    if (p->latest < p->days.len && days_of(p)[p->latest].day == day)
        return &days_of(p)[p->latest];
    const struct parts_day fresh = {.day = day};
    size_t at = find_day(p, day);
    if (at == p->days.len || days_of(p)[at].day != day) {
        if (!vec_push(&p->days, &fresh))
            return NULL;
        memmove(days_of(p) + at + 1, days_of(p) + at, (p->days.len - 1 - at) * sizeof fresh);
        days_of(p)[at] = fresh;
    }
    p->latest = at;
    return &days_of(p)[at];
}

enum err parts_add(struct parts *p, int64_t day, const struct batch_value *row, struct fail *why)
{
    struct parts_day *d = day_of(p, p->by_day ? day : 0);
    enum err rc = d != NULL ? ERR_OK : ERR_NOMEM;
    if (rc == ERR_OK && d->batch.columns == NULL)
        rc = batch_open(&d->batch, p->kinds, p->n);
    size_t before = rc == ERR_OK ? batch_bytes(&d->batch) : 0;
    if (rc == ERR_OK)
        rc = batch_add(&d->batch, row);
    if (rc != ERR_OK)
        return fail_set(why, rc, "%s: %s", p->folder, rc == ERR_NOMEM ? "out of memory" : "a text of 2 GiB");
    size_t after = batch_bytes(&d->batch);
    p->held += after - before;
    p->rows++;
    if (after >= PARTS_FILE_BYTES)
        return flush(p, d, why);
    return p->held > p->most ? make_room(p, why) : ERR_OK;
}

/* For a reader who asks for files: columns, and no row. */
static enum err write_empty(struct parts *p, struct fail *why)
{
    struct parts_day none = {.day = 0};
    enum err rc = batch_open(&none.batch, p->kinds, p->n);
    if (rc != ERR_OK)
        return fail_set(why, rc, "out of memory");
    rc = write_file(p, &none, why);
    batch_close(&none.batch);
    return rc;
}

enum err parts_finish(struct parts *p, struct fail *why)
{
    enum err rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < p->days.len; i++)
        rc = flush(p, &days_of(p)[i], why);
    return rc == ERR_OK && p->files.len == 0 ? write_empty(p, why) : rc;
}
