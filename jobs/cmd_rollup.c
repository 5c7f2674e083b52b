/* mvti rollup: counts the events that have come since the last time, by the day, and the hearts of the last days. */
#include "job.h"
#include "base/clock.h"
#include "store/recent_like.h"
#include "store/rollup.h"

int cmd_rollup(struct job *job, int argc, char **argv)
{
    bool anew = false;
    const struct job_option options[] = {
        {.name = "anew",
         .kind = JOB_FLAG,
         .target = &anew,
         .help = "discard the counts and count all stored events again, after a change of time_zone"},
        {0}};
    int n = job_options(argc, argv, "rollup [--anew]", options, (struct job_operands){0});
    if (n < 0)
        return job_options_status(n);
    struct fail why = {0};
    int64_t all = 0, piece = 1, most = ROLLUP_LEAST;
    enum err rc = anew ? rollup_forget(job->db, &why) : ERR_OK;
    while (rc == ERR_OK && piece > 0 && !job_interrupted()) {
        double began = clock_monotonic();
        rc = rollup_some(job->db, most, &piece, &why);
        most = rollup_pace(most, clock_monotonic() - began);
        all += piece;
    }
    if (rc == ERR_OK)
        rc = recent_like_count(job->db, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "counted %lld events", (long long)all);
    if (piece == 0)
        return JOB_OK;
    job_note(job, "mvti: stopped; the next run counts the rest");
    return JOB_INTERRUPTED;
}
