/* mvti train: one model from the dataset, with its quality measured on a held-out part first. Both trainings
 * keep a checkpoint beside the model file if the model has one; a stopped command goes on from them, and they
 * are removed once the model file is written. */
#include "job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/state_path.h"
#include "data/dataset.h"
#include "data/sample.h"
#include "data/split.h"
#include "help.h"
#include "publish/dataset_shelf.h"
#include "job_tracking.h"
#include "train/evaluate.h"
#include "train/model_save.h"
#include "train/trainers.h"
#include "train/tuned_file.h"
#include "train_bts.h"
#include "train_ensemble.h"

static const char usage[] = "train MODEL [--dataset FILE] [--out FILE] [--set NAME=VALUE]… [--seed N] "
                            "[--holdout X] [--once] [--movies FILE [--plots FILE]] "
                            "[--checkpoint-seconds X] [--no-resume]";

static const int cuts[MODEL_SAVE_CUTS] = {10, 20};

struct request {
    const struct trainer *trainer;
    struct trainer_values values;
    char dataset[STATE_PATH], out[STATE_PATH];
    char checkpoint[STATE_PATH + 32], measure_checkpoint[STATE_PATH + 32];
    double checkpoint_seconds;
    bool anew;
    long seed;
    double holdout;
    bool once;
    struct tracking *track;
};

static void list_model(const struct trainer *t)
{
    help_row(stdout, 2, 27, t->name, t->help);
    for (size_t k = 0; k < t->n_settings; k++) {
        const struct trainer_setting *s = &t->settings[k];
        char name[64], text[256];
        snprintf(name, sizeof name, "--set %s=X", s->name);
        snprintf(text, sizeof text, "%s%s%s", s->help, s->tune != NULL ? "; tune searches " : "",
                 s->tune != NULL ? s->tune : "");
        help_row(stdout, 4, 27, name, text);
    }
}

static void list_models(void)
{
    size_t n;
    const struct trainer *const *rows = trainers(&n);
    for (size_t i = 0; i < n; i++)
        list_model(rows[i]);
    list_model(&bts_maker_row);
}

/* models/recvae.mvm → models/recvae.checkpoint */
static void name_checkpoints(struct request *q)
{
    size_t n = strlen(q->out);
    int stem = (int)(n > 4 && strcmp(q->out + n - 4, ".mvm") == 0 ? n - 4 : n);
    snprintf(q->checkpoint, sizeof q->checkpoint, "%.*s.checkpoint", stem, q->out);
    snprintf(q->measure_checkpoint, sizeof q->measure_checkpoint, "%.*s.measure.checkpoint", stem, q->out);
}

/* What mvti tune --save has found, for settings that are not given; ERR_NOT_FOUND: nothing. */
static enum err read_tuned_of(struct job *job, const char *name, const struct trainer *t,
                              struct trainer_values *v, struct fail *why)
{
    char file[80], path[STATE_PATH];
    snprintf(file, sizeof file, "%s.conf", name);
    enum err rc = state_path(&job->config, &(struct state_file){.folder = "tuned", .name = file}, path, why);
    if (rc == ERR_OK)
        rc = tuned_file_read(v, t, path, why);
    if (rc == ERR_OK)
        job_say(job, "settings not given are taken from %s", path);
    return rc;
}

static bool is_given(const struct trainer_values *v, const char *assignment)
{
    size_t n = strcspn(assignment, "=") + 1;
    for (size_t i = 0; i < v->n_member; i++)
        if (strncmp(v->member[i], assignment, n) == 0)
            return true;
    return false;
}

/* As a member of this ensemble, else by itself. */
static enum err read_tuned_member(struct job *job, struct request *q, const struct trainer *member,
                                  struct fail *why)
{
    struct trainer_values found = {0};
    char name[64];
    snprintf(name, sizeof name, "%s.%s", q->trainer->name, member->name);
    enum err rc = read_tuned_of(job, name, member, &found, why);
    if (rc == ERR_NOT_FOUND)
        rc = read_tuned_of(job, member->name, member, &found, why);
    for (size_t i = 0; rc == ERR_OK && i < member->n_settings; i++) {
        char *text = found.given[i] ? arena_printf(&job->arena, "%s.%s=%.17g", member->name,
                                                   member->settings[i].name, found.value[i])
                                    : NULL;
        if (text != NULL && !is_given(&q->values, text))
            rc = trainer_set(q->trainer, &q->values, text, why);
    }
    return rc;
}

