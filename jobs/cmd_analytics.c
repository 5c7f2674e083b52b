/* mvti analytics: what visitors agreed to have sent to Google Analytics, for a timer and for administrators. */
#include "job.h"

#include <stdio.h>
#include <string.h>

#include "analytics/analytics.h"
#include "base/clock.h"
#include "store/outbox.h"

static const char usage[] = "analytics send [--seconds N] [--now] | analytics status";

static const char *ago(struct job *job, int64_t ms)
{
    int64_t minutes = (clock_wall_ms() - ms) / 60000;
    const char *text = ms == 0 ? "never" : arena_printf(&job->arena, "%lld min ago", (long long)minutes);
    return text != NULL ? text : "";
}

static int status(struct job *job)
{
    struct outbox_state s;
    struct fail why = {0};
    enum err rc = outbox_read(job->db, &s, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "property  %s", job->config.analytics_id[0] ? job->config.analytics_id : "none");
    job_say(job, "sent      %lld events, the last %s", (long long)s.sent, ago(job, s.sent_ms));
    job_say(job, "waiting   %lld events, the oldest since %s", (long long)s.waiting,
            s.waiting > 0 ? ago(job, s.oldest_ms) : "-");
    job_say(job, "lost      %lld without an answer, %lld too old", (long long)s.unsure, (long long)s.late);
    if (s.failures > 0)
        job_say(job, "problem   %s (%lld times in a row)", s.problem, (long long)s.failures);
    return JOB_OK;
}

/* What was lost is said too: nothing else will. */
static void say_sum(struct job *job, const struct analytics_sum *sum)
{
    if (sum->events > 0)
        job_say(job, "sent %lld events in %lld requests", (long long)sum->events, (long long)sum->requests);
    if (sum->cleared > 0)
        job_say(job, "dropped %lld events: analytics_id is empty", (long long)sum->cleared);
    if (sum->unsure > 0)
        job_note(job,
                 "mvti: %lld events were sent without an answer; they may have arrived, so they are not sent "
                 "again",
                 (long long)sum->unsure);
    if (sum->late > 0)
        job_note(job, "mvti: %lld events were too old to be sent", (long long)sum->late);
    const long long left = (sum->retry_ms - clock_wall_ms()) / 1000 + 1;
    if (sum->retry_ms > 0)
        job_note(job, "mvti: the last request failed; the next attempt is in %lld s (--now: at once)", left);
}

static int send(struct job *job, long seconds, bool now)
{
    struct analytics_sum sum;
    struct fail why = {0};
    const struct analytics a = {.config = &job->config,
                                .db = job->db,
                                .progress = &job->progress,
                                .seconds = (double)seconds,
                                .now = now};
    enum err rc = analytics_send(&a, &sum, &why);
    say_sum(job, &sum);
    if (rc != ERR_OK && why.text[0] != '\0')
        job_note(job, "mvti: not everything was sent to Google Analytics");
    return rc == ERR_OK ? JOB_OK : job_fail(job, rc, &why);
}

int cmd_analytics(struct job *job, int argc, char **argv)
{
    const char *what = NULL;
    long seconds = 240;
    bool now = false;
    const struct job_option options[] = {
        {"seconds", JOB_INT, &seconds, 1, 86400, "start no further request after N seconds (default 240)"},
        {"now", JOB_FLAG, &now, 0, 0, "do not wait after a failure"},
        {0}};
    int n = job_options(argc, argv, usage, options, (struct job_operands){&what, 1, 1});
    if (n < 0)
        return job_options_status(n);
    if (strcmp(what, "send") == 0)
        return send(job, seconds, now);
    if (strcmp(what, "status") == 0)
        return status(job);
    job_note(job, "mvti: analytics: '%s' is neither 'send' nor 'status'\nusage: mvti %s", what, usage);
    return JOB_USAGE;
}
