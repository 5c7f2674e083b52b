#include "import/shown_films.h"

#include "base/state_path.h"
#include "store/catalog.h"

enum err shown_films_read(struct db *db, struct arena *a, const struct config *config,
                          struct films_hidden *out, struct fail *why)
{
    struct catalog catalog;
    struct model counts;
    char path[STATE_PATH];
    *out = (struct films_hidden){VEC_OF(struct film_hidden), VEC_OF(struct film_hidden)};
    bool counted = state_path(config, &(struct state_file){.folder = "models", .name = "popularity.mvm"},
                              path, NULL) == ERR_OK &&
                   model_open(&counts, path, NULL) == ERR_OK;
    enum err rc = catalog_read(db, a, &catalog, why);
    if (rc == ERR_OK)
        rc = film_twins_join(&catalog, counted ? &counts : NULL, out, why);
    if (counted)
        model_close(&counts);
    return rc;
}

size_t shown_films_apply(const struct films_hidden *hidden, struct interactions *in)
{
    uint64_t *keys = in->keys.data;
    size_t changed = 0;
    for (size_t i = 0; hidden->films.len > 0 && i < in->keys.len; i++) {
        int32_t film = (int32_t)(keys[i] & UINT32_MAX), shown = films_hidden_shown(hidden, film);
        keys[i] = (keys[i] & ~(uint64_t)UINT32_MAX) | (uint32_t)shown;
        changed += shown != film;
    }
    return changed;
}
