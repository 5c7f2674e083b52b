#include "import/import_columns.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "data/row_source.h"
#include "store/catalog.h"

/* ---- for the kinds ---- */

enum import_verdict import_reject(struct import *im, const char *reason, const char *fmt, ...)
{
    im->reason = reason;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(im->detail, sizeof im->detail, fmt, ap);
    va_end(ap);
    return IMPORT_REJECTED;
}

void import_warn(struct import *im, const struct import_row *row, const char *reason, const char *fmt, ...)
{
    char detail[200];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(detail, sizeof detail, fmt, ap);
    va_end(ap);
    import_report_warned(&im->report, row->line, reason, detail);
}

enum import_verdict import_skip(struct import *im, const char *reason)
{
    im->reason = reason;
    return IMPORT_SKIPPED;
}

enum import_verdict import_stored(struct import *im, enum err rc, int change)
{
    im->rc = rc;
    if (rc == ERR_INVALID)
        return import_reject(im, "the database rejects a value", "%s", im->why.text);
    if (rc != ERR_OK)
        return IMPORT_FAILED;
    return change == CATALOG_NEW ? IMPORT_NEW : change == CATALOG_CHANGED ? IMPORT_CHANGED : IMPORT_SAME;
}

/* "2019.0" is what pandas makes of a column of whole numbers in which one is missing. */
static bool is_whole(const char *text)
{
    text += *text == '+' || *text == '-';
    size_t n = strspn(text, "0123456789");
    const char *rest = text + n;
    return n > 0 && (*rest == '\0' || (*rest == '.' && rest[1 + strspn(rest + 1, "0")] == '\0'));
}

static bool read_int(struct import *im, const char *text, const struct import_range *range, int32_t *out)
{
    errno = 0;
    long long n = strtoll(import_text(text), NULL, 10);
    if (!is_whole(import_text(text)) || errno != 0 || n < range->least || n > range->most) {
        (void)import_reject(im, "not a number in its range", "%s '%.40s'", range->what, import_text(text));
        return false;
    }
    *out = (int32_t)n;
    return true;
}

bool import_no_number(const char *text)
{
    static const char *const words[] = {"", "NULL", "NaN", "NA", "N/A", "#N/A", "None", "<NA>"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(import_text(text), words[i]) == 0)
            return true;
    return false;
}

bool import_int_or(struct import *im, const char *text, const struct import_range *range, int32_t *out)
{
    *out = range->unknown;
    return import_no_number(text) || read_int(im, text, range, out);
}

bool import_id(struct import *im, const char *text, const char *what, int32_t *out)
{
    return read_int(im, text, &(struct import_range){.what = what, .most = INT32_MAX}, out);
}

bool import_first(struct import *im, uint64_t id, const char *what)
{
    int fresh = id_set_add(&im->seen, id);
    if (fresh == 0)
        (void)import_reject(im, "duplicate in this file", "%s", what);
    else if (fresh < 0)
        im->rc = fail_set(&im->why, ERR_NOMEM, "out of memory");
    return fresh == 1;
}

static int compare_id(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

bool import_has_movie(const struct import *im, int32_t id)
{
    return im->movie_ids.len > 0 &&
           bsearch(&id, im->movie_ids.data, im->movie_ids.len, sizeof id, compare_id) != NULL;
}

const char *import_text(const char *text)
{
    return text != NULL ? text : "";
}

/* ---- rows ---- */

/* ",,,,": what a spreadsheet writes for rows that were emptied. */
static bool is_empty(const struct import_row *row)
{
    for (int i = 0; i < IMPORT_COLUMNS_MAX; i++)
        if (row->text[i] != NULL && row->text[i][0] != '\0')
            return false;
    return true;
}

/* What the reason says beyond the verdict's name, with which it may begin. */
static const char *beyond_verdict(const struct csv_row *row)
{
    const char *name = csv_verdict_name(row->verdict), *reason = row->reason;
    size_t n = strlen(name);
    if (strncmp(reason, name, n) != 0)
        return reason;
    return reason + n + strspn(reason + n, ": ");
}

static enum import_verdict one_row(struct import *im, const struct import_columns *columns,
                                   const struct csv_row *row)
{
    struct import_row taken;
    im->reason = "";
    im->detail[0] = '\0';
    if (row->verdict == CSV_WRONG_UTF8 && strcmp(row->reason, csv_verdict_name(row->verdict)) != 0)
        return import_reject(im, "wrong encoding", "%s", row->reason);
    if (row->verdict != CSV_OK)
        return import_reject(im, csv_verdict_name(row->verdict), "%s", beyond_verdict(row));
    if (!import_columns_take(im, columns, row, &taken))
        return im->rc != ERR_OK ? IMPORT_FAILED : IMPORT_REJECTED;
    if (is_empty(&taken))
        return import_skip(im, "an empty row");
    enum import_verdict v = im->kind->put(im, &taken);
    return v == IMPORT_REJECTED && im->rc != ERR_OK && im->rc != ERR_INVALID ? IMPORT_FAILED : v;
}

static void count_row(struct import *im, uint64_t line, enum import_verdict verdict)
{
    struct import_report *r = &im->report;
    r->read++;
    r->added += verdict == IMPORT_NEW;
    r->changed += verdict == IMPORT_CHANGED;
    r->same += verdict == IMPORT_SAME;
    if (verdict == IMPORT_SKIPPED)
        import_report_skipped(r, im->reason);
    if (verdict == IMPORT_REJECTED)
        import_report_rejected(r, line, im->reason, im->detail);
}

static enum err all_rows(struct import *im, struct row_source *s, const struct import_columns *columns)
{
    struct csv_row row;
    while (row_source_next(s, &row)) {
        enum import_verdict verdict = one_row(im, columns, &row);
        if (verdict == IMPORT_FAILED)
            return im->rc;
        count_row(im, row.line, verdict);
        arena_reset(&im->row_arena);
        if (verdict == IMPORT_REJECTED && im->strict)
            return fail_set(&im->why, ERR_INVALID, "stopped at the first rejected row (--strict)");
        if (progress_stopping(im->progress))
            return fail_set(&im->why, ERR_BUSY, "stopped");
        if (im->report.read % 64 == 0) {
            uint64_t done, total;
            row_source_position(s, &done, &total);
            progress_report(im->progress, im->path, done, total);
        }
    }
    enum err rc = row_source_end(s, &im->why);
    const struct import_report *r = &im->report;
    if (rc == ERR_OK && r->read == 0 && im->strict)
        return fail_set(&im->why, ERR_INVALID, "%s: no rows after the header (--strict)", im->path);
    return rc != ERR_OK ? rc
                        : import_report_tolerable(im->path, (uint64_t)r->rejected, (uint64_t)r->read,
                                                  im->tolerate, &im->why);
}

/* ---- the file and the transaction ---- */

/* A pipe would be empty the second time, and a device may never end. */
static enum err check_is_file(int fd, const char *path, struct fail *why)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return fail_errno(why, ERR_IO, "%s", path);
    if (S_ISDIR(st.st_mode))
        return fail_set(why, ERR_INVALID, "%s: is a directory", path);
    if (!S_ISREG(st.st_mode))
        return fail_set(why, ERR_INVALID,
                        "%s: is a pipe or a device, and the file is read twice; save it as a file first",
                        path);
    return ERR_OK;
}

