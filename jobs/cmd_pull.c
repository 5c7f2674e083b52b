/* mvti pull: what another host publishes, for a host that does not. */
#include "job.h"

#include "base/clock.h"
#include "release/pull.h"

/* A host that hears of nothing new for so long may be kept from hearing: nights publish once a day. */
enum { OLD_DAYS = 3, DAY = 86400 };

static void say_age(struct job *job, const struct pull_result *r)
{
    int64_t days = (clock_wall() - r->time) / DAY;
    if (days >= OLD_DAYS)
        job_note(job, "mvti: pull: nothing new has been offered for %d days", (int)days);
}

static void say(struct job *job, const struct pull_result *r)
{
    if (r->outcome == PULL_SAME)
        job_say(job, "%s is live already", r->name);
    else if (r->outcome == PULL_PINNED)
        job_say(job,
                "%s is here, and %s is pinned and stays live; mvti publish --unpin lets the next pull switch "
                "to it",
                r->name, r->pinned);
    else if (r->outcome == PULL_WAITING)
        job_say(job, "%s is here, and all hosts switch to it in %lld s", r->name,
                (long long)(r->switch_at - clock_wall()));
    else
        job_say(job, "%s is live, number %lld, %.1f MB fetched", r->name, (long long)r->number,
                (double)r->fetched / 1e6);
    say_age(job, r);
}

int cmd_pull(struct job *job, int argc, char **argv)
{
    struct pull p = {
        .config = &job->config, .from = job->config.pull_url, .keep = 5, .progress = &job->progress};
    struct pull_result done;
    struct fail why = {0};
    const struct job_option options[] = {
        {"keep", JOB_INT, &p.keep, 1, 1000, "number of snapshots to keep (default 5)"},
        {0},
    };
    int n = job_options(argc, argv, "pull [--keep N] [URL]", options, (struct job_operands){&p.from, 0, 1});
    if (n < 0)
        return job_options_status(n);
    if (p.from[0] == '\0') {
        job_note(job, "mvti: pull: from where? Give the address or set pull_url");
        return JOB_USAGE;
    }
    enum err rc = pull_run(&p, &done, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    say(job, &done);
    return JOB_OK;
}
