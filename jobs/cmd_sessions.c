/* Keys and sessions, for timers and administrators. */
#include "auth/session.h"
#include "base/clock.h"
#include "job.h"
#include "release/signer.h"
#include "store/arrival.h"
#include "store/ban.h"
#include "store/change.h"
#include "store/login_attempt.h"
#include "store/outbox.h"
#include "store/repeat.h"
#include "store/retention.h"
#include "store/visitor.h"

enum { BATCH = 2000 };

static int make_signer(struct job *job, const char *file)
{
    struct fail why = {0};
    enum err rc = signer_make(file, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job,
            "created %s, readable by its owner only, and %s.pub. Keep the first secret: with it, other hosts "
            "can be made to serve "
            "anything. The second goes to them (pull_key_file).",
            file, file);
    return JOB_OK;
}

int cmd_sessions_key(struct job *job, int argc, char **argv)
{
    const char *file = NULL;
    bool signing = false;
    const struct job_option options[] = {
        {"signing", JOB_FLAG, &signing, 0, 0,
         "a key that signs what other hosts pull (offer_key_file), with its public half in FILE.pub"},
        {0},
    };
    int n = job_options(argc, argv, "key [--signing] FILE", options, (struct job_operands){&file, 1, 1});
    if (n < 0)
        return job_options_status(n);
    struct fail why = {0};
    if (signing)
        return make_signer(job, file);
    enum err rc = keyring_make(file, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job,
            "created %s, readable by its owner only. Keep it secret: with it, session tokens can be forged.",
            file);
    return JOB_OK;
}

/* What is removed: in batches, so that no lock is held for long. */
struct removing {
    struct job *job;
    int64_t guests; /* as far as they were looked at */
};

static enum err sessions(struct removing *r, int64_t *n, struct fail *why)
{
    return visitor_session_expire(r->job->db, BATCH, n, why);
}

static enum err attempts(struct removing *r, int64_t *n, struct fail *why)
{
    return login_attempt_expire(r->job->db, BATCH, n, why);
}

static enum err arrivals(struct removing *r, int64_t *n, struct fail *why)
{
    return arrival_expire(r->job->db, BATCH, n, why);
}

static enum err repeats(struct removing *r, int64_t *n, struct fail *why)
{
    return repeat_expire(r->job->db, BATCH, n, why);
}

static enum err guest_sessions(struct removing *r, int64_t *n, struct fail *why)
{
    long seconds = SESSION_GUEST_IDLE - r->job->config.keep_guest_days * SESSION_DAY;
    return retention_guest_sessions(r->job->db, seconds, BATCH, n, why);
}

static enum err guests(struct removing *r, int64_t *n, struct fail *why)
{
    return retention_guests(r->job->db, &r->guests, BATCH, n, why);
}

static int64_t events_before(const struct removing *r)
{
    return clock_wall() - r->job->config.keep_event_days * SESSION_DAY;
}

static enum err events(struct removing *r, int64_t *n, struct fail *why)
{
    return retention_events(r->job->db, events_before(r), BATCH, n, why);
}

static enum err list_views(struct removing *r, int64_t *n, struct fail *why)
{
    return retention_list_views(r->job->db, events_before(r), BATCH, n, why);
}

static enum err changes(struct removing *r, int64_t *n, struct fail *why)
{
    return change_expire(r->job->db, r->job->config.keep_change_days, BATCH, n, why);
}

static enum err bans(struct removing *r, int64_t *n, struct fail *why)
{
    return ban_expire(r->job->db, BATCH, n, why);
}

static enum err bans_over(struct removing *r, int64_t *n, struct fail *why)
{
    return ban_lapse(r->job->db, BATCH, n, why);
}

static enum err unsent(struct removing *r, int64_t *n, struct fail *why)
{
    return outbox_expire(r->job->db, BATCH, n, why);
}

static enum err repeat(struct removing *r, enum err (*remove)(struct removing *, int64_t *, struct fail *),
                       int64_t *all, struct fail *why)
{
    int64_t n = BATCH;
    *all = 0;
    enum err rc = ERR_OK;
    while (rc == ERR_OK && n == BATCH) {
        rc = remove(r, &n, why);
        *all += n;
    }
    return rc;
}

/* In this order: who has no session any more is a guest to delete, who was much to delete is finished. */
static int expire_all(struct job *job)
{
    static const struct {
        enum err (*remove)(struct removing *, int64_t *, struct fail *);
        const char *what;
    } kinds[] = {{sessions, "expired sessions"},
                 {attempts, "abandoned logins"},
                 {arrivals, "records of new guests"},
                 {repeats, "stored answers to repeated requests"},
                 {guest_sessions, "sessions of inactive guests"},
                 {guests, "guests without a session"},
                 {events, "expired events"},
                 {list_views, "expired renderings of lists"},
                 {changes, "expired records of changes"},
                 {bans, "old records of banned accounts that are gone"},
                 {bans_over, "bans whose time is over"},
                 {unsent, "events that were not sent to Google Analytics in time"}};
    struct removing r = {.job = job};
    struct fail why = {0};
    int64_t n;
    enum err rc = ERR_OK;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && rc == ERR_OK; i++) {
        rc = repeat(&r, kinds[i].remove, &n, &why);
        if (rc == ERR_OK)
            job_say(job, "deleted %lld %s", (long long)n, kinds[i].what);
    }
    if (rc == ERR_OK)
        rc = visitor_leave_rest(job->db, &n, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "finished %lld large deletions and merges", (long long)n);
    return JOB_OK;
}

static enum err end_everybody(struct job *job, int64_t *ended, struct fail *why)
{
    int64_t n = BATCH;
    enum err rc = ERR_OK;
    for (*ended = 0; rc == ERR_OK && n == BATCH; *ended += n)
        rc = visitor_session_end_some(job->db, BATCH, &n, why);
    return rc;
}

int cmd_sessions(struct job *job, int argc, char **argv)
{
    long visitor = 0;
    bool all = false;
    const struct job_option options[] = {{.name = "end",
                                          .kind = JOB_INT,
                                          .target = &visitor,
                                          .min = 1,
                                          .max = 9000000000000000.0,
                                          .help = "end all sessions of visitor number N"},
                                         {.name = "end-all",
                                          .kind = JOB_FLAG,
                                          .target = &all,
                                          .help = "end all sessions; everybody has to sign in again"},
                                         {0}};
    int n =
        job_options(argc, argv, "sessions [--end VISITOR | --end-all]", options, (struct job_operands){0});
    if (n < 0)
        return job_options_status(n);
    struct fail why = {0};
    int64_t ended = 0;
    enum err rc;
    if (visitor > 0)
        rc = visitor_session_end_all(job->db, visitor, &ended, &why);
    else if (all)
        rc = end_everybody(job, &ended, &why);
    else
        return expire_all(job);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "ended %lld sessions", (long long)ended);
    return JOB_OK;
}
