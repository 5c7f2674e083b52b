/* mvti evaluate: trains a model on one file and measures it on another. Needs no database and no state. */
#include "job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "train/benchmark.h"
#include "train/dataset.h"
#include "train/evaluate.h"
#include "train/trainer.h"
#include "web/json_out.h"

static const char usage[] = "evaluate MODEL --train FILE --test FILE [--mask FILE] --format "
                            "pairs|movielens|lists [--k 10,20] [--set NAME=VALUE]… [--json]";

struct request {
    const struct trainer *trainer;
    struct trainer_values values;
    struct benchmark_files files;
    int k[METRIC_MAX_CUTS];
    size_t n_cuts;
    long seed;
    bool one_line;
};

struct outcome {
    struct benchmark data;
    struct trained model;
    struct evaluate_result result;
};

static enum err read_cuts(struct request *q, const char *text, struct fail *why)
{
    for (const char *at = text; q->n_cuts < METRIC_MAX_CUTS;) {
        char *end;
        long k = strtol(at, &end, 10);
        if (end == at || k < 1 || k > METRIC_MAX_K || (*end != ',' && *end != '\0') ||
            (q->n_cuts > 0 && k <= q->k[q->n_cuts - 1]))
            break;
        q->k[q->n_cuts++] = (int)k;
        if (*end == '\0')
            return ERR_OK;
        at = end + 1;
    }
    return fail_set(why, ERR_INVALID, "--k %s: at most %d ascending numbers from 1 to %d, such as 10,20",
                    text, METRIC_MAX_CUTS, METRIC_MAX_K);
}

static enum err read_model(struct request *q, const char *name, const struct job_list *sets, struct fail *why)
{
    q->trainer = trainer_find(name);
    if (q->trainer == NULL)
        return fail_set(why, ERR_INVALID, "there is no model '%s'; see mvti train --help", name);
    for (size_t i = 0; i < sets->n; i++) {
        enum err rc = trainer_set(q->trainer, &q->values, sets->values[i], why);
        if (rc != ERR_OK)
            return rc;
    }
    if (q->files.train == NULL || q->files.test == NULL || q->files.format == NULL)
        return fail_set(why, ERR_INVALID, "--train, --test and --format are needed");
    return ERR_OK;
}

/* *stop: the command ends here, with the status returned. */
static int parse(struct job *job, struct request *q, int argc, char **argv, bool *stop)
{
    const char *model = NULL, *k = "10,20";
    double threshold = (double)DATASET_THRESHOLD;
    struct job_list sets = {0};
    const struct job_option options[] = {
        {.name = "train", .kind = JOB_TEXT, .target = &q->files.train, .help = "what the model learns from"},
        {.name = "test", .kind = JOB_TEXT, .target = &q->files.test, .help = "what it should find"},
        {.name = "mask",
         .kind = JOB_TEXT,
         .target = &q->files.mask,
         .help = "never recommended either, such as a validation part"},
        {.name = "format",
         .kind = JOB_TEXT,
         .target = &q->files.format,
         .help = "lists (user item item …), pairs (user item), movielens (ratings.csv)"},
        {.name = "k", .kind = JOB_TEXT, .target = &k, .help = "lengths of the lists (default 10,20)"},
        {.name = "set",
         .kind = JOB_LIST,
         .target = &sets,
         .help = "a setting of the model, such as lambda=400"},
        {.name = "threshold",
         .kind = JOB_REAL,
         .target = &threshold,
         .min = 0,
         .max = 10,
         .help = "movielens: least rating that is a like (default 3.5)"},
        {.name = "seed",
         .kind = JOB_INT,
         .target = &q->seed,
         .min = 0,
         .max = 1e15,
         .help = "for models that draw"},
        {.name = "json", .kind = JOB_FLAG, .target = &q->one_line, .help = "the JSON on one line"},
        {0}};
    struct fail why = {0};
    *stop = true;
    int n = job_options(argc, argv, usage, options, &model, 1, 1);
    if (n < 0)
        return job_options_status(n);
    q->files.threshold = (float)threshold;
    if (read_model(q, model, &sets, &why) != ERR_OK || read_cuts(q, k, &why) != ERR_OK) {
        (void)job_fail(job, ERR_INVALID, &why);
        return JOB_USAGE;
    }
    *stop = false;
    return JOB_OK;
}

