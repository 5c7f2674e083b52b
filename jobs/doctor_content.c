#include "doctor.h"

#include <stdio.h>
#include <string.h>

#include "base/state_path.h"
#include "bts/bts_encoder.h"
#include "bts/bts_film.h"
#include "bts/bts_films.h"
#include "model/model_file.h"

static const struct {
    const char *setting, *language;
    const char *made; /* the model's value: texts that an encoder read */
} encoders[BTS_LANGUAGES] = {{"bert_en_dir", "English", "encoded_en"},
                             {"bert_ko_dir", "Korean", "encoded_ko"}};

static const char *folder_of(const struct doctor *d, int language)
{
    return language == BTS_EN ? d->job->config.bert_en_dir : d->job->config.bert_ko_dir;
}

/* Reads the weights as a training would. */
static void encoder(struct doctor *d, int language)
{
    char what[40];
    struct bert *bert = NULL;
    struct fail why = {0};
    const char *dir = folder_of(d, language);
    if (dir[0] == '\0')
        return;
    snprintf(what, sizeof what, "encoder %s", encoders[language].setting);
    enum err rc = bert_open(&bert, dir, &why);
    if (rc != ERR_OK)
        doctor_say(d, DOCTOR_WRONG, what,
                   "%s; " DOCTOR_DO "fix %s, or leave %s empty: BTS then uses TF-IDF only for %s plots",
                   why.text[0] != '\0' ? why.text : err_name(rc), dir, encoders[language].setting,
                   encoders[language].language);
    else
        doctor_say(d, DOCTOR_GOOD, what, "%s is intact; vectors of %zu numbers", dir, bert_width(bert));
    bert_close(bert);
}

static bool was_encoded(const struct model *m, int language)
{
    for (size_t i = 0; i < m->n_settings; i++)
        if (strcmp(m->settings[i].name, encoders[language].made) == 0)
            return m->settings[i].value > 0;
    return false;
}

/* *what: what a training now would read differently; NULL: nothing. */
static enum err out_of_date(struct doctor *d, const struct model *m, const char **what, struct fail *why)
{
    struct bts_films films;
    const struct bts_source from = {.db = d->job->db, .arena = &d->job->arena, .progress = &d->job->progress};
    *what = NULL;
    enum err rc = d->tables ? bts_films_read(&from, &films, why) : ERR_OK;
    if (rc != ERR_OK || !d->tables)
        return rc;
    if (memcmp(films.hash, m->info->dataset_hash, sizeof films.hash) != 0)
        *what = "was trained on other films and texts than the database has now";
    for (int l = 0; l < BTS_LANGUAGES && *what == NULL; l++)
        if (films.n_texts[l] > 0 && was_encoded(m, l) != (folder_of(d, l)[0] != '\0'))
            *what = was_encoded(m, l) ? "was trained with an encoder that is no longer configured"
                                      : "was trained without the configured encoder";
    return ERR_OK;
}

void doctor_content(struct doctor *d)
{
    char path[STATE_PATH];
    struct model m;
    struct fail why = {0};
    for (int l = 0; l < BTS_LANGUAGES; l++)
        encoder(d, l);
    enum err rc =
        state_path(&d->job->config, &(struct state_file){.folder = "models", .name = "bts.mvm"}, path, &why);
    if (rc == ERR_OK)
        rc = model_open_content(&m, path, &why);
    if (rc == ERR_NOT_FOUND) {
        doctor_say(d, DOCTOR_NOTE, "model bts",
                   "missing; films without ratings are not recommended; " DOCTOR_DO "run: mvti train bts");
        return;
    }
    if (rc != ERR_OK) {
        doctor_say(d, DOCTOR_WRONG, "model bts", "%s; " DOCTOR_DO "run: mvti train bts", why.text);
        return;
    }
    const char *other;
    if (out_of_date(d, &m, &other, &why) != ERR_OK)
        doctor_say(d, DOCTOR_NOTE, "model bts", "intact, %s, but could not be compared with the database: %s",
                   doctor_age(d, m.info->created), why.text);
    else if (other != NULL)
        doctor_say(d, DOCTOR_NOTE, "model bts", "intact, %s, but %s; " DOCTOR_DO "run: mvti train bts",
                   doctor_age(d, m.info->created), other);
    else
        doctor_say(d, DOCTOR_GOOD, "model bts", "intact; %zu films, %s, %s", m.n_items,
                   was_encoded(&m, BTS_EN) || was_encoded(&m, BTS_KO) ? "texts by BERT and TF-IDF"
                                                                      : "texts by TF-IDF only",
                   doctor_age(d, m.info->created));
    model_close(&m);
}
