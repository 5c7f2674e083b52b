/* Plots and watch links: what a catalog has beside its films. A row about a film that is not in the catalog
 * is skipped, not rejected: such files usually cover more films than one catalog. */
#include "import/import_kind.h"

#include <string.h>

#include "base/secret.h"
#include "domain/watch_link.h"
#include "store/catalog.h"

static const char OTHER_FILM[] = "a film that is not in the catalog";

enum { PLOT_ID, CATALOG_PLOT_FIELDS(IMPORT_AT) };

static const struct import_column plot_columns[] = {
    [PLOT_ID] = {"movie_id|movieId", IMPORT_REQUIRED, 0, 0},
    CATALOG_PLOT_FIELDS(IMPORT_TEXT){0},
};

static enum import_verdict put_plot(struct import *im, const struct import_row *row)
{
    struct catalog_movie m = catalog_movie_unknown, *to = &m;
    CATALOG_PLOT_FIELDS(IMPORT_TAKE_TEXT)
    if (!import_id(im, row->text[PLOT_ID], "movie_id", &m.id) ||
        !import_first(im, (uint64_t)m.id, row->text[PLOT_ID]))
        return IMPORT_REJECTED;
    if (!import_has_movie(im, m.id))
        return import_skip(im, OTHER_FILM);
    if (m.plot_ko[0] == '\0' && m.plot_en[0] == '\0')
        return import_skip(im, "no plot");
    enum catalog_change change = CATALOG_SAME;
    enum err rc = catalog_put_plot(im->db, &m, row->given, &change, &im->why);
    return import_stored(im, rc, (int)change);
}

const struct import_kind import_plots = {.name = "plots", .columns = plot_columns, .put = put_plot};

enum { LINK_ID, PLATFORM, URL };

static const struct import_column link_columns[] = {
    [LINK_ID] = {"movie_id|movieId", IMPORT_REQUIRED, 0, 0},
    [PLATFORM] = {"platform", IMPORT_REQUIRED, 60, 0},
    [URL] = {"url", IMPORT_REQUIRED, 1024, 0},
    {0},
};

static bool says_none(const char *text)
{
    return strcmp(text, "no_link") == 0 || strcmp(text, "no_result") == 0;
}

/* Film and platform as one number; two that share one among millions of rows are not to be expected. */
static uint64_t link_key(const struct catalog_link *l)
{
    uint8_t hash[SECRET_HASH_BYTES];
    uint64_t key = 0;
    struct secret_hasher h;
    secret_hasher_init(&h);
    secret_hasher_add(&h, &l->movie_id, sizeof l->movie_id);
    secret_hasher_add(&h, l->platform, strlen(l->platform));
    secret_hasher_end(&h, hash);
    memcpy(&key, hash, sizeof key);
    return key;
}

static enum import_verdict put_link(struct import *im, const struct import_row *row)
{
    struct catalog_link l = {.platform = row->text[PLATFORM], .url = row->text[URL]};
    if (!import_id(im, row->text[LINK_ID], "movie_id", &l.movie_id))
        return IMPORT_REJECTED;
    if (says_none(l.url) || says_none(l.platform))
        return import_skip(im, "no link (no_link, no_result)");
    if (l.platform[0] == '\0')
        return import_reject(im, "no platform", "%s", "");
    const char *wrong = watch_link_wrong(l.platform, l.url);
    if (wrong != NULL)
        return import_reject(im, wrong, "'%.80s'", l.url);
    if (!import_first(im, link_key(&l), l.platform))
        return IMPORT_REJECTED;
    if (!import_has_movie(im, l.movie_id))
        return import_skip(im, OTHER_FILM);
    enum catalog_change change = CATALOG_SAME;
    enum err rc = catalog_put_link(im->db, &l, &change, &im->why);
    return import_stored(im, rc, (int)change);
}

const struct import_kind import_links = {.name = "links", .columns = link_columns, .put = put_link};
