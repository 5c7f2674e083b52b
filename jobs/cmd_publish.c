/* mvti publish: a new snapshot for the workers, or the one before. */
#include "job.h"

#include "job_tracking.h"
#include "publish/publisher.h"

static int publish(struct job *job, const struct publisher *p)
{
    struct publisher_result made;
    struct fail why = {0};
    enum err rc = publisher_run(p, &made, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "published %s: %zu films, %zu characters, %.1f MB", made.id, made.n_films, made.n_characters,
            (double)made.bytes / 1e6);
    const struct tracking_home home = job_tracking_home(job);
    tracking_published(&home, made.models, made.n_models, made.id);
    return JOB_OK;
}

static int roll_back(struct job *job, const struct publisher *p)
{
    char name[PUBLISHER_NAME];
    struct fail why = {0};
    enum err rc = publisher_roll_back(p, name, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "rolled back to %s; 'mvti publish' builds a new snapshot", name);
    return JOB_OK;
}

int cmd_publish(struct job *job, int argc, char **argv)
{
    bool rollback = false;
    struct publisher p = {.config = &job->config,
                          .db = job->db,
                          .arena = &job->arena,
                          .progress = &job->progress,
                          .keep = 5,
                          .margin = (double)job->config.publish_margin / 1000};
    const struct job_option options[] = {
        {"model", JOB_TEXT, &p.model_file, 0, 0,
         "model file to serve (default: models/blend.mvm in state_dir, else ease.mvm)"},
        {"keep", JOB_INT, &p.keep, 1, 1000, "number of snapshots to keep for rollbacks (default 5)"},
        {"margin", JOB_REAL, &p.margin, 0, 1,
         "refuse if NDCG, recall or hit at 10 is more than X below the current snapshot's (default: the "
         "setting publish_margin)"},
        {"force", JOB_FLAG, &p.force, 0, 0, "publish whatever the figures are"},
        {"rollback", JOB_FLAG, &rollback, 0, 0, "switch back to the previous snapshot"},
        {0},
    };
    int n = job_options(argc, argv, "publish [--model FILE] [--keep N] [--margin X | --force] | --rollback",
                        options, NULL, 0, 0);
    if (n < 0)
        return job_options_status(n);
    return rollback ? roll_back(job, &p) : publish(job, &p);
}
