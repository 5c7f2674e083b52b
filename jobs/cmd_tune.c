/* mvti tune: searches good settings of a model on validation data; what is held out for test is never looked
 * at. Ctrl-C ends the search and keeps the best so far. Of an ensemble the members, one after the other, as visitors need
 * them: on the people whom its weights are fitted on; its rule and weights are what mvti train fits. */
#include "job.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/secret.h"
#include "base/state_path.h"
#include "benchmark_options.h"
#include "data/dataset.h"
#include "data/visitors.h"
#include "job_tracking.h"
#include "train/trainers.h"
#include "train/trial.h"
#include "train/tune.h"
#include "train/tuned_file.h"
#include "tune_whole.h"

static const char usage[] =
    "tune MODEL [--dataset FILE | --data FILE --format FORMAT … | --train FILE --valid FILE --format FORMAT] "
    "[--budget N | --seconds S] [--metric ndcg.10] [--set NAME=VALUE]… [--save]";

enum { BUDGET = 20, SECONDS_UNITS = 1000 };

struct request {
    struct benchmark_options data;
    const struct trainer *trainer;
    const struct trainer *ensemble; /* whose member it is; NULL: of none */
    struct trainer_values given;
    char dataset[STATE_PATH], out[STATE_PATH];
    char content[STATE_PATH]; /* the content model that trainers which read texts are trained with */
    bool own_data;            /* a benchmark's files in place of the dataset */
    long budget, items;
    double seconds, holdout;
    enum metric_kind kind;
    int k;
    const char *metric;
    bool save;
    struct trainer_values *best; /* where the whole wants to know what was found; NULL: nobody does */
};

/* What is trained on and measured with. */
struct ground {
    struct benchmark benchmark;
    struct dataset dataset;
    struct split test, valid; /* of a dataset: the same test as mvti train measures on, set aside */
    struct visitors people;   /* of a member: likewise, `testing` is set aside */
    struct ensemble_content texts;
    const struct fusion_part *content; /* for the trials */
    const struct csr *train;
    struct evaluate_task measure;
};

struct search {
    struct job *job;
    const struct request *q;
    struct tune tune;
    struct tracking track;
    double started, first; /* time; the figure of the defaults */
    size_t n_users;
};

/* ---- the run in the books ---- */

static void track_start(struct search *s, const struct ground *g)
{
    const struct request *q = s->q;
    struct tracking *t = &s->track;
    job_tracking_start(s->job, t, "tune", q->trainer->name, q->data.seed);
    t->needs_no_database = q->own_data;
    if (!q->own_data) {
        secret_hex(t->run.dataset_hash, g->dataset.hash, sizeof t->run.dataset_hash / 2);
        tracking_word(t, "dataset", t->run.dataset_hash);
        tracking_number(t, RUN_PARAM, "holdout", q->holdout);
    }
    if (q->ensemble != NULL)
        tracking_word(t, "ensemble", q->ensemble->name);
    tracking_word(t, "metric", q->metric);
    tracking_number(t, RUN_PARAM, q->seconds > 0 ? "seconds" : "budget",
                    q->seconds > 0 ? q->seconds : (double)q->budget);
    for (size_t i = 0; i < q->trainer->n_settings; i++)
        if (q->given.given[i])
            tracking_number(t, RUN_PARAM, q->trainer->settings[i].name, q->given.value[i]);
    tracking_begin(t);
}

static void track_end(struct search *s, enum training_run_status status)
{
    char name[RUN_NAME];
    tracking_number(&s->track, RUN_METRIC, "trials", (double)s->tune.n_told);
    for (size_t i = 0; s->tune.found && i < s->tune.n_ranges; i++) {
        size_t k = s->tune.range[i].setting;
        tracking_number(&s->track, RUN_PARAM, s->tune.trainer->settings[k].name, s->tune.value[k]);
    }
    if (s->tune.found) {
        snprintf(name, sizeof name, "defaults.%s", s->q->metric);
        tracking_number(&s->track, RUN_METRIC, s->q->metric, s->tune.best);
        tracking_number(&s->track, RUN_METRIC, name, s->first);
        tracking_number(&s->track, RUN_METRIC, "n_users", (double)s->n_users);
    }
    job_tracking_end(s->job, &s->track, status);
}

