#include "app/own.h"

#include <string.h>

#include "app/exile.h"
#include "app/limits.h"
#include "base/name.h"
#include "store/outbox.h"

/* Things of one piece. */
enum { TESTS = 20, REACTIONS = 500, EVENTS = 500 };

struct reading {
    struct db *db;
    int64_t visitor_id;
    const struct own_reader *reader;
    struct arena arena; /* of one piece */
    struct own_piece piece;
    int64_t test; /* where the next piece begins: after these */
    struct visitor_like like;
    struct visitor_vote vote;
    int64_t mark;
    struct visitor_event event;
    struct fail *why;
};

static enum err read_tests(struct reading *r)
{
    struct visitor_quizzes tests = {.before = r->test, .most = TESTS};
    struct own_piece *p = &r->piece;
    enum err rc = visitor_quiz_list(r->db, r->visitor_id, &tests, &r->arena, r->why);
    p->tests = tests.items;
    p->n = tests.n;
    struct circle_summaries *circles = arena_array(&r->arena, p->n + 1, sizeof *circles);
    p->circles = circles;
    if (rc == ERR_OK && circles == NULL)
        rc = fail_set(r->why, ERR_NOMEM, "out of memory");
    for (size_t i = 0; i < p->n && rc == ERR_OK; i++) {
        rc = visitor_quiz_complete(r->db, &r->arena, &tests.items[i], r->why);
        if (rc == ERR_OK)
            rc = circle_of_test(r->db, tests.items[i].test_id, &r->arena, &circles[i], r->why);
    }
    p->last = p->n < TESTS;
    if (rc == ERR_OK && p->n > 0)
        r->test = p->tests[p->n - 1].test_id;
    return rc;
}

static enum err read_likes(struct reading *r)
{
    struct visitor_likes likes = {.after = r->piece.first ? NULL : &r->like, .most = REACTIONS};
    struct own_piece *p = &r->piece;
    enum err rc = visitor_like_list(r->db, r->visitor_id, &likes, &r->arena, r->why);
    p->likes = likes.items;
    p->n = likes.n;
    p->last = p->n < REACTIONS;
    if (rc == ERR_OK && p->n > 0)
        r->like = p->likes[p->n - 1];
    return rc;
}

static enum err read_votes(struct reading *r)
{
    struct visitor_votes votes = {.after = r->piece.first ? NULL : &r->vote, .most = REACTIONS};
    struct own_piece *p = &r->piece;
    enum err rc = visitor_vote_list(r->db, r->visitor_id, &votes, &r->arena, r->why);
    p->votes = votes.items;
    p->n = votes.n;
    p->last = p->n < REACTIONS;
    if (rc == ERR_OK && p->n > 0)
        r->vote = p->votes[p->n - 1];
    return rc;
}

static enum err read_marks(struct reading *r)
{
    struct visitor_marks marks = {.before = r->mark, .most = REACTIONS};
    struct own_piece *p = &r->piece;
    enum err rc = visitor_mark_list(r->db, r->visitor_id, &marks, &r->arena, r->why);
    if (rc != ERR_OK)
        return rc;
    p->marks = marks.items;
    p->n = marks.n;
    p->last = p->n < REACTIONS;
    if (p->n > 0)
        r->mark = marks.items[p->n - 1].mark_id;
    return ERR_OK;
}

static enum err read_sessions(struct reading *r)
{
    struct visitor_sessions sessions = {.most = VISITOR_SESSIONS_MOST};
    enum err rc = visitor_session_list(r->db, r->visitor_id, &sessions, &r->arena, r->why);
    r->piece.sessions = sessions.items;
    r->piece.n = sessions.n;
    r->piece.last = true;
    return rc;
}

