/* mvti evaluate: trains models on one part of benchmark data and measures them on another, beside models that are files already. Needs no
 * database and no state. */
#include "job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "benchmark_options.h"
#include "evaluate_each.h"
#include "evaluate_report.h"
#include "evaluate_track.h"
#include "train/trainers.h"
#include "train/trial.h"

static const char usage[] =
    "evaluate MODEL|FILE.mvm[,…]|all --train FILE --test FILE [--mask FILE] --format FORMAT | --data FILE "
    "--format "
    "FORMAT [--protocol weak|strong|leave-one-out|time] [--k 10,20] [--set NAME=VALUE]… [--json]";

enum { MODELS_MAX = 32, NAMES_MAX = 400 };

struct request {
    struct benchmark_options data;
    const struct trainer *trainers[MODELS_MAX];
    const char *files[MODELS_MAX];    /* of a model that is trained already; else NULL */
    struct trainer named[MODELS_MAX]; /* its name for the report */
    struct trainer_values values[MODELS_MAX];
    size_t n_models;
    int k[METRIC_MAX_CUTS];
    size_t n_cuts;
    long items, repeat;
    bool recall_min, one_line;
    const char *each; /* where every person's figure goes, or NULL */
};

static enum err add_model(struct request *q, const struct trainer *t, struct fail *why)
{
    if (q->n_models == MODELS_MAX)
        return fail_set(why, ERR_INVALID, "more than %d models", MODELS_MAX);
    q->trainers[q->n_models++] = t;
    return ERR_OK;
}

static bool is_file(const char *name)
{
    size_t n = strlen(name);
    return n > 4 && strcmp(name + n - 4, ".mvm") == 0;
}

/* name lives as long as the request. */
static enum err add_file(struct request *q, const char *name, struct fail *why)
{
    const char *slash = strrchr(name, '/');
    size_t at = q->n_models;
    if (at < MODELS_MAX) {
        q->named[at] = (struct trainer){.name = slash != NULL ? slash + 1 : name};
        q->files[at] = name;
    }
    return add_model(q, &q->named[at < MODELS_MAX ? at : 0], why);
}

static enum err read_models(struct request *q, const char *list, struct fail *why)
{
    static char names[NAMES_MAX];
    size_t n_rows;
    const struct trainer *const *rows = trainers(&n_rows);
    enum err rc = ERR_OK;
    if (strcmp(list, "all") == 0) {
        for (size_t i = 0; i < n_rows && rc == ERR_OK; i++)
            rc = add_model(q, rows[i], why);
        return rc;
    }
    if (snprintf(names, sizeof names, "%s", list) >= (int)sizeof names)
        return fail_set(why, ERR_INVALID, "the list of models is too long");
    for (char *rest = names, *name; rc == ERR_OK && (name = strsep(&rest, ",")) != NULL;) {
        if (is_file(name)) {
            rc = add_file(q, name, why);
            continue;
        }
        const struct trainer *t = trainers_find(name);
        rc = t != NULL ? add_model(q, t, why)
                       : fail_set(why, ERR_INVALID, "unknown model '%s'; see mvti train --help", name);
    }
    return rc;
}

/* NAME=VALUE for the only model; MODEL.NAME=VALUE for that one of several, and for ensembles that it is a
 * member of. *used: somebody has it. */
static enum err set_for(struct request *q, size_t model, const char *assignment, bool *used, struct fail *why)
{
    const struct trainer *t = q->trainers[model];
    size_t len = strlen(t->name);
    enum err rc = ERR_OK;
    if (strncmp(assignment, t->name, len) == 0 && assignment[len] == '.')
        rc = trainer_set(t, &q->values[model], assignment + len + 1, why);
    else if (q->n_models == 1)
        rc = trainer_set(t, &q->values[model], assignment, why);
    else if (t->n_members == 0 || trainer_set(t, &q->values[model], assignment, NULL) != ERR_OK)
        return ERR_OK;
    *used = true;
    return rc;
}

static enum err read_settings(struct request *q, const struct job_list *sets, struct fail *why)
{
    for (size_t i = 0; i < sets->n; i++) {
        bool used = false;
        for (size_t m = 0; m < q->n_models; m++) {
            enum err rc = set_for(q, m, sets->values[i], &used, why);
            if (rc != ERR_OK)
                return rc;
        }
        if (!used)
            return fail_set(why, ERR_INVALID, "--set %s: with several models, write MODEL.NAME=VALUE",
                            sets->values[i]);
    }
    return ERR_OK;
}