/* ---- what is tried, and on what ---- */

static enum err ground_of_dataset(struct ground *g, const struct request *q, struct fail *why)
{
    uint64_t seed = (uint64_t)q->data.seed;
    enum err rc = dataset_open(&g->dataset, q->dataset, why);
    if (rc == ERR_OK)
        rc = split_by_user(&g->test, &g->dataset.x, q->holdout, seed, why);
    if (rc == ERR_OK)
        rc = split_by_user(&g->valid, &g->test.train, q->holdout, seed + 1, why);
    if (rc == ERR_OK && q->trainer->content) {
        rc = ensemble_content_open(&g->texts, q->content, &g->dataset, why);
        rc = rc == ERR_NOT_FOUND ? ERR_OK : rc; /* there is none: trained without, as mvti train does */
    }
    g->content = &g->texts.part;
    g->train = &g->valid.train;
    g->measure = (struct evaluate_task){.history = &g->valid.train, .held = &g->valid.held};
    return rc;
}

static enum err ground_of_member(struct ground *g, const struct request *q, struct fail *why)
{
    enum err rc = dataset_open(&g->dataset, q->dataset, why);
    if (rc == ERR_OK)
        rc = visitors_draw(&g->people, &g->dataset.x, VISITORS_MOST, VISITORS_GIVEN, (uint64_t)q->data.seed,
                           why);
    g->train = &g->people.train;
    g->content = &g->texts.part;
    g->measure = (struct evaluate_task){
        .history = &g->people.fitting.given, .held = &g->people.fitting.held, .unseen = true};
    return rc;
}

static enum err ground_open(struct ground *g, const struct request *q, const struct progress *progress,
                            struct fail *why)
{
    *g = (struct ground){0};
    if (!q->own_data)
        return q->ensemble != NULL ? ground_of_member(g, q, why) : ground_of_dataset(g, q, why);
    enum err rc = benchmark_load(&g->benchmark, &q->data.files, progress, why);
    g->train = &g->benchmark.train;
    g->content = &g->benchmark.content.part;
    return rc == ERR_OK ? benchmark_task(&g->benchmark, SPLIT_VALID, &g->measure, why) : rc;
}

static void ground_close(struct ground *g)
{
    split_free(&g->valid);
    split_free(&g->test);
    visitors_free(&g->people);
    ensemble_content_close(&g->texts);
    dataset_close(&g->dataset);
    benchmark_free(&g->benchmark);
}

/* " name=value …" of the searched settings; before: what stands before each. */
static void list_settings(struct buf *out, const struct tune *t, const double value[TRAINER_MAX_SETTINGS],
                          const char *before)
{
    for (size_t i = 0; i < t->n_ranges; i++) {
        size_t s = t->range[i].setting;
        buf_printf(out, "%s%s=%.6g", before, t->trainer->settings[s].name, value[s]);
    }
}

static struct trainer_values best_of(const struct search *s)
{
    struct trainer_values best = s->tune.given;
    for (size_t i = 0; i < s->tune.n_ranges; i++) {
        size_t k = s->tune.range[i].setting;
        best.value[k] = s->tune.value[k];
        best.given[k] = true;
    }
    return best;
}

static enum err save(const struct search *s, struct fail *why)
{
    struct trainer_values best = best_of(s);
    char remark[160];
    snprintf(remark, sizeof remark, "%s: %s %.4f on validation data after %zu trials, seed %ld",
             s->tune.trainer->name, s->q->metric, s->tune.best, s->tune.n_told, s->q->data.seed);
    return tuned_file_write(&best, s->tune.trainer, remark, s->q->out, why);
}

