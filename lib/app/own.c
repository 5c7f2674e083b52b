#include "app/own.h"

#include <string.h>

struct reading {
    const struct session *session;
    struct arena *arena;
    struct own_everything *out;
};

static enum err read_tests(struct db *db, int64_t visitor_id, size_t most, struct arena *a,
                           struct own_everything *out, struct fail *why)
{
    enum err rc = visitor_test_list(db, visitor_id, most, a, &out->tests, &out->n_tests, why);
    for (size_t i = 0; i < out->n_tests && rc == ERR_OK; i++)
        rc = visitor_test_load(db, out->tests[i].token, a, &out->tests[i], why);
    return rc;
}

/* In one transaction, which sees one state of the database. */
static enum err export_work(struct db *db, void *arg, struct fail *why)
{
    struct reading *r = arg;
    struct own_everything *out = r->out;
    struct visitor_session who;
    struct visitor_counts most;
    *out = (struct own_everything){0};
    enum err rc = visit_who(db, r->session, &who, why);
    if (rc != ERR_OK)
        return rc;
    int64_t id = who.visitor_id;
    out->signed_in = who.account;
    if (who.account)
        rc = account_load(db, id, r->arena, &out->account, why);
    if (rc == ERR_OK)
        rc = visitor_count(db, id, &most, why);
    if (rc == ERR_OK)
        rc = read_tests(db, id, (size_t)most.tests, r->arena, out, why);
    if (rc == ERR_OK)
        rc = visitor_like_list(db, id, (size_t)most.likes, r->arena, &out->likes, &out->n_likes, why);
    if (rc == ERR_OK)
        rc = visitor_vote_list(db, id, (size_t)most.votes, r->arena, &out->votes, &out->n_votes, why);
    if (rc == ERR_OK)
        rc = visitor_session_list(db, id, (size_t)most.sessions, r->arena, &out->sessions, &out->n_sessions,
                                  why);
    if (rc == ERR_OK)
        rc = visitor_event_list(db, id, r->arena, &out->events, &out->n_events, why);
    return rc;
}

enum err own_export(struct db *db, const struct session *session, struct arena *a, struct own_everything *out,
                    struct fail *why)
{
    struct reading r = {session, a, out};
    return db_transaction(db, export_work, &r, why);
}

static enum err delete_work(struct db *db, void *arg, struct fail *why)
{
    const int64_t *visitor_id = arg;
    enum err rc = visitor_lock(db, *visitor_id, why);
    if (rc == ERR_OK)
        rc = repeat_forget(db, *visitor_id, why);
    return rc == ERR_OK ? visitor_delete(db, *visitor_id, why) : rc;
}

enum err own_delete(struct db *db, struct session *session, struct fail *why)
{
    struct visitor_session who;
    enum err rc = visit_who(db, session, &who, why);
    if (rc == ERR_OK && who.account)
        rc = visit_account(db, session, true, &who, why);
    if (rc == ERR_OK)
        rc = db_transaction(db, delete_work, &who.visitor_id, why);
    if (rc == ERR_OK)
        session_end(session);
    return rc;
}

struct unlinking {
    int64_t visitor_id, session_id; /* session_id: stays; 0: none does */
    const char *provider;
    bool last;
    const char *issuer, *subject; /* own_cut: who */
    struct arena *arena;
};

/* The account's row is locked, so of two that take the last two ways at once one is refused. */
static enum err take_away(struct db *db, struct unlinking *u, struct fail *why)
{
    struct account account;
    enum err rc = visitor_lock(db, u->visitor_id, why);
    if (rc == ERR_OK)
        rc = account_load(db, u->visitor_id, u->arena, &account, why);
    if (rc != ERR_OK)
        return rc;
    u->last = account.n == 1 && strcmp(account.identities[0].provider, u->provider) == 0;
    if (u->last)
        return ERR_OK;
    rc = account_identity_remove(db, u->visitor_id, u->provider, why);
    return rc == ERR_OK ? visitor_session_end_of(db, u->visitor_id, u->provider, u->session_id, why) : rc;
}

static enum err unlink_work(struct db *db, void *arg, struct fail *why)
{
    return take_away(db, arg, why);
}

enum err own_unlink(struct db *db, const struct session *session, const char *provider, bool *last,
                    struct fail *why)
{
    struct visitor_session who;
    struct arena a = {0};
    *last = false;
    enum err rc = visit_account(db, session, true, &who, why);
    if (rc != ERR_OK)
        return rc;
    struct unlinking u = {
        .visitor_id = who.visitor_id, .session_id = who.session_id, .provider = provider, .arena = &a};
    rc = db_transaction(db, unlink_work, &u, why);
    arena_free(&a);
    *last = rc == ERR_OK && u.last;
    return *last ? fail_set(why, ERR_CONFLICT, "the only way to sign in") : rc;
}

static enum err cut_work(struct db *db, void *arg, struct fail *why)
{
    struct unlinking *u = arg;
    enum err rc = account_find(db, u->issuer, u->subject, &u->visitor_id, why);
    if (rc == ERR_OK)
        rc = take_away(db, u, why);
    if (rc == ERR_OK && u->last)
        rc = repeat_forget(db, u->visitor_id, why);
    return rc == ERR_OK && u->last ? visitor_delete(db, u->visitor_id, why) : rc;
}

enum err own_cut(struct db *db, const char *provider, const char *issuer, const char *subject,
                 struct fail *why)
{
    struct arena a = {0};
    struct unlinking u = {.provider = provider, .issuer = issuer, .subject = subject, .arena = &a};
    enum err rc = db_transaction(db, cut_work, &u, why);
    arena_free(&a);
    return rc;
}
