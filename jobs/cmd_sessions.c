/* Keys and sessions, for timers and administrators. */
#include "auth/keyring.h"
#include "job.h"
#include "store/arrival.h"
#include "store/login_attempt.h"
#include "store/repeat.h"
#include "store/visitor.h"

enum { BATCH = 10000 };

int cmd_key(struct job *job, int argc, char **argv)
{
    const char *file = NULL;
    const struct job_option none[] = {{0}};
    int n = job_options(argc, argv, "key FILE", none, &file, 1, 1);
    if (n < 0)
        return job_options_status(n);
    struct fail why = {0};
    enum err rc = keyring_make(file, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "made %s: only its owner may read it. Whoever has it can make sessions.", file);
    return JOB_OK;
}

/* In batches, so that no lock is held for long. */
static enum err expire(struct job *job, enum err (*remove)(struct db *, long, int64_t *, struct fail *),
                       int64_t *all, struct fail *why)
{
    int64_t n = BATCH;
    *all = 0;
    enum err rc = ERR_OK;
    while (rc == ERR_OK && n == BATCH) {
        rc = remove(job->db, BATCH, &n, why);
        *all += n;
    }
    return rc;
}

static int expire_all(struct job *job)
{
    struct fail why = {0};
    int64_t sessions, attempts, arrivals, repeats;
    enum err rc = expire(job, visitor_session_expire, &sessions, &why);
    if (rc == ERR_OK)
        rc = expire(job, login_attempt_expire, &attempts, &why);
    if (rc == ERR_OK)
        rc = expire(job, arrival_expire, &arrivals, &why);
    if (rc == ERR_OK)
        rc = expire(job, repeat_expire, &repeats, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "removed %lld expired sessions and %lld logins that came to nothing", (long long)sessions,
            (long long)attempts);
    return JOB_OK;
}

int cmd_sessions(struct job *job, int argc, char **argv)
{
    long visitor = 0;
    bool all = false;
    const struct job_option options[] = {
        {.name = "end",
         .kind = JOB_INT,
         .target = &visitor,
         .min = 1,
         .max = 9000000000000000.0,
         .help = "end every session of the visitor of this number"},
        {.name = "end-all", .kind = JOB_FLAG, .target = &all, .help = "end every session there is"},
        {0}};
    int n = job_options(argc, argv, "sessions [--end VISITOR | --end-all]", options, NULL, 0, 0);
    if (n < 0)
        return job_options_status(n);
    struct fail why = {0};
    int64_t ended = 0;
    enum err rc;
    if (visitor > 0)
        rc = visitor_session_end_all(job->db, visitor, &ended, &why);
    else if (all)
        rc = visitor_session_end_everybody(job->db, &ended, &why);
    else
        return expire_all(job);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "ended %lld sessions", (long long)ended);
    return JOB_OK;
}