static enum err read_request(struct request *q, const char *models, const char *k, const char *recall,
                             const struct job_list *sets, struct fail *why)
{
    enum err rc = read_models(q, models, why);
    if (rc == ERR_OK)
        rc = read_settings(q, sets, why);
    if (rc == ERR_OK)
        rc = benchmark_options_read(&q->data, why);
    if (rc == ERR_OK)
        rc = benchmark_options_cuts(k, q->k, &q->n_cuts, why);
    for (size_t m = 0; rc == ERR_OK && m < q->n_models; m++)
        if (q->files[m] != NULL && q->data.files.catalog == NULL)
            rc = fail_set(why, ERR_INVALID, "%s needs --catalog, which identifies the films", q->files[m]);
    if (rc == ERR_OK && q->each != NULL && q->data.files.catalog == NULL)
        rc = fail_set(why, ERR_INVALID, "--each %s needs --catalog, which identifies the films", q->each);
    if (rc == ERR_OK && q->each != NULL)
        rc = evaluate_each_check(q->each, &q->data.files, why);
    q->recall_min = strcmp(recall, "min") == 0;
    if (rc == ERR_OK && !q->recall_min && strcmp(recall, "held") != 0)
        rc = fail_set(why, ERR_INVALID, "--recall %s: held or min", recall);
    return rc;
}

/* *stop: the command ends here, with the status returned. */
static int parse(struct job *job, struct request *q, int argc, char **argv, bool *stop)
{
    const char *models = NULL, *k = "10,20", *recall = "held";
    struct job_list sets = {0};
    const struct job_option own[] = {
        {"k", JOB_TEXT, &k, 0, 0, "list lengths to measure (default 10,20)"},
        {"set", JOB_LIST, &sets, 0, 0,
         "a model setting such as lambda=400; of one model among several: ease.lambda=400"},
        {"recall", JOB_TEXT, &recall, 0, 0,
         "held: divide by the number of held-out items (default); min: by at most the list length"},
        {"items", JOB_INT, &q->items, 1, 1e9,
         "models know only the N most liked items; the others count as misses"},
        {"repeat", JOB_INT, &q->repeat, 1, 1000, "average over N seeds, starting with --seed"},
        {"each", JOB_OUT, &q->each, 0, 0,
         "write each user's NDCG at the first list length, and the films given, to this CSV file, once all "
         "models have been evaluated; needs --catalog"},
        {"json", JOB_FLAG, &q->one_line, 0, 0, "print JSON, one line per model"},
        {0}};
    struct job_option options[BENCHMARK_OPTIONS + sizeof own / sizeof *own];
    struct fail why = {0};
    q->repeat = 1;
    size_t n_shared = benchmark_options_rows(&q->data, options);
    memcpy(options + n_shared, own, sizeof own);
    *stop = true;
    int n = job_options(argc, argv, usage, options, (struct job_operands){&models, 1, 1});
    if (n < 0)
        return job_options_status(n);
    if (read_request(q, models, k, recall, &sets, &why) != ERR_OK)
        return job_wrong_words(job, &why);
    *stop = false;
    return JOB_OK;
}

struct evaluation {
    struct evaluate_head head;
    struct evaluate_row *rows; /* a model each */
    size_t at;                 /* the one that is measured now */
    enum err failed;           /* of the first model that did */
    struct out_file *each;     /* NULL: nobody wants it */
    const uint32_t *ids;       /* of the items of the division that is measured */
};

/* One model on one division of the data; each [users] is room. A model that fails is said and left out. */
static enum err run_model(struct job *job, const struct request *q, const struct trial *trial,
                          struct evaluation *e, struct fail *why)
{
    size_t m = e->at;
    struct trial_result found;
    struct fail reason = {0};
    enum err failed = evaluate_tracked(job, &e->head, trial, &found, &reason);
    e->rows[m].trainer = trial->trainer;
    if (failed == ERR_OK && !evaluate_report_add(&e->rows[m], &found, q->n_cuts, trial->measure.each,
                                                 trial->measure.history->n_rows))
        return fail_set(why, ERR_NOMEM, "out of memory");
    if (failed == ERR_OK && e->each == NULL)
        return ERR_OK;
    if (failed == ERR_OK)
        return evaluate_each_add(
            e->each, &(struct evaluate_each){trial->trainer->name, trial->seed, &trial->measure, e->ids},
            why);
    if (e->failed == ERR_OK)
        e->failed = failed;
    job_note(job, "mvti: %s, seed %llu: %s", trial->trainer->name, (unsigned long long)trial->seed,
             reason.text[0] != '\0' ? reason.text : err_name(failed));
    return ERR_OK;
}

