#include "bts/bts_maker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bts/bts.h"
#include "bts/bts_encoder.h"
#include "data/dataset.h"
#include "model/model_file.h"

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

static const char *const encoded_names[BTS_LANGUAGES] = {"encoded_en", "encoded_ko"};

const struct trainer bts_maker_row = {
    .name = "bts",
    .help = "content model: neighbours by plot, keywords, genres and era; needs no ratings",
    .settings = settings,
    .n_settings = N_SETTINGS};

struct work {
    const struct bts_maker *q;
    struct bts_made *out;
    struct csr links;
    float *strength;
    struct text_vectors vectors[BTS_LANGUAGES];
    double seconds;
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

static enum err make_vectors(struct work *w, enum bts_language l, struct fail *why)
{
    struct bts_encoder e;
    struct buf text = {0};
    size_t n = w->out->films.n;
    const char **texts = malloc((n + 1) * sizeof *texts);
    enum err rc = bts_encoder_init(&e, w->q->encoder[l].dir, why);
    if (rc == ERR_OK && (texts == NULL || !read_texts(&w->out->films, l, &text, texts)))
        rc = fail_set(why, ERR_NOMEM, "out of memory for the texts of %zu films", n);
    if (rc == ERR_OK)
        rc = text_vectors_make(&w->vectors[l],
                               &(struct text_vectors_source){&e.encoder, w->q->encoder[l].vectors, texts, n,
                                                             w->q->source.progress},
                               why);
    bts_encoder_close(&e);
    buf_free(&text);
    free(texts);
    return rc;
}

static enum err find_vectors(struct work *w, struct fail *why)
{
    enum err rc = ERR_OK;
    for (int l = 0; l < BTS_LANGUAGES && rc == ERR_OK; l++)
        if (w->q->encoder[l].dir[0] != '\0')
            rc = make_vectors(w, (enum bts_language)l, why);
    return rc;
}

static bool has_vectors(const struct work *w)
{
    return w->vectors[BTS_EN].rows != NULL || w->vectors[BTS_KO].rows != NULL;
}

/* ---- the whole ---- */

static enum err find_links(struct work *w, struct fail *why)
{
    const struct bts_task task = {.films = w->out->films.films,
                                  .n = w->out->films.n,
                                  .vectors = {w->vectors[BTS_EN].rows, w->vectors[BTS_KO].rows},
                                  .d = {w->vectors[BTS_EN].d, w->vectors[BTS_KO].d},
                                  .options = {.neighbours = (size_t)w->out->value[NEIGHBOURS],
                                              .mix = w->out->value[MIX],
                                              .genres = w->out->value[GENRES],
                                              .era = w->out->value[ERA]},
                                  .progress = w->q->source.progress};
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
    const struct bts_measure m = {.films = &w->out->films,
                                  .links = &w->links,
                                  .strength = w->strength,
                                  .share = w->q->holdout,
                                  .seed = w->q->seed,
                                  .progress = w->q->source.progress};
    rc = bts_measure(&m, &d, &w->out->measured, why);
    dataset_close(&d);
    return rc;
}

static enum err save(const struct work *w, struct fail *why)
{
    struct model_info info = {.seed = w->q->seed, .created = clock_wall(), .seconds = w->seconds};
    struct model_value values[N_SETTINGS + BTS_LANGUAGES], metrics[BTS_MEASURE_VALUES];
    snprintf(info.kind, sizeof info.kind, "bts");
    memcpy(info.dataset_hash, w->out->films.hash, sizeof info.dataset_hash);
    for (int i = 0; i < N_SETTINGS; i++)
        model_value_set(&values[i], settings[i].name, w->out->value[i]);
    for (int l = 0; l < BTS_LANGUAGES; l++) /* 0: TF-IDF alone */
        model_value_set(&values[N_SETTINGS + l], encoded_names[l], (double)w->vectors[l].n_texts);
    const struct model m = {.info = &info,
                            .item_ids = w->out->films.ids,
                            .n_items = w->out->films.n,
                            .settings = values,
                            .n_settings = N_SETTINGS + BTS_LANGUAGES,
                            .metrics = metrics,
                            .n_metrics = bts_measure_values(&w->out->measured, metrics),
                            .links = w->links,
                            .strength = w->strength};
    return model_write(&m, w->q->out, NULL, why);
}

static void report(struct work *w)
{
    struct bts_made *out = w->out;
    out->n_links = csr_count(&w->links);
    out->seconds = w->seconds;
    for (int l = 0; l < BTS_LANGUAGES; l++) {
        out->encoded[l].used = w->vectors[l].rows != NULL;
        out->encoded[l].n = w->vectors[l].n_texts;
        out->encoded[l].n_new = w->vectors[l].n_encoded;
    }
}

enum err bts_maker_run(const struct bts_maker *q, struct bts_made *out, struct fail *why)
{
    struct work w = {.q = q, .out = out};
    *out = (struct bts_made){0};
    enum err rc = bts_films_read(&q->source, &out->films, why);
    if (rc == ERR_OK)
        rc = find_vectors(&w, why);
    for (int i = 0; i < N_SETTINGS; i++)
        out->value[i] = q->values.given[i] ? q->values.value[i] : defaults[has_vectors(&w)][i];
    if (!has_vectors(&w))
        out->value[MIX] = 0;
    if (rc == ERR_OK)
        rc = find_links(&w, why);
    if (rc == ERR_OK)
        rc = measure(&w, why);
    if (rc == ERR_OK)
        rc = save(&w, why);
    report(&w);
    for (int l = 0; l < BTS_LANGUAGES; l++)
        text_vectors_free(&w.vectors[l]);
    csr_free(&w.links);
    free(w.strength);
    return rc;
}