/* Says and keeps what was found. */
static int conclude(const struct search *s)
{
    struct buf text = {0};
    struct fail why = {0};
    if (!s->tune.found) {
        job_note(s->job, "mvti: no trial produced a result");
        return err_exit_status(ERR_DIVERGED);
    }
    list_settings(&text, &s->tune, s->tune.value, " --set ");
    job_say(s->job, "best of %zu trials: %s %.4f (the first, with the defaults: %.4f), %zu users",
            s->tune.n_told, s->q->metric, s->tune.best, s->first, s->n_users);
    job_say(s->job, "%s", buf_str(&text) + (text.len > 0));
    buf_free(&text);
    if (s->q->best != NULL)
        *s->q->best = best_of(s);
    if (!s->q->save)
        return JOB_OK;
    enum err rc = save(s, &why);
    if (rc != ERR_OK)
        return job_fail(s->job, rc, &why);
    job_say(s->job, "written to %s, which mvti train %s uses", s->q->out,
            s->q->ensemble != NULL ? s->q->ensemble->name : s->tune.trainer->name);
    return JOB_OK;
}

static void show_progress(const struct search *s)
{
    const struct progress *p = &s->job->progress;
    if (s->q->seconds > 0)
        progress_report(p, "tune", (uint64_t)((clock_monotonic() - s->started) * SECONDS_UNITS),
                        (uint64_t)(s->q->seconds * SECONDS_UNITS));
    else
        progress_report(p, "tune", s->tune.n_told, (uint64_t)s->q->budget);
}

/* Of a trial under way: the bar is the search's, and a signal ends the trial with all that was found before.
 * Training cannot be left in any other way than by ending the program. */
static void on_trial(void *arg, const char *stage, uint64_t done, uint64_t total)
{
    struct search *s = arg;
    (void)stage;
    (void)done;
    (void)total;
    if (!job_interrupted()) {
        show_progress(s);
        return;
    }
    job_note(s->job, "mvti: stopped");
    (void)conclude(s);
    track_end(s, RUN_STOPPED);
    exit(JOB_INTERRUPTED);
}

static void say_trial(const struct search *s, const struct trial_result *r, double figure, bool better)
{
    struct buf text = {0};
    list_settings(&text, &s->tune, r->value, "  ");
    job_say(s->job, "%3zu %c %s %.4f  %6.1f s%s", s->tune.n_told, better ? '*' : ' ', s->q->metric, figure,
            r->seconds + r->found.seconds, buf_str(&text));
    fflush(stdout);
    buf_free(&text);
}

/* One trial. Diverging is an answer, other errors end the search. */
static enum err try_one(struct search *s, const struct ground *g, const struct trainer_values *values,
                        struct fail *why)
{
    const struct progress progress = {.report = on_trial, .arg = s};
    struct trial trial = {.trainer = s->tune.trainer,
                          .values = values,
                          .train = g->train,
                          .measure = g->measure,
                          .items = (size_t)s->q->items,
                          .seed = (uint64_t)s->q->data.seed,
                          .content = *g->content};
    struct trial_result r;
    trial.measure.k = &s->q->k;
    trial.measure.n_cuts = 1;
    enum err rc = trial_run(&trial, &r, &progress, why);
    if (rc == ERR_DIVERGED) {
        job_note(s->job, "%3zu   %s", s->tune.n_told + 1, why->text);
        (void)tune_tell(&s->tune, values->value, NAN);
        return ERR_OK;
    }
    if (rc != ERR_OK)
        return rc;
    double figure = metric_mean(&r.found.metrics, 0, s->q->kind);
    if (s->tune.n_told == 0)
        s->first = figure;
    s->n_users = r.found.metrics.n_users;
    bool better = tune_tell(&s->tune, r.value, figure);
    tracking_point(&s->track, s->q->metric, (int64_t)s->tune.n_told, figure);
    say_trial(s, &r, figure, better);
    return ERR_OK;
}

static bool is_over(const struct search *s)
{
    if (job_interrupted())
        return true;
    return s->q->seconds > 0 ? clock_monotonic() - s->started >= s->q->seconds
                             : s->tune.n_told >= (size_t)s->q->budget;
}

