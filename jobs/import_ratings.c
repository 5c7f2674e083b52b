/* mvti import ratings: a file of ratings becomes state_dir/ratings/NAME.mvr and a row of rating_source, both
 * or neither. */
#include "import.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/secret.h"
#include "data/dataset.h"
#include "data/ratings_file.h"
#include "data/ratings_known.h"
#include "data/ratings_reader.h"
#include "ratings_options.h"
#include "state_path.h"
#include "store/catalog.h"
#include "store/ratings_source.h"
#include "store/training.h"

static const char usage[] = "import ratings FILE [--name NAME] [--scale 10|100|thumbs|likes] [--like-at X] "
                            "[--tolerate X] [--encoding NAME] [--simulated] [--strict]";

enum { SHOWN_MAX = 100, ROWS_PER_REPORT = 1 << 16, NAME_SIZE = RATINGS_SOURCE_NAME_MAX + 1 };

struct ratings_import {
    struct job *job;
    const char *path; /* of the source */
    char name[NAME_SIZE];
    bool simulated, strict;
    char target[STATE_PATH];
    struct ratings_rules rules;
    struct ratings_reader *reader;
    struct ratings_writer *writer;
    struct ratings_header header; /* of the finished file */
    struct ratings_known known;
    uint64_t rows, rejected, by_verdict[RATINGS_N_VERDICTS];
    struct buf notes; /* of the first SHOWN_MAX rejected rows, a line each */
};

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

/* Without --name: the file's name, or its folder's where it is just called ratings (ml-25m/ratings.csv). */
static enum err choose_name(struct ratings_import *im, const char *given, struct fail *why)
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
    if (im->rejected <= SHOWN_MAX)
        buf_printf(&im->notes, "%s%s:%llu: %s", im->rejected > 1 ? "\n" : "", im->path,
                   (unsigned long long)row->line, row->reason);
    if (im->rejected == SHOWN_MAX + 1)
        buf_puts(&im->notes, "\nfurther rejected rows are not listed");
    return ERR_OK;
}

