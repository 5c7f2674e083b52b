/* mvti train: one model or an ensemble from the dataset (train/model_make.h, train/ensemble_make.h), or the content model
 * from the films' texts. */
#include "job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/state_path.h"
#include "data/dataset.h"
#include "help.h"
#include "publish/dataset_shelf.h"
#include "job_tracking.h"
#include "train/model_make.h"
#include "train/trainers.h"
#include "train/tuned_file.h"
#include "train_bts.h"
#include "train_ensemble.h"

static const char usage[] = "train MODEL [--dataset FILE] [--out FILE] [--set NAME=VALUE]… [--seed N] "
                            "[--holdout X] [--once] [--movies FILE [--plots FILE]] "
                            "[--checkpoint-seconds X] [--no-resume]";

struct request {
    const struct trainer *trainer;
    struct trainer_values values;
    char dataset[STATE_PATH], out[STATE_PATH];
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
    return rc;
}

static void say_made(struct job *job, const struct request *q, const struct dataset *d,
                     const struct model_made *made)
{
    const struct trained *t = &made->model;
    job_say(job, "trained %s on %zu users, %zu films, %zu likes%s in %.1f s", t->trainer->name, d->x.n_rows,
            t->n_items, csr_count(&d->x), d->info->simulated ? " (some simulated)" : "", t->seconds);
    for (size_t i = 0; i < t->trainer->n_settings; i++)
        job_say(job, "  %s = %g", t->trainer->settings[i].name, t->value[i]);
    if (t->has_loss)
        job_say(job, "  loss = %.4f in the last epoch", t->loss);
    for (size_t i = 0; i < made->n_metrics; i++)
        job_say(job, "  %-12s %.4f", made->metrics[i].name, made->metrics[i].value);
    job_say(job, "written to %s", q->out);
}

static enum err train_model(struct job *job, const struct request *q, const struct dataset *d,
                            const struct train_watch *watch, struct fail *why)
{
    struct model_made made;
    const struct model_make one = {.trainer = q->trainer,
                                   .values = &q->values,
                                   .dataset = d,
                                   .path = q->out,
                                   .seed = (uint64_t)q->seed,
                                   .holdout = q->holdout,
                                   .checkpoint_seconds = q->checkpoint_seconds,
                                   .anew = q->anew,
                                   .watch = watch,
                                   .progress = &job->progress,
                                   .keeps = &job->keeps};
    enum err rc = model_make(&one, &made, why);
    if (rc == ERR_OK)
        say_made(job, q, d, &made);
    trained_free(&made.model);
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
    rc = q->trainer->n_members > 0 ? train_ensemble(job, &all, why) : train_model(job, q, &d, &watch, why);
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
         .kind = JOB_OUT,
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