static int run(struct job *job, const struct request *q)
{
    struct search s = {.job = job, .q = q, .started = clock_monotonic()};
    struct ground g;
    struct trainer_values values;
    struct fail why = {0};
    enum err rc = ground_open(&g, q, &job->progress, &why);
    if (rc == ERR_OK)
        rc = tune_start(&s.tune, q->trainer, &q->given, q->seconds > 0 ? 0 : (size_t)q->budget,
                        (uint64_t)q->data.seed, &why);
    bool tracked = rc == ERR_OK;
    if (tracked)
        track_start(&s, &g);
    while (rc == ERR_OK && !is_over(&s) && tune_next(&s.tune, &values)) {
        rc = try_one(&s, &g, &values, &why);
        show_progress(&s);
    }
    int status = rc == ERR_OK ? conclude(&s) : job_fail(job, rc, &why);
    if (tracked)
        track_end(&s, job_interrupted() ? RUN_STOPPED : status == JOB_OK ? RUN_FINISHED : RUN_FAILED);
    tune_free(&s.tune);
    ground_close(&g);
    return status == JOB_OK && job_interrupted() ? JOB_INTERRUPTED : status;
}

static bool is_searched(const struct trainer *t, const struct trainer_values *given)
{
    for (size_t i = 0; i < t->n_settings; i++)
        if (t->settings[i].tune != NULL && !given->given[i])
            return true;
    return false;
}

/* The member's own request: settings of the ensemble that are about it are fixed. */
static enum err read_member(struct job *job, const struct request *all, size_t m, struct request *own,
                            struct fail *why)
{
    char file[80];
    *own = *all;
    own->ensemble = all->trainer;
    own->trainer = all->trainer->members[m].trainer;
    own->seconds = all->seconds / (double)all->trainer->n_members;
    own->given = (struct trainer_values){0};
    snprintf(file, sizeof file, "%s.%s.conf", own->ensemble->name, own->trainer->name);
    enum err rc = trainer_set_members(own->trainer, &own->given, &all->given, why);
    const struct state_file out = {.folder = "tuned", .name = file, .create = all->save};
    return rc == ERR_OK ? state_path(&job->config, &out, own->out, why) : rc;
}

/* What was found one by one, as settings of the ensemble. */
static enum err add_found(struct job *job, const struct request *own, struct trainer_values *all,
                          struct fail *why)
{
    enum err rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < own->trainer->n_settings; i++) {
        const char *text = own->best->given[i]
                               ? arena_printf(&job->arena, "%s.%s=%.17g", own->trainer->name,
                                              own->trainer->settings[i].name, own->best->value[i])
                               : "";
        if (text == NULL)
            return fail_set(why, ERR_NOMEM, "out of memory");
        if (text[0] != '\0')
            rc = trainer_set(own->ensemble, all, text, why);
    }
    return rc;
}

static int run_members(struct job *job, const struct request *q)
{
    static struct request own;
    static struct trainer_values best;
    struct trainer_values found = {0};
    struct fail why = {0};
    int status = JOB_OK;
    for (size_t m = 0; status == JOB_OK && m < q->trainer->n_members; m++) {
        best = (struct trainer_values){0};
        if (read_member(job, q, m, &own, &why) != ERR_OK)
            return job_fail(job, ERR_INVALID, &why);
        own.best = &best;
        if (is_searched(own.trainer, &own.given)) {
            job_say(job, "%s of %s", own.trainer->name, q->trainer->name);
            status = run(job, &own);
        } else {
            best = own.given;
        }
        enum err rc = status == JOB_OK ? add_found(job, &own, &found, &why) : ERR_OK;
        if (rc != ERR_OK)
            return job_fail(job, rc, &why);
    }
    const struct tune_whole whole = {.trainer = q->trainer,
                                     .given = &q->given,
                                     .found = &found,
                                     .dataset = q->dataset,
                                     .seed = q->data.seed};
    return status == JOB_OK ? tune_whole_judge(job, &whole) : status;
}

