#include "app/visit.h"

enum err visit_who(struct db *db, const struct session *session, struct visitor_session *out,
                   struct fail *why)
{
    if (!session->present || session->fresh)
        return fail_set(why, ERR_NOT_FOUND, "no session");
    return visitor_session_find(db, session->hash[0], session->hash[KEYRING_MOST - 1], out, why);
}

enum err visit_account(struct db *db, const struct session *session, bool fresh, struct visitor_session *out,
                       struct fail *why)
{
    enum err rc = visit_who(db, session, out, why);
    if (rc == ERR_NOT_FOUND || (rc == ERR_OK && !out->account))
        return fail_set(why, ERR_DENIED, "sign in first");
    if (rc == ERR_OK && fresh && out->signed_in > SESSION_FRESH)
        return fail_set(why, ERR_CONFLICT, "sign in again first");
    return rc;
}

enum err visit_known(struct db *db, const struct session *session, int64_t *visitor_id, struct fail *why)
{
    struct visitor_session who;
    enum err rc = visit_who(db, session, &who, why);
    *visitor_id = rc == ERR_OK ? who.visitor_id : 0;
    return rc;
}

enum err visit_touch(struct db *db, const struct session *session, const struct visitor_session *who,
                     struct fail *why)
{
    enum err rc = who->old_key ? visitor_session_rehash(db, who->session_id, session->hash[0], why) : ERR_OK;
    if (rc != ERR_OK || !who->unseen)
        return rc;
    return visitor_session_touch(db, who->session_id, who->account ? SESSION_IDLE : SESSION_GUEST_IDLE, why);
}

enum err visit_begin(struct db *db, struct session *session, int64_t visitor_id, const char *provider,
                     struct fail *why)
{
    bool guest = provider == NULL;
    long idle = guest ? SESSION_GUEST_IDLE : SESSION_IDLE,
         whole = guest ? SESSION_GUEST_WHOLE : SESSION_WHOLE;
    char client[SESSION_CLIENT_CHARS + 1];
    session_client_name(session->user_agent != NULL ? session->user_agent : "", client);
    session_renew(session, whole);
    return visitor_session_add(db, visitor_id, session->hash[0], idle, whole, provider, client, why);
}

enum err visit_hold(struct db *db, int64_t visitor_id, struct fail *why)
{
    enum err rc = visitor_hold(db, visitor_id, why);
    return rc == ERR_NOT_FOUND ? fail_set(why, ERR_UNAVAILABLE, "the visitor has just become another one")
                               : rc;
}

struct opening {
    struct session *session;
    int64_t visitor_id;
};

static enum err open_work(struct db *db, void *arg, struct fail *why)
{
    struct opening *o = arg;
    enum err rc = visitor_add(db, &o->visitor_id, why);
    return rc == ERR_OK ? visit_begin(db, o->session, o->visitor_id, NULL, why) : rc;
}

enum err visit_open(struct db *db, struct session *session, int64_t *visitor_id, struct fail *why)
{
    struct visitor_session who;
    enum err rc = visit_who(db, session, &who, why);
    if (rc == ERR_OK) {
        *visitor_id = who.visitor_id;
        return visit_touch(db, session, &who, why);
    }
    if (rc != ERR_NOT_FOUND)
        return rc;
    struct opening o = {.session = session};
    rc = db_transaction(db, open_work, &o, why);
    *visitor_id = o.visitor_id;
    return rc;
}
