#include "app/react.h"

#include <string.h>

#include "app/limits.h"
#include "store/visitor_quiz.h"

/* Each reaction is one transaction: whoever makes it if that is a new guest, the row it is about and the
 * event that tells of it. */
struct liking {
    struct visit_write write;
    const struct report_event *place;
    bool like;
    int64_t *likes; /* that the character has then */
};

static enum err change_like(struct db *db, const struct liking *l, int64_t visitor_id, struct fail *why)
{
    bool changed = false;
    int32_t character = l->place->event.character_id;
    enum err rc =
        (l->like ? visitor_like_add : visitor_like_remove)(db, visitor_id, character, &changed, why);
    return rc == ERR_OK && changed ? report_one(db, visitor_id, l->place, why) : rc;
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
    return rc == ERR_OK
               ? visitor_like_count(db, visitor_id, l->place->event.character_id, l->likes, &liked, why)
               : rc;
}

enum err react_like(struct db *db, struct session *session, const struct report_event *place, bool limited,
                    int64_t *likes, struct fail *why)
{
    struct liking l = {.write = {.session = session, .idempotent = true},
                       .place = place,
                       .like = strcmp(place->event.kind, "like") == 0,
                       .likes = likes};
    enum err rc = visit_enter(db, session, &l.write.known, why);
    if (rc == ERR_OK && limited && l.write.known != 0)
        rc = limits_check(db, LIMITS_REACTIONS, l.write.known, 1, why);
    return rc == ERR_OK ? visit_transaction(db, &l.write, like_work, &l, why) : rc;
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

enum err react_likes(struct db *db, const struct session *session, struct visitor_likes *page,
                     struct arena *a, struct fail *why)
{
    page->items = NULL;
    page->n = 0;
    int64_t visitor_id;
    enum err rc = visit_known(db, session, &visitor_id, why);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    return rc == ERR_OK ? visitor_like_list(db, visitor_id, page, a, why) : rc;
}

struct marking {
    struct visit_write write;
    const struct report_event *place;
    struct visitor_mark mark;
};

static enum err mark_work(struct db *db, void *arg, struct fail *why)
{
    const struct marking *m = arg;
    int64_t visitor_id;
    bool changed = false, marked = strcmp(m->place->event.kind, "mark") == 0;
    enum err rc = visit_claim(db, &m->write, &visitor_id, why);
    if (rc == ERR_OK)
        rc = (marked ? visitor_mark_put : visitor_mark_remove)(db, visitor_id, &m->mark, &changed, why);
    return rc == ERR_OK && changed ? report_one(db, visitor_id, m->place, why) : rc;
}

enum err react_mark(struct db *db, struct session *session, const struct report_event *place, bool limited,
                    struct fail *why)
{
    const struct visitor_event *e = &place->event;
    struct marking m = {.write = {.session = session, .idempotent = true}, .place = place};
    if (!mark_parse(e->value, &m.mark.kind))
        return fail_set(why, ERR_INVALID, "%s is no mark", e->value);
    m.mark.subject = m.mark.kind == MARK_NOT_ME ? e->character_id : e->movie_id;
    enum err rc = visit_enter(db, session, &m.write.known, why);
    if (rc == ERR_OK && limited && m.write.known != 0)
        rc = limits_check(db, LIMITS_REACTIONS, m.write.known, 1, why);
    return rc == ERR_OK ? visit_transaction(db, &m.write, mark_work, &m, why) : rc;
}

enum err react_marks(struct db *db, const struct session *session, struct visitor_marks *page,
                     struct arena *a, struct fail *why)
{
    page->items = NULL;
    page->n = 0;
    int64_t visitor_id;
    enum err rc = visit_known(db, session, &visitor_id, why);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    return rc == ERR_OK ? visitor_mark_list(db, visitor_id, page, a, why) : rc;
}

struct thumb {
    int64_t visitor_id;
    const struct report_event *place;
    const char *value;
};

static enum err set_thumb(struct db *db, const struct thumb *t, enum visitor_quiz_list_of list,
                          struct fail *why)
{
    struct report_event e = *t->place;
    e.event.list = visitor_quiz_list_names[list];
    e.event.value = t->value;
    enum err rc = visitor_quiz_feedback(db, t->visitor_id, e.test, list, t->value, why);
    return rc == ERR_OK ? report_one(db, t->visitor_id, &e, why) : rc;
}

static enum err feedback_work(struct db *db, void *arg, struct fail *why)
{
    const struct thumb *t = arg;
    const char *list = t->place->event.list;
    enum err rc = visit_hold(db, t->visitor_id, why);
    for (int i = 0; i < VISITOR_QUIZ_LISTS && rc == ERR_OK; i++)
        if (list == NULL || strcmp(list, visitor_quiz_list_names[i]) == 0)
            rc = set_thumb(db, t, (enum visitor_quiz_list_of)i, why);
    return rc;
}

enum err react_feedback(struct db *db, const struct session *session, const struct report_event *place,
                        const char *value, bool limited, struct fail *why)
{
    struct thumb t = {.place = place, .value = value};
    enum err rc = visit_known(db, session, &t.visitor_id, why);
    if (rc == ERR_OK && limited)
        rc = limits_check(db, LIMITS_REACTIONS, t.visitor_id,
                          place->event.list != NULL ? 1 : VISITOR_QUIZ_LISTS, why);
    return rc == ERR_OK ? db_transaction(db, feedback_work, &t, why) : rc;
}

struct ballot {
    int64_t visitor_id;
    bool shared;
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
    e.shared = b->shared;
    return rc == ERR_OK ? visitor_event_store(db, b->visitor_id, &e, 1, why) : rc;
}

enum err react_vote(struct db *db, const struct session *session, const struct visitor_vote *vote,
                    bool limited, struct consensus_votes *votes, struct fail *why)
{
    struct visitor_session who;
    struct visitor_vote mine;
    enum err rc = visit_account(db, session, false, &who, why);
    if (rc == ERR_OK && limited)
        rc = limits_check(db, LIMITS_REACTIONS, who.visitor_id, 1, why);
    if (rc == ERR_OK)
        rc = db_transaction(db, vote_work, &(struct ballot){who.visitor_id, session->shared, vote}, why);
    return rc == ERR_OK ? visitor_vote_count(db, who.visitor_id, vote->character_id, votes, &mine, why) : rc;
}

enum err react_votes(struct db *db, const struct session *session, struct visitor_votes *page,
                     struct arena *a, struct fail *why)
{
    struct visitor_session who;
    enum err rc = visit_account(db, session, false, &who, why);
    return rc == ERR_OK ? visitor_vote_list(db, who.visitor_id, page, a, why) : rc;
}
