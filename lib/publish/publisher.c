#include "publish/publisher.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/saying.h"
#include "base/secret.h"
#include "publish/dataset_shelf.h"
#include "publish/film_twins.h"
#include "publish/publish.h"
#include "publish/publish_record.h"
#include "publish/published_models.h"
#include "publish/reference.h"
#include "publish/typing.h"
#include "publish/unlike.h"

static bool add_aliases(struct vec *aliases, const struct vec *hidden)
{
    const struct film_hidden *h = hidden->data;
    for (size_t i = 0; i < hidden->len; i++)
        if (!vec_push(aliases, &(struct builder_alias){h[i].id, h[i].shown}))
            return false;
    return true;
}

/* Of films with one title and year people would see the same twice: on the wall, in a search, in a list. */
static enum err show_twins_once(const struct progress *progress, struct snapshot_builder *b,
                                struct catalog *catalog, const struct model *counts, struct fail *why)
{
    enum { SHOWN_MAX = 20 };
    struct films_hidden hidden;
    enum err rc = film_twins_join(catalog, counts, &hidden, why);
    const struct film_hidden *h = hidden.films.data;
    for (size_t i = 0; rc == ERR_OK && i < hidden.films.len && i < SHOWN_MAX; i++)
        progress_note(progress, "film %d has the same title and year as film %d, which is shown for both",
                      (int)h[i].id, (int)h[i].shown);
    if (hidden.films.len > SHOWN_MAX)
        progress_note(progress, "and %zu more", hidden.films.len - SHOWN_MAX);
    if (rc == ERR_OK && (!add_aliases(&b->movie_aliases, &hidden.films) ||
                         !add_aliases(&b->character_aliases, &hidden.characters)))
        rc = fail_set(why, ERR_NOMEM, "out of memory while building the snapshot");
    films_hidden_free(&hidden);
    return rc;
}

/* "…/datasets/current.held.mvd" */
static enum err held_path(const struct publisher *p, char held[PANEL_PATH], struct fail *why)
{
    char dataset[1024];
    enum err rc = config_state_path(p->config, "datasets/current.mvd", dataset, sizeof dataset, why);
    return rc == ERR_OK ? panel_path(dataset, held, PANEL_PATH, why) : rc;
}

static enum err add_catalog(const struct publisher *p, struct snapshot_builder *b, const struct catalog *c,
                            const struct model *learned, struct fail *why)
{
    struct like_totals likes;
    struct film_counts counts = {0};
    char held[PANEL_PATH];
    enum err rc = like_totals_read(p->db, p->arena, &likes, why);
    if (rc == ERR_OK)
        rc = unlike_take_off(p->db, &likes, why);
    if (rc == ERR_OK)
        rc = held_path(p, held, why);
    if (rc == ERR_OK)
        rc = film_counts_open(&counts, learned, held, why);
    if (rc == ERR_OK)
        rc = publish_catalog(b, c, &likes, &counts, why);
    film_counts_close(&counts);
    return rc;
}

/* Before twins are joined, so that what is shown of them has the better type. */
static enum err hear_voters(const struct publisher *p, struct catalog *c, struct fail *why)
{
    struct typing_tally tally;
    enum err rc = typing_apply(p->db, c, &tally, why);
    if (rc == ERR_OK && tally.changed > 0)
        progress_note(p->progress,
                      "visitors' votes change the type of %zu of %zu characters that they voted on",
                      tally.changed, tally.voted);
    return rc;
}

static enum err fill(const struct publisher *p, struct snapshot_builder *b, struct published_models *models,
                     struct fail *why)
{
    struct catalog catalog;
    const struct model *counts = models->has_counts ? &models->counts : NULL;
    progress_report(p->progress, "reading the catalog", 0, 0);
    enum err rc = catalog_read(p->db, p->arena, &catalog, why);
    if (rc == ERR_OK)
        rc = hear_voters(p, &catalog, why);
    if (rc == ERR_OK)
        rc = show_twins_once(p->progress, b, &catalog, counts, why);
    if (rc == ERR_OK)
        rc = add_catalog(p, b, &catalog, counts, why);
    if (rc == ERR_OK)
        rc = reference_load(b, p->config->reference_dir, why);
    published_models_place(models, b);
    publish_meta(b, models);
    return rc;
}

/* What one run of publishing works with. */
struct work {
    const struct publisher *p;
    struct snapshot_folder folder;
    struct snapshot_builder builder;
    struct published_models models;
    char path[SNAPSHOT_PATH + 128]; /* of the candidate */
    struct snapshot fresh, live;
    bool has_live;
};

static void describe(const struct work *w, struct publisher_result *out)
{
    snprintf(out->id, sizeof out->id, "%s", w->fresh.id);
    out->n_films = w->fresh.n_movies;
    out->n_characters = w->fresh.n_characters;
    out->bytes = w->fresh.size;
}

/* The new file, opened as a worker would before anyone is pointed at it. */
static enum err make_candidate(struct work *w, struct fail *why)
{
    char folder[SNAPSHOT_PATH];
    const struct publisher *p = w->p;
    enum err rc = published_models_open(&w->models, p->config, p->model_file, why);
    if (rc == ERR_OK)
        rc = published_models_index(&w->models, p->config, FOREST_WORTH, why);
    if (rc == ERR_OK)
        rc = fill(p, &w->builder, &w->models, why);
    if (rc == ERR_OK)
        rc = snapshot_folder_candidate(&w->folder, folder, why);
    if (rc != ERR_OK)
        return rc;
    progress_report(p->progress, "writing the snapshot", 0, 0);
    rc = snapshot_writer_build(&w->builder, folder, clock_wall(), w->path, sizeof w->path, why);
    return rc == ERR_OK ? snapshot_open(&w->fresh, w->path, why) : rc;
}

