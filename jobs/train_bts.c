#include "train_bts.h"

#include "base/state_path.h"

static const char *const language_names[BTS_LANGUAGES] = {"English", "Korean"};

static void say_measured(struct job *job, const struct bts_measured *m)
{
    struct model_value values[BTS_MEASURE_VALUES];
    size_t n = bts_measure_values(m, values);
    for (size_t i = 0; i < n; i++) {
        size_t p = i / METRIC_KINDS;
        if (i % METRIC_KINDS == 0 && p < BTS_PROTOCOLS)
            job_say(job, "  %s: %s (%zu people)", bts_measure_name(p), bts_measure_meaning(p),
                    m->sum[p].n_users);
        job_say(job, "  %-18s %.4f", values[i].name, values[i].value);
    }
}

static void say(struct job *job, const struct bts_made *m, const char *out)
{
    const struct bts_films *films = &m->films;
    job_say(job,
            "bts: %zu links between %zu films (%zu with an English text, %zu with a Korean one) in %.1f s",
            m->n_links, films->n, films->n_texts[BTS_EN], films->n_texts[BTS_KO], m->seconds);
    if (films->n_all > films->n)
        job_say(job, "  skipped %zu films with neither a text nor a genre", films->n_all - films->n);
    for (int l = 0; l < BTS_LANGUAGES; l++)
        if (m->encoded[l].used)
            job_say(job, "  %s texts encoded by BERT: %zu, %zu of them new", language_names[l],
                    m->encoded[l].n, m->encoded[l].n_new);
    if (!m->encoded[BTS_EN].used && !m->encoded[BTS_KO].used)
        job_say(
            job,
            "  no encoder configured: BTS uses TF-IDF only, with genres and era (bert_en_dir, bert_ko_dir)");
    for (size_t i = 0; i < bts_maker_row.n_settings; i++)
        job_say(job, "  %s = %g", bts_maker_row.settings[i].name, m->value[i]);
    say_measured(job, &m->measured);
    job_say(job, "written to %s", out);
}

enum err train_bts(struct job *job, struct bts_maker *q, struct fail *why)
{
    char vectors[BTS_LANGUAGES][STATE_PATH];
    struct bts_made made;
    q->source.db = job->db;
    q->source.arena = &job->arena;
    q->source.progress = &job->progress;
    q->encoder[BTS_EN].dir = job->config.bert_en_dir;
    q->encoder[BTS_KO].dir = job->config.bert_ko_dir;
    enum err rc = state_path(
        &job->config, &(struct state_file){.folder = "models", .name = "bts_vectors_en.mvv", .create = true},
        vectors[BTS_EN], why);
    if (rc == ERR_OK)
        rc =
            state_path(&job->config,
                       &(struct state_file){.folder = "models", .name = "bts_vectors_ko.mvv", .create = true},
                       vectors[BTS_KO], why);
    for (int l = 0; l < BTS_LANGUAGES; l++)
        q->encoder[l].vectors = vectors[l];
    if (rc == ERR_OK)
        rc = bts_maker_run(q, &made, why);
    if (rc == ERR_OK)
        say(job, &made, q->out);
    return rc;
}
