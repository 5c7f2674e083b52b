#include "admin_work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/console.h"
#include "base/clock.h"
#include "base/saying.h"
#include "experiment/lifecycle.h"
#include "experiment_refresh.h"
#include "job_offer.h"
#include "publish/publisher.h"
#include "store/ban.h"
#include "store/error_report.h"
#include "store/publication.h"
#include "store/visitor.h"
#include "visitor_work.h"
#include "store/visitor_vote.h"

enum { ADMIN_STATE = 100 };

/* What became of a request: how it was, how it is, and a sentence. */
struct outcome {
    char before[ADMIN_STATE], after[ADMIN_STATE], said[ADMIN_SAID];
};

/* One kind of request. */
typedef enum err work_fn(struct job *job, const char *subject, struct outcome *o, struct fail *why);

static struct publisher publisher_of(struct job *job)
{
    return (struct publisher){
        .config = &job->config, .db = job->db, .arena = &job->arena, .progress = &job->progress};
}

/* A change of what is live, told by the names before and after it. */
static enum err go(struct job *job, enum publisher_way way, const char *wanted, struct outcome *o,
                   struct fail *why)
{
    struct publisher p = publisher_of(job);
    char name[SNAPSHOT_NAME];
    enum err rc = publisher_switch(&p, way, wanted, name, why);
    if (rc == ERR_OK)
        snprintf(o->said, sizeof o->said, SAYING_IS_LIVE, name);
    if (rc == ERR_OK)
        (void)job_offer_kept(job);
    return rc;
}

static enum err roll_back(struct job *job, const char *subject, struct outcome *o, struct fail *why)
{
    return go(job, PUBLISHER_BACK, subject, o, why);
}

static enum err forward(struct job *job, const char *subject, struct outcome *o, struct fail *why)
{
    return go(job, PUBLISHER_FORWARD, subject, o, why);
}

static enum err pin(struct job *job, const char *subject, struct outcome *o, struct fail *why)
{
    struct publisher p = publisher_of(job);
    char name[SNAPSHOT_NAME];
    enum err rc = publisher_pin(&p, subject, name, why);
    if (rc == ERR_OK)
        snprintf(o->said, sizeof o->said, SAYING_IS_PINNED_NOW, name);
    if (rc == ERR_OK)
        (void)job_offer(job);
    return rc;
}

static enum err unpin(struct job *job, const char *subject, struct outcome *o, struct fail *why)
{
    (void)subject;
    struct publisher p = publisher_of(job);
    char name[SNAPSHOT_NAME];
    enum err rc = publisher_unpin(&p, name, why);
    if (rc == ERR_OK)
        snprintf(o->said, sizeof o->said, SAYING_IS_UNPINNED, name);
    return rc;
}

static enum err live_now(struct job *job, const char *subject, char out[ADMIN_STATE], struct fail *why)
{
    (void)subject;
    char live[PUBLICATION_ID] = "";
    enum err rc = publication_live(job->db, live, why);
    snprintf(out, ADMIN_STATE, "%s", live);
    return rc;
}

/* ---- visitors ---- */

static int64_t number_of(const char *subject)
{
    return subject != NULL ? strtoll(subject, NULL, 10) : 0;
}

static enum err ban(struct job *job, const char *subject, struct outcome *o, struct fail *why)
{
    enum err rc = visitor_work_no_admin(job, number_of(subject), why);
    if (rc == ERR_OK)
        rc = ban_set(job->db, number_of(subject), true, why);
    snprintf(o->said, sizeof o->said, SAYING_IS_BANNED, subject);
    return rc;
}

static enum err unban(struct job *job, const char *subject, struct outcome *o, struct fail *why)
{
    snprintf(o->said, sizeof o->said, SAYING_IS_UNBANNED, subject);
    return ban_set(job->db, number_of(subject), false, why);
}

static enum err banned_now(struct job *job, const char *subject, char out[ADMIN_STATE], struct fail *why)
{
    int64_t since = 0;
    enum err rc = ban_read(job->db, number_of(subject), &since, why);
    snprintf(out, ADMIN_STATE, "%s", since > 0 ? "banned" : "not banned");
    return rc == ERR_NOT_FOUND ? fail_set(why, rc, SAYING_NO_VISITOR, subject) : rc;
}

static enum err take_votes(struct job *job, const char *subject, struct outcome *o, struct fail *why)
{
    int64_t n;
    snprintf(o->said, sizeof o->said, SAYING_VOTES_GONE, subject);
    return visitor_work_take_votes(job, number_of(subject), &n, why);
}

static enum err votes_now(struct job *job, const char *subject, char out[ADMIN_STATE], struct fail *why)
{
    struct visitor_counts counts = {0};
    enum err rc = visitor_count(job->db, number_of(subject), &counts, why);
    snprintf(out, ADMIN_STATE, "%lld votes", (long long)counts.votes);
    return rc == ERR_NOT_FOUND ? fail_set(why, rc, SAYING_NO_VISITOR, subject) : rc;
}