static enum err read_first_visit(struct reading *r)
{
    struct first_visit *v = arena_alloc(&r->arena, sizeof *v);
    if (v == NULL)
        return fail_set(r->why, ERR_NOMEM, "out of memory");
    enum err rc = first_visit_load(r->db, r->visitor_id, &r->arena, v, r->why);
    r->piece.n = rc == ERR_OK;
    r->piece.first_visit = v;
    r->piece.last = true;
    return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

static enum err read_experiments(struct reading *r)
{
    struct experiment_tale told;
    enum err rc = experiment_exposure_tell(r->db, r->visitor_id, &r->arena, &told, r->why);
    r->piece.experiments = told.items;
    r->piece.n = told.n;
    r->piece.last = true;
    return rc;
}

static enum err read_events(struct reading *r)
{
    struct visitor_events events = {.after = r->piece.first ? NULL : &r->event, .most = EVENTS};
    struct own_piece *p = &r->piece;
    enum err rc = visitor_event_list(r->db, r->visitor_id, &events, &r->arena, r->why);
    p->events = events.items;
    p->n = events.n;
    p->last = p->n < EVENTS;
    if (rc == ERR_OK && p->n > 0)
        r->event = p->events[p->n - 1];
    return rc;
}

static enum err read_section(struct reading *r, enum own_section section)
{
    static enum err (*const readers[OWN_SECTIONS])(struct reading *) = {
        read_tests,    read_likes,       read_votes,       read_marks,
        read_sessions, read_first_visit, read_experiments, read_events};
    enum err rc = ERR_OK;
    r->piece = (struct own_piece){.section = section};
    for (bool first = true; rc == ERR_OK && !r->piece.last; first = false) {
        arena_reset(&r->arena);
        r->piece = (struct own_piece){.section = section, .first = first};
        rc = readers[section](r);
        if (rc == ERR_OK)
            rc = r->reader->piece(r->reader->arg, &r->piece);
    }
    return rc;
}

static enum err read_all(struct reading *r, const struct session *session)
{
    struct visitor_session who;
    struct visitor_profile profile;
    struct account account;
    enum err rc = visit_who(r->db, session, &who, r->why);
    r->visitor_id = who.visitor_id;
    if (rc == ERR_OK && who.account)
        rc = account_load(r->db, who.visitor_id, &r->arena, &account, r->why);
    if (rc == ERR_OK)
        rc = visitor_profile_load(r->db, who.visitor_id, &r->arena, &profile, r->why);
    if (rc == ERR_OK)
        rc = r->reader->begin(r->reader->arg, who.account ? &account : NULL, &profile);
    for (int s = 0; rc == ERR_OK && s < OWN_SECTIONS; s++)
        rc = read_section(r, (enum own_section)s);
    return rc;
}

/* In one transaction, which sees one state of the database. What has been given cannot be taken back, so it
 * is not run a second time. */
enum err own_export(struct db *db, const struct session *session, const struct own_reader *reader,
                    struct fail *why)
{
    struct reading r = {.db = db, .reader = reader, .why = why};
    enum err rc = db_begin(db, why);
    if (rc == ERR_OK)
        rc = read_all(&r, session);
    db_rollback(db); /* nothing was written */
    arena_free(&r.arena);
    return rc;
}

struct saying {
    struct visit_write write;
    struct buf name;
    const struct own_words *words;
    struct arena *arena;
    struct visitor_profile *out;
};

static enum err say_work(struct db *db, void *arg, struct fail *why)
{
    struct saying *s = arg;
    int64_t visitor_id;
    enum err rc = visit_claim(db, &s->write, &visitor_id, why);
    if (rc == ERR_OK)
        rc = visitor_profile_put(db, visitor_id, s->words->name != NULL ? buf_str(&s->name) : NULL,
                                 s->words->locale, why);
    return rc == ERR_OK ? visitor_profile_load(db, visitor_id, s->arena, s->out, why) : rc;
}

enum err own_say(struct db *db, struct session *session, const struct own_words *words, struct arena *a,
                 struct visitor_profile *out, struct fail *why)
{
    struct saying s = {.write = {.session = session}, .words = words, .arena = a, .out = out};
    enum err rc = ERR_OK;
    if (words->name != NULL)
        rc = name_clean(&s.name, words->name, strlen(words->name), VISITOR_PROFILE_NAME);
    if (rc == ERR_OK)
        rc = visit_enter(db, session, &s.write.known, why);
    if (rc == ERR_OK && words->limited && s.write.known != 0)
        rc = limits_check(db, LIMITS_REACTIONS, s.write.known, 1, why);
    if (rc == ERR_OK)
        rc = db_transaction(db, say_work, &s, why);
    buf_free(&s.name);
    return rc;
}

enum err own_withdraw(struct db *db, const struct session *session, struct fail *why)
{
    int64_t visitor_id;
    enum err rc = visit_known(db, session, &visitor_id, why);
    return rc == ERR_OK ? outbox_withdraw(db, visitor_id, why) : rc;
}

struct deleting {
    int64_t visitor_id;
    const struct keyring *keys;
};

/* What a login moves into the account meanwhile goes with it. */
static enum err delete_work(struct db *db, void *arg, struct fail *why)
{
    const struct deleting *d = arg;
    enum err rc = visitor_lock(db, d->visitor_id, why);
    if (rc == ERR_OK)
        rc = account_lock(db, d->visitor_id, why);
    if (rc == ERR_OK)
        rc = exile_keep(db, d->keys, d->visitor_id, why);
    return rc == ERR_OK ? visitor_delete(db, d->visitor_id, why) : rc;
}

enum err own_delete(struct db *db, struct session *session, struct fail *why)
{
    struct visitor_session who;
    enum err rc = visit_who(db, session, &who, why);
    if (rc == ERR_OK && who.account)
        rc = visit_account(db, session, true, &who, why);
    if (rc == ERR_OK)
        rc = db_transaction(db, delete_work, &(struct deleting){who.visitor_id, session->keys}, why);
    if (rc == ERR_OK)
        session_end(session);
    return rc;
}

struct unlinking {
    int64_t visitor_id, session_id; /* session_id: stays; 0: none does */
    const char *provider;
    bool last;
    const struct account_identity *who; /* own_cut: at the provider */
    const struct keyring *keys;
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
    for (size_t i = 0; rc == ERR_OK && i < account.n; i++)
        if (strcmp(account.identities[i].provider, u->provider) == 0)
            rc = exile_keep_one(db, u->keys, u->visitor_id, &account.identities[i], why);
    if (rc == ERR_OK)
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
    struct unlinking u = {.visitor_id = who.visitor_id,
                          .session_id = who.session_id,
                          .provider = provider,
                          .keys = session->keys,
                          .arena = &a};
    rc = db_transaction(db, unlink_work, &u, why);
    arena_free(&a);
    *last = rc == ERR_OK && u.last;
    return *last ? fail_set(why, ERR_CONFLICT, "the only way to sign in") : rc;
}

static enum err cut_work(struct db *db, void *arg, struct fail *why)
{
    struct unlinking *u = arg;
    enum err rc = account_find(db, u->who->issuer, u->who->subject, &u->visitor_id, why);
    if (rc == ERR_OK)
        rc = take_away(db, u, why);
    if (rc == ERR_OK && u->last)
        rc = exile_keep(db, u->keys, u->visitor_id, why);
    return rc == ERR_OK && u->last ? visitor_delete(db, u->visitor_id, why) : rc;
}

enum err own_cut(struct db *db, const struct keyring *keys, const struct account_identity *who,
                 struct fail *why)
{
    struct arena a = {0};
    struct unlinking u = {.provider = who->provider, .who = who, .keys = keys, .arena = &a};
    enum err rc = db_transaction(db, cut_work, &u, why);
    arena_free(&a);
    return rc;
}
