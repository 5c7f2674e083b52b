#include "app/visit.h"

#include <string.h>

#include "app/limits.h"
#include "auth/ticket.h"
#include "store/arrival.h"
#include "store/visitor_profile.h"

#define NETWORK_LABEL "mvti network"

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

/* `begun` has visitor and provider. The token is one that a repeated request gets again, or NULL. */
static enum err begin(struct db *db, struct session *session, struct visitor_session_new begun,
                      const char *token, int64_t *session_id, struct fail *why)
{
    bool guest = begun.provider == NULL;
    char client[SESSION_CLIENT_CHARS + 1];
    begun.idle = guest ? SESSION_GUEST_IDLE : SESSION_IDLE;
    begun.whole = guest ? SESSION_GUEST_WHOLE : SESSION_WHOLE;
    begun.client = client;
    session_client_name(session->user_agent != NULL ? session->user_agent : "", client);
    if (token != NULL)
        session_restore(session, token, begun.whole);
    else
        session_renew(session, begun.whole);
    begun.hash = session->hash[0];
    return visitor_session_add(db, &begun, session_id, why);
}

enum err visit_begin(struct db *db, struct session *session, int64_t visitor_id, const char *provider,
                     int64_t *session_id, struct fail *why)
{
    return begin(db, session, (struct visitor_session_new){.visitor_id = visitor_id, .provider = provider},
                 NULL, session_id, why);
}

enum err visit_hold(struct db *db, int64_t visitor_id, struct fail *why)
{
    enum err rc = visitor_hold(db, visitor_id, why);
    return rc == ERR_NOT_FOUND
               ? fail_set(why, ERR_UNAVAILABLE, "the visitor has just been merged into another")
               : rc;
}

enum err visit_hold_alone(struct db *db, int64_t visitor_id, struct fail *why)
{
    enum err rc = visitor_lock(db, visitor_id, why);
    return rc == ERR_OK || rc == ERR_NOT_FOUND ? visit_hold(db, visitor_id, why) : rc;
}

static void hash_network(const struct session *session, uint8_t out[SECRET_HASH_BYTES])
{
    const char *network = session->entry.network != NULL ? session->entry.network : "";
    keyring_hash(session->keys, 0, NETWORK_LABEL, network, strlen(network), out);
}

/* Whether those who are counted under a hash may be one more. */
static enum err may_be_more(struct db *db, enum limits_of limit, const uint8_t hash[SECRET_HASH_BYTES],
                            struct fail *why)
{
    int64_t wait;
    enum err rc = arrival_wait(db, hash, limits_table[limit].most, limits_table[limit].seconds, &wait, why);
    return rc == ERR_OK ? limits_reached(limit, wait, why) : rc;
}

/* Whether a guest may be made of who asks. Who comes by a ticket has computed nothing, so their network makes few. */
static enum err may_enter(struct db *db, const struct session *session, struct fail *why)
{
    const struct guest_entry *e = &session->entry;
    uint8_t hash[SECRET_HASH_BYTES];
    bool proves = e->ticket == NULL && e->work > 0;
    enum err rc = proves ? guest_proof_check(session->keys, e->now, e->proof, hash, why) : ERR_OK;
    hash_network(session, hash);
    if (rc == ERR_OK && e->limited)
        rc = may_be_more(db, LIMITS_GUESTS, hash, why);
    guest_forms(session->keys, e, hash);
    if (rc == ERR_OK && e->limited && e->ticket != NULL)
        rc = may_be_more(db, LIMITS_FORMS, hash, why);
    return rc;
}

enum err visit_enter(struct db *db, struct session *session, int64_t *visitor_id, struct fail *why)
{
    struct visitor_session who;
    enum err rc = visit_who(db, session, &who, why);
    *visitor_id = rc == ERR_OK ? who.visitor_id : 0;
    if (rc == ERR_OK && !who.grown)
        rc = visit_grown(db, session, who.visitor_id, why);
    if (rc == ERR_OK)
        return visit_touch(db, session, &who, why);
    return rc == ERR_NOT_FOUND ? may_enter(db, session, why) : rc;
}

