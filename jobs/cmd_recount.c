/* mvti recount: the numbers that are kept beside the rows, held to the rows. */
#include "job.h"
#include "store/counter.h"

int cmd_recount(struct job *job, int argc, char **argv)
{
    int n = job_options(argc, argv, "recount", NULL, (struct job_operands){0});
    if (n < 0)
        return job_options_status(n);
    for (int kind = 0; kind < COUNTER_KINDS; kind++) {
        struct fail why = {0};
        int64_t wrong;
        enum err rc = counter_recount(job->db, (enum counter_kind)kind, true, &wrong, &why);
        if (rc != ERR_OK)
            return job_fail(job, rc, &why);
        job_say(job, "%s: %lld corrected", counter_name((enum counter_kind)kind), (long long)wrong);
    }
    return JOB_OK;
}
