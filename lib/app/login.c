#include "app/login.h"

#include <ctype.h>
#include <string.h>

#include "app/exile.h"
#include "app/limits.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/account.h"
#include "store/login_attempt.h"
#include "store/repeat.h"
#include "store/visitor_like.h"

#define STATE_LABEL "mvti login state"
#define NONCE_LABEL "mvti login nonce"
#define VERIFIER_LABEL "mvti login verifier"
#define BROWSER_LABEL "mvti login browser"
#define ADDRESS_LABEL "mvti address"

static const struct {
    const char *name;
    int status;
} causes[LOGIN_CAUSES] = {
    [LOGIN_FINE] = {"fine", 303},         [LOGIN_DENIED] = {"denied", 403},
    [LOGIN_EXPIRED] = {"expired", 400},   [LOGIN_ELSEWHERE] = {"elsewhere", 400},
    [LOGIN_PROVIDER] = {"provider", 502}, [LOGIN_UNAVAILABLE] = {"unavailable", 503},
    [LOGIN_TAKEN] = {"taken", 409},       [LOGIN_STALE] = {"stale", 403},
    [LOGIN_LIMITED] = {"limited", 429},   [LOGIN_REQUEST] = {"request", 400},
    [LOGIN_BUSY] = {"busy", 503},         [LOGIN_YOUNG] = {"young", 403},
};

const char *login_cause_name(enum login_cause cause)
{
    return causes[cause].name;
}

int login_cause_status(enum login_cause cause)
{
    return causes[cause].status;
}

/* %2F and %5C are separators to some readers of addresses, control bytes are ends of lines to others. A %
 * that begins no escape may be part of one after the first reading: %%32f, %2f. */
