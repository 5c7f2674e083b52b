#include "admin_work.h"

#include <stdio.h>
#include <string.h>

#include "publish/publisher.h"
#include "store/admin_action.h"
#include "store/publication.h"

/* One kind of request: does it, and says what came of it. */
typedef enum err work_fn(struct job *job, const char *subject, char said[ADMIN_SAID], struct fail *why);

static struct publisher publisher_of(struct job *job)
{
    return (struct publisher){
        .config = &job->config, .db = job->db, .arena = &job->arena, .progress = &job->progress};
}

static enum err go(struct job *job, enum publisher_way way, const char *wanted, char said[ADMIN_SAID],
                   struct fail *why)
{
    struct publisher p = publisher_of(job);
    char name[SNAPSHOT_NAME];
    enum err rc = publisher_switch(&p, way, wanted, name, why);
    if (rc == ERR_OK)
        snprintf(said, ADMIN_SAID, "%s is live; the next night may replace it", name);
    return rc;
}

static enum err roll_back(struct job *job, const char *subject, char said[ADMIN_SAID], struct fail *why)
{
    return go(job, PUBLISHER_BACK, subject, said, why);
}

static enum err forward(struct job *job, const char *subject, char said[ADMIN_SAID], struct fail *why)
{
    return go(job, PUBLISHER_FORWARD, subject, said, why);
}

static enum err pin(struct job *job, const char *subject, char said[ADMIN_SAID], struct fail *why)
{
    struct publisher p = publisher_of(job);
    char name[SNAPSHOT_NAME];
    enum err rc = publisher_pin(&p, subject, name, why);
    if (rc == ERR_OK)
        snprintf(said, ADMIN_SAID, "%s is live and stays so until it is unpinned", name);
    return rc;
}

static enum err unpin(struct job *job, const char *subject, char said[ADMIN_SAID], struct fail *why)
{
    (void)subject;
    struct publisher p = publisher_of(job);
    char name[SNAPSHOT_NAME];
    enum err rc = publisher_unpin(&p, name, why);
    if (rc == ERR_OK)
        snprintf(said, ADMIN_SAID, "%s is pinned no more; the next night may replace it", name);
    return rc;
}

static const struct {
    const char *action;
    work_fn *work;
} kinds[] = {{"rollback", roll_back}, {"forward", forward}, {"pin", pin}, {"unpin", unpin}};
enum { KINDS = sizeof kinds / sizeof *kinds };

static enum err do_it(struct job *job, const struct admin_action *a, char said[ADMIN_SAID], struct fail *why)
{
    size_t i = 0;
    while (i < KINDS && strcmp(kinds[i].action, a->action) != 0)
        i++;
    if (i == KINDS)
        return fail_set(why, ERR_INVALID, "this version does not know how to do that");
    return kinds[i].work(job, *a->subject != '\0' ? a->subject : NULL, said, why);
}

/* What fails is an outcome of the request; what cannot be stored is a failure of this command. */
static enum err carry_out(struct job *job, struct admin_action *a, struct fail *why)
{
    char before[PUBLICATION_ID] = "", after[PUBLICATION_ID] = "", said[ADMIN_SAID] = "";
    struct fail inner = {0};
    enum err rc = publication_live(job->db, before, why);
    if (rc != ERR_OK)
        return rc;
    enum err done = do_it(job, a, said, &inner);
    rc = publication_live(job->db, after, why);
    if (rc != ERR_OK)
        return rc;
    a->outcome = done == ERR_OK ? ADMIN_DONE : ADMIN_FAILED;
    a->before = before;
    a->after = after;
    a->said = done == ERR_OK ? said : inner.text;
    job_say(job, "request %lld, %s %s: %s: %s", (long long)a->action_id, a->action, a->subject, a->outcome,
            a->said);
    return admin_action_end(job->db, a, why);
}

int admin_work(struct job *job)
{
    struct admin_action a;
    struct fail why = {0};
    int64_t late = 0;
    enum err rc = admin_action_give_up(job->db, ADMIN_WORK_PATIENCE, &late, &why);
    if (rc == ERR_OK && late > 0)
        job_note(job, "mvti: %lld requests had waited too long", (long long)late);
    while (rc == ERR_OK && !job_interrupted()) {
        rc = admin_action_take(job->db, &job->arena, &a, &why);
        if (rc == ERR_OK)
            rc = carry_out(job, &a, &why);
    }
    return rc == ERR_OK || rc == ERR_NOT_FOUND ? JOB_OK : job_fail(job, rc, &why);
}