static void report(const struct ratings_import *im)
{
    uint64_t done, total;
    ratings_reader_position(im->reader, &done, &total);
    progress_report(&im->job->progress, "reading ratings", done, total);
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

static enum err convert(struct ratings_import *im, struct fail *why)
{
    enum err rc = read_rows(im, why);
    if (rc != ERR_OK)
        return rc;
    rc = ratings_reader_end(im->reader, why);
    if (im->rejected > 0 && !ratings_reader_wrong_scale(im->reader))
        job_note(im->job, "%s", buf_str(&im->notes));
    if (rc == ERR_OK && im->strict && im->rejected > 0)
        rc = fail_set(why, ERR_INVALID, "%.400s (--strict: nothing was imported)", buf_str(&im->notes));
    if (rc != ERR_OK)
        return rc;
    char remark[RATINGS_REMARK];
    if (ratings_reader_remark(im->reader, remark)[0] != '\0')
        job_note(im->job, "%s: warning: %s", im->path, remark);
    report(im);
    const struct rating_scale *scale = ratings_reader_scale(im->reader);
    int32_t top = rating_scale_is_own(scale) ? 0 : rating_scale_top(scale);
    return ratings_writer_finish(im->writer, top, im->simulated, &im->header, why);
}

/* ---- one file under two names ---- */

/* Are the new ratings those of another source, whose row this is? A file that cannot be read is none. */
static bool is_same(const struct ratings_import *im, const struct ratings_source *s)
{
    char file[NAME_SIZE + 8], path[STATE_PATH];
    struct ratings_file a = {0}, b = {0};
    const struct ratings_header *h = &im->header;
    if (strcmp(s->name, im->name) == 0 || s->n_ratings != (int64_t)h->n_ratings ||
        s->n_users != (int64_t)h->n_users || s->n_movies != (int64_t)h->n_movies)
        return false;
    snprintf(file, sizeof file, "%s.mvr", s->name);
    bool same = state_path(im->job, NULL, "ratings", file, false, path, NULL) == ERR_OK &&
                ratings_file_open(&a, path, NULL) == ERR_OK &&
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
    enum err rc = ratings_source_list(im->job->db, &im->job->arena, &sources, &n, why);
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
    enum err rc = training_catalog(im->job->db, &catalog, why);
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
    return fail_set(
        why, ERR_INVALID,
        "%s: %s, so nothing could be trained on it. Are these ids of another list of films? Import "
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
    enum err rc = ratings_source_put(im->job->db, &source, why);
    return rc != ERR_OK ? rc : catalog_record_import(im->job->db, &run, why);
}

/* A connection lost during the commit leaves open whether it took place; the row tells. */
static bool was_committed(struct ratings_import *im, const char *hash)
{
    struct ratings_source source;
    db_rollback(im->job->db);
    return ratings_source_find(im->job->db, im->name, &im->job->arena, &source, NULL) == ERR_OK &&
           strcmp(source.content_hash, hash) == 0;
}

/* The older file keeps a second name until the commit, and gets its place back if that fails. The row,
 * written first, holds a lock by which two imports of one name follow each other. */
static enum err switch_file(struct ratings_import *im, const char *hash, struct fail *why)
{
    char before[STATE_PATH + 16];
    snprintf(before, sizeof before, "%s.before", im->target);
    unlink(before);
    bool had_one = link(im->target, before) == 0;
    if (!had_one && errno != ENOENT)
        return fail_errno(why, ERR_IO, "%s: cannot keep the older file", im->target);
    enum err rc = ratings_writer_commit(im->writer, why);
    if (rc == ERR_OK) {
        rc = db_commit(im->job->db, why);
        if (rc != ERR_OK && was_committed(im, hash))
            rc = ERR_OK;
        if (rc != ERR_OK && (had_one ? rename(before, im->target) : unlink(im->target)) != 0)
            rc = fail_errno(why, rc, "%s: its database row and file do not match; import it again",
                            im->target);
    }
    unlink(before);
    return rc;
}

static enum err switch_over(struct ratings_import *im, struct fail *why)
{
    char hash[2 * RATINGS_HASH + 1];
    secret_hex(hash, im->header.checksum, RATINGS_HASH);
    enum err rc = db_begin(im->job->db, why);
    if (rc == ERR_OK)
        rc = record(im, hash, why);
    if (rc == ERR_OK)
        rc = switch_file(im, hash, why);
    if (rc != ERR_OK)
        db_rollback(im->job->db);
    return rc;
}

/* ---- the command ---- */

static void say_known(const struct ratings_import *im)
{
    char text[RATINGS_KNOWN_TEXT];
    const struct ratings_known *k = &im->known;
    if (k->catalog == 0) {
        job_note(im->job,
                 "%s: warning: the catalog has no films yet, and only its films are trained on; import them "
                 "too: mvti import movies FILE",
                 im->path);
        return;
    }
    ratings_known_text(k, text);
    if (ratings_known_few(k))
        job_note(
            im->job,
            "%s: warning: only %s; the others are left out of training. Are these ids of another list of "
            "films?",
            im->path, text);
    else
        job_say(im->job, "%s", text);
}

static void say_summary(const struct ratings_import *im)
{
    const struct ratings_header *h = &im->header;
    job_say(im->job, "%s: %llu ratings of %llu films by %llu %s, as source '%s'", im->path,
            (unsigned long long)h->n_ratings, (unsigned long long)h->n_movies, (unsigned long long)h->n_users,
            im->simulated ? "simulated people" : "people", im->name);
    uint64_t dropped = ratings_writer_dropped(im->writer);
    if (dropped > 0)
        job_say(im->job, "%llu ratings were superseded by a newer one of the same person and film",
                (unsigned long long)dropped);
    say_known(im);
    if (im->rejected == 0)
        return;
    job_say(im->job, "rejected %llu of %llu rows:", (unsigned long long)im->rejected,
            (unsigned long long)im->rows);
    for (int v = 0; v < RATINGS_N_VERDICTS; v++)
        if (im->by_verdict[v] > 0)
            job_say(im->job, "  %10llu  %s", (unsigned long long)im->by_verdict[v],
                    ratings_reader_verdict_name(v));
}

static enum err run(struct ratings_import *im, struct fail *why)
{
    char file[NAME_SIZE + 8];
    snprintf(file, sizeof file, "%s.mvr", im->name);
    enum err rc = ratings_reader_open(&im->reader, im->path, &im->rules, why);
    if (rc == ERR_OK)
        rc = db_ping(im->job->db, why); /* better now than behind 25 million rows */
    if (rc == ERR_OK)
        rc = state_path(im->job, NULL, "ratings", file, true, im->target, why);
    if (rc == ERR_OK)
        rc = ratings_writer_open(&im->writer, im->target, why);
    if (rc == ERR_OK)
        rc = convert(im, why);
    if (rc == ERR_OK)
        rc = refuse_strangers(im, why);
    if (rc == ERR_OK)
        rc = refuse_second(im, why);
    return rc == ERR_OK ? switch_over(im, why) : rc;
}

int import_ratings(struct job *job, int argc, char **argv)
{
    struct ratings_import im = {.job = job};
    struct ratings_options shared = {.tolerate = RATINGS_TOLERATE};
    const char *name = NULL;
    const struct job_option own[] = {
        {.name = "name",
         .kind = JOB_TEXT,
         .target = &name,
         .help = "name of the source; an existing one is replaced (default: the file's name)"},
        {.name = "simulated",
         .kind = JOB_FLAG,
         .target = &im.simulated,
         .help = "these ratings are simulated"},
        {.name = "strict",
         .kind = JOB_FLAG,
         .target = &im.strict,
         .help = "stop at the first invalid row and change nothing"},
        {0}};
    struct job_option options[RATINGS_OPTIONS + sizeof own / sizeof *own];
    ratings_options_rows(&shared, options);
    memcpy(options + RATINGS_OPTIONS, own, sizeof own);
    int n = job_options(argc, argv, usage, options, &im.path, 1, 1);
    if (n < 0)
        return job_options_status(n);
    struct fail why = {0};
    if (ratings_options_read(&shared, &im.rules, &why) != ERR_OK || choose_name(&im, name, &why) != ERR_OK)
        return job_wrong_words(job, &why);
    enum err rc = run(&im, &why);
    if (rc == ERR_OK)
        say_summary(&im);
    buf_free(&im.notes);
    ratings_reader_close(im.reader);
    ratings_writer_close(im.writer);
    if (rc != ERR_OK && job_interrupted())
        return job_interrupted_fail(job);
    return rc == ERR_OK ? JOB_OK : job_fail(job, rc, &why);
}
