/* mvti experiment: what is tried with visitors (lib/experiment). */
#include "job.h"

#include <string.h>

#include "base/clock.h"
#include "base/map_file.h"
#include "experiment/lifecycle.h"
#include "experiment_show.h"

static const char usage[] =
    "experiment apply FILE | start NAME | stop NAME [--reason TEXT] | list | show NAME";

static int apply(struct job *job, const char *path, const char *reason)
{
    struct map_file file = {0};
    struct definition d;
    struct fail why = {0};
    const char *state = "draft";
    (void)reason;
    enum err rc = map_file_open(&file, path, &why);
    if (rc == ERR_OK)
        rc = definition_read(file.data != NULL ? (const char *)file.data : "", file.size, path, &job->arena,
                             &d, &why);
    if (rc == ERR_OK)
        rc = lifecycle_apply(job->db, &d, &job->arena, &state, &why);
    map_file_close(&file);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    if (strcmp(state, "running") == 0)
        job_say(job, "%s runs with what changed", d.name);
    else
        job_say(job, "%s is a draft of %zu variants; mvti experiment start %s lets it run", d.name, d.n,
                d.name);
    return JOB_OK;
}

static int start(struct job *job, const char *name, const char *reason)
{
    struct fail why = {0};
    (void)reason;
    enum err rc = lifecycle_start(job->db, name, clock_wall(), &job->arena, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "%s runs", name);
    return JOB_OK;
}

static int stop(struct job *job, const char *name, const char *reason)
{
    struct fail why = {0};
    enum err rc = lifecycle_stop(job->db, name, reason, &job->arena, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "%s is stopped; its visitors are shown what the site shows", name);
    return JOB_OK;
}

static int list(struct job *job, const char *name, const char *reason)
{
    (void)name;
    (void)reason;
    return experiment_show_all(job);
}

static int show(struct job *job, const char *name, const char *reason)
{
    (void)reason;
    return experiment_show_one(job, name);
}

static const struct {
    const char *name;
    bool operand;
    int (*run)(struct job *job, const char *operand, const char *reason);
} actions[] = {{"apply", true, apply},
               {"start", true, start},
               {"stop", true, stop},
               {"list", false, list},
               {"show", true, show}};

int cmd_experiment(struct job *job, int argc, char **argv)
{
    const char *operands[2] = {NULL, NULL}, *reason = NULL;
    const struct job_option options[] = {
        {"reason", JOB_TEXT, &reason, 0, 0, "stop: why, for who reads it later"}, {0}};
    int n = job_options(argc, argv, usage, options, operands, 1, 2);
    if (n < 0)
        return job_options_status(n);
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (strcmp(actions[i].name, operands[0]) == 0 && actions[i].operand == (n == 2))
            return actions[i].run(job, operands[1], reason);
    job_note(
        job,
        "mvti: experiment %s: no such action, or its file or name is missing or too much\nusage: mvti %s",
        operands[0], usage);
    return JOB_USAGE;
}
