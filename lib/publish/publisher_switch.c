/* The half of publish/publisher.h that builds nothing. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/saying.h"
#include "publish/publish_record.h"
#include "publish/publisher.h"
#include "store/publication_path.h"

/* The snapshots that are kept, and where among them the live one is (n: nowhere). */
struct kept {
    struct snapshot_entry *all; /* newest first */
    size_t n, live;
    bool back;          /* the step to be made is a rollback */
    const char *reason; /* of the step */
};

static void read_kept(const struct snapshot_folder *f, struct kept *out)
{
    char current[SNAPSHOT_NAME];
    out->n = snapshot_folder_list(f, &out->all);
    snapshot_folder_current(f, current);
    out->live = 0;
    out->back = false;
    while (out->live < out->n && strcmp(out->all[out->live].name, current) != 0)
        out->live++;
}

static enum err find(const struct kept *k, const char *wanted, size_t *at, struct fail *why)
{
    for (*at = 0; *at < k->n; ++*at)
        if (strcmp(k->all[*at].id, wanted) == 0 || strcmp(k->all[*at].name, wanted) == 0)
            return ERR_OK;
    return fail_set(why, ERR_NOT_FOUND, SAYING_NOT_KEPT, wanted, k->n);
}

/* Whether the record tells. That it has no such step is silent; that the database cannot say is a remark. */
static bool is_told(const struct publisher *p, struct arena *a, struct publication_path *path)
{
    struct fail why = {0};
    enum err rc = publication_path_load(p->db, a, path, &why);
    if (rc != ERR_OK && rc != ERR_NOT_FOUND)
        progress_note(p->progress, "went by the age of the snapshots: %s", why.text);
    return rc == ERR_OK;
}

/* The place of a snapshot; k->n: it is not kept. */
static size_t place(const struct kept *k, const char *id)
{
    size_t i = 0;
    while (i < k->n && strcmp(k->all[i].id, id) != 0)
        i++;
    return i;
}

/* What the live one replaced, or the next older one where that is not recorded (path NULL) or not kept. They differ after a rollback: the snapshot
 * that was left then is older than its successor, and it was left for a reason. k->n: it replaced none. Where the live one is none of those that
 * are whole, because it is damaged, the newest of them. */
static size_t before(const struct kept *k, const struct publication_path *path)
{
    size_t at = path != NULL ? place(k, path->before) : k->n;
    bool first = path != NULL && path->before[0] == '\0';
    size_t older = k->live < k->n ? k->live + 1 : 0;
    return at < k->n || (first && k->live < k->n) ? at : older;
}

/* The newest that replaced the live one, or what was published next; where that is not recorded, the next newer one. */
static size_t after(const struct kept *k, const struct publication_path *path)
{
    size_t at = k->n;
    for (size_t i = 0; path != NULL && i < path->n_ahead && at == k->n; i++)
        at = place(k, path->ahead[i]);
    return path == NULL && k->live > 0 && k->live < k->n ? k->live - 1 : at;
}

static enum err next(const struct publisher *p, const struct kept *k, enum publisher_way way, size_t *at,
                     struct fail *why)
{
    struct arena a = {0};
    struct publication_path told, *path = is_told(p, &a, &told) ? &told : NULL;
    *at = way == PUBLISHER_BACK ? before(k, path) : after(k, path);
    arena_free(&a);
    if (*at < k->n)
        return ERR_OK;
    return way == PUBLISHER_BACK ? fail_set(why, ERR_NOT_FOUND, SAYING_NO_OLDER)
                                 : fail_set(why, ERR_NOT_FOUND, SAYING_NO_NEWER);
}

static bool is_older(const struct kept *k, size_t to)
{
    return k->live < k->n && to > k->live;
}

/* Makes an entry live and records it, unless it is. */
static enum err go(const struct publisher *p, const struct snapshot_folder *f, const struct kept *k,
                   size_t to, struct fail *why)
{
    if (to == k->live)
        return ERR_OK;
    enum err rc = snapshot_folder_switch(f, k->all[to].name, why);
    if (rc != ERR_OK)
        return rc;
    struct publication step = {.reason = k->reason};
    snprintf(step.action, sizeof step.action, "%s", k->back ? "rollback" : "forward");
    snprintf(step.outcome, sizeof step.outcome, "live");
    snprintf(step.snapshot, sizeof step.snapshot, "%s", k->all[to].id);
    if (k->live < k->n)
        snprintf(step.was_live, sizeof step.was_live, "%s", k->all[k->live].id);
    publish_record(p, &step, NULL, 0);
    return ERR_OK;
}

/* Nothing else becomes live while something is pinned. */
static enum err look_through(const struct publisher *p, const struct snapshot_folder *f, struct kept *k,
                             struct fail *why)
{
    char pinned[SNAPSHOT_NAME];
    snapshot_folder_pinned(f, pinned);
    if (pinned[0] != '\0')
        return fail_set(why, ERR_CONFLICT, SAYING_IS_PINNED, pinned);
    publish_record_found(p, f);
    read_kept(f, k);
    return ERR_OK;
}