/* A published file that cannot be read has nothing to compare with, and is better replaced. */
static enum err open_live(struct work *w, struct fail *why)
{
    char path[SNAPSHOT_PATH];
    snapshot_folder_file(&w->folder, "current", path);
    enum err rc = snapshot_open(&w->live, path, why);
    w->has_live = rc == ERR_OK;
    return rc == ERR_NOMEM ? rc : ERR_OK;
}

static enum err judge(struct work *w, struct publisher_result *out, struct fail *why)
{
    char key[1024], held[PANEL_PATH];
    struct champion_task task = {.live = &w->live,
                                 .fresh = &w->fresh,
                                 .key = key,
                                 .dataset = held,
                                 .margin = w->p->margin,
                                 .progress = w->p->progress};
    enum err rc = config_state_path(w->p->config, "panel.key", key, sizeof key, why);
    if (rc == ERR_OK)
        rc = held_path(w->p, held, why);
    if (rc == ERR_OK)
        rc = champion_judge(&task, &out->verdict, why);
    out->has_verdict = rc == ERR_OK;
    return rc;
}

static bool is_withdrawn(const struct work *w)
{
    char name[SNAPSHOT_NAME];
    snapshot_folder_withdrawn(&w->folder, name);
    return strcmp(name, strrchr(w->path, '/') + 1) == 0;
}

/* What becomes of the candidate. */
static enum publisher_outcome decide(const struct work *w, const struct publisher_result *out)
{
    bool worse = out->has_verdict && out->verdict.decision == CHAMPION_WORSE;
    if (out->pinned[0] != '\0')
        return PUBLISHER_PINNED;
    if (w->has_live && strcmp(w->live.id, w->fresh.id) == 0)
        return PUBLISHER_SAME;
    return (worse || is_withdrawn(w)) && !w->p->force ? PUBLISHER_REFUSED : PUBLISHER_LIVE;
}

static void say_reason(const struct work *w, struct publisher_result *out)
{
    if (!w->has_live)
        snprintf(out->reason, sizeof out->reason, SAYING_FIRST);
    else if (!out->has_verdict)
        snprintf(out->reason, sizeof out->reason, SAYING_SAME_CONTENT);
    else if (is_withdrawn(w) && !w->p->force)
        snprintf(out->reason, sizeof out->reason,
                 "the same content was withdrawn before, because visitors had worse of it");
    else if (out->verdict.decision == CHAMPION_UNKNOWN)
        snprintf(out->reason, sizeof out->reason, SAYING_NOT_COMPARED, out->verdict.reason);
    else
        snprintf(out->reason, sizeof out->reason, "%s%s", out->verdict.reason,
                 w->p->force && out->verdict.decision == CHAMPION_WORSE ? SAYING_FORCED : "");
}

static enum err take_effect(struct work *w, struct publisher_result *out, struct fail *why)
{
    const char *name = strrchr(w->path, '/') + 1;
    char was_live[SNAPSHOT_NAME];
    enum err rc = ERR_OK;
    snapshot_folder_current(&w->folder, was_live);
    if (out->outcome == PUBLISHER_LIVE)
        rc = snapshot_folder_accept(&w->folder, name, why);
    if (rc != ERR_OK)
        return rc;
    publish_record_made(w->p, w->has_live ? w->live.id : "", out, &w->models);
    if (out->outcome == PUBLISHER_LIVE)
        snapshot_folder_remove_old(&w->folder, w->p->keep, w->p->keep > 1 ? was_live : "");
    (void)dataset_shelf_clean(w->p->config);
    if (out->outcome == PUBLISHER_REFUSED)
        return fail_set(why, ERR_CONFLICT,
                        "not published: %s; the margin is %g; see 'mvti snapshot history', or publish anyway "
                        "with --force or a larger --margin",
                        out->reason, w->p->margin);
    return ERR_OK;
}

static enum err publish_from(struct work *w, struct publisher_result *out, struct fail *why)
{
    snapshot_folder_pinned(&w->folder, out->pinned);
    publish_record_found(w->p, &w->folder);
    enum err rc = make_candidate(w, why);
    if (rc == ERR_OK)
        rc = open_live(w, why);
    if (rc == ERR_OK && w->has_live && strcmp(w->live.id, w->fresh.id) != 0)
        rc = judge(w, out, why);
    if (rc != ERR_OK)
        return rc;
    describe(w, out);
    say_reason(w, out);
    out->outcome = decide(w, out);
    return take_effect(w, out, why);
}

enum err publisher_run(const struct publisher *p, struct publisher_result *out, struct fail *why)
{
    struct work w = {.p = p};
    *out = (struct publisher_result){0};
    snapshot_builder_init(&w.builder);
    enum err rc = snapshot_folder_open(&w.folder, p->config, why);
    if (rc == ERR_OK) {
        rc = publish_from(&w, out, why);
        snapshot_folder_clean(&w.folder);
    }
    if (w.has_live)
        snapshot_close(&w.live);
    if (w.fresh.size > 0)
        snapshot_close(&w.fresh);
    snapshot_builder_free(&w.builder);
    published_models_close(&w.models);
    snapshot_folder_close(&w.folder);
    return rc;
}
