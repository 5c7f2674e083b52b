#include "app/report.h"

#include <string.h>

#include "app/limits.h"
#include "store/visitor_quiz.h"

enum { VALUES = 6 };

/* What a browser may say, in the order of a visit. */
static const struct kind {
    const char *name;
    const char *values[VALUES]; /* one of these */
    bool free;                  /* or any text of the catalog */
} kinds[] = {
    {.name = "landing"},
    {.name = "start"},
    {.name = "question"},
    {.name = "choose"},
    {.name = "unchoose"},
    {.name = "result"},
    {.name = "impression"},
    {.name = "click"},
    {.name = "watch", .free = true},
    {.name = "share_start"},
    {.name = "share", .values = {"sheet", "copy", "picture", "x", "qr", "kakao"}},
    {.name = "share_open"},
    {.name = "friend"},
    {.name = "retake"},
};
static const char *const lists[] = {"same",   "compatible", "ranking",  "popular", "met",
                                    "mine",   "film",       "similar",  "liked",   "wall",
                                    "search", "survey",     "enneagram"};

static const struct kind *kind_of(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

struct report_event report_event_of(const char *kind)
{
    return (struct report_event){.event = visitor_event_of(kind)};
}

bool report_kind_known(const char *kind)
{
    return kind_of(kind) != NULL;
}

bool report_value_known(const char *kind, const char *value)
{
    const struct kind *k = kind_of(kind);
    if (value == NULL || k == NULL || k->free)
        return value == NULL || (k != NULL && *value != '\0');
    for (size_t i = 0; i < VALUES && k->values[i] != NULL; i++)
        if (strcmp(k->values[i], value) == 0)
            return true;
    return false;
}

bool report_list_known(const char *list)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (strcmp(lists[i], list) == 0)
            return true;
    return false;
}

/* Renderings among the events, each once: events of one rendering mostly follow each other. */
static size_t find_views(const struct report_event *events, size_t n, struct list_view *out)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        const struct visitor_event *e = &events[i].event;
        bool again = false;
        for (size_t v = 0; v < found; v++)
            again = again || out[v].view_id == e->view_id;
        if (e->view_id > 0 && e->list != NULL && !again)
            out[found++] = (struct list_view){e->view_id, e->list, events[i].snapshot, events[i].ranker};
    }
    return found;
}

/* Test ids by token; events of one page carry the same token, so the last answer is kept. */
static enum err find_tests(struct db *db, struct report_event *events, size_t n, struct fail *why)
{
    const char *last = NULL;
    int64_t id = 0;
    for (size_t i = 0; i < n; i++) {
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
        events[i].event.test_id = id;
    }
    return ERR_OK;
}

static enum err store(struct db *db, int64_t visitor_id, const struct report_event *events, size_t n,
                      struct fail *why)
{
    struct list_view views[REPORT_MOST];
    struct visitor_event rows[REPORT_MOST];
    for (size_t i = 0; i < n; i++)
        rows[i] = events[i].event;
    enum err rc = list_view_store(db, views, find_views(events, n, views), why);
    return rc == ERR_OK ? visitor_event_store(db, visitor_id, rows, n, why) : rc;
}

enum err report_one(struct db *db, int64_t visitor_id, const struct report_event *e, struct fail *why)
{
    struct report_event copy = *e;
    enum err rc = find_tests(db, &copy, 1, why);
    return rc == ERR_OK ? store(db, visitor_id, &copy, 1, why) : rc;
}

struct work {
    const struct report *r;
    struct visit_write write;
};

static enum err report_work(struct db *db, void *arg, struct fail *why)
{
    const struct work *w = arg;
    int64_t visitor_id;
    enum err rc = visit_claim(db, &w->write, &visitor_id, why);
    if (rc == ERR_OK && w->r->first != NULL)
        rc = first_visit_put(db, visitor_id, w->r->first, why);
    return rc == ERR_OK ? store(db, visitor_id, w->r->events, w->r->n, why) : rc;
}

enum err report_events(struct db *db, struct session *session, const struct report *r, struct fail *why)
{
    struct work w = {.r = r, .write = {.session = session, .once = r->once}};
    struct repeat row;
    enum err rc = once_seen(db, session, r->once, &row, why);
    if (rc != ERR_NOT_FOUND)
        return rc;
    rc = visit_enter(db, session, &w.write.known, why);
    if (rc == ERR_OK && r->limited && w.write.known != 0)
        rc = limits_check(db, LIMITS_EVENTS, w.write.known, r->n, why);
    if (rc == ERR_OK)
        rc = find_tests(db, r->events, r->n, why);
    if (rc == ERR_OK)
        rc = visit_transaction(db, &w.write, report_work, &w, why);
    return rc == ERR_CONFLICT ? once_seen(db, session, r->once, &row, why) : rc;
}
