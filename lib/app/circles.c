#include "app/circles.h"

#include <string.h>

#include "app/limits.h"
#include "app/report.h"
#include "base/name.h"
#include "store/visitor_profile.h"
#include "store/visitor_quiz.h"

struct work {
    bool shared; /* what is told of it may go on (store/outbox.h) */
    struct circle_entry entry;
    const char *test;
    char name[4 * CIRCLE_NAME + 1], *made; /* made: circles_begin's answer */
};

static enum err clean_name(const char *name, char out[4 * CIRCLE_NAME + 1], struct fail *why)
{
    struct buf clean = {0};
    out[0] = '\0';
    enum err rc = name != NULL ? name_clean(&clean, name, strlen(name), CIRCLE_NAME) : ERR_OK;
    if (rc == ERR_OK && clean.len > 4 * CIRCLE_NAME)
        rc = ERR_INVALID;
    if (rc == ERR_OK)
        memcpy(out, buf_str(&clean), clean.len + 1);
    buf_free(&clean);
    return rc == ERR_INVALID ? fail_set(why, rc, "name") : rc;
}

/* What they are called elsewhere, where they say nothing here; it is clean. */
static enum err own_name(struct db *db, struct work *w, struct fail *why)
{
    struct arena a = {0};
    struct visitor_profile said;
    enum err rc = visitor_profile_load(db, w->entry.visitor_id, &a, &said, why);
    if (rc == ERR_OK)
        rc = clean_name(said.name, w->name, why);
    arena_free(&a);
    return rc;
}

static enum err no_test(struct fail *why)
{
    return fail_set(why, ERR_INVALID, "test");
}

/* Who it is, what they are called, and whether they may. */
static enum err prepare(struct db *db, const struct session *session, const struct circles_wish *w,
                        struct work *out, struct fail *why)
{
    *out = (struct work){.test = w->test, .shared = session->shared};
    enum err rc = visit_known(db, session, &out->entry.visitor_id, why);
    if (rc == ERR_NOT_FOUND)
        rc = no_test(why);
    if (rc == ERR_OK && w->name == NULL)
        rc = own_name(db, out, why);
    else if (rc == ERR_OK)
        rc = clean_name(w->name, out->name, why);
    out->entry.name = out->name;
    return rc == ERR_OK && w->limited ? limits_check(db, LIMITS_REACTIONS, out->entry.visitor_id, 1, why)
                                      : rc;
}

/* The test of a work, whose visitor is held. */
static enum err find_test(struct db *db, struct work *w, struct fail *why)
{
    enum err rc = visitor_quiz_owned(db, w->entry.visitor_id, w->test, &w->entry.test_id, why);
    return rc == ERR_NOT_FOUND ? no_test(why) : rc;
}

static enum err tell(struct db *db, const struct work *w, const char *kind, struct fail *why)
{
    struct report_event e = report_event_of(kind);
    e.test = w->test;
    e.event.shared = w->shared;
    return report_one(db, w->entry.visitor_id, &e, why);
}

/* Of those who begin for one test at once, the second finds the circle of the first. */
static enum err begin_work(struct db *db, void *arg, struct fail *why)
{
    struct work *w = arg;
    enum err rc = visit_hold_alone(db, w->entry.visitor_id, why);
    if (rc == ERR_OK)
        rc = find_test(db, w, why);
    if (rc == ERR_OK)
        rc = circle_empty(db, w->entry.test_id, w->made, why);
    w->entry.circle = w->made;
    if (rc == ERR_OK)
        return circle_change(db, &w->entry, why);
    if (rc != ERR_NOT_FOUND)
        return rc;
    secret_token(w->made, SHARE_TOKEN_BYTES);
    w->entry.founder = true;
    rc = circle_enter(db, &w->entry, why);
    return rc == ERR_OK ? tell(db, w, "circle_begin", why) : rc;
}

enum err circles_begin(struct db *db, const struct session *session, const struct circles_wish *wish,
                       char out[SHARE_TOKEN_CHARS + 1], struct fail *why)
{
    struct work w;
    enum err rc = prepare(db, session, wish, &w, why);
    w.made = out;
    return rc == ERR_OK ? db_transaction(db, begin_work, &w, why) : rc;
}

/* The visitor before the circle, as in all of these, so that none waits for another that waits for it. */
static enum err enter_work(struct db *db, void *arg, struct fail *why)
{
    struct work *w = arg;
    size_t n = 0;
    enum err rc = visit_hold(db, w->entry.visitor_id, why);
    if (rc == ERR_OK)
        rc = circle_hold(db, w->entry.circle, &n, why);
    if (rc == ERR_OK)
        rc = find_test(db, w, why);
    if (rc != ERR_OK)
        return rc;
    rc = circle_change(db, &w->entry, why);
    if (rc != ERR_NOT_FOUND)
        return rc;
    if (n >= CIRCLE_MOST)
        return fail_set(why, ERR_CONFLICT, "there are %d people in it, and that is the most", CIRCLE_MOST);
    rc = circle_enter(db, &w->entry, why);
    return rc == ERR_OK ? tell(db, w, "circle_join", why) : rc;
}

enum err circles_enter(struct db *db, const struct session *session, const char *circle,
                       const struct circles_wish *wish, struct fail *why)
{
    struct work w;
    enum err rc = prepare(db, session, wish, &w, why);
    w.entry.circle = circle;
    return rc == ERR_OK ? db_transaction(db, enter_work, &w, why) : rc;
}

static enum err leave_work(struct db *db, void *arg, struct fail *why)
{
    const struct work *w = arg;
    enum err rc = visit_hold(db, w->entry.visitor_id, why);
    if (rc == ERR_OK)
        rc = circle_leave(db, w->entry.circle, w->entry.visitor_id, why);
    return rc == ERR_OK ? tell(db, w, "circle_leave", why) : rc;
}

enum err circles_leave(struct db *db, const struct session *session, const char *circle, struct fail *why)
{
    struct work w = {.shared = session->shared, .entry.circle = circle};
    enum err rc = visit_known(db, session, &w.entry.visitor_id, why);
    return rc == ERR_OK ? db_transaction(db, leave_work, &w, why) : rc;
}

enum err circles_of(struct db *db, int64_t test_id, struct arena *a, struct circle_summaries *out,
                    struct fail *why)
{
    return circle_of_test(db, test_id, a, out, why);
}

enum err circles_look(struct db *db, struct circles_asked asked, struct arena *a, struct circles_view *out,
                      struct fail *why)
{
    int64_t visitor_id;
    out->mine = -1;
    enum err rc = circle_read(db, asked.circle, a, &out->members, why);
    if (rc != ERR_OK)
        return rc;
    rc = visit_known(db, asked.session, &visitor_id, why);
    if (rc != ERR_OK)
        return rc == ERR_NOT_FOUND ? ERR_OK : rc;
    for (size_t i = 0; i < out->members.n && out->mine < 0; i++)
        if (out->members.items[i].visitor_id == visitor_id)
            out->mine = (int64_t)i;
    return ERR_OK;
}

enum err circles_compare(struct db *db, const struct circles_view *v, struct arena *a,
                         struct circles_two *two, struct fail *why)
{
    struct together_person who[2];
    for (int k = 0; k < 2; k++) {
        const struct circle_member *m = &v->members.items[two->at[k]];
        struct visitor_quiz test;
        enum err rc = visitor_quiz_load(db, m->test, a, &test, why);
        if (rc != ERR_OK)
            return rc;
        who[k] = (struct together_person){m->mbti, m->enneagram, test.movies, test.n_movies};
    }
    return together_find(two->snapshot, who, a, &two->found, why);
}
