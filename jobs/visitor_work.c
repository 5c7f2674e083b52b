#include "visitor_work.h"

#include "app/console.h"
#include "base/saying.h"
#include "store/visitor.h"
#include "store/visitor_like.h"
#include "store/visitor_quiz.h"
#include "store/visitor_vote.h"

enum { AT_ONCE = 100 };

enum err visitor_work_no_admin(struct job *job, int64_t visitor_id, struct fail *why)
{
    struct account account = {0};
    enum err rc = account_load(job->db, visitor_id, &job->arena, &account, why);
    if (rc == ERR_OK && console_admin_name(job->config.admins, visitor_id, &account, &job->arena) != NULL)
        return fail_set(why, ERR_DENIED, SAYING_IS_ADMIN, (long long)visitor_id);
    return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

/* A piece is a transaction, so that no lock is held for long. */
struct taking {
    struct job *job;
    int64_t visitor_id;
    size_t n; /* taken in this piece */
};

static enum err take_all(struct job *job, int64_t visitor_id, db_work_fn *piece, int64_t *n, struct fail *why)
{
    struct taking t = {.job = job, .visitor_id = visitor_id, .n = AT_ONCE};
    enum err rc = ERR_OK;
    for (*n = 0; rc == ERR_OK && t.n == AT_ONCE; *n += (int64_t)t.n)
        rc = db_transaction(job->db, piece, &t, why);
    return rc;
}

static enum err votes(struct db *db, void *arg, struct fail *why)
{
    struct taking *t = arg;
    struct visitor_votes page = {.most = AT_ONCE};
    enum err rc = visitor_vote_list(db, t->visitor_id, &page, &t->job->arena, why);
    t->n = page.n;
    for (size_t i = 0; i < t->n && rc == ERR_OK; i++)
        rc = visitor_vote_remove(db, t->visitor_id, page.items[i].character_id, why);
    return rc;
}

static enum err tests(struct db *db, void *arg, struct fail *why)
{
    struct taking *t = arg;
    struct visitor_quizzes page = {.most = AT_ONCE};
    enum err rc = visitor_quiz_list(db, t->visitor_id, &page, &t->job->arena, why);
    t->n = page.n;
    for (size_t i = 0; i < t->n && rc == ERR_OK; i++)
        rc = visitor_quiz_delete(db, t->visitor_id, page.items[i].token, why);
    return rc;
}

static enum err likes(struct db *db, void *arg, struct fail *why)
{
    struct taking *t = arg;
    struct visitor_likes page = {.most = AT_ONCE};
    bool changed;
    enum err rc = visitor_like_list(db, t->visitor_id, &page, &t->job->arena, why);
    t->n = page.n;
    for (size_t i = 0; i < t->n && rc == ERR_OK; i++)
        rc = visitor_like_remove(db, t->visitor_id, page.items[i].character_id, &changed, why);
    return rc;
}

enum err visitor_work_take_votes(struct job *job, int64_t visitor_id, int64_t *n, struct fail *why)
{
    return take_all(job, visitor_id, votes, n, why);
}

enum err visitor_work_take_tests(struct job *job, int64_t visitor_id, int64_t *n, struct fail *why)
{
    return take_all(job, visitor_id, tests, n, why);
}

enum err visitor_work_take_likes(struct job *job, int64_t visitor_id, int64_t *n, struct fail *why)
{
    return take_all(job, visitor_id, likes, n, why);
}

struct traces {
    int64_t visitor_id, events, marks; /* of this piece */
};

static enum err traces(struct db *db, void *arg, struct fail *why)
{
    struct traces *t = arg;
    return visitor_forget_traces(db, t->visitor_id, &t->events, &t->marks, why);
}

enum err visitor_work_take_traces(struct job *job, int64_t visitor_id, int64_t *events, int64_t *marks,
                                  struct fail *why)
{
    struct traces t = {.visitor_id = visitor_id, .events = 1};
    enum err rc = ERR_OK;
    *events = *marks = 0;
    while (rc == ERR_OK && t.events + t.marks > 0) {
        rc = db_transaction(job->db, traces, &t, why);
        *events += rc == ERR_OK ? t.events : 0;
        *marks += rc == ERR_OK ? t.marks : 0;
    }
    return rc;
}
