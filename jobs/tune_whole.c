#include "tune_whole.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "data/dataset.h"
#include "job_tracking.h"
#include "train/ensemble.h"

struct fitting {
    struct job *job;
    const struct tune_whole *w;
    struct dataset d;
};

/* One of the two: its rule, weights and figure. */
static enum err fit(const struct fitting *f, const struct trainer_values *values, struct ensemble_choice *out,
                    struct fail *why)
{
    struct ensemble_found *found = arena_alloc(&f->job->arena, sizeof *found);
    struct trained t = {0};
    if (found == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    const struct train_task task = {.x = &f->d.x,
                                    .seed = (uint64_t)f->w->seed,
                                    .once = true,
                                    .found = found,
                                    .progress = &f->job->progress};
    enum err rc = trainer_run(f->w->trainer, values, &task, &t, why);
    if (rc == ERR_OK)
        *out = found->choices[found->chosen];
    trained_free(&t);
    return rc;
}

static void say(struct job *job, const struct tune_whole *w, const char *what,
                const struct ensemble_choice *c)
{
    char weights[200] = "";
    size_t n = 0;
    for (size_t i = 0; i < w->trainer->n_members && n < sizeof weights - 40; i++)
        n += (size_t)snprintf(weights + n, sizeof weights - n, "%s%s %.3f", i > 0 ? ", " : "",
                              w->trainer->members[i].trainer->name, (double)c->fusion.parts[i].weight);
    job_say(job, "%s %s: ndcg.10 %.4f, rule %s, weights: %s", w->trainer->name, what, c->fitted.ndcg,
            fusion_rule_name(c->fusion.rule), weights);
}

static void record(struct tracking *t, const struct tune_whole *w, const struct ensemble_choice *c)
{
    char name[RUN_NAME];
    tracking_word(t, "rule", fusion_rule_name(c->fusion.rule));
    for (size_t i = 0; i < w->trainer->n_members; i++) {
        snprintf(name, sizeof name, "weight.%.16s", w->trainer->members[i].trainer->name);
        tracking_number(t, RUN_PARAM, name, (double)c->fusion.parts[i].weight);
    }
    for (size_t i = 0; i < w->found->n_member; i++) {
        const char *equals = strchr(w->found->member[i], '=');
        snprintf(name, sizeof name, "%.*s", (int)(equals - w->found->member[i]), w->found->member[i]);
        tracking_number(t, RUN_PARAM, name, strtod(equals + 1, NULL));
    }
}

static enum err judge(struct job *job, const struct tune_whole *w, struct tracking *t, struct fail *why)
{
    struct fitting f = {.job = job, .w = w};
    struct ensemble_choice before = {0}, after = {0};
    enum err rc = dataset_open(&f.d, w->dataset, why);
    if (rc != ERR_OK)
        return rc;
    secret_hex(t->run.dataset_hash, f.d.hash, sizeof t->run.dataset_hash / 2);
    rc = fit(&f, w->given, &before, why);
    if (rc == ERR_OK)
        rc = fit(&f, w->found, &after, why);
    dataset_close(&f.d);
    if (rc != ERR_OK)
        return rc;
    say(job, w, "with the defaults", &before);
    say(job, w, "as found", &after);
    if (after.fitted.ndcg < before.fitted.ndcg)
        job_note(
            job,
            "mvti: the tuned members together are no better than with the defaults; what was saved is in "
            "tuned/ and may be removed");
    record(t, w, &after);
    tracking_number(t, RUN_METRIC, "ndcg.10", after.fitted.ndcg);
    tracking_number(t, RUN_METRIC, "defaults.ndcg.10", before.fitted.ndcg);
    return ERR_OK;
}

int tune_whole_judge(struct job *job, const struct tune_whole *w)
{
    struct tracking t;
    struct fail why = {0};
    job_tracking_start(job, &t, "tune", w->trainer->name, w->seed);
    tracking_begin(&t);
    enum err rc = judge(job, w, &t, &why);
    int status = rc == ERR_OK ? JOB_OK : job_fail(job, rc, &why);
    job_tracking_end(job, &t, rc == ERR_OK ? RUN_FINISHED : rc == ERR_STOPPED ? RUN_STOPPED : RUN_FAILED);
    return status;
}
