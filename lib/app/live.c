#include "app/live.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum err live_file(const struct config *config, const char *snapshot, char *path, size_t size,
                   struct fail *why)
{
    char name[PUBLICATION_ID + 32];
    snprintf(name, sizeof name, "snapshots/mvti-%s.mvs", snapshot);
    return config_state_path(config, name, path, size, why);
}

static void find_now(struct live *l)
{
    for (size_t i = 0; i < l->n && l->now == NULL; i++)
        if (strcmp(l->steps[i].outcome, "live") == 0)
            l->now = &l->steps[i];
    for (size_t i = 0; i < l->n; i++) {
        if (strcmp(l->steps[i].action, "unpin") == 0)
            return;
        if (strcmp(l->steps[i].action, "pin") == 0) {
            l->pinned = l->steps[i].snapshot;
            return;
        }
    }
}

static enum err find_files(const struct config *config, struct arena *a, struct live *l, struct fail *why)
{
    char path[CONFIG_TEXT * 2];
    bool *kept = arena_array(a, l->n, sizeof *kept);
    if (kept == NULL && l->n > 0)
        return fail_set(why, ERR_NOMEM, "out of memory");
    for (size_t i = 0; i < l->n; i++)
        kept[i] = live_file(config, l->steps[i].snapshot, path, sizeof path, why) == ERR_OK &&
                  access(path, R_OK) == 0;
    l->kept = kept;
    return ERR_OK;
}

enum err live_read(struct db *db, const struct config *config, struct arena *a, struct live *out,
                   struct fail *why)
{
    *out = (struct live){0};
    enum err rc = publication_list(db, a, LIVE_STEPS, &out->steps, &out->n, why);
    if (rc != ERR_OK)
        return rc;
    find_now(out);
    if (out->now != NULL)
        rc = publication_origins(db, out->now->snapshot, a, &out->origins, why);
    return rc == ERR_OK ? find_files(config, a, out, why) : rc;
}
