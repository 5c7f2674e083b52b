#include "train_bts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bts_films.h"
#include "bts_measure.h"
#include "model/model_file.h"
#include "train/bts.h"
#include "train/dataset.h"

static double default_neighbours(const struct csr *x)
{
    (void)x;
    return 60;
}
static double default_mix(const struct csr *x)
{
    (void)x;
    return 0;
}
static double default_genres(const struct csr *x)
{
    (void)x;
    return 0.05;
}
static double default_era(const struct csr *x)
{
    (void)x;
    return 0.1;
}

enum { NEIGHBOURS, MIX, GENRES, ERA, N_SETTINGS };
static const struct trainer_setting settings[N_SETTINGS] = {
    [NEIGHBOURS] = {"neighbours", 1, 1e4, default_neighbours, "most similar films kept for each", NULL},
    [MIX] = {"mix", 0, 1, default_mix, "share of BERT's cosine beside TF-IDF's; 0 without an encoder", NULL},
    [GENRES] = {"genres", 0, 100, default_genres, "weight of the genres' cosine", NULL},
    [ERA] = {"era", 0, 100, default_era, "weight of exp(-years between / 10)", NULL},
};

const struct trainer train_bts_row = {.name = "bts",
                                      .help =
                                          "neighbours by plots, keywords, genres and era: needs no ratings",
                                      .settings = settings,
                                      .n_settings = N_SETTINGS};

struct work {
    struct job *job;
    const struct train_bts *q;
    struct bts_films films;
    double value[N_SETTINGS];
    struct csr links;
    float *strength;
    double seconds;
    struct bts_measured measured;
};

static enum err find_links(struct work *w, struct fail *why)
{
    const struct bts_task task = {.films = w->films.films,
                                  .n = w->films.n,
                                  .options = {.neighbours = (size_t)w->value[NEIGHBOURS],
                                              .mix = w->value[MIX],
                                              .genres = w->value[GENRES],
                                              .era = w->value[ERA]},
                                  .progress = &w->job->progress};
    double start = clock_monotonic();
    enum err rc = bts_train(&task, &w->links, &w->strength, why);
    w->seconds = clock_monotonic() - start;
    return rc;
}

/* What people like is only there to measure with. */
static enum err measure(struct work *w, struct fail *why)
{
    struct dataset d;
    if (w->q->holdout == 0)
        return ERR_OK;
    enum err rc = dataset_open(&d, w->q->dataset, why);
    if (rc == ERR_NOT_FOUND && !w->q->dataset_given)
        return ERR_OK;
    if (rc != ERR_OK)
        return rc;
    const struct bts_measure m = {.films = &w->films,
                                  .links = &w->links,
                                  .strength = w->strength,
                                  .share = w->q->holdout,
                                  .seed = w->q->seed,
                                  .progress = &w->job->progress};
    rc = bts_measure(&m, &d, &w->measured, why);
    dataset_close(&d);
    return rc;
}

static enum err save(const struct work *w, struct fail *why)
{
    struct model_info info = {.seed = w->q->seed, .created = clock_wall(), .seconds = w->seconds};
    struct model_value values[N_SETTINGS], metrics[BTS_MEASURE_VALUES];
    snprintf(info.kind, sizeof info.kind, "bts");
    memcpy(info.dataset_hash, w->films.hash, sizeof info.dataset_hash);
    for (int i = 0; i < N_SETTINGS; i++)
        model_value_set(&values[i], settings[i].name, w->value[i]);
    const struct model m = {.info = &info,
                            .item_ids = w->films.ids,
                            .n_items = w->films.n,
                            .settings = values,
                            .n_settings = N_SETTINGS,
                            .metrics = metrics,
                            .n_metrics = bts_measure_values(&w->measured, metrics),
                            .links = w->links,
                            .strength = w->strength};
    return model_write(&m, w->q->out, NULL, why);
}

static void say(const struct work *w)
{
    struct job *job = w->job;
    job_say(job,
            "bts: %zu links between %zu films (%zu with an English text, %zu with a Korean one) in %.1f s",
            csr_count(&w->links), w->films.n, w->films.n_texts[BTS_EN], w->films.n_texts[BTS_KO], w->seconds);
    if (w->films.n_all > w->films.n)
        job_say(job, "  %zu more films have neither a text nor a genre and are left out",
                w->films.n_all - w->films.n);
    job_say(job, "  without an encoder's weights BTS is TF-IDF alone, with genres and era");
    for (int i = 0; i < N_SETTINGS; i++)
        job_say(job, "  %s = %g", settings[i].name, w->value[i]);
    bts_measure_say(job, &w->measured);
    job_say(job, "written to %s", w->q->out);
}

enum err train_bts(struct job *job, const struct train_bts *q, struct fail *why)
{
    struct work w = {.job = job, .q = q};
    for (int i = 0; i < N_SETTINGS; i++)
        w.value[i] = q->values.given[i] ? q->values.value[i] : settings[i].fallback(NULL);
    enum err rc = bts_films_read(job, q->movies, q->plots, &w.films, why);
    if (rc == ERR_OK)
        rc = find_links(&w, why);
    if (rc == ERR_OK)
        rc = measure(&w, why);
    if (rc == ERR_OK)
        rc = save(&w, why);
    if (rc == ERR_OK)
        say(&w);
    csr_free(&w.links);
    free(w.strength);
    return rc;
}