static enum err read_tuned(struct job *job, struct request *q, struct fail *why)
{
    enum err rc = q->trainer->n_members > 0
                      ? ERR_OK
                      : read_tuned_of(job, q->trainer->name, q->trainer, &q->values, why);
    for (size_t m = 0; m < q->trainer->n_members && (rc == ERR_OK || rc == ERR_NOT_FOUND); m++)
        rc = read_tuned_member(job, q, q->trainer->members[m].trainer, why);
    return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

/* What is wrong with the words themselves. --movies and --plots go together, and with bts only. */
static enum err read_words(struct request *q, const char *model, const struct job_list *sets,
                           const char *movies, const char *plots, struct fail *why)
{
    q->trainer = strcmp(model, bts_maker_row.name) == 0 ? &bts_maker_row : trainers_find(model);
    if (q->trainer == NULL)
        return fail_set(why, ERR_INVALID, "unknown model '%s'; see mvti train --help", model);
    enum err rc = ERR_OK;
    for (size_t i = 0; i < sets->n && rc == ERR_OK; i++)
        rc = trainer_set(q->trainer, &q->values, sets->values[i], why);
    if (rc == ERR_OK && movies != NULL && q->trainer != &bts_maker_row)
        return fail_set(why, ERR_INVALID, "--movies: %s learns from likes, not from the films' texts",
                        q->trainer->name);
    if (rc == ERR_OK && plots != NULL && movies == NULL)
        return fail_set(why, ERR_INVALID, "--plots needs --movies");
    return rc;
}

/* --dataset names a file, or a dataset that is kept by its hash. */
static enum err find_dataset(struct job *job, struct request *q, const char *given, struct fail *why)
{
    char kept[DATASET_SHELF_PATH];
    bool is_hash = given != NULL && strlen(given) >= DATASET_SHELF_LEAST &&
                   given[strspn(given, "0123456789abcdef")] == '\0' && access(given, F_OK) != 0;
    enum err rc = is_hash ? dataset_shelf_find(&job->config, given, kept, why) : ERR_OK;
    return rc != ERR_OK
               ? rc
               : state_path(&job->config,
                            &(struct state_file){
                                .given = is_hash ? kept : given, .folder = "datasets", .name = "current.mvd"},
                            q->dataset, why);
}

static enum err read_files(struct job *job, struct request *q, const char *dataset, const char *out,
                           struct fail *why)
{
    enum err rc = read_tuned(job, q, why);
    char file[64];
    snprintf(file, sizeof file, "%s.mvm", q->trainer->name);
    if (rc == ERR_OK)
        rc = find_dataset(job, q, dataset, why);
    if (rc == ERR_OK)
        rc = state_path(&job->config,
                        &(struct state_file){.given = out, .folder = "models", .name = file, .create = true},
                        q->out, why);
    name_checkpoints(q);
    return rc;
}

/* One of the two trainings. */
struct pass {
    const struct csr *x;
    const char *checkpoint;
    const struct train_watch *watch;
};

static enum err train(struct job *job, const struct request *q, const struct pass *p, struct trained *out,
                      struct fail *why)
{
    const struct train_task task = {.x = p->x,
                                    .seed = (uint64_t)q->seed,
                                    .checkpoint = {.path = q->trainer->resumes ? p->checkpoint : NULL,
                                                   .anew = q->anew,
                                                   .seconds = q->checkpoint_seconds},
                                    .watch = p->watch,
                                    .progress = &job->progress};
    job->keeps = q->trainer->resumes;
    enum err rc = trainer_run(q->trainer, &q->values, &task, out, why);
    job->keeps = false;
    return rc;
}

/* Of these few the quality is told while the training goes on. */
enum { WATCHED_USERS = 1000 };

static enum err train_and_measure(struct job *job, const struct request *q, const struct split *s,
                                  struct evaluate_result *r, struct fail *why)
{
    struct trained m;
    struct csr few;
    enum err rc = sample_rows(&few, &s->held, WATCHED_USERS, (uint64_t)q->seed, why);
    if (rc != ERR_OK)
        return rc;
    const struct evaluate_task on_the_way = {
        .history = &s->train, .held = &few, .k = cuts, .n_cuts = MODEL_SAVE_CUTS};
    const struct train_watch watch = {.arg = q->track, .figure = job_tracking_figure, .measure = &on_the_way};
    rc = train(job, q, &(struct pass){&s->train, q->measure_checkpoint, &watch}, &m, why);
    csr_free(&few);
    if (rc != ERR_OK)
        return rc;
    const struct evaluate_task task = {.scorer = trained_scorer(&m),
                                       .history = &s->train,
                                       .held = &s->held,
                                       .k = cuts,
                                       .n_cuts = MODEL_SAVE_CUTS};
    rc = evaluate_run(&task, r, &job->progress, why);
    trained_free(&m);
    return rc;
}

/* Ten thousand users give a mean that is right to a few thousandths; 160,000 of 62,000 films each would be
 * ten thousand million scores. */
enum { MEASURED_USERS = 10000 };

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

/* Quality on `holdout` of every user's likes, drawn by the seed, looked at for MEASURED_USERS of them;
 * nothing for --holdout 0. */
static enum err measure(struct job *job, const struct request *q, const struct csr *x,
                        struct model_value *metrics, size_t *n, struct fail *why)
{
    struct split s;
    struct evaluate_result r;
    *n = 0;
    if (q->holdout == 0)
        return ERR_OK;
    enum err rc = split_by_user(&s, x, q->holdout, (uint64_t)q->seed, why);
    if (rc != ERR_OK)
        return rc;
    rc = keep_some_users(&s, (uint64_t)q->seed, why);
    if (rc == ERR_OK)
        rc = train_and_measure(job, q, &s, &r, why);
    split_free(&s);
    if (rc != ERR_OK)
        return rc;
    *n = model_save_metrics(&r.metrics, cuts, metrics);
    return ERR_OK;
}

static enum err run(struct job *job, const struct request *q, const struct dataset *d, struct fail *why)
{
    struct model_value metrics[MODEL_SAVE_METRICS];
    size_t n_metrics;
    struct trained t;
    const struct train_watch whole = {.arg = q->track, .figure = job_tracking_figure};
    enum err rc = measure(job, q, &d->x, metrics, &n_metrics, why);
    if (rc == ERR_OK)
        rc = train(job, q, &(struct pass){&d->x, q->checkpoint, q->holdout == 0 ? &whole : NULL}, &t, why);
    if (rc != ERR_OK)
        return rc;
    const struct model_save s = {
        .dataset = d, .seed = (uint64_t)q->seed, .metrics = metrics, .n_metrics = n_metrics};
    rc = model_save(&s, &t, q->out, NULL, why);
    if (rc == ERR_OK) {
        unlink(q->checkpoint);
        unlink(q->measure_checkpoint);
        job_say(job, "trained %s on %zu users, %zu films, %zu likes%s in %.1f s", t.trainer->name,
                d->x.n_rows, d->x.n_cols, csr_count(&d->x), d->info->simulated ? " (some simulated)" : "",
                t.seconds);
        for (size_t i = 0; i < t.trainer->n_settings; i++)
            job_say(job, "  %s = %g", t.trainer->settings[i].name, t.value[i]);
        if (t.has_loss)
            job_say(job, "  loss = %.4f in the last epoch", t.loss);
        for (size_t i = 0; i < n_metrics; i++)
            job_say(job, "  %-12s %.4f", metrics[i].name, metrics[i].value);
        job_say(job, "written to %s", q->out);
    }
    trained_free(&t);
    return rc;
}

/* Trainers of the table learn from a dataset. */
static enum err run_on_dataset(struct job *job, const struct request *q, struct fail *why)
{
    struct dataset d;
    enum err rc = dataset_open(&d, q->dataset, why);
    if (rc != ERR_OK)
        return rc;
    const struct train_watch watch = {.arg = q->track, .figure = job_tracking_figure};
    const struct ensemble_make all = {.trainer = q->trainer,
                                      .values = &q->values,
                                      .dataset = &d,
                                      .path = q->out,
                                      .seed = (uint64_t)q->seed,
                                      .once = q->once,
                                      .watch = &watch,
                                      .progress = &job->progress};
    rc = q->trainer->n_members > 0 ? train_ensemble(job, &all, why) : run(job, q, &d, why);
    dataset_close(&d);
    return rc;
}

/* "ease.lambda=400" */
static void track_member(struct tracking *t, const char *assignment)
{
    char name[RUN_NAME];
    const char *equals = strchr(assignment, '=');
    snprintf(name, sizeof name, "%.*s", (int)(equals - assignment), assignment);
    tracking_number(t, RUN_PARAM, name, strtod(equals + 1, NULL));
}

/* What is known before training; the model's file says the rest. */
static void track_request(struct tracking *t, struct job *job, const struct request *q)
{
    job_tracking_start(job, t, "train", q->trainer->name, q->seed);
    for (size_t i = 0; i < q->trainer->n_settings; i++)
        if (q->values.given[i])
            tracking_number(t, RUN_PARAM, q->trainer->settings[i].name, q->values.value[i]);
    for (size_t i = 0; i < q->values.n_member; i++)
        track_member(t, q->values.member[i]);
    tracking_number(t, RUN_PARAM, "holdout", q->holdout);
    tracking_begin(t);
}

/* Records how it ended; the exit status. */
static int end(struct job *job, struct tracking *t, const struct request *q, enum err rc,
               const struct fail *why)
{
    if (rc == ERR_OK)
        tracking_model(t, q->out);
    int status = rc == ERR_OK ? JOB_OK : job_fail(job, rc, why);
    job_tracking_end(job, t, rc == ERR_OK ? RUN_FINISHED : rc == ERR_STOPPED ? RUN_STOPPED : RUN_FAILED);
    return status;
}

int cmd_train(struct job *job, int argc, char **argv)
{
    const char *model = NULL, *dataset = NULL, *out = NULL, *movies = NULL, *plots = NULL;
    struct request q = {.seed = 1, .holdout = 0.2, .checkpoint_seconds = 60};
    struct job_list sets = {0};
    const struct job_option options[] = {
        {.name = "dataset",
         .kind = JOB_TEXT,
         .target = &dataset,
         .help = "dataset file or hash of a kept one (default: datasets/current.mvd in state_dir)"},
        {.name = "out",
         .kind = JOB_TEXT,
         .target = &out,
         .help = "model file to write (default: models/MODEL.mvm in state_dir)"},
        {.name = "set",
         .kind = JOB_LIST,
         .target = &sets,
         .help = "a model setting such as lambda=400; may be repeated"},
        {.name = "seed",
         .kind = JOB_INT,
         .target = &q.seed,
         .min = 0,
         .max = 1e15,
         .help = "random seed (default 1)"},
        {.name = "holdout",
         .kind = JOB_REAL,
         .target = &q.holdout,
         .min = 0,
         .max = 0.9,
         .help = "share of each user's likes to evaluate on (default 0.2), for at most 10,000 users; 0: do "
                 "not evaluate"},
        {.name = "once",
         .kind = JOB_FLAG,
         .target = &q.once,
         .help = "ensembles: keep the evaluated members instead of training them again on everybody"},
        {.name = "movies",
         .kind = JOB_TEXT,
         .target = &movies,
         .help = "bts: films from a CSV file instead of the database"},
        {.name = "plots", .kind = JOB_TEXT, .target = &plots, .help = "bts: their plots and keywords"},
        {.name = "checkpoint-seconds",
         .kind = JOB_REAL,
         .target = &q.checkpoint_seconds,
         .min = 0,
         .max = 1e6,
         .help = "seconds between checkpoints of a long training (default 60); 0: one after every epoch"},
        {.name = "no-resume",
         .kind = JOB_FLAG,
         .target = &q.anew,
         .help = "start over instead of resuming from a checkpoint"},
        {0}};
    struct fail why = {0};
    struct tracking track;
    int n = job_options(argc, argv, usage, options, (struct job_operands){&model, 1, 1});
    if (n == -2)
        list_models();
    if (n < 0)
        return job_options_status(n);
    if (read_words(&q, model, &sets, movies, plots, &why) != ERR_OK)
        return job_wrong_words(job, &why);
    enum err rc = read_files(job, &q, dataset, out, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    q.track = &track;
    track_request(&track, job, &q);
    if (q.trainer == &bts_maker_row) {
        struct bts_maker bts = {.values = q.values,
                                .source = {.movies = movies, .plots = plots},
                                .dataset = q.dataset,
                                .dataset_given = dataset != NULL,
                                .out = q.out,
                                .seed = (uint64_t)q.seed,
                                .holdout = q.holdout};
        rc = train_bts(job, &bts, &why);
    } else {
        rc = run_on_dataset(job, &q, &why);
    }
    return end(job, &track, &q, rc, &why);
}