static bool escape_is_harmless(const char *p)
{
    static const char *const bad[] = {"%2f", "%5c", "%25", "%7f"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (strncasecmp(p, bad[i], 3) == 0)
            return false;
    return isxdigit((unsigned char)p[1]) && isxdigit((unsigned char)p[2]) && p[1] != '0' && p[1] != '1';
}

bool login_return_valid(const char *path)
{
    size_t n = strlen(path);
    if (path[0] != '/' || path[1] == '/' || n >= LOGIN_RETURN_MAX)
        return false;
    if (strncmp(path, "/auth/", 6) == 0 || strncmp(path, "/api/", 5) == 0)
        return false; /* no page to come back to */
    for (const char *p = path; *p != '\0'; p++)
        if (*p <= ' ' || *p >= 0x7f || strchr("\\\"<>^`{|}@:", *p) != NULL || (p[0] == '/' && p[1] == '/') ||
            (*p == '%' && !escape_is_harmless(p)))
            return false;
    return true;
}

/* Under key number `which`: what was begun before a change of keys is finished with the old one. */
static void hash_text(const struct login *l, size_t which, const char *label, const char *text,
                      uint8_t out[SECRET_HASH_BYTES])
{
    keyring_hash(l->session->keys, which, label, text, strlen(text), out);
}

/* Of an error. */
static enum login_cause cause_of(enum err rc)
{
    switch (rc) {
    case ERR_NOT_FOUND:
        return LOGIN_EXPIRED;
    case ERR_LIMITED:
        return LOGIN_LIMITED;
    default:
        return LOGIN_BUSY;
    }
}

static enum login_cause cause_of_provider(enum err rc)
{
    switch (rc) {
    case ERR_OK:
        return LOGIN_FINE;
    case ERR_UNAVAILABLE:
        return LOGIN_UNAVAILABLE;
    case ERR_NOMEM: /* ours */
        return LOGIN_BUSY;
    default:
        return LOGIN_PROVIDER;
    }
}

static enum err check_rate(const struct login *l, const struct login_attempt *t, struct fail *why)
{
    const struct login_attempt_pace most = {limits_table[LIMITS_LOGINS_BROWSER].most,
                                            limits_table[LIMITS_LOGINS_NETWORK].most};
    struct login_attempt_pace wait;
    enum err rc = login_attempt_wait(l->db, t, &most, &wait, why);
    if (rc == ERR_OK)
        rc = limits_reached(LIMITS_LOGINS_BROWSER, wait.browser, why);
    return rc == ERR_OK ? limits_reached(LIMITS_LOGINS_NETWORK, wait.address, why) : rc;
}

struct derived {
    char nonce[SECRET_TOKEN_CHARS + 1], verifier[SECRET_TOKEN_CHARS + 1];
};

static void derive(const struct login *l, size_t which, const char *state, struct derived *d)
{
    keyring_token(l->session->keys, which, NONCE_LABEL, state, d->nonce);
    keyring_token(l->session->keys, which, VERIFIER_LABEL, state, d->verifier);
}

static enum err find_link(const struct login *l, struct login_attempt *t, struct fail *why)
{
    struct visitor_session who = {0};
    enum err rc = visit_account(l->db, l->session, true, &who, why);
    t->link_visitor_id = who.visitor_id;
    return rc;
}

static struct oidc_login way_of(const struct login *l, const char *state, const struct derived *d)
{
    return (struct oidc_login){.provider = l->provider,
                               .state = state,
                               .nonce = d->nonce,
                               .verifier = d->verifier,
                               .redirect_uri = l->redirect_uri,
                               .now = clock_monotonic(),
                               .utc = clock_wall()};
}

enum login_cause login_start(const struct login *l, const char *browser, const char *return_path, bool link,
                             struct buf *url, struct fail *why)
{
    struct login_attempt t = {.provider = l->provider->row->id, .return_path = return_path};
    char state[SECRET_TOKEN_CHARS + 1];
    secret_token(state, SECRET_TOKEN_BYTES);
    hash_text(l, 0, STATE_LABEL, state, t.state);
    hash_text(l, 0, BROWSER_LABEL, browser, t.browser);
    hash_text(l, 0, ADDRESS_LABEL, l->address, t.address);
    enum err rc = link ? find_link(l, &t, why) : ERR_OK;
    if (rc == ERR_DENIED || rc == ERR_CONFLICT)
        return LOGIN_STALE;
    if (rc == ERR_OK && l->limited)
        rc = check_rate(l, &t, why);
    if (rc == ERR_OK)
        rc = login_attempt_add(l->db, &t, LOGIN_SECONDS, LOGIN_TABS, why);
    if (rc != ERR_OK)
        return cause_of(rc);
    struct derived d;
    derive(l, 0, state, &d);
    const struct oidc_login way = way_of(l, state, &d);
    rc = oidc_start(l->oidc, &way, url, why);
    explicit_bzero(&d, sizeof d);
    return cause_of_provider(rc);
}

/* *which: the key that the login was begun under. */
static enum err take(const struct login *l, const char *browser, const char *state, size_t *which,
                     struct login_attempt *t, struct fail *why)
{
    enum err rc = fail_set(why, ERR_NOT_FOUND, "no such login");
    for (*which = 0; *which < l->session->keys->n && rc == ERR_NOT_FOUND; ++*which) {
        uint8_t state_hash[SECRET_HASH_BYTES], browser_hash[SECRET_HASH_BYTES];
        hash_text(l, *which, STATE_LABEL, state, state_hash);
        hash_text(l, *which, BROWSER_LABEL, browser, browser_hash);
        rc = login_attempt_take(l->db,
                                &(struct login_attempt_key){state_hash, browser_hash, l->provider->row->id},
                                l->arena, t, why);
        if (rc == ERR_OK)
            return rc;
    }
    return rc;
}

struct arrival {
    const struct login *l;
    const struct login_attempt *attempt;
    const struct oidc_identity *who;
    struct session before; /* what the browser came with: the transaction may run more than once */
    int64_t visitor_id;
    bool taken, stale;
};

/* The account gets the identity, and the ban that goes with it. */
static enum err add_identity(struct db *db, const struct arrival *a, struct fail *why)
{
    const struct account_identity who = {
        .provider = a->l->provider->row->id, .issuer = a->who->issuer, .subject = a->who->subject};
    enum err rc = account_identity_add(db, a->visitor_id, who.provider, who.issuer, who.subject, why);
    return rc == ERR_OK ? exile_return(db, a->l->session->keys, a->visitor_id, &who, why) : rc;
}

/* The account of the identity; a new one takes over the guest, so that nothing need move. */
static enum err find_or_make(struct db *db, struct arrival *a, int64_t guest, struct fail *why)
{
    enum err rc = account_find(db, a->who->issuer, a->who->subject, &a->visitor_id, why);
    if (rc == ERR_OK)
        return account_rename(db, a->visitor_id, a->who->name, why);
    if (rc != ERR_NOT_FOUND)
        return rc;
    a->visitor_id = guest;
    rc = guest > 0 ? ERR_OK : visitor_add(db, true, GUEST_UNTIMED, &a->visitor_id, why);
    if (rc == ERR_OK)
        rc = account_add(db, a->visitor_id, a->who->name, why);
    if (rc == ERR_OK)
        rc = add_identity(db, a, why);
    return rc == ERR_CONFLICT ? fail_set(why, ERR_BUSY, "another tab was faster") : rc;
}

static enum err link_identity(struct db *db, struct arrival *a, const struct visitor_session *now,
                              struct fail *why)
{
    int64_t owner;
    a->visitor_id = a->attempt->link_visitor_id;
    if (now->visitor_id != a->attempt->link_visitor_id || !now->account || now->signed_in > SESSION_FRESH) {
        a->stale = true;
        return ERR_OK;
    }
    enum err rc = account_find(db, a->who->issuer, a->who->subject, &owner, why);
    if (rc == ERR_OK) {
        a->taken = owner != a->attempt->link_visitor_id;
        return ERR_OK;
    }
    if (rc == ERR_NOT_FOUND)
        rc = add_identity(db, a, why);
    if (rc == ERR_CONFLICT) /* the account has another identity of this provider */
        a->taken = true;
    return rc == ERR_CONFLICT ? ERR_OK : rc;
}

/* Everything that a login changes, or nothing. The guest's row is locked first, so of two tabs that come back
 * at once the second finds a guest that is gone. */
static enum err arrive_work(struct db *db, void *arg, struct fail *why)
{
    struct arrival *a = arg;
    struct session *session = a->l->session;
    struct visitor_session now = {0};
    *session = a->before;
    a->taken = a->stale = false;
    enum err rc = visit_who(db, session, &now, why);
    if (rc == ERR_OK)
        rc = visitor_lock(db, now.visitor_id, why);
    if (rc == ERR_NOT_FOUND) {
        now = (struct visitor_session){0};
        rc = ERR_OK;
    }
    int64_t guest = now.account ? 0 : now.visitor_id, session_id = 0;
    if (rc == ERR_OK)
        rc = a->attempt->link_visitor_id > 0 ? link_identity(db, a, &now, why)
                                             : find_or_make(db, a, guest, why);
    if (rc != ERR_OK || a->taken || a->stale)
        return rc;
    if (now.session_id > 0)
        rc = visitor_session_end(db, now.visitor_id, now.session_id, why);
    if (rc == ERR_NOT_FOUND) /* another tab has ended it */
        rc = ERR_OK;
    if (rc == ERR_OK && guest > 0 && guest != a->visitor_id)
        rc = visitor_merge(db, guest, a->visitor_id, why);
    if (rc == ERR_OK && guest > 0 && guest != a->visitor_id)
        rc = repeat_move(db, guest, a->visitor_id, why);
    if (rc == ERR_OK && guest > 0)
        rc = visitor_like_settle(db, a->visitor_id, why);
    if (rc == ERR_OK)
        rc = visit_grown(db, session, a->visitor_id, why);
    if (rc == ERR_OK)
        rc = visit_begin(db, session, a->visitor_id, a->l->provider->row->id, &session_id, why);
    return rc == ERR_OK ? login_attempt_finish(db, a->attempt->state, causes[LOGIN_FINE].name, a->visitor_id,
                                               session_id, why)
                        : rc;
}

static enum login_cause arrive(const struct login *l, const struct oidc_identity *who,
                               const struct login_attempt *t, struct fail *why)
{
    struct arrival a = {.l = l, .attempt = t, .who = who, .before = *l->session};
    /* Two first logins of one person at once meet at the unique key: the second looks again. */
    enum err rc = ERR_BUSY;
    for (int i = 0; i < 3 && rc == ERR_BUSY; i++)
        rc = db_transaction(l->db, arrive_work, &a, why);
    session_forget(&a.before);
    if (rc != ERR_OK)
        session_end(l->session);
    else if (!a.taken && !a.stale)
        log_event(LOG_INFO, t->link_visitor_id > 0 ? "login.link" : "login.success", "%s",
                  l->provider->row->id);
    return rc != ERR_OK ? LOGIN_BUSY : a.taken ? LOGIN_TAKEN : a.stale ? LOGIN_STALE : LOGIN_FINE;
}

/* So that a callback that comes again hears the same. Where it cannot be stored, it hears that it is over. */
static enum login_cause settle(const struct login *l, const struct login_attempt *t, enum login_cause cause)
{
    struct fail unsaid = {0};
    if (cause != LOGIN_FINE &&
        login_attempt_finish(l->db, t->state, causes[cause].name, t->link_visitor_id, 0, &unsaid) != ERR_OK)
        log_event(LOG_WARNING, "login.unsettled", "the outcome of a login could not be stored: %s",
                  unsaid.text);
    return cause;
}

static enum login_cause cause_named(const char *name)
{
    for (size_t i = 0; i < LOGIN_CAUSES; i++)
        if (strcmp(causes[i].name, name) == 0)
            return (enum login_cause)i;
    return LOGIN_EXPIRED;
}

static enum err look(const struct login *l, const char *browser, const char *state,
                     struct login_attempt_end *end, struct fail *why)
{
    enum err rc = ERR_NOT_FOUND;
    for (size_t which = 0; which < l->session->keys->n && rc == ERR_NOT_FOUND; which++) {
        uint8_t state_hash[SECRET_HASH_BYTES], browser_hash[SECRET_HASH_BYTES];
        hash_text(l, which, STATE_LABEL, state, state_hash);
        hash_text(l, which, BROWSER_LABEL, browser, browser_hash);
        rc = login_attempt_look(l->db,
                                &(struct login_attempt_key){state_hash, browser_hash, l->provider->row->id},
                                l->arena, end, why);
    }
    return rc;
}

static bool under_way(const struct login_attempt_end *end)
{
    return end->same_browser && end->outcome[0] == '\0' && end->seconds >= 0 &&
           end->seconds <= LOGIN_EXCHANGE_SECONDS;
}

/* Whether the browser that asks is the one that the login has signed in: it has a session of that account, or
 * it asked before the first answer could bring one. */
static enum login_cause still_signed_in(const struct login *l, const struct login_attempt_end *end,
                                        struct fail *why)
{
    struct visitor_session who = {0};
    enum err rc = visit_who(l->db, l->session, &who, why);
    if (rc != ERR_OK && rc != ERR_NOT_FOUND)
        return LOGIN_BUSY;
    bool same = who.account ? who.visitor_id == end->visitor_id
                            : end->session_lives && end->seconds <= LOGIN_ECHO_SECONDS;
    if (same)
        return LOGIN_FINE;
    fail_set(why, ERR_NOT_FOUND, "its session has ended, or another has started");
    return LOGIN_EXPIRED;
}

/* A callback that found nothing to take: used already, of another browser, or never begun. */
static enum login_cause again(const struct login *l, const char *browser, const char *state,
                              const char **return_path, struct fail *why)
{
    struct login_attempt_end end = {0};
    double until = clock_monotonic() + LOGIN_WAIT_SECONDS;
    enum err rc = look(l, browser, state, &end, why);
    for (; rc == ERR_OK && under_way(&end); rc = look(l, browser, state, &end, why)) {
        if (clock_monotonic() >= until) {
            fail_set(why, ERR_BUSY, "the same callback is still being processed");
            return LOGIN_UNAVAILABLE;
        }
        clock_pause(0.1);
    }
    if (rc != ERR_OK)
        return cause_of(rc);
    if (!end.same_browser && end.in_time) {
        fail_set(why, ERR_NOT_FOUND, "it was started in another browser");
        return LOGIN_ELSEWHERE;
    }
    fail_set(why, ERR_NOT_FOUND, "it has been used or has expired");
    if (!end.same_browser || end.outcome[0] == '\0' || end.seconds > LOGIN_AGAIN_SECONDS)
        return LOGIN_EXPIRED;
    *return_path = end.return_path;
    enum login_cause cause = cause_named(end.outcome);
    return cause == LOGIN_FINE ? still_signed_in(l, &end, why) : cause;
}

static enum login_cause exchange(const struct login *l, size_t which, const char *state, const char *code,
                                 const struct login_attempt *t, struct fail *why)
{
    struct oidc_identity who;
    struct derived d;
    derive(l, which, state, &d);
    const struct oidc_login way = way_of(l, state, &d);
    enum err rc = oidc_finish(l->oidc, &way, code, &who, why);
    explicit_bzero(&d, sizeof d);
    return rc == ERR_OK ? arrive(l, &who, t, why) : cause_of_provider(rc);
}

enum login_cause login_finish(const struct login *l, const char *browser, const char *state, const char *code,
                              const char **return_path, struct fail *why)
{
    struct login_attempt t;
    size_t which;
    enum err rc = take(l, browser, state, &which, &t, why);
    if (rc == ERR_NOT_FOUND)
        return again(l, browser, state, return_path, why);
    if (rc != ERR_OK)
        return cause_of(rc);
    *return_path = t.return_path;
    return settle(l, &t, exchange(l, which, state, code, &t, why));
}

enum login_cause login_refused(const struct login *l, const char *browser, const char *state,
                               enum login_cause cause, struct fail *why)
{
    struct login_attempt t;
    size_t which;
    const char *nowhere;
    enum err rc = take(l, browser, state, &which, &t, why);
    if (rc == ERR_OK)
        return settle(l, &t, cause);
    cause = rc == ERR_NOT_FOUND ? again(l, browser, state, &nowhere, why) : cause_of(rc);
    return cause == LOGIN_FINE ? LOGIN_EXPIRED : cause;
}

enum err login_who(struct db *db, const struct session *session, struct arena *a, struct login_person *out,
                   struct fail *why)
{
    *out = (struct login_person){.profile = {.name = "", .locale = ""}};
    struct visitor_session *who = &out->who;
    enum err rc = visit_who(db, session, who, why);
    if (rc == ERR_OK)
        rc = visit_touch(db, session, who, why);
    if (rc == ERR_OK)
        rc = visitor_count(db, who->visitor_id, &out->counts, why);
    if (rc == ERR_OK)
        rc = visitor_profile_load(db, who->visitor_id, a, &out->profile, why);
    return rc == ERR_OK && who->account ? account_load(db, who->visitor_id, a, &out->account, why) : rc;
}

enum err login_end(struct db *db, struct session *session, bool everywhere, struct fail *why)
{
    struct visitor_session who;
    enum err rc = visit_who(db, session, &who, why);
    if (rc == ERR_OK)
        rc = everywhere && who.account ? visitor_session_end_all(db, who.visitor_id, NULL, why)
                                       : visitor_session_end(db, who.visitor_id, who.session_id, why);
    if (rc != ERR_OK && rc != ERR_NOT_FOUND)
        return rc;
    session_end(session);
    return ERR_OK;
}

enum err login_sessions(struct db *db, const struct session *session, struct arena *a,
                        struct login_living *out, struct fail *why)
{
    struct visitor_session who = {0};
    enum err rc = visit_account(db, session, false, &who, why);
    *out = (struct login_living){.sessions = {.most = LOGIN_SESSIONS_MOST}, .mine = who.session_id};
    return rc == ERR_OK ? visitor_session_list(db, who.visitor_id, &out->sessions, a, why) : rc;
}

enum err login_session_end(struct db *db, struct session *session, int64_t session_id, struct fail *why)
{
    struct visitor_session who;
    enum err rc = visit_account(db, session, false, &who, why);
    if (rc == ERR_OK)
        rc = visitor_session_end(db, who.visitor_id, session_id, why);
    if (rc == ERR_OK && session_id == who.session_id)
        session_end(session);
    if (rc == ERR_OK)
        log_event(LOG_INFO, "session.ended", "%s",
                  session_id == who.session_id ? "this session" : "another session");
    return rc;
}
