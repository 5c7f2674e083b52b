#include "import/ratings_import.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "data/dataset.h"
#include "store/catalog.h"
#include "store/training.h"

enum { ROWS_PER_REPORT = 1 << 16 };

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static void cut_suffix(char *name, const char *suffix)
{
    size_t n = strlen(name), m = strlen(suffix);
    if (n > m && strcmp(name + n - m, suffix) == 0)
        name[n - m] = '\0';
}

enum err ratings_import_name(struct ratings_import *im, const char *given, struct fail *why)
{
    char path[STATE_PATH];
    if (snprintf(path, sizeof path, "%s", given != NULL ? given : im->path) >= (int)sizeof path)
        return fail_set(why, ERR_INVALID, "%.100s…: name too long", im->path);
    if (given == NULL) {
        cut_suffix(path, ".gz");
        cut_suffix(path, ".csv");
        cut_suffix(path, ".dat");
        cut_suffix(path, ".inter");
        char *slash = strrchr(path, '/');
        if (slash != NULL && slash > path && strcmp(slash, "/ratings") == 0)
            *slash = '\0';
    }
    const char *name = given != NULL ? path : last_part(path);
    if (!ratings_source_name_valid(name))
        return fail_set(why, ERR_INVALID,
                        "'%s' is not a valid source name: 1 to %d letters, digits, '-', '_', '.', starting "
                        "with a letter or digit%s",
                        name, RATINGS_SOURCE_NAME_MAX, given == NULL ? "; give one with --name" : "");
    snprintf(im->name, sizeof im->name, "%s", name);
    return ERR_OK;
}

/* ---- reading ---- */

/* Whether a number lies outside the scale is only known when the whole file was seen: what it says then is
 * worth more than its first row. */
static enum err reject(struct ratings_import *im, const struct ratings_row *row, struct fail *why)
{
    bool judged_later = row->verdict == RATINGS_OUTSIDE && im->rules.scale.kind == SCALE_GUESS;
    im->by_verdict[row->verdict]++;
    im->rejected++;
    if (im->strict && !judged_later)
        return fail_set(why, ERR_INVALID, "%s:%llu: %s (--strict: nothing was imported)", im->path,
                        (unsigned long long)row->line, row->reason);
    if (im->rejected <= RATINGS_IMPORT_LISTED)
        buf_printf(&im->notes, "%s%s:%llu: %s", im->rejected > 1 ? "\n" : "", im->path,
                   (unsigned long long)row->line, row->reason);
    if (im->rejected == RATINGS_IMPORT_LISTED + 1)
        buf_puts(&im->notes, "\nfurther rejected rows are not listed");
    return ERR_OK;
}

static void report(const struct ratings_import *im)
{
    uint64_t done, total;
    ratings_reader_position(im->reader, &done, &total);
    progress_report(im->progress, "reading ratings", done, total);
}

/* Likes of the file's own scale are all that is kept of it: 1, and 0 for the rest. */
static void take(struct ratings_import *im, const struct rating *r, bool own, int32_t least)
{
    struct rating kept = *r;
    if (own)
        kept.value = r->value >= least ? RATING_ONE : 0;
    ratings_writer_add(im->writer, &kept);
}

static enum err read_rows(struct ratings_import *im, struct fail *why)
{
    struct ratings_row row;
    const struct rating_scale *scale = ratings_reader_scale(im->reader);
    bool own = rating_scale_is_own(scale);
    int32_t least = rating_scale_least(scale, (double)DATASET_THRESHOLD);
    enum err rc = ERR_OK;
    while (rc == ERR_OK && ratings_reader_next(im->reader, &row)) {
        if (row.verdict == RATINGS_OK)
            take(im, &row.rating, own, least);
        else
            rc = reject(im, &row, why);
        if (im->rows++ % ROWS_PER_REPORT == 0)
            report(im);
    }
    return rc;
}

static void list_rejected(const struct ratings_import *im)
{
    for (const char *line = buf_str(&im->notes), *end; *line != '\0'; line = end + (*end == '\n')) {
        end = strchrnul(line, '\n');
        progress_note(im->progress, "%.*s", (int)(end - line), line);
    }
}

