/* mvti import ratings: a MovieLens file becomes state_dir/ratings/NAME.mvr and a row of rating_source, both
 * or neither. */
#include "import.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "state_path.h"
#include "store/catalog.h"
#include "store/ratings_source.h"
#include "train/ratings_file.h"
#include "train/ratings_reader.h"

static const char usage[] = "import ratings FILE [--name NAME] [--simulated] [--strict]";

enum { SHOWN_MAX = 100, ROWS_PER_REPORT = 1 << 16, NAME_SIZE = RATINGS_SOURCE_NAME_MAX + 1 };

struct ratings_import {
    struct job *job;
    const char *path; /* of the source */
    char name[NAME_SIZE];
    bool simulated, strict;
    char target[STATE_PATH];
    struct ratings_reader *reader;
    struct ratings_writer *writer;
    struct ratings_header header; /* of the finished file */
    uint64_t rows, rejected, by_verdict[RATINGS_N_VERDICTS];
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
        char *slash = strrchr(path, '/');
        if (slash != NULL && slash > path && strcmp(slash, "/ratings") == 0)
            *slash = '\0';
    }
    const char *name = given != NULL ? path : last_part(path);
    if (!ratings_source_name_valid(name))
        return fail_set(
            why, ERR_INVALID,
            "'%s' is no name for a source: 1 to %d letters, digits, '-', '_', '.', beginning with a "
            "letter or digit%s",
            name, RATINGS_SOURCE_NAME_MAX, given == NULL ? "; give one with --name" : "");
    snprintf(im->name, sizeof im->name, "%s", name);
    return ERR_OK;
}

/* ---- reading ---- */

static enum err reject(struct ratings_import *im, const struct ratings_row *row, struct fail *why)
{
    im->by_verdict[row->verdict]++;
    im->rejected++;
    if (im->strict)
        return fail_set(why, ERR_INVALID, "%s:%llu: %s (--strict: nothing was imported)", im->path,
                        (unsigned long long)row->line, row->reason);
    if (im->rejected <= SHOWN_MAX)
        job_note(im->job, "%s:%llu: %s", im->path, (unsigned long long)row->line, row->reason);
    if (im->rejected == SHOWN_MAX + 1)
        job_note(im->job, "further rejected rows are only counted");
    return ERR_OK;
}

static void report(const struct ratings_import *im)
{
    uint64_t done, total;
    ratings_position(im->reader, &done, &total);
    progress_report(&im->job->progress, "reading ratings", done, total);
}

static enum err convert(struct ratings_import *im, struct fail *why)
{
    struct ratings_row row;
    enum err rc = ERR_OK;
    while (rc == ERR_OK && ratings_next(im->reader, &row)) {
        if (row.verdict == RATINGS_OK)
            ratings_writer_add(im->writer, &row.rating);
        else
            rc = reject(im, &row, why);
        if (im->rows++ % ROWS_PER_REPORT == 0)
            report(im);
    }
    if (rc == ERR_OK)
        rc = ratings_end(im->reader, why);
    if (rc == ERR_OK && im->rows == im->rejected)
        rc = fail_set(why, ERR_INVALID, "%s: holds no acceptable rating", im->path);
    if (rc != ERR_OK)
        return rc;
    report(im);
    return ratings_writer_finish(im->writer, im->simulated, &im->header, why);
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
            rc = fail_errno(why, rc, "%s: its row and the file no longer fit; import it again", im->target);
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

static void say_summary(const struct ratings_import *im)
{
    const struct ratings_header *h = &im->header;
    job_say(im->job, "%s: %llu ratings of %llu films by %llu %s, as source '%s'", im->path,
            (unsigned long long)h->n_ratings, (unsigned long long)h->n_movies, (unsigned long long)h->n_users,
            im->simulated ? "simulated people" : "people", im->name);
    if (im->rejected == 0)
        return;
    job_say(im->job, "rejected %llu of %llu rows:", (unsigned long long)im->rejected,
            (unsigned long long)im->rows);
    for (int v = 0; v < RATINGS_N_VERDICTS; v++)
        if (im->by_verdict[v] > 0)
            job_say(im->job, "  %10llu  %s", (unsigned long long)im->by_verdict[v], ratings_verdict_name(v));
}

static enum err run(struct ratings_import *im, const char *given_name, struct fail *why)
{
    char file[NAME_SIZE + 8];
    enum err rc = choose_name(im, given_name, why);
    if (rc != ERR_OK)
        return rc;
    snprintf(file, sizeof file, "%s.mvr", im->name);
    rc = ratings_open(&im->reader, im->path, why);
    if (rc == ERR_OK)
        rc = db_ping(im->job->db, why); /* better now than behind 25 million rows */
    if (rc == ERR_OK)
        rc = state_path(im->job, NULL, "ratings", file, true, im->target, why);
    if (rc == ERR_OK)
        rc = ratings_writer_open(&im->writer, im->target, why);
    if (rc == ERR_OK)
        rc = convert(im, why);
    return rc == ERR_OK ? switch_over(im, why) : rc;
}

int import_ratings(struct job *job, int argc, char **argv)
{
    struct ratings_import im = {.job = job};
    const char *name = NULL;
    const struct job_option options[] = {
        {.name = "name",
         .kind = JOB_TEXT,
         .target = &name,
         .help = "of the source; an older one is replaced"},
        {.name = "simulated",
         .kind = JOB_FLAG,
         .target = &im.simulated,
         .help = "no people: a program made them"},
        {.name = "strict", .kind = JOB_FLAG, .target = &im.strict, .help = "stop at the first rejected row"},
        {0}};
    int n = job_options(argc, argv, usage, options, &im.path, 1, 1);
    if (n < 0)
        return job_options_status(n);
    struct fail why = {0};
    enum err rc = run(&im, name, &why);
    ratings_close(im.reader);
    ratings_writer_close(im.writer);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    say_summary(&im);
    return JOB_OK;
}