/* ---- reports of errors ---- */

static enum err close_report(struct job *job, const char *subject, struct outcome *o, struct fail *why)
{
    snprintf(o->said, sizeof o->said, SAYING_REPORT_CLOSED, subject);
    return error_report_close(job->db, number_of(subject), why);
}

static enum err reports_now(struct job *job, const char *subject, char out[ADMIN_STATE], struct fail *why)
{
    int64_t open = 0;
    (void)subject;
    enum err rc = error_report_open(job->db, &open, why);
    snprintf(out, ADMIN_STATE, "%lld reports", (long long)open);
    return rc;
}

/* ---- experiments ---- */

/* The change stands, whatever becomes of the file: the timer of experiments writes it again. */
static enum err tell_workers(struct job *job, const char *name, struct fail *why)
{
    struct refresh_result done;
    struct fail inner = {0};
    enum err rc = experiment_refresh(job, &done, &inner);
    return rc == ERR_OK ? rc : fail_set(why, rc, SAYING_WORKERS_LATE, name, inner.text);
}

static enum err start_experiment(struct job *job, const char *subject, struct outcome *o, struct fail *why)
{
    enum err rc = lifecycle_start(job->db, subject, clock_wall(), &job->arena, why);
    snprintf(o->said, sizeof o->said, SAYING_RUNS, subject);
    return rc == ERR_OK ? tell_workers(job, subject, why) : rc;
}

static enum err stop_experiment(struct job *job, const char *subject, struct outcome *o, struct fail *why)
{
    enum err rc = lifecycle_stop(job->db, subject, SAYING_STOPPED_IN_CONSOLE, &job->arena, why);
    snprintf(o->said, sizeof o->said, SAYING_IS_STOPPED, subject);
    return rc == ERR_OK ? tell_workers(job, subject, why) : rc;
}

static enum err experiment_now(struct job *job, const char *subject, char out[ADMIN_STATE], struct fail *why)
{
    struct experiment e;
    enum err rc = experiment_find(job->db, subject, &job->arena, &e, why);
    snprintf(out, ADMIN_STATE, "%s", rc == ERR_OK ? e.state : "");
    return rc;
}

static const struct {
    const char *action;
    work_fn *work;
    enum err (*state)(struct job *job, const char *subject, char out[ADMIN_STATE], struct fail *why);
} kinds[] = {
    {"rollback", roll_back, live_now},
    {"forward", forward, live_now},
    {"pin", pin, live_now},
    {"unpin", unpin, live_now},
    {"ban", ban, banned_now},
    {"unban", unban, banned_now},
    {"take_votes", take_votes, votes_now},
    {"close_report", close_report, reports_now},
    {"start_experiment", start_experiment, experiment_now},
    {"stop_experiment", stop_experiment, experiment_now},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static enum err do_it(struct job *job, const struct admin_action *a, struct outcome *o, struct fail *why)
{
    const char *subject = *a->subject != '\0' ? a->subject : NULL;
    size_t i = 0;
    while (i < KINDS && strcmp(kinds[i].action, a->action) != 0)
        i++;
    if (i == KINDS)
        return fail_set(why, ERR_INVALID, SAYING_UNKNOWN_ACTION);
    enum err rc = kinds[i].state(job, subject, o->before, why);
    if (rc == ERR_OK)
        rc = kinds[i].work(job, subject, o, why);
    struct fail inner = {0};
    enum err after = kinds[i].state(job, subject, o->after, rc == ERR_OK ? why : &inner);
    return rc == ERR_OK ? after : rc;
}

/* What fails is an outcome of the request; what cannot be stored is a failure of this command. */
static enum err carry_out(struct job *job, const struct admin_action *a, struct fail *why)
{
    struct outcome o = {0};
    struct fail inner = {0};
    struct admin_action done = *a;
    enum err rc = do_it(job, a, &o, &inner);
    done.outcome = rc == ERR_OK ? ADMIN_DONE : ADMIN_FAILED;
    done.before = o.before;
    done.after = o.after;
    done.said = rc == ERR_OK ? o.said : inner.text;
    job_say(job, "request %lld, %s %s: %s: %s", (long long)a->action_id, a->action, a->subject, done.outcome,
            done.said);
    return admin_action_end(job->db, &done, why);
}

int admin_work(struct job *job)
{
    struct admin_action a;
    struct fail why = {0};
    int64_t late = 0;
    enum err rc = admin_action_give_up(job->db, ADMIN_WORK_PATIENCE, &late, &why);
    if (rc == ERR_OK && late > 0)
        job_note(job, "mvti: %lld requests had waited too long and were dropped", (long long)late);
    while (rc == ERR_OK && !job_interrupted()) {
        rc = admin_action_take(job->db, &job->arena, &a, &why);
        if (rc == ERR_OK)
            rc = carry_out(job, &a, &why);
    }
    return rc == ERR_OK || rc == ERR_NOT_FOUND ? JOB_OK : job_fail(job, rc, &why);
}