enum err visit_grown(struct db *db, const struct session *session, int64_t visitor_id, struct fail *why)
{
    return session->age == SESSION_OVER_14 ? visitor_profile_grown(db, visitor_id, why) : ERR_OK;
}

/* One more of those who come without a proof: a row of its own, which nothing can use up. */
static enum err arrive_by_form(struct db *db, const struct session *session, struct fail *why)
{
    uint8_t row[SECRET_HASH_BYTES], forms[SECRET_HASH_BYTES];
    secret_random(row, sizeof row);
    guest_forms(session->keys, &session->entry, forms);
    return arrival_add(db, row, forms, why);
}

/* The proof or the ticket is used up, and the network has one guest more. */
static enum err arrive(struct db *db, const struct session *session, const uint8_t network[SECRET_HASH_BYTES],
                       struct fail *why)
{
    const struct guest_entry *e = &session->entry;
    uint8_t proof[SECRET_HASH_BYTES];
    enum err rc = ERR_OK;
    if (e->ticket != NULL)
        ticket_used(session, e->ticket, proof);
    else if (e->work > 0)
        rc = guest_proof_check(session->keys, e->now, e->proof, proof, why);
    else
        secret_random(proof, sizeof proof);
    if (rc == ERR_OK)
        rc = arrival_add(db, proof, network, why);
    if (rc == ERR_OK && e->ticket != NULL)
        rc = arrive_by_form(db, session, why);
    return rc == ERR_CONFLICT ? fail_set(why, ERR_UNPROVEN, "was used already") : rc;
}

static enum err make_guest(struct db *db, const struct visit_write *w, int64_t *visitor_id, struct fail *why)
{
    uint8_t network[SECRET_HASH_BYTES];
    char token[SECRET_TOKEN_CHARS + 1];
    int64_t session_id;
    bool counted, keyed = w->once != NULL && w->once->key != NULL;
    hash_network(w->session, network);
    enum err rc = arrival_today(db, network, w->session->entry.counted, &counted, why);
    if (rc == ERR_OK)
        rc = visitor_add(db, counted, guest_entered(&w->session->entry), visitor_id, why);
    if (rc == ERR_OK)
        rc = visit_grown(db, w->session, *visitor_id, why);
    /* Before the proof: of two requests with the same key and the same proof the second is a repetition. */
    if (rc == ERR_OK)
        rc = once_put(db, w->session, w->once, &(struct once_done){*visitor_id, true, w->result}, why);
    if (rc == ERR_OK)
        rc = arrive(db, w->session, network, why);
    if (rc == ERR_OK && keyed)
        once_session(w->session, w->once, 0, token);
    if (rc == ERR_OK)
        rc = begin(db, w->session, (struct visitor_session_new){.visitor_id = *visitor_id},
                   keyed ? token : NULL, &session_id, why);
    explicit_bzero(token, sizeof token);
    return rc;
}

enum err visit_claim(struct db *db, const struct visit_write *w, int64_t *visitor_id, struct fail *why)
{
    if (w->known == 0)
        return make_guest(db, w, visitor_id, why);
    *visitor_id = w->known;
    enum err rc = visit_hold(db, w->known, why);
    return rc == ERR_OK
               ? once_put(db, w->session, w->once, &(struct once_done){w->known, false, w->result}, why)
               : rc;
}

enum err visit_transaction(struct db *db, const struct visit_write *w, db_work_fn *work, void *arg,
                           struct fail *why)
{
    bool keyed = w->once != NULL && w->once->key != NULL, known = w->known != 0;
    return (keyed || (w->idempotent && known) ? db_transaction_once : db_transaction)(db, work, arg, why);
}
