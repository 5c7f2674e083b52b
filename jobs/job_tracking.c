#include "job_tracking.h"

static struct tracking_home tracking_home(struct job *job)
{
    return (struct tracking_home){.config = &job->config, .arena = &job->arena, .progress = &job->progress};
}

static void on_leaving(void *arg)
{
    tracking_end(arg, RUN_STOPPED);
}

void job_tracking_start(struct job *job, struct tracking *t, const char *command, const char *model,
                        long seed)
{
    const struct tracking_home home = tracking_home(job);
    tracking_start(t, &home, command, model, seed);
    job->leaving = on_leaving;
    job->leaving_arg = t;
}

void job_tracking_end(struct job *job, struct tracking *t, enum training_run_status status)
{
    job->leaving = NULL;
    job_clear_progress(job);
    tracking_end(t, status);
}
