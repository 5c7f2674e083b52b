#include "app/react.h"

#include <string.h>

#include "app/limits.h"
#include "store/pace.h"
#include "store/visitor_quiz.h"

static const char *const kinds[] = {"impression", "click", "share"};
static const char *const lists[] = {"same", "compatible", "ranking", "popular", "film", "similar"};

static bool is_one_of(const char *const *words, size_t n, const char *s)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(words[i], s) == 0)
            return true;
    return false;
}

bool react_kind_known(const char *kind)
{
    return is_one_of(kinds, sizeof kinds / sizeof *kinds, kind);
}

bool react_list_known(const char *list)
{
    return is_one_of(lists, sizeof lists / sizeof *lists, list);
}

/* Whether n more fit, all or none. */
static enum err check_rate(struct db *db, int64_t visitor_id, enum pace_kind kind, size_t n, struct fail *why)
{
    enum limits_of limit = kind == PACE_EVENTS ? LIMITS_EVENTS : LIMITS_REACTIONS;
    const struct limits_row *l = &limits_table[limit];
    int64_t wait;
    enum err rc = pace_wait(db, kind, visitor_id, (int64_t)n, l->most, l->seconds, &wait, why);
    return rc == ERR_OK ? limits_reached(limit, wait, why) : rc;
}

/* Each reaction is one transaction: whoever makes it if that is a new guest, the row it is about and the
 * event that tells of it. */
struct liking {
    struct visit_write write;
    int32_t character_id;
    bool like;
    int64_t *likes; /* that the character has then */
};

static enum err change_like(struct db *db, const struct liking *l, int64_t visitor_id, struct fail *why)
{
    bool changed = false;
    enum err rc =
        (l->like ? visitor_like_add : visitor_like_remove)(db, visitor_id, l->character_id, &changed, why);
    if (rc != ERR_OK || !changed)
        return rc;
    struct visitor_event e = visitor_event_of(l->like ? "like" : "unlike");
    e.character_id = l->character_id;
    return visitor_event_store(db, visitor_id, &e, 1, why);
}

/* Counts before the commit, so that whoever is told of a failure has changed nothing. */
static enum err like_work(struct db *db, void *arg, struct fail *why)
{
    const struct liking *l = arg;
    int64_t visitor_id;
    bool liked;
    enum err rc = visit_claim(db, &l->write, &visitor_id, why);
    if (rc == ERR_OK)
        rc = change_like(db, l, visitor_id, why);
    return rc == ERR_OK ? visitor_like_count(db, visitor_id, l->character_id, l->likes, &liked, why) : rc;
}

enum err react_like(struct db *db, struct session *session, int32_t character_id, bool like, bool limited,
                    int64_t *likes, struct fail *why)
{
    struct liking l = {
        .write = {.session = session}, .character_id = character_id, .like = like, .likes = likes};
    enum err rc = visit_enter(db, session, &l.write.known, why);
    if (rc == ERR_OK && limited && l.write.known != 0)
        rc = check_rate(db, l.write.known, PACE_REACTIONS, 1, why);
    return rc == ERR_OK ? db_transaction(db, like_work, &l, why) : rc;
}

enum err react_about(struct db *db, const struct session *session, int32_t character_id,
                     struct react_about *out, struct fail *why)
{
    int64_t visitor_id = 0;
    *out = (struct react_about){0};
    enum err rc = visit_known(db, session, &visitor_id, why);
    if (rc != ERR_OK && rc != ERR_NOT_FOUND)
        return rc;
    rc = visitor_like_count(db, visitor_id, character_id, &out->likes, &out->liked, why);
    return rc == ERR_OK ? visitor_vote_count(db, visitor_id, character_id, &out->votes, &out->mine, why) : rc;
}

enum err react_likes(struct db *db, const struct session *session, const struct visitor_like *after,
                     size_t most, struct arena *a, struct visitor_like **out, size_t *n, struct fail *why)
{
    *n = 0;
    *out = NULL;
    int64_t visitor_id;
    enum err rc = visit_known(db, session, &visitor_id, why);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    return rc == ERR_OK ? visitor_like_list(db, visitor_id, after, most, a, out, n, why) : rc;
}

struct thumb {
    int64_t visitor_id;
    const char *token, *value;
};

static enum err feedback_work(struct db *db, void *arg, struct fail *why)
{
    const struct thumb *r = arg;
    struct visitor_event e = visitor_event_of("feedback");
    enum err rc = visitor_quiz_feedback(db, r->visitor_id, r->token, r->value, why);
    if (rc == ERR_OK)
        rc = visitor_quiz_id(db, r->token, &e.test_id, why);
    return rc == ERR_OK ? visitor_event_store(db, r->visitor_id, &e, 1, why) : rc;
}

