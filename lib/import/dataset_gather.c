#include "import/dataset_gather.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "base/state_path.h"
#include "data/ratings_likes.h"
#include "import/ratings_shelf.h"
#include "import/shown_films.h"
#include "import/source_weight.h"
#include "store/training.h"

/* "…/ml-25m/ratings.csv" → "ml-25m", "…/mine.csv" → "mine". */
static void name_of_file(const char *path, char name[DATASET_NAME])
{
    char copy[STATE_PATH];
    snprintf(copy, sizeof copy, "%s", path);
    char *base = strrchr(copy, '/');
    if (base != NULL && strncmp(base + 1, "ratings.", 8) == 0 && base != copy) {
        *base = '\0';
        base = strrchr(copy, '/');
    }
    base = base == NULL ? copy : base + 1;
    base[strcspn(base, ".")] = '\0';
    snprintf(name, DATASET_NAME, "%.*s", DATASET_NAME - 1, base[0] != '\0' ? base : "ratings");
}

static enum err add_part(struct dataset_gather *g, const struct dataset_source *record,
                         struct interactions *in, struct fail *why)
{
    g->moved += shown_films_apply(&g->hidden, in);
    return dataset_builder_add(&g->builder, record, in, why);
}

static enum err add_file(struct dataset_gather *g, const char *path, struct fail *why)
{
    struct interactions in = INTERACTIONS_NONE;
    struct dataset_source record = {.simulated = g->simulated};
    struct ratings_count count = {0};
    name_of_file(path, record.name);
    enum err rc;
    if (ratings_likes_is_file(path)) {
        rc = ratings_likes_file(
            &in, &(struct ratings_likes){.path = path, .threshold = g->threshold, .progress = g->progress},
            &record, why);
    } else {
        rc = ratings_likes_text(&in, &(struct ratings_likes){path, &g->rules, g->threshold, g->progress},
                                &count, why);
        record.n_rows = count.rows;
    }
    if (rc == ERR_OK && count.rejected > 0)
        progress_note(g->progress, "%s: skipped %llu invalid rows; mvti import ratings lists them", path,
                      (unsigned long long)count.rejected);
    if (rc == ERR_OK && count.remark[0] != '\0')
        progress_note(g->progress, "%s: warning: %s", path, count.remark);
    if (rc == ERR_OK)
        rc = add_part(g, &record, &in, why);
    interactions_free(&in);
    return rc;
}

/* What its weight leaves of a source; false: nobody, as a weight of 0 would. */
static bool weigh(struct dataset_gather *g, const struct ratings_source *s, double weight,
                  struct interactions *in)
{
    if (weight == 1 || in->keys.len == 0)
        return true;
    size_t gone = source_weight_apply(weight, in);
    if (in->keys.len > 0)
        progress_note(g->progress, "%s weighs %g: %zu of its likes are left out", s->name, weight, gone);
    else
        progress_note(g->progress,
                      "%s weighs %g, which is less than one of its people: nothing is learned from it; "
                      "raise its weight in source_weights, or set it to 0",
                      s->name, weight);
    return in->keys.len > 0;
}

static enum err add_source(struct dataset_gather *g, const struct ratings_source *s, double weight,
                           struct fail *why)
{
    struct interactions in = INTERACTIONS_NONE;
    struct dataset_source record = {.id = (uint64_t)s->id};
    struct ratings_shelf shelf;
    char hash[2 * SECTION_HASH + 1];
    snprintf(record.name, sizeof record.name, "%s", s->name);
    enum err rc = ratings_shelf_open(&shelf, g->config, s->name, false, why);
    if (rc == ERR_OK)
        rc = ratings_likes_file(
            &in,
            &(struct ratings_likes){.path = shelf.file, .threshold = g->threshold, .progress = g->progress},
            &record, why);
    secret_hex(hash, record.hash, sizeof record.hash);
    if (rc == ERR_OK && strcmp(hash, s->content_hash) != 0)
        rc = fail_set(why, ERR_CORRUPT, "%s is not the file that was imported as %s; import it again",
                      shelf.file, s->name);
    record.simulated |= s->simulated;
    if (rc == ERR_OK && weigh(g, s, weight, &in))
        rc = add_part(g, &record, &in, why);
    interactions_free(&in);
    return rc;
}

