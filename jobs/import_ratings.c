/* mvti import ratings: options, one import (import/ratings_import.h), what came of it. */
#include "import.h"

#include <stdio.h>
#include <string.h>

#include "import/ratings_import.h"
#include "ratings_options.h"

static const char usage[] = "import ratings FILE [--name NAME] [--scale 10|100|thumbs|likes] [--like-at X] "
                            "[--tolerate X] [--encoding NAME] [--simulated] [--strict]";

static void say_known(struct job *job, const struct ratings_import *im)
{
    char text[RATINGS_KNOWN_TEXT];
    const struct ratings_known *k = &im->known;
    if (k->catalog == 0) {
        job_note(job,
                 "%s: warning: the catalog has no films yet, and only its films are trained on; import them "
                 "too: mvti import movies FILE",
                 im->path);
        return;
    }
    ratings_known_text(k, text);
    if (ratings_known_few(k))
        job_note(
            job,
            "%s: warning: only %s; the others are left out of training. Are these ids of another list of "
            "films?",
            im->path, text);
    else
        job_say(job, "%s", text);
}

static void say_summary(struct job *job, const struct ratings_import *im)
{
    const struct ratings_header *h = &im->header;
    job_say(job, "%s: %llu ratings of %llu films by %llu %s, as source '%s'", im->path,
            (unsigned long long)h->n_ratings, (unsigned long long)h->n_movies, (unsigned long long)h->n_users,
            im->simulated ? "simulated people" : "people", im->name);
    if (im->superseded > 0)
        job_say(job, "%llu ratings were superseded by a newer one of the same person and film",
                (unsigned long long)im->superseded);
    say_known(job, im);
    if (im->rejected == 0)
        return;
    job_say(job, "rejected %llu of %llu rows:", (unsigned long long)im->rejected,
            (unsigned long long)im->rows);
    for (int v = 0; v < RATINGS_N_VERDICTS; v++)
        if (im->by_verdict[v] > 0)
            job_say(job, "  %10llu  %s", (unsigned long long)im->by_verdict[v],
                    ratings_reader_verdict_name(v));
}

int import_ratings(struct job *job, int argc, char **argv)
{
    struct progress progress = job_file_progress(job);
    struct ratings_import im = {
        .db = job->db, .arena = &job->arena, .progress = &progress, .config = &job->config};
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
    int n = job_options(argc, argv, usage, options, (struct job_operands){&im.path, 1, 1});
    if (n < 0)
        return job_options_status(n);
    struct fail why = {0};
    if (ratings_options_read(&shared, &im.rules, &why) != ERR_OK ||
        ratings_import_name(&im, name, &why) != ERR_OK)
        return job_wrong_words(job, &why);
    enum err rc = ratings_import_run(&im, &why);
    if (rc == ERR_OK)
        say_summary(job, &im);
    ratings_import_close(&im);
    if (rc != ERR_OK && job_interrupted())
        return job_interrupted_fail(job);
    return rc == ERR_OK ? JOB_OK : job_fail(job, rc, &why);
}