enum err react_feedback(struct db *db, const struct session *session, const char *token, const char *value,
                        bool limited, struct fail *why)
{
    struct thumb r = {.token = token, .value = value};
    enum err rc = visit_known(db, session, &r.visitor_id, why);
    if (rc == ERR_OK && limited)
        rc = check_rate(db, r.visitor_id, PACE_REACTIONS, 1, why);
    return rc == ERR_OK ? db_transaction(db, feedback_work, &r, why) : rc;
}

struct ballot {
    int64_t visitor_id;
    const struct visitor_vote *vote;
};

static enum err vote_work(struct db *db, void *arg, struct fail *why)
{
    const struct ballot *b = arg;
    bool taken_back = b->vote->mbti == MBTI_NONE;
    enum err rc = visit_hold(db, b->visitor_id, why);
    if (rc == ERR_OK)
        rc = taken_back ? visitor_vote_remove(db, b->visitor_id, b->vote->character_id, why)
                        : visitor_vote_put(db, b->visitor_id, b->vote, why);
    struct visitor_event e = visitor_event_of(taken_back ? "unvote" : "vote");
    e.character_id = b->vote->character_id;
    return rc == ERR_OK ? visitor_event_store(db, b->visitor_id, &e, 1, why) : rc;
}

enum err react_vote(struct db *db, const struct session *session, const struct visitor_vote *vote,
                    bool limited, struct consensus_votes *votes, struct fail *why)
{
    struct visitor_session who;
    struct visitor_vote mine;
    enum err rc = visit_account(db, session, false, &who, why);
    if (rc == ERR_OK && limited)
        rc = check_rate(db, who.visitor_id, PACE_REACTIONS, 1, why);
    if (rc == ERR_OK)
        rc = db_transaction(db, vote_work, &(struct ballot){who.visitor_id, vote}, why);
    return rc == ERR_OK ? visitor_vote_count(db, who.visitor_id, vote->character_id, votes, &mine, why) : rc;
}

enum err react_votes(struct db *db, const struct session *session, const struct visitor_vote *after,
                     size_t most, struct arena *a, struct visitor_vote **out, size_t *n, struct fail *why)
{
    struct visitor_session who;
    enum err rc = visit_account(db, session, false, &who, why);
    return rc == ERR_OK ? visitor_vote_list(db, who.visitor_id, after, most, a, out, n, why) : rc;
}

struct batch {
    struct visit_write write;
    struct visitor_event *events;
    size_t n;
};

static enum err events_work(struct db *db, void *arg, struct fail *why)
{
    const struct batch *b = arg;
    int64_t visitor_id;
    enum err rc = visit_claim(db, &b->write, &visitor_id, why);
    return rc == ERR_OK ? visitor_event_store(db, visitor_id, b->events, b->n, why) : rc;
}

/* Test ids by token; events of one page carry the same token, so the last answer is kept. */
static enum err find_tests(struct db *db, const struct react_event *events, size_t n,
                           struct visitor_event *out, struct fail *why)
{
    const char *last = NULL;
    int64_t id = 0;
    for (size_t i = 0; i < n; i++) {
        out[i] = events[i].event;
        if (events[i].test == NULL)
            continue;
        if (last == NULL || strcmp(last, events[i].test) != 0) {
            enum err rc = visitor_quiz_id(db, events[i].test, &id, why);
            if (rc == ERR_NOT_FOUND)
                id = 0;
            else if (rc != ERR_OK)
                return rc;
            last = events[i].test;
        }
        out[i].test_id = id;
    }
    return ERR_OK;
}

enum err react_events(struct db *db, struct session *session, struct react_event *events, size_t n,
                      const struct once *once, bool limited, struct fail *why)
{
    struct visitor_event resolved[REACT_EVENTS_MOST];
    struct batch b = {.write = {.session = session, .once = once}, .events = resolved, .n = n};
    struct repeat row;
    enum err rc = once_seen(db, session, once, &row, why);
    if (rc != ERR_NOT_FOUND)
        return rc;
    rc = visit_enter(db, session, &b.write.known, why);
    if (rc == ERR_OK && limited && b.write.known != 0)
        rc = check_rate(db, b.write.known, PACE_EVENTS, n, why);
    if (rc == ERR_OK)
        rc = find_tests(db, events, n, resolved, why);
    if (rc == ERR_OK)
        rc = db_transaction(db, events_work, &b, why);
    return rc == ERR_CONFLICT ? once_seen(db, session, once, &row, why) : rc;
}