/* A model that is a file, as the only part of what the site would score with. */
static enum err run_file(struct job *job, const struct request *q, struct trial *trial, struct evaluation *e,
                         struct fail *why)
{
    size_t m = e->at;
    struct ensemble_content ready;
    struct fail reason = {0};
    size_t n = trial->measure.history->n_cols;
    enum err rc = ensemble_content_any(&ready, q->files[m], (const int32_t *)e->ids, n, &reason);
    if (rc != ERR_OK) {
        e->failed = e->failed == ERR_OK ? rc : e->failed;
        e->rows[m].trainer = trial->trainer;
        job_note(job, "mvti: %s", reason.text);
        return ERR_OK;
    }
    struct fusion alone = {.rule = FUSION_STANDARD, .n_films = n, .n_parts = 1, .parts = {ready.part}};
    alone.parts[0].weight = 1;
    trial->ready = &alone;
    rc = run_model(job, q, trial, e, why);
    ensemble_content_close(&ready);
    return rc;
}

/* Every model on one division of the data. */
static enum err run_seed(struct job *job, const struct request *q, uint64_t seed, struct evaluation *e,
                         struct fail *why)
{
    struct benchmark data;
    struct benchmark_files files = q->data.files;
    struct evaluate_task measure = {0};
    files.seed = seed;
    enum err rc = benchmark_load(&data, &files, &job->progress, why);
    if (rc != ERR_OK)
        return rc;
    rc = benchmark_task(&data, SPLIT_TEST, &measure, why);
    measure.k = q->k;
    measure.n_cuts = q->n_cuts;
    measure.recall_min = q->recall_min;
    measure.learnt = &data.train;
    if (rc == ERR_OK)
        measure.each = malloc((measure.history->n_rows + 1) * sizeof *measure.each);
    if (rc == ERR_OK && measure.each == NULL)
        rc = fail_set(why, ERR_NOMEM, "out of memory");
    struct evaluate_head *h = &e->head;
    e->ids = data.items.ids;
    h->n_items = data.items.n;
    h->genres = data.genres != NULL;
    h->n_train = csr_count(&data.train);
    h->n_test = csr_count(&data.held[SPLIT_TEST]);
    bool last = seed + 1 == q->data.files.seed + (uint64_t)q->repeat;
    for (size_t m = 0; m < q->n_models && rc == ERR_OK; m++) {
        struct trial trial = {.trainer = q->trainers[m],
                              .values = &q->values[m],
                              .train = &data.train,
                              .measure = measure,
                              .items = (size_t)q->items,
                              .seed = seed,
                              .content = data.content.part};
        e->at = m;
        rc = q->files[m] != NULL ? run_file(job, q, &trial, e, why) : run_model(job, q, &trial, e, why);
        if (rc == ERR_OK && last && e->rows[m].n_seeds > 0 && (q->one_line || q->n_models == 1) &&
            !evaluate_report_json(job, h, &e->rows[m], q->one_line))
            rc = fail_set(why, ERR_NOMEM, "out of memory");
    }
    free(measure.each);
    benchmark_free(&data);
    return rc;
}

int cmd_evaluate(struct job *job, int argc, char **argv)
{
    static struct request q;
    static struct evaluate_row rows[MODELS_MAX];
    struct fail why = {0};
    bool stop;
    int status = parse(job, &q, argc, argv, &stop);
    if (stop)
        return status;
    struct evaluation e = {.head = {.options = &q.data,
                                    .k = q.k,
                                    .n_cuts = q.n_cuts,
                                    .cut_items = q.items,
                                    .recall_min = q.recall_min,
                                    .first = q.n_models > 1 ? rows : NULL},
                           .rows = rows};
    struct out_file each = {.fd = -1};
    enum err rc = ERR_OK;
    if (q.each != NULL) {
        rc = evaluate_each_open(&each, q.each, &why);
        e.each = &each;
    }
    for (long s = 0; s < q.repeat && rc == ERR_OK; s++)
        rc = run_seed(job, &q, q.data.files.seed + (uint64_t)s, &e, &why);
    if (rc == ERR_OK && !q.one_line && q.n_models > 1)
        evaluate_report_table(job, &e.head, rows, q.n_models);
    for (size_t m = 0; m < q.n_models; m++)
        vec_free(&rows[m].each);
    if (rc == ERR_OK && e.failed == ERR_OK && e.each != NULL)
        rc = map_file_out_commit(e.each, &why);
    else if (rc == ERR_OK && e.each != NULL)
        job_note(job, "mvti: %s: not written, because not every model could be measured", q.each);
    map_file_out_abort(&each);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    return e.failed == ERR_OK ? JOB_OK : err_exit_status(e.failed);
}