static enum err convert(struct ratings_import *im, struct fail *why)
{
    enum err rc = read_rows(im, why);
    if (rc != ERR_OK)
        return rc;
    rc = ratings_reader_end(im->reader, why);
    if (im->rejected > 0 && !ratings_reader_wrong_scale(im->reader))
        list_rejected(im);
    if (rc == ERR_OK && im->strict && im->rejected > 0)
        rc = fail_set(why, ERR_INVALID, "%.400s (--strict: nothing was imported)", buf_str(&im->notes));
    if (rc != ERR_OK)
        return rc;
    char remark[RATINGS_REMARK];
    if (ratings_reader_remark(im->reader, remark)[0] != '\0')
        progress_note(im->progress, "%s: warning: %s", im->path, remark);
    report(im);
    const struct rating_scale *scale = ratings_reader_scale(im->reader);
    int32_t top = rating_scale_is_own(scale) ? 0 : rating_scale_top(scale);
    rc = ratings_writer_finish(im->writer, top, im->simulated, &im->header, why);
    im->superseded = rc == ERR_OK ? ratings_writer_dropped(im->writer) : 0;
    return rc;
}

/* ---- one file under two names ---- */

/* Are the new ratings those of another source, whose row this is? A file that cannot be read is none. */
static bool is_same(const struct ratings_import *im, const struct ratings_source *s)
{
    struct ratings_shelf other;
    struct ratings_file a = {0}, b = {0};
    const struct ratings_header *h = &im->header;
    if (strcmp(s->name, im->name) == 0 || s->n_ratings != (int64_t)h->n_ratings ||
        s->n_users != (int64_t)h->n_users || s->n_movies != (int64_t)h->n_movies)
        return false;
    bool same = ratings_shelf_open(&other, im->config, s->name, false, NULL) == ERR_OK &&
                ratings_file_open(&a, ratings_shelf_find(&other, s->content_hash), NULL) == ERR_OK &&
                ratings_file_open(&b, ratings_writer_path(im->writer), NULL) == ERR_OK &&
                ratings_file_same(&a, &b);
    ratings_file_close(&a);
    ratings_file_close(&b);
    return same;
}

static enum err refuse_second(struct ratings_import *im, struct fail *why)
{
    struct ratings_source *sources;
    size_t n;
    enum err rc = ratings_source_list(im->db, im->arena, &sources, &n, why);
    for (size_t i = 0; i < n && rc == ERR_OK; i++)
        if (is_same(im, &sources[i]))
            rc = fail_set(why, ERR_INVALID,
                          "%s: these ratings have already been imported as source '%s'; under a second name "
                          "everybody would count twice. --name %s replaces it",
                          im->path, sources[i].name, sources[i].name);
    return rc;
}

/* ---- films of another catalog ---- */

static enum err count_known(struct ratings_import *im, struct fail *why)
{
    struct ratings_file f = {0};
    struct vec catalog = VEC_OF(int32_t);
    enum err rc = training_catalog(im->db, &catalog, why);
    if (rc == ERR_OK)
        rc = ratings_file_open(&f, ratings_writer_path(im->writer), why);
    if (rc == ERR_OK)
        rc = ratings_known_count(&im->known, &f, catalog.data, catalog.len, why);
    ratings_file_close(&f);
    vec_free(&catalog);
    return rc;
}

static enum err refuse_strangers(struct ratings_import *im, struct fail *why)
{
    char text[RATINGS_KNOWN_TEXT];
    enum err rc = count_known(im, why);
    if (rc != ERR_OK || !ratings_known_none(&im->known))
        return rc;
    return fail_set(why, ERR_INVALID,
                    "%s: %s, so nothing could be trained on it. Are these IDs from another catalog? Import "
                    "those films first (mvti import movies FILE), or give the ratings the catalog's ids",
                    im->path, ratings_known_text(&im->known, text));
}

/* ---- switching ---- */

