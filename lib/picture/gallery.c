#include "picture/gallery.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"

/* At the lowest priority beside a busy site it may take a second; nginx waits longer. */
static const double PATIENCE = 10.0;

void gallery_version(const struct config *config, char version[GALLERY_VERSION])
{
    char path[CONFIG_TEXT + 16];
    snprintf(path, sizeof path, "%s/version", config->picture_dir);
    FILE *f = fopen(path, "re");
    if (f == NULL || fgets(version, GALLERY_VERSION, f) == NULL)
        *version = '\0';
    version[strcspn(version, "\n")] = '\0';
    if (f != NULL)
        fclose(f);
}

enum err gallery_open(struct gallery *g, const struct config *config, struct fail *why)
{
    *g = (struct gallery){0};
    gallery_version(config, g->version);
    if (*g->version == '\0')
        return fail_set(why, ERR_NOT_FOUND, "picture_dir: %s contains no drawing script",
                        config->picture_dir);
    g->painter = painter_new(config->picture_program, config->picture_dir);
    if (g->painter == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    return shelf_open(&g->shelf, config->picture_cache_dir, (uint64_t)config->picture_cache_mb << 20, why);
}

enum err gallery_picture(struct gallery *g, const struct buf *facts, const char *name, struct buf *png,
                         struct fail *why)
{
    if (shelf_get(&g->shelf, name, png, why) == ERR_OK)
        return ERR_OK;
    buf_reset(png);
    enum err rc = painter_draw(g->painter, facts, PATIENCE, png, why);
    struct fail unkept = {0};
    if (rc == ERR_OK && shelf_put(&g->shelf, name, png, &unkept) != ERR_OK)
        log_event(LOG_ERROR, "picture.unkept", "not cached: %s", unkept.text);
    return rc;
}

void gallery_close(struct gallery *g)
{
    painter_close(g->painter);
    *g = (struct gallery){0};
}