static enum err hash_content(int fd, const char *path, char hex[2 * SECRET_HASH_BYTES + 1], struct fail *why)
{
    static unsigned char block[1 << 16];
    struct secret_hasher hasher;
    uint8_t hash[SECRET_HASH_BYTES];
    ssize_t n;
    secret_hasher_init(&hasher);
    while ((n = read(fd, block, sizeof block)) > 0)
        secret_hasher_add(&hasher, block, (size_t)n);
    secret_hasher_end(&hasher, hash);
    secret_hex(hex, hash, sizeof hash);
    return n < 0 ? fail_errno(why, ERR_IO, "%s", path) : ERR_OK;
}

/* Opened so that a pipe does not wait for somebody at its other end. */
static enum err hash_file(const char *path, char hex[2 * SECRET_HASH_BYTES + 1], struct fail *why)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s", path);
    enum err rc = check_is_file(fd, path, why);
    if (rc == ERR_OK)
        rc = hash_content(fd, path, hex, why);
    close(fd);
    return rc;
}

/* Somebody may have gone on writing: what was read is then neither the old file nor the new one. */
static enum err check_unchanged(struct import *im, const char *hex)
{
    char now[2 * SECRET_HASH_BYTES + 1];
    enum err rc = hash_file(im->path, now, &im->why);
    if (rc == ERR_OK && strcmp(now, hex) != 0)
        rc = fail_set(&im->why, ERR_INVALID, "%s: changed while it was read; import it again", im->path);
    return rc;
}

static enum err record(struct import *im, const char *hex)
{
    const struct import_report *r = &im->report;
    char copy[1024];
    snprintf(copy, sizeof copy, "%s", im->path);
    struct import_run run = {.kind = im->kind->name,
                             .file_name = basename(copy),
                             .content_hash = hex,
                             .read = r->read,
                             .stored = r->added + r->changed,
                             .unchanged = r->same,
                             .skipped = r->skipped,
                             .rejected = r->rejected};
    return catalog_record_import(im->db, &run, &im->why);
}

static enum err store(struct import *im, struct row_source *s, const struct import_columns *columns,
                      const char *hex)
{
    struct db *db = im->db;
    enum err rc = db_begin(db, &im->why);
    if (rc != ERR_OK)
        return rc;
    rc = catalog_movie_ids(db, &im->movie_ids, &im->why);
    if (rc == ERR_OK && im->kind->films)
        rc = film_watch_open(&im->watch, im->db, im->progress, im->path, im->compare, &im->why);
    if (rc == ERR_OK)
        rc = all_rows(im, s, columns);
    if (rc == ERR_OK && im->kind->films)
        rc = film_watch_end(im->watch, &im->why);
    if (rc == ERR_OK)
        rc = check_unchanged(im, hex);
    if (rc == ERR_OK)
        rc = record(im, hex);
    if (rc == ERR_OK)
        rc = db_commit(db, &im->why);
    if (rc != ERR_OK)
        db_rollback(db);
    return rc;
}

enum err import_run(struct import *im)
{
    char hex[2 * SECRET_HASH_BYTES + 1];
    struct import_columns columns;
    struct row_source s = {0};
    im->report.progress = im->progress;
    im->report.path = im->path;
    im->movie_ids = VEC_OF(int32_t);
    enum err rc = hash_file(im->path, hex, &im->why);
    if (rc == ERR_OK)
        rc = row_source_open(&s, im->path, im->kind->dat_columns, im->encoding, &im->why);
    if (rc == ERR_OK)
        rc = import_columns_find(im, &s, &columns);
    if (rc == ERR_OK) {
        import_columns_name_unused(im, &s, &columns);
        rc = store(im, &s, &columns, hex);
    }
    row_source_close(&s);
    return rc;
}

void import_close(struct import *im)
{
    film_watch_free(im->watch);
    vec_free(&im->movie_ids);
    id_set_free(&im->seen);
    arena_free(&im->row_arena);
}
