/* mvti experiment: what is tried with visitors (lib/experiment). */
#include "job.h"

#include <string.h>

#include "base/clock.h"
#include "base/map_file.h"
#include "experiment/lifecycle.h"
#include "experiment_estimate.h"
#include "experiment_refresh.h"
#include "experiment_report.h"
#include "experiment_show.h"

static const char usage[] =
    "experiment apply FILE | start NAME | stop NAME [--reason TEXT] | list | show NAME | refresh | "
    "report NAME [--goal GOAL] [--json] | estimate NAME --policy VARIANT|FILE [--goal GOAL] [--clip N] "
    "[--json]";

/* What stands behind the action. */
struct asked {
    const char *operand, *reason, *goal, *policy;
    double clip;
    bool json;
};

/* What it did, for the operator and for the log of the timer's unit. */
static int refresh(struct job *job, const struct asked *asked)
{
    struct refresh_result done;
    struct fail why = {0};
    (void)asked;
    enum err rc = experiment_refresh(job, &done, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "%zu running, %zu reweighted, %zu stopped", done.running, done.weighed, done.n_stops);
    return JOB_OK;
}

static int apply(struct job *job, const struct asked *asked)
{
    struct map_file file = {0};
    struct definition d;
    struct fail why = {0};
    const char *state = "draft";
    enum err rc = map_file_open(&file, asked->operand, &why);
    if (rc == ERR_OK)
        rc = definition_read(file.data != NULL ? (const char *)file.data : "", file.size, asked->operand,
                             &job->arena, &d, &why);
    if (rc == ERR_OK)
        rc = lifecycle_apply(job->db, &d, &job->arena, &state, &why);
    map_file_close(&file);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    if (strcmp(state, "running") == 0)
        job_say(job, "%s runs with what changed", d.name);
    else
        job_say(job, "%s is a draft of %zu variants; mvti experiment start %s starts it", d.name, d.n,
                d.name);
    return JOB_OK;
}

static int start(struct job *job, const struct asked *asked)
{
    struct fail why = {0};
    enum err rc = lifecycle_start(job->db, asked->operand, clock_wall(), &job->arena, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "%s runs", asked->operand);
    return refresh(job, asked);
}

static int stop(struct job *job, const struct asked *asked)
{
    struct fail why = {0};
    enum err rc = lifecycle_stop(job->db, asked->operand, asked->reason, &job->arena, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "%s is stopped; its visitors see the site without variants", asked->operand);
    return refresh(job, asked);
}

static int list(struct job *job, const struct asked *asked)
{
    (void)asked;
    return experiment_show_all(job);
}

static int show(struct job *job, const struct asked *asked)
{
    return experiment_show_one(job, asked->operand);
}

static int report(struct job *job, const struct asked *asked)
{
    return experiment_report(job, asked->operand, asked->goal, asked->json);
}

static int estimate(struct job *job, const struct asked *asked)
{
    if (asked->policy == NULL) {
        job_note(job,
                 "mvti: experiment estimate: --policy is missing: a variant of %s, or a file of settings",
                 asked->operand);
        return JOB_USAGE;
    }
    return experiment_estimate(job, &(struct experiment_estimate){.name = asked->operand,
                                                                  .policy = asked->policy,
                                                                  .goal = asked->goal,
                                                                  .clip = asked->clip,
                                                                  .json = asked->json});
}

static const struct {
    const char *name;
    bool operand;
    int (*run)(struct job *job, const struct asked *asked);
} actions[] = {{"apply", true, apply},      {"start", true, start},      {"stop", true, stop},
               {"list", false, list},       {"show", true, show},        {"report", true, report},
               {"refresh", false, refresh}, {"estimate", true, estimate}};

int cmd_experiment(struct job *job, int argc, char **argv)
{
    const char *operands[2] = {NULL, NULL};
    struct asked asked = {0};
    const struct job_option options[] = {
        {"reason", JOB_TEXT, &asked.reason, 0, 0, "stop: the reason, which reports show"},
        {"goal", JOB_TEXT, &asked.goal, 0, 0,
         "report, estimate: use this goal instead of the experiment's: like, click, engage, watch, share or "
         "up (the last two: report only)"},
        {"policy", JOB_TEXT, &asked.policy, 0, 0,
         "estimate: which ranker: a variant of the experiment, or a file of settings as in a definition"},
        {"clip", JOB_REAL, &asked.clip, 0, 1e6, "estimate: clip weights at this value; 0: no clipping"},
        {"json", JOB_FLAG, &asked.json, 0, 0, "report, estimate: one JSON object"},
        {0}};
    int n = job_options(argc, argv, usage, options, (struct job_operands){operands, 1, 2});
    if (n < 0)
        return job_options_status(n);
    asked.operand = operands[1];
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (strcmp(actions[i].name, operands[0]) == 0 && actions[i].operand == (n == 2))
            return actions[i].run(job, &asked);
    job_note(job, "mvti: experiment %s: unknown action, or wrong number of arguments\nusage: mvti %s",
             operands[0], usage);
    return JOB_USAGE;
}