static enum err read_request(struct job *job, struct request *q, const char *model, const char *dataset,
                             const struct job_list *sets, struct fail *why)
{
    q->trainer = trainers_find(model);
    if (q->trainer == NULL)
        return fail_set(why, ERR_INVALID, "unknown model '%s'; see mvti train --help", model);
    if (!metric_label_read(q->metric, &q->kind, &q->k))
        return fail_set(why, ERR_INVALID, "--metric %s: not a metric such as ndcg.10 or recall.20",
                        q->metric);
    enum err rc = ERR_OK;
    for (size_t i = 0; i < sets->n && rc == ERR_OK; i++)
        rc = trainer_set(q->trainer, &q->given, sets->values[i], why);
    const struct benchmark_files *f = &q->data.files;
    q->own_data = f->data != NULL || f->train != NULL;
    if (rc == ERR_OK && (f->test != NULL || f->candidates != NULL))
        rc = fail_set(why, ERR_INVALID, "settings must not be chosen on the test data: give --valid");
    if (rc == ERR_OK && q->own_data && q->trainer->n_members > 0)
        rc =
            fail_set(why, ERR_INVALID, "an ensemble is tuned on a dataset, as it is trained: give --dataset");
    if (rc == ERR_OK && q->own_data)
        rc = benchmark_options_read(&q->data, why);
    char file[64];
    snprintf(file, sizeof file, "%s.conf", model);
    if (rc == ERR_OK)
        rc = state_path(&job->config,
                        &(struct state_file){.given = dataset, .folder = "datasets", .name = "current.mvd"},
                        q->dataset, why);
    if (rc == ERR_OK)
        rc = state_path(&job->config, &(struct state_file){.folder = "models", .name = "bts.mvm"}, q->content,
                        why);
    if (rc == ERR_OK)
        rc =
            state_path(&job->config, &(struct state_file){.folder = "tuned", .name = file, .create = q->save},
                       q->out, why);
    return rc;
}

int cmd_tune(struct job *job, int argc, char **argv)
{
    static struct request q;
    const char *model = NULL, *dataset = NULL;
    struct job_list sets = {0};
    struct fail why = {0};
    const struct job_option own[] = {
        {"dataset", JOB_TEXT, &dataset, 0, 0, "dataset file (default: datasets/current.mvd in state_dir)"},
        {"holdout", JOB_REAL, &q.holdout, 0.01, 0.9,
         "with a dataset: share of each user's likes for validation, after the same share for testing "
         "(default 0.2)"},
        {"set", JOB_LIST, &sets, 0, 0, "a setting to fix instead of searching it, such as factors=64"},
        {"metric", JOB_TEXT, &q.metric, 0, 0, "metric to maximise (default ndcg.10)"},
        {"budget", JOB_INT, &q.budget, 1, 1e6,
         "number of trials (default 20); of an ensemble for each member"},
        {"seconds", JOB_REAL, &q.seconds, 1, 1e7, "run for X seconds instead of a number of trials"},
        {"items", JOB_INT, &q.items, 1, 1e9, "models know only the N most liked items"},
        {"save", JOB_FLAG, &q.save, 0, 0,
         "save the best settings to tuned/MODEL.conf, which mvti train uses"},
        {0}};
    struct job_option options[BENCHMARK_OPTIONS + sizeof own / sizeof *own];
    size_t n_shared = benchmark_options_rows(&q.data, options);
    memcpy(options + n_shared, own, sizeof own);
    q.holdout = 0.2;
    q.budget = BUDGET;
    q.metric = "ndcg.10";
    q.data.seed = 1;
    int n = job_options(argc, argv, usage, options, (struct job_operands){&model, 1, 1});
    if (n < 0)
        return job_options_status(n);
    if (read_request(job, &q, model, dataset, &sets, &why) != ERR_OK)
        return job_wrong_words(job, &why);
    return q.trainer->n_members > 0 ? run_members(job, &q) : run(job, &q);
}
