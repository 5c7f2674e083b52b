/* mvti import factors: options, one import (import/factors_import.h), what came of it; a run in the books like a training. */
#include "import.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/state_path.h"
#include "data/dataset.h"
#include "import/factors_import.h"
#include "job_tracking.h"

static const char usage[] = "import factors FILE [--ids FILE] [--out FILE] [--held-out] [--tolerate X]";

enum { TOLERATE = 5 }; /* percent, as of ratings */

static void say(struct job *job, const struct factors_import *im)
{
    job_say(job, "%s: %zu factors of each of %zu films", im->path, im->factors, im->films);
    if (im->unknown > 0)
        job_say(job, "left out: %llu films that the catalog does not have", (unsigned long long)im->unknown);
    if (im->rejected > 0)
        job_say(job, "rejected %llu of %llu rows, %llu of them of a film that came before",
                (unsigned long long)im->rejected, (unsigned long long)im->rows,
                (unsigned long long)im->twice);
    if (2 * im->films < im->catalog)
        job_note(job,
                 "mvti: warning: the catalog has %zu films, and these factors know %zu; the others are never "
                 "recommended from them",
                 im->catalog, im->films);
    job_say(job, "written to %s; 'mvti publish --model %s' compares it with what is live", im->out, im->out);
}

/* Whom the site's own dataset holds out, the factors were trained without. */
static enum err read_panel(struct job *job, struct panel_rule *out, struct fail *why)
{
    char path[STATE_PATH];
    struct dataset d;
    enum err rc = state_path(&job->config, &(struct state_file){.folder = "datasets", .name = "current.mvd"},
                             path, why);
    if (rc == ERR_OK)
        rc = dataset_open(&d, path, why);
    if (rc != ERR_OK)
        return rc;
    *out = d.info->panel;
    dataset_close(&d);
    return ERR_OK;
}

/* What was typed twice by mistake is not lost. */
static enum err keep_what_is_read(const struct factors_import *im, struct fail *why)
{
    const char *const read[] = {im->path, im->ids};
    struct stat out, other;
    for (size_t i = 0; i < sizeof read / sizeof *read; i++)
        if (read[i] != NULL && stat(im->out, &out) == 0 && stat(read[i], &other) == 0 &&
            other.st_dev == out.st_dev && other.st_ino == out.st_ino)
            return fail_set(why, ERR_INVALID, "--out %s: is also the input %s, and would be overwritten",
                            im->out, read[i]);
    return ERR_OK;
}

static enum err run(struct job *job, struct factors_import *im, struct fail *why)
{
    struct tracking track;
    job_tracking_start(job, &track, "import", "factors", 0);
    tracking_file(&track, "file", im->path);
    tracking_begin(&track);
    enum err rc = factors_import_run(im, why);
    if (rc == ERR_OK)
        tracking_model(&track, im->out);
    job_tracking_end(job, &track, rc == ERR_OK ? RUN_FINISHED : RUN_FAILED);
    return rc;
}

int import_factors(struct job *job, int argc, char **argv)
{
    struct progress progress = job_file_progress(job);
    struct factors_import im = {.db = job->db, .progress = &progress, .tolerate = TOLERATE};
    const char *out = NULL;
    bool held_out = false;
    const struct job_option options[] = {
        {.name = "ids",
         .kind = JOB_TEXT,
         .target = &im.ids,
         .help = "films of the rows of a .npy file: a .npy of whole numbers, or a text with one a line"},
        {.name = "out",
         .kind = JOB_TEXT,
         .target = &out,
         .help = "model file to write (default: models/factors.mvm in state_dir)"},
        {.name = "held-out",
         .kind = JOB_FLAG,
         .target = &held_out,
         .help = "the factors were trained without the people whom 'mvti dataset held' lists, so that "
                 "publishing can find them better than what is live, and not only worse"},
        {.name = "tolerate",
         .kind = JOB_REAL,
         .target = &im.tolerate,
         .min = 0,
         .max = 100,
         .help =
             "percentage of rejected rows that may be left out (default 5); more, and nothing is changed"},
        {0}};
    int n = job_options(argc, argv, usage, options, (struct job_operands){&im.path, 1, 1});
    if (n < 0)
        return job_options_status(n);
    char path[STATE_PATH];
    struct fail why = {0};
    enum err rc = state_path(
        &job->config,
        &(struct state_file){.given = out, .folder = "models", .name = "factors.mvm", .create = true}, path,
        &why);
    im.out = path;
    if (rc == ERR_OK)
        rc = keep_what_is_read(&im, &why);
    if (rc == ERR_OK && held_out)
        rc = read_panel(job, &im.panel, &why);
    if (rc == ERR_OK)
        rc = run(job, &im, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    say(job, &im);
    return JOB_OK;
}
