#include "store/publication_path.h"

#include <string.h>

#include "store/db_list.h"

static const struct db_sql STEPS = {
    "publication_path.steps",
    "SELECT action, snapshot_id, COALESCE(was_live, '') FROM (SELECT publication_id, action, snapshot_id, "
    "was_live FROM publication WHERE outcome = 'live' ORDER BY publication_id DESC LIMIT ?) AS newest ORDER "
    "BY publication_id"};

/* A step that left another snapshot live. */
struct step {
    const char *action, *snapshot, *was_live;
    bool published;
    int64_t replaced; /* of a publishing: place of the one that was live; below 0: none, or not known */
};

static enum err read_step(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    struct step *s = item;
    s->action = arena_strdup(a, db_get_text(rows, 0));
    s->snapshot = arena_strdup(a, db_get_text(rows, 1));
    s->was_live = arena_strdup(a, db_get_text(rows, 2));
    s->replaced = -1;
    return db_list_stored(s->action != NULL && s->snapshot != NULL && s->was_live != NULL, why);
}

static bool is_publishing(const struct step *s, const char *snapshot)
{
    return s->published && strcmp(s->snapshot, snapshot) == 0;
}

/* The newest publishing of a snapshot before a place; below 0: none. */
static int64_t newest(const struct step *all, const char *snapshot, int64_t before)
{
    int64_t i = before - 1;
    while (i >= 0 && !is_publishing(&all[i], snapshot))
        i--;
    return i;
}

/* Which publishing is live when step `at` has been made, where `live` was. A rollback leads to an earlier one, a way on to a later
 * one, where there is one; a step to what somebody named may lead anywhere. */
static int64_t follow(const struct step *all, int64_t at, int64_t live)
{
    const struct step *s = &all[at];
    int64_t to = -1;
    if (s->published)
        return at;
    if (strcmp(s->action, "rollback") == 0 && live >= 0) {
        to = all[live].replaced;
        to = to >= 0 && is_publishing(&all[to], s->snapshot) ? to : newest(all, s->snapshot, live);
    }
    if (strcmp(s->action, "forward") == 0 && live >= 0) {
        for (int64_t i = at - 1; i > live && to < 0; i--)
            to = is_publishing(&all[i], s->snapshot) && all[i].replaced == live ? i : -1;
        for (int64_t i = live + 1; i < at && to < 0; i++)
            to = is_publishing(&all[i], s->snapshot) ? i : -1;
    }
    return to >= 0 ? to : newest(all, s->snapshot, at);
}

static int64_t replay(struct step *all, size_t n)
{
    int64_t live = -1;
    for (size_t i = 0; i < n; i++) {
        all[i].published = strcmp(all[i].action, "publish") == 0;
        all[i].replaced = live;
        live = follow(all, (int64_t)i, live);
    }
    return live;
}

static void put_ahead(const struct step *all, size_t n, int64_t live, struct publication_path *out)
{
    size_t first = (size_t)live + 1;
    for (size_t i = n; i > first; i--)
        if (all[i - 1].published && all[i - 1].replaced == live)
            out->ahead[out->n_ahead++] = all[i - 1].snapshot;
    for (size_t i = first; i < n; i++)
        if (all[i].published && all[i].replaced != live && strcmp(all[i].snapshot, all[live].snapshot) != 0)
            out->ahead[out->n_ahead++] = all[i].snapshot;
}

enum err publication_path_load(struct db *db, struct arena *a, struct publication_path *out, struct fail *why)
{
    const struct db_list list = {.sql = &STEPS,
                                 .params = DB_BIND(db_int(PUBLICATION_PATH_MOST)),
                                 .most = PUBLICATION_PATH_MOST,
                                 .item = sizeof(struct step),
                                 .read = read_step};
    struct db_items found;
    *out = (struct publication_path){0};
    enum err rc = db_list_read(db, &list, a, &found, why);
    if (rc != ERR_OK)
        return rc;
    int64_t live = replay(found.at, found.n);
    if (live < 0)
        return fail_set(why, ERR_NOT_FOUND, "the live snapshot has no recorded publication");
    const struct step *all = found.at;
    out->before = all[live].was_live;
    out->ahead = arena_alloc(a, found.n * sizeof *out->ahead);
    if (out->ahead == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    put_ahead(all, found.n, live, out);
    return ERR_OK;
}