static enum err switch_in(const struct publisher *p, const struct snapshot_folder *f, enum publisher_way way,
                          const char *wanted, char name[SNAPSHOT_NAME], struct fail *why)
{
    struct kept k = {.reason = SAYING_BY_HAND};
    size_t to;
    enum err rc = look_through(p, f, &k, why);
    if (rc != ERR_OK)
        return rc;
    rc = wanted != NULL ? find(&k, wanted, &to, why) : next(p, &k, way, &to, why);
    k.back = rc == ERR_OK && (wanted != NULL ? is_older(&k, to) : way == PUBLISHER_BACK);
    if (rc == ERR_OK)
        rc = go(p, f, &k, to, why);
    if (rc == ERR_OK)
        snprintf(name, SNAPSHOT_NAME, "%s", k.all[to].name);
    free(k.all);
    return rc;
}

enum err publisher_switch(const struct publisher *p, enum publisher_way way, const char *wanted,
                          char name[SNAPSHOT_NAME], struct fail *why)
{
    struct snapshot_folder f;
    enum err rc = snapshot_folder_open(&f, p->config, why);
    if (rc == ERR_OK)
        rc = switch_in(p, &f, way, wanted, name, why);
    snapshot_folder_close(&f);
    return rc;
}

/* The mark first: killed in between, it is live and will not be again. */
static enum err withdraw_in(const struct publisher *p, const struct snapshot_folder *f, const char *bad,
                            struct kept *k, struct fail *why)
{
    size_t to;
    enum err rc = look_through(p, f, k, why);
    if (rc != ERR_OK)
        return rc;
    if (k->live == k->n || strcmp(k->all[k->live].name, bad) != 0)
        return fail_set(why, ERR_CONFLICT, "%s is not live any more", bad);
    k->back = true;
    rc = next(p, k, PUBLISHER_BACK, &to, why);
    if (rc == ERR_OK)
        rc = snapshot_folder_withdraw(f, bad, why);
    if (rc == ERR_OK)
        rc = go(p, f, k, to, why);
    k->live = rc == ERR_OK ? to : k->n;
    return rc;
}

enum err publisher_withdraw(const struct publisher *p, const char *bad, const char *reason,
                            char name[SNAPSHOT_NAME], struct fail *why)
{
    struct snapshot_folder f;
    struct kept k = {.reason = reason};
    enum err rc = snapshot_folder_open(&f, p->config, why);
    if (rc == ERR_OK)
        rc = withdraw_in(p, &f, bad, &k, why);
    if (rc == ERR_OK)
        snprintf(name, SNAPSHOT_NAME, "%s", k.all[k.live].name);
    free(k.all);
    snapshot_folder_close(&f);
    return rc;
}

static void record_pin(const struct publisher *p, const char *action, const char *id)
{
    struct publication step = {.reason = SAYING_BY_HAND};
    snprintf(step.action, sizeof step.action, "%s", action);
    snprintf(step.outcome, sizeof step.outcome, "same");
    snprintf(step.snapshot, sizeof step.snapshot, "%s", id);
    publish_record(p, &step, NULL, 0);
}

/* The pin first: killed in between, the next publishing makes the pinned one live. */
static enum err pin_in(const struct publisher *p, const struct snapshot_folder *f, const char *wanted,
                       char name[SNAPSHOT_NAME], struct fail *why)
{
    struct kept k = {.reason = SAYING_BY_HAND};
    size_t to = 0;
    publish_record_found(p, f);
    read_kept(f, &k);
    enum err rc = ERR_OK;
    if (wanted != NULL)
        rc = find(&k, wanted, &to, why);
    else if (k.live == k.n)
        rc = fail_set(why, ERR_NOT_FOUND, SAYING_NONE_LIVE);
    else
        to = k.live;
    k.back = rc == ERR_OK && is_older(&k, to);
    if (rc == ERR_OK)
        rc = snapshot_folder_pin(f, k.all[to].name, why);
    if (rc == ERR_OK)
        rc = go(p, f, &k, to, why);
    if (rc == ERR_OK) {
        record_pin(p, "pin", k.all[to].id);
        snprintf(name, SNAPSHOT_NAME, "%s", k.all[to].name);
    }
    free(k.all);
    return rc;
}

enum err publisher_pin(const struct publisher *p, const char *wanted, char name[SNAPSHOT_NAME],
                       struct fail *why)
{
    struct snapshot_folder f;
    enum err rc = snapshot_folder_open(&f, p->config, why);
    if (rc == ERR_OK)
        rc = pin_in(p, &f, wanted, name, why);
    snapshot_folder_close(&f);
    return rc;
}

enum err publisher_unpin(const struct publisher *p, char name[SNAPSHOT_NAME], struct fail *why)
{
    struct snapshot_folder f;
    char id[PUBLICATION_ID];
    enum err rc = snapshot_folder_open(&f, p->config, why);
    if (rc == ERR_OK) {
        snapshot_folder_pinned(&f, name);
        rc = name[0] != '\0' ? snapshot_folder_pin(&f, "", why)
                             : fail_set(why, ERR_NOT_FOUND, SAYING_NONE_PINNED);
    }
    if (rc == ERR_OK) {
        publish_record_id(name, id);
        record_pin(p, "unpin", id);
    }
    snapshot_folder_close(&f);
    return rc;
}
