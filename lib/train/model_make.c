#include "train/model_make.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/state_path.h"
#include "data/sample.h"
#include "data/split.h"
#include "train/evaluate.h"
#include "train/told_films.h"

/* Cut-offs of what is measured. */
static const int cuts[MODEL_SAVE_CUTS] = {10, 20};

/* MEASURED: ten thousand users give a mean that is right to a few thousandths; 160,000 of 62,000 films each
 * would be ten thousand million scores. WATCHED: of these few the quality is told while the training runs. */
enum { MEASURED_USERS = 10000, WATCHED_USERS = 1000 };

/* One of the two trainings. */
struct pass {
    const struct csr *x;
    const char *name; /* of its checkpoint, behind the model's name */
    const struct train_watch *watch;
};

/* models/recvae.mvm → models/recvae.checkpoint */
static void name_checkpoint(const struct model_make *m, const char *name, char out[STATE_PATH + 32])
{
    size_t n = strlen(m->path);
    int stem = (int)(n > 4 && strcmp(m->path + n - 4, ".mvm") == 0 ? n - 4 : n);
    snprintf(out, STATE_PATH + 32, "%.*s.%s", stem, m->path, name);
}

static void remove_checkpoint(const struct model_make *m, const char *name)
{
    char path[STATE_PATH + 32];
    name_checkpoint(m, name, path);
    unlink(path);
}

static const char measuring[] = "measure.checkpoint", making[] = "checkpoint";

static enum err train(const struct model_make *m, const struct pass *p, struct trained *out, struct fail *why)
{
    char checkpoint[STATE_PATH + 32];
    bool nobody = false, *keeps = m->keeps != NULL ? m->keeps : &nobody;
    name_checkpoint(m, p->name, checkpoint);
    const struct train_task task = {.x = p->x,
                                    .seed = m->seed,
                                    .checkpoint = {.path = m->trainer->resumes ? checkpoint : NULL,
                                                   .anew = m->anew,
                                                   .seconds = m->checkpoint_seconds},
                                    .content = m->content,
                                    .watch = p->watch,
                                    .progress = m->progress};
    *keeps = m->trainer->resumes;
    enum err rc = trainer_run(m->trainer, m->values, &task, out, why);
    *keeps = false;
    return rc;
}

static enum err train_watched(const struct model_make *m, const struct split *s, struct trained *out,
                              struct fail *why)
{
    struct csr few;
    enum err rc = sample_rows(&few, &s->held, WATCHED_USERS, m->seed, why);
    if (rc != ERR_OK)
        return rc;
    const struct evaluate_task on_the_way = {
        .history = &s->train, .held = &few, .k = cuts, .n_cuts = MODEL_SAVE_CUTS};
    struct train_watch watch = m->watch != NULL ? *m->watch : (struct train_watch){0};
    watch.measure = &on_the_way;
    rc = train(m, &(struct pass){&s->train, measuring, m->watch != NULL ? &watch : NULL}, out, why);
    csr_free(&few);
    return rc;
}

static enum err train_and_measure(const struct model_make *m, const struct split *s,
                                  struct evaluate_result *r, struct fail *why)
{
    struct trained t;
    enum err rc = train_watched(m, s, &t, why);
    if (rc != ERR_OK)
        return rc;
    const struct evaluate_task task = {.scorer = trained_scorer(&t),
                                       .history = &s->train,
                                       .held = &s->held,
                                       .k = cuts,
                                       .n_cuts = MODEL_SAVE_CUTS};
    rc = evaluate_run(&task, r, m->progress, why);
    trained_free(&t);
    return rc;
}

static enum err keep_some_users(struct split *s, uint64_t seed, struct fail *why)
{
    struct csr some;
    enum err rc = sample_rows(&some, &s->held, MEASURED_USERS, seed, why);
    if (rc != ERR_OK)
        return rc;
    csr_free(&s->held);
    s->held = some;
    return ERR_OK;
}

static enum err measure(const struct model_make *m, struct model_made *out, struct fail *why)
{
    struct split s;
    struct evaluate_result r;
    enum err rc = split_by_user(&s, &m->dataset->x, m->holdout, m->seed, why);
    if (rc != ERR_OK)
        return rc;
    rc = keep_some_users(&s, m->seed, why);
    if (rc == ERR_OK)
        rc = train_and_measure(m, &s, &r, why);
    split_free(&s);
    if (rc == ERR_OK)
        out->n_metrics = model_save_metrics(&r.metrics, cuts, out->metrics);
    return rc;
}

static enum err train_on_all(const struct model_make *m, struct trained *out, struct fail *why)
{
    struct train_watch watch = m->watch != NULL ? *m->watch : (struct train_watch){0};
    watch.measure = NULL;
    bool told = m->watch != NULL && m->holdout == 0; /* else the first training was */
    enum err rc = train(m, &(struct pass){&m->dataset->x, making, told ? &watch : NULL}, out, why);
    if (rc != ERR_OK)
        *out = (struct trained){0};
    return rc;
}

static enum err make(const struct model_make *m, struct model_made *out, struct fail *why)
{
    enum err rc = m->holdout > 0 ? measure(m, out, why) : ERR_OK;
    if (rc == ERR_OK)
        rc = train_on_all(m, &out->model, why);
    if (rc != ERR_OK)
        return rc;
    const struct model_save s = {
        .dataset = m->dataset, .seed = m->seed, .metrics = out->metrics, .n_metrics = out->n_metrics};
    rc = model_save(&s, &out->model, m->path, NULL, why);
    if (rc == ERR_OK) {
        remove_checkpoint(m, making);
        remove_checkpoint(m, measuring);
    }
    return rc;
}

enum err model_make(const struct model_make *m, struct model_made *out, struct fail *why)
{
    struct told_films told;
    struct model_make with = *m;
    *out = (struct model_made){0};
    if (!m->trainer->content)
        return make(m, out, why);
    enum err rc = told_films_open(&told, m->path, m->dataset, why);
    if (rc == ERR_NOT_FOUND) {
        progress_note(m->progress,
                      "no content model: trained without texts; run 'mvti train bts', then train again");
        return make(m, out, why);
    }
    if (rc != ERR_OK)
        return rc;
    with.dataset = &told.dataset;
    with.content = told.content.part;
    rc = make(&with, out, why);
    told_films_close(&told);
    return rc;
}