static enum err run(struct job *job, const struct request *q, struct outcome *out, struct fail *why)
{
    const struct train_task learn = {
        .x = &out->data.train, .seed = (uint64_t)q->seed, .progress = &job->progress};
    enum err rc = benchmark_load(&out->data, &q->files, &job->progress, why);
    if (rc == ERR_OK)
        rc = trainer_run(q->trainer, &q->values, &learn, &out->model, why);
    if (rc != ERR_OK)
        return rc;
    const struct evaluate_task task = {.scorer = trained_scorer(&out->model),
                                       .history = &out->data.train,
                                       .mask = q->files.mask != NULL ? &out->data.mask : NULL,
                                       .held = &out->data.held,
                                       .k = q->k,
                                       .n_cuts = q->n_cuts};
    return evaluate_run(&task, &out->result, &job->progress, why);
}

static void write_metrics(struct json_out *w, const struct request *q, const struct metric_sum *m)
{
    for (int kind = 0; kind < METRIC_KINDS; kind++) {
        json_out_name(w, metric_name((enum metric_kind)kind));
        json_out_map(w);
        for (size_t c = 0; c < q->n_cuts; c++) {
            char cut[16];
            snprintf(cut, sizeof cut, "%d", q->k[c]);
            json_out_real_of(w, cut, metric_mean(m, c, (enum metric_kind)kind), 6);
        }
        json_out_end(w);
    }
}

static void write_settings(struct json_out *w, const struct trained *m)
{
    json_out_name(w, "settings");
    json_out_map(w);
    for (size_t i = 0; i < m->trainer->n_settings; i++)
        json_out_real_of(w, m->trainer->settings[i].name, m->value[i], 6);
    json_out_end(w);
}

static void write_outcome(struct buf *text, const struct request *q, const struct outcome *o)
{
    struct json_out w;
    json_out_start(&w, text);
    json_out_map(&w);
    json_out_text_of(&w, "model", q->trainer->name);
    write_settings(&w, &o->model);
    json_out_int_of(&w, "n_users", (int64_t)o->result.metrics.n_users);
    json_out_int_of(&w, "n_items", (int64_t)o->data.items.n);
    json_out_int_of(&w, "n_train", (int64_t)csr_count(&o->data.train));
    json_out_int_of(&w, "n_test", (int64_t)csr_count(&o->data.held));
    if (strcmp(q->files.format, "movielens") == 0)
        json_out_real_of(&w, "threshold", (double)q->files.threshold, 3);
    write_metrics(&w, q, &o->result.metrics);
    json_out_real_of(&w, "train_seconds", o->model.seconds, 3);
    json_out_real_of(&w, "score_seconds", o->result.seconds, 3);
    json_out_end(&w);
}

/* A line a member, for people: no value of ours holds a comma or brace inside a string. */
static void break_lines(struct buf *out, const char *json)
{
    int depth = 0;
    for (const char *c = json; *c != '\0'; c++) {
        depth += *c == '{';
        depth -= *c == '}';
        if (*c == '}' && depth == 0)
            buf_putc(out, '\n');
        buf_putc(out, *c);
        if (depth == 1 && (*c == ',' || (*c == '{' && c == json)))
            buf_puts(out, "\n  ");
        else if (*c == ':' || *c == ',')
            buf_putc(out, ' ');
    }
}

static int print(struct job *job, const struct request *q, const struct outcome *o)
{
    struct buf text = {0}, lines = {0};
    write_outcome(&text, q, o);
    if (!q->one_line)
        break_lines(&lines, buf_str(&text));
    bool ok = !text.failed && !lines.failed;
    if (ok)
        job_say(job, "%s", buf_str(q->one_line ? &text : &lines));
    buf_free(&text);
    buf_free(&lines);
    return ok ? JOB_OK : job_fail(job, ERR_NOMEM, NULL);
}

int cmd_evaluate(struct job *job, int argc, char **argv)
{
    struct request q = {0};
    struct outcome o = {0};
    struct fail why = {0};
    bool stop;
    int status = parse(job, &q, argc, argv, &stop);
    if (stop)
        return status;
    enum err rc = run(job, &q, &o, &why);
    status = rc == ERR_OK ? print(job, &q, &o) : job_fail(job, rc, &why);
    benchmark_free(&o.data);
    trained_free(&o.model);
    return status;
}