/* Its row as it is now: an import may have followed since the sources were listed. */
static enum err take_source(struct dataset_gather *g, struct ratings_source *s, struct fail *why)
{
    double weight = source_weight_of(g->config->source_weights, s->name);
    enum err rc = ratings_shelf_source(g->db, g->config, g->arena, s, why);
    if (rc != ERR_OK)
        return rc;
    bool later = g->until != 0 && s->imported_at >= g->until;
    g->later += later;
    return later || weight <= 0 ? ERR_OK : add_source(g, s, weight, why);
}

static enum err add_sources(struct dataset_gather *g, struct fail *why)
{
    struct ratings_source *sources;
    size_t n;
    const char *weights = g->config->source_weights;
    enum err rc = ratings_source_list(g->db, g->arena, &sources, &n, why);
    if (rc == ERR_OK)
        rc = source_weight_check(weights, sources, n, why);
    for (size_t i = 0; rc == ERR_OK && i < n; i++)
        rc = take_source(g, &sources[i], why);
    return rc;
}

/* What the site's visitors chose, as far as it is believed. */
static enum err add_visitors(struct dataset_gather *g, struct fail *why)
{
    struct interactions in = INTERACTIONS_NONE;
    g->visitors.until = g->until;
    enum err rc = visitors_likes(g->db, dataset_builder_people(&g->builder), &in, &g->visitors, why);
    const struct dataset_source record = {.name = "visitors", .n_rows = g->visitors.choices, .visitors = 1};
    if (rc == ERR_OK && g->visitors.choices > 0)
        rc = add_part(g, &record, &in, why);
    interactions_free(&in);
    return rc;
}

static enum err collect(struct dataset_gather *g, struct fail *why)
{
    enum err rc = ERR_OK;
    if (g->db != NULL)
        rc = shown_films_read(g->db, g->arena, g->config, &g->hidden, why);
    if (rc == ERR_OK && g->db != NULL)
        rc = add_sources(g, why);
    for (size_t i = 0; i < g->n_files && rc == ERR_OK; i++)
        rc = add_file(g, g->files[i], why);
    if (rc == ERR_OK && g->db != NULL)
        rc = add_visitors(g, why);
    if (rc == ERR_OK && g->catalog_only)
        rc = training_catalog(g->db, &g->catalog, why);
    if (rc == ERR_OK && g->catalog_only && g->catalog.len == 0)
        rc = fail_set(why, ERR_INVALID, "the catalog has no films; import movies first, or use --items all");
    return rc;
}

/* Files of the caller's own are divided by whoever evaluates them. */
static enum err open_panel(const struct config *config, struct panel *panel, struct fail *why)
{
    char path[STATE_PATH];
    enum err rc = config_state_path(config, "panel.key", path, sizeof path, why);
    return rc == ERR_OK ? panel_open(panel, path, true, why) : rc;
}

enum err dataset_gather_run(struct dataset_gather *g, const char *path, struct fail *why)
{
    struct panel panel = {0};
    g->catalog = VEC_OF(int32_t);
    dataset_builder_init(&g->builder);
    enum err rc = g->db == NULL ? ERR_OK : open_panel(g->config, &panel, why);
    if (rc == ERR_OK)
        rc = collect(g, why);
    const struct dataset_rules rules = {.threshold = (float)g->threshold,
                                        .min_user = g->min_user,
                                        .catalog = g->catalog_only ? g->catalog.data : NULL,
                                        .n_catalog = g->catalog.len,
                                        .n_without = (uint32_t)g->visitors.left.rules,
                                        .n_left_out = (uint32_t)g->visitors.left.choices,
                                        .panel = g->db == NULL ? NULL : &panel};
    if (rc == ERR_OK && progress_stopping(g->progress))
        rc = ERR_STOPPED;
    if (rc == ERR_OK)
        rc = dataset_builder_write(&g->builder, &rules, path, why);
    films_hidden_free(&g->hidden);
    dataset_builder_free(&g->builder);
    vec_free(&g->catalog);
    return rc;
}
