#include "import_catalog.h"

#include <stdio.h>

#include "base/encoding.h"
#include "help.h"

static void print_columns(const struct import_kind *kind)
{
    static const char *const needs[] = {[IMPORT_OPTIONAL] = "optional",
                                        [IMPORT_REQUIRED] = "required",
                                        [IMPORT_ONE_OF] = "one of these at least"};
    printf("columns, found by name (a|b: either name); others are not read:\n");
    for (const struct import_column *c = kind->columns; c->names != NULL; c++) {
        char text[80], limit[40] = "";
        if (c->max_chars > 0)
            snprintf(limit, sizeof limit, ", at most %u characters", c->max_chars);
        snprintf(text, sizeof text, "%s%s", needs[c->need], limit);
        help_row(stdout, 2, 27, c->names, text);
    }
}

static void say_summary(struct job *job, const struct import_report *r)
{
    job_say(job, "%s: %lld rows: %lld new, %lld changed, %lld unchanged, %lld skipped, %lld rejected",
            r->path, (long long)r->read, (long long)r->added, (long long)r->changed, (long long)r->same,
            (long long)r->skipped, (long long)r->rejected);
    for (int i = 0; i < r->n_reasons; i++)
        job_say(job, "  %s %lld: %s", r->reasons[i].verdict, (long long)r->reasons[i].n,
                r->reasons[i].reason);
}

static int run(struct job *job, struct import *im)
{
    enum err rc = import_run(im);
    if (job_interrupted() && rc != ERR_OK)
        return job_interrupted_fail(job);
    if (im->report.read > 0 || rc == ERR_OK)
        say_summary(job, &im->report);
    if (rc == ERR_OK && im->report.read == 0)
        job_note(job, "mvti: %s: holds no rows, nothing was changed", im->path);
    if (rc == ERR_OK)
        return JOB_OK;
    int status = job_fail(job, rc, &im->why);
    job_note(job, "mvti: nothing was changed");
    return status;
}

int import_catalog(struct job *job, const struct import_kind *kind, int argc, char **argv)
{
    struct progress progress = job_file_progress(job);
    struct import im = {.db = job->db, .progress = &progress, .kind = kind, .tolerate = REPORT_TOLERATED};
    const struct job_option options[] = {
        {.name = "strict",
         .kind = JOB_FLAG,
         .target = &im.strict,
         .help = "stop at the first invalid row and change nothing"},
        {.name = "tolerate",
         .kind = JOB_REAL,
         .target = &im.tolerate,
         .min = 0,
         .max = 100,
         .help = "percent of rows that may be rejected (5); more change nothing"},
        {.name = "encoding",
         .kind = JOB_TEXT,
         .target = &im.encoding,
         .help = "encoding of the file if it is not UTF-8: cp949, shift_jis, …"},
        {.name = im.kind->films ? "compare" : NULL,
         .kind = JOB_TEXT,
         .target = &im.compare,
         .help = "MovieLens's movies.csv: warn about IDs that mean another film there"},
        {0}};
    char usage[120];
    snprintf(usage, sizeof usage, "import %s FILE [--strict | --tolerate PERCENT] [--encoding NAME]%s",
             argv[0], im.kind->films ? " [--compare MOVIES]" : "");
    int n = job_options(argc, argv, usage, options, (struct job_operands){&im.path, 1, 1});
    if (n < 0) {
        if (job_options_status(n) == JOB_OK)
            print_columns(kind);
        return job_options_status(n);
    }
    if (encoding_check(im.encoding, &im.why) != ERR_OK)
        return job_wrong_words(job, &im.why);
    int status = run(job, &im);
    import_close(&im);
    return status;
}
