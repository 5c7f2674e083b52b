#include "job_tracking.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tracking/remote.h"

enum { WAITING_MOST = 500 };

static struct tracking_home tracking_home(struct job *job)
{
    const struct passwd *p = getpwuid(geteuid());
    const char *user = p != NULL ? arena_strdup(&job->arena, p->pw_name) : NULL;
    return (struct tracking_home){.config = &job->config,
                                  .arena = &job->arena,
                                  .progress = &job->progress,
                                  .user = user != NULL ? user : ""};
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

void job_tracking_figure(void *tracking, const char *model, const char *name, uint64_t epoch, double value)
{
    struct tracking *t = tracking;
    char whole[2 * RUN_NAME];
    bool own = strcmp(model, t->run.model) == 0;
    snprintf(whole, sizeof whole, "%s%s%s", own ? "" : model, own ? "" : ".", name);
    tracking_point(t, whole, (int64_t)epoch, value);
}

void job_tracking_end(struct job *job, struct tracking *t, enum training_run_status status)
{
    job->leaving = NULL;
    job_clear_progress(job);
    tracking_end(t, status);
}

/* ---- other runs ---- */

enum err job_tracking_look(struct job *job, struct fail *why)
{
    size_t n;
    enum err rc = tracking_look(&job->config, job->db, &job->arena, &n, why);
    if (rc == ERR_OK && n > 0 && job->config.mlflow_uri[0] != '\0' && job->config.mlflow_later == 0) {
        size_t sent;
        struct fail away = {0};
        if (job_tracking_send(job, &sent, &away) != ERR_OK)
            job_note(job, "mvti: not sent to MLflow yet: %s", away.text);
    }
    return rc;
}

enum err job_tracking_send(struct job *job, size_t *sent, struct fail *why)
{
    struct remote r;
    bool moved;
    *sent = 0;
    enum err rc = remote_open(&r, &job->config, why);
    r.db = job->db;
    r.arena = &job->arena;
    if (rc == ERR_OK)
        rc = remote_waiting(&r, WAITING_MOST, sent, why);
    if (r.left_out[0] != '\0')
        job_note(job, "mvti: MLflow: %s", r.left_out);
    struct fail live = {0};
    enum err second = rc == ERR_OK || rc == ERR_INVALID ? remote_live(&r, &moved, &live) : ERR_OK;
    if (rc == ERR_OK && second != ERR_OK)
        rc = fail_set(why, second, "%s", live.text);
    remote_close(&r);
    return rc;
}

void job_tracking_live(struct job *job)
{
    struct fail why = {0};
    size_t sent;
    if (job->config.mlflow_uri[0] == '\0' || job->config.mlflow_later != 0 || job->config.track_runs == 0)
        return;
    if (job_tracking_send(job, &sent, &why) != ERR_OK)
        job_note(job, "mvti: MLflow was not told which model is live: %s; mvti runs send tries again",
                 why.text);
}
