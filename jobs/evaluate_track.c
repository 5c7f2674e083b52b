#include "evaluate_track.h"

#include <stdio.h>
#include <string.h>

#include "job_tracking.h"

static void track_request(struct tracking *t, const struct evaluate_head *h, const struct trial *trial)
{
    const struct benchmark_files *f = &h->options->files;
    const struct {
        const char *name, *path;
    } files[] = {{"train", f->train}, {"test", f->test},       {"valid", f->valid},
                 {"mask", f->mask},   {"fold-in", f->fold_in}, {"candidates", f->candidates},
                 {"data", f->data},   {"catalog", f->catalog}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (files[i].path != NULL)
            tracking_file(t, files[i].name, files[i].path);
    tracking_word(t, "format", f->format);
    if (h->options->protocol != NULL)
        tracking_word(t, "protocol", h->options->protocol);
    if (h->options->ratings.scale != NULL)
        tracking_word(t, "scale", h->options->ratings.scale);
    if (h->options->ratings.like_at != NULL)
        tracking_word(t, "like_at", h->options->ratings.like_at);
    if (h->cut_items > 0)
        tracking_number(t, RUN_PARAM, "cut_items", (double)h->cut_items);
    tracking_word(t, "recall", h->recall_min ? "min" : "held");
    tracking_number(t, RUN_PARAM, "threshold", (double)f->threshold);
    tracking_number(t, RUN_PARAM, "items", (double)h->n_items);
    tracking_number(t, RUN_PARAM, "interactions", (double)h->n_train);
    for (size_t i = 0; i < trial->trainer->n_settings; i++)
        if (trial->values->given[i])
            tracking_number(t, RUN_PARAM, trial->trainer->settings[i].name, trial->values->value[i]);
}

static void track_result(struct tracking *t, const struct evaluate_head *h, const struct trial *trial,
                         const struct trial_result *r)
{
    const struct metric_sum *m = &r->found.metrics;
    for (size_t i = 0; i < trial->trainer->n_settings; i++)
        tracking_number(t, RUN_PARAM, trial->trainer->settings[i].name, r->value[i]);
    for (size_t c = 0; c < h->n_cuts; c++)
        for (int kind = 0; kind < METRIC_KINDS; kind++) {
            char name[RUN_NAME];
            snprintf(name, sizeof name, "%s.%d", metric_name((enum metric_kind)kind), h->k[c]);
            tracking_number(t, RUN_METRIC, name, metric_mean(m, c, (enum metric_kind)kind));
        }
    tracking_number(t, RUN_METRIC, "n_users", (double)m->n_users);
    tracking_number(t, RUN_METRIC, "train_seconds", r->seconds);
    tracking_number(t, RUN_METRIC, "score_seconds", r->found.seconds);
}

enum err evaluate_tracked(struct job *job, const struct evaluate_head *h, const struct trial *trial,
                          struct trial_result *out, struct fail *why)
{
    struct tracking t;
    job_tracking_start(job, &t, "evaluate", trial->trainer->name, (long)trial->seed);
    t.needs_no_database = true;
    track_request(&t, h, trial);
    tracking_begin(&t);
    enum err rc = trial_run(trial, out, &job->progress, why);
    if (rc == ERR_OK)
        track_result(&t, h, trial, out);
    job_tracking_end(job, &t, rc == ERR_OK ? RUN_FINISHED : RUN_FAILED);
    return rc;
}