static enum err record(struct ratings_import *im, const char *hash, struct fail *why)
{
    const struct ratings_source source = {.name = im->name,
                                          .file_name = last_part(im->path),
                                          .content_hash = hash,
                                          .n_ratings = (int64_t)im->header.n_ratings,
                                          .n_users = (int64_t)im->header.n_users,
                                          .n_movies = (int64_t)im->header.n_movies,
                                          .simulated = im->simulated};
    const struct import_run run = {.kind = "ratings",
                                   .file_name = last_part(im->path),
                                   .content_hash = hash,
                                   .read = (int64_t)im->rows,
                                   .stored = (int64_t)im->header.n_ratings,
                                   .rejected = (int64_t)im->rejected};
    enum err rc = ratings_source_put(im->db, &source, why);
    return rc != ERR_OK ? rc : catalog_record_import(im->db, &run, why);
}

/* What an import of this name that was killed has left. */
static enum err settle(struct ratings_import *im, struct fail *why)
{
    struct ratings_source older;
    enum err rc = ratings_source_hold(im->db, im->name, im->arena, &older, why);
    if (rc == ERR_OK)
        return ratings_shelf_settle(&im->shelf, older.content_hash, why);
    return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

/* A connection lost during the commit leaves open whether it took place; the row tells, as soon as it is held. While nobody can be asked,
 * both files stay, for whoever comes next. */
static enum err after_failure(struct ratings_import *im, const char *hash, bool had, enum err rc,
                              struct fail *why)
{
    struct ratings_source now;
    db_rollback(im->db);
    enum err asked = db_begin(im->db, NULL);
    if (asked == ERR_OK)
        asked = ratings_source_hold(im->db, im->name, im->arena, &now, NULL);
    if (asked == ERR_OK && strcmp(now.content_hash, hash) == 0) {
        ratings_shelf_forget(&im->shelf);
        rc = ERR_OK;
    } else if (asked == ERR_OK || asked == ERR_NOT_FOUND) {
        asked = ratings_shelf_put_back(&im->shelf, had, why);
        rc = asked != ERR_OK ? asked : rc;
    }
    db_rollback(im->db);
    return rc;
}

static enum err switch_file(struct ratings_import *im, const char *hash, struct fail *why)
{
    bool had;
    enum err rc = ratings_shelf_set_aside(&im->shelf, &had, why);
    if (rc == ERR_OK)
        rc = ratings_writer_commit(im->writer, why);
    if (rc == ERR_OK) {
        rc = db_commit(im->db, why);
        if (rc != ERR_OK)
            return after_failure(im, hash, had, rc, why);
    }
    ratings_shelf_forget(&im->shelf);
    return rc;
}

static enum err switch_over(struct ratings_import *im, struct fail *why)
{
    char hash[2 * RATINGS_HASH + 1];
    secret_hex(hash, im->header.checksum, RATINGS_HASH);
    enum err rc = ratings_shelf_hold(&im->shelf, why);
    if (rc == ERR_OK)
        rc = db_begin(im->db, why);
    if (rc == ERR_OK)
        rc = settle(im, why);
    if (rc == ERR_OK)
        rc = record(im, hash, why);
    if (rc == ERR_OK)
        rc = switch_file(im, hash, why);
    if (rc != ERR_OK)
        db_rollback(im->db);
    ratings_shelf_close(&im->shelf);
    return rc;
}

enum err ratings_import_run(struct ratings_import *im, struct fail *why)
{
    enum err rc = ratings_reader_open(&im->reader, im->path, &im->rules, why);
    if (rc == ERR_OK)
        rc = db_ping(im->db, why); /* better now than behind 25 million rows */
    if (rc == ERR_OK)
        rc = ratings_shelf_open(&im->shelf, im->config, im->name, true, why);
    if (rc == ERR_OK)
        rc = ratings_writer_open(&im->writer, im->shelf.file, why);
    if (rc == ERR_OK)
        rc = convert(im, why);
    if (rc == ERR_OK)
        rc = refuse_strangers(im, why);
    if (rc == ERR_OK)
        rc = refuse_second(im, why);
    return rc == ERR_OK ? switch_over(im, why) : rc;
}

void ratings_import_close(struct ratings_import *im)
{
    buf_free(&im->notes);
    ratings_reader_close(im->reader);
    ratings_writer_close(im->writer);
}
