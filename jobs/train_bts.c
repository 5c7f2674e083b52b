#include "train_bts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bts/bts.h"
#include "bts/bts_encoder.h"
#include "bts_films.h"
#include "bts_measure.h"
#include "data/dataset.h"
#include "model/model_file.h"
#include "state_path.h"

enum { NEIGHBOURS, MIX, GENRES, ERA, N_SETTINGS };
/* Defaults: below. */
static const struct trainer_setting settings[N_SETTINGS] = {
    [NEIGHBOURS] = {"neighbours", 1, 1e4, NULL, "neighbours kept per film", NULL},
    [MIX] = {"mix", 0, 1, NULL, "share of BERT similarity versus TF-IDF; 0 without an encoder", NULL},
    [GENRES] = {"genres", 0, 100, NULL, "weight of genre similarity", NULL},
    [ERA] = {"era", 0, 100, NULL, "weight of exp(-years apart / 10)", NULL},
};

/* Fitted on held-out people and films, without and with MiniLM's cosines, which are larger than TF-IDF's. */
static const double defaults[2][N_SETTINGS] = {{60, 0, 0.05, 0.1}, {60, 0.1, 0.1, 0.2}};

static const char *const language_names[BTS_LANGUAGES] = {"English", "Korean"};
static const char *const encoded_names[BTS_LANGUAGES] = {"encoded_en", "encoded_ko"};

const struct trainer train_bts_row = {
    .name = "bts",
    .help = "content model: neighbours by plot, keywords, genres and era; needs no ratings",
    .settings = settings,
    .n_settings = N_SETTINGS};

struct work {
    struct job *job;
    const struct train_bts *q;
    struct bts_films films;
    double value[N_SETTINGS];
    struct csr links;
    float *strength;
    struct text_vectors vectors[BTS_LANGUAGES];
    double seconds;
    struct bts_measured measured;
};

/* ---- vectors ---- */

/* The films' texts in one language behind each other, and where each begins. */
static bool read_texts(const struct bts_films *films, enum bts_language l, struct buf *text,
                       const char **texts)
{
    size_t *at = malloc((films->n + 1) * sizeof *at);
    for (size_t i = 0; i < films->n && at != NULL; i++) {
        at[i] = text->len;
        bts_film_text(&films->films[i], l, text);
        buf_putc(text, '\0');
    }
    bool ok = at != NULL && !text->failed;
    for (size_t i = 0; i < films->n && ok; i++)
        texts[i] = text->data + at[i];
    free(at);
    return ok;
}

static enum err make_vectors(struct work *w, enum bts_language l, const char *dir, const char *file,
                             struct fail *why)
{
    struct bts_encoder e;
    struct buf text = {0};
    char path[STATE_PATH];
    const char **texts = malloc((w->films.n + 1) * sizeof *texts);
    enum err rc = bts_encoder_init(&e, dir, why);
    if (rc == ERR_OK && (texts == NULL || !read_texts(&w->films, l, &text, texts)))
        rc = fail_set(why, ERR_NOMEM, "out of memory for the texts of %zu films", w->films.n);
    if (rc == ERR_OK)
        rc = state_path(w->job, NULL, "models", file, true, path, why);
    if (rc == ERR_OK)
        rc = text_vectors_make(&w->vectors[l], &e.encoder, path, texts, w->films.n, &w->job->progress, why);
    bts_encoder_close(&e);
    buf_free(&text);
    free(texts);
    return rc;
}

static enum err find_vectors(struct work *w, struct fail *why)
{
    const struct config *c = &w->job->config;
    const char *const dirs[] = {c->bert_en_dir, c->bert_ko_dir};
    static const char *const names[] = {"bts_vectors_en.mvv", "bts_vectors_ko.mvv"};
    enum err rc = ERR_OK;
    for (int l = 0; l < BTS_LANGUAGES && rc == ERR_OK; l++)
        if (dirs[l][0] != '\0')
            rc = make_vectors(w, (enum bts_language)l, dirs[l], names[l], why);
    return rc;
}

static bool has_vectors(const struct work *w)
{
    return w->vectors[BTS_EN].rows != NULL || w->vectors[BTS_KO].rows != NULL;
}

/* ---- the whole ---- */

static enum err find_links(struct work *w, struct fail *why)
{
    const struct bts_task task = {.films = w->films.films,
                                  .n = w->films.n,
                                  .vectors = {w->vectors[BTS_EN].rows, w->vectors[BTS_KO].rows},
                                  .d = {w->vectors[BTS_EN].d, w->vectors[BTS_KO].d},
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
    struct model_value values[N_SETTINGS + BTS_LANGUAGES], metrics[BTS_MEASURE_VALUES];
    snprintf(info.kind, sizeof info.kind, "bts");
    memcpy(info.dataset_hash, w->films.hash, sizeof info.dataset_hash);
    for (int i = 0; i < N_SETTINGS; i++)
        model_value_set(&values[i], settings[i].name, w->value[i]);
    for (int l = 0; l < BTS_LANGUAGES; l++) /* 0: TF-IDF alone */
        model_value_set(&values[N_SETTINGS + l], encoded_names[l], (double)w->vectors[l].n_texts);
    const struct model m = {.info = &info,
                            .item_ids = w->films.ids,
                            .n_items = w->films.n,
                            .settings = values,
                            .n_settings = N_SETTINGS + BTS_LANGUAGES,
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
        job_say(job, "  skipped %zu films with neither a text nor a genre", w->films.n_all - w->films.n);
    for (int l = 0; l < BTS_LANGUAGES; l++)
        if (w->vectors[l].rows != NULL)
            job_say(job, "  %s texts encoded by BERT: %zu, %zu of them new", language_names[l],
                    w->vectors[l].n_texts, w->vectors[l].n_encoded);
    if (!has_vectors(w))
        job_say(
            job,
            "  no encoder configured: BTS uses TF-IDF only, with genres and era (bert_en_dir, bert_ko_dir)");
    for (int i = 0; i < N_SETTINGS; i++)
        job_say(job, "  %s = %g", settings[i].name, w->value[i]);
    bts_measure_say(job, &w->measured);
    job_say(job, "written to %s", w->q->out);
}

enum err train_bts(struct job *job, const struct train_bts *q, struct fail *why)
{
    struct work w = {.job = job, .q = q};
    enum err rc = bts_films_read(job, q->movies, q->plots, &w.films, why);
    if (rc == ERR_OK)
        rc = find_vectors(&w, why);
    for (int i = 0; i < N_SETTINGS; i++)
        w.value[i] = q->values.given[i] ? q->values.value[i] : defaults[has_vectors(&w)][i];
    if (!has_vectors(&w))
        w.value[MIX] = 0;
    if (rc == ERR_OK)
        rc = find_links(&w, why);
    if (rc == ERR_OK)
        rc = measure(&w, why);
    if (rc == ERR_OK)
        rc = save(&w, why);
    if (rc == ERR_OK)
        say(&w);
    for (int l = 0; l < BTS_LANGUAGES; l++)
        text_vectors_free(&w.vectors[l]);
    csr_free(&w.links);
    free(w.strength);
    return rc;
}
