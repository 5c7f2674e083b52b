#include "train_ensemble.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "train/ensemble.h"
#include "train/evaluate.h"
#include "train/model_save.h"

enum { ALONE = FUSION_PARTS, CHOICES = ENSEMBLE_CHOICES };
static const int cuts[MODEL_SAVE_CUTS] = {10, 20};

struct work {
    struct job *job;
    const struct train_ensemble *q;
    const struct ensemble *ensemble;
    char folder[1024];
    struct model content; /* BTS, if there is one */
    int32_t *content_of;  /* [n_items] its item of each of the dataset's */
    struct train_task task;
    struct visitors people;
    struct ensemble_choice choices[CHOICES];
    size_t chosen;
    struct metric_sum alone[ALONE], joined[CHOICES];
};

/* ---- the content model ---- */

static enum err open_content(struct work *w, struct fail *why)
{
    char path[1088];
    snprintf(path, sizeof path, "%s/bts.mvm", w->folder);
    enum err rc = model_open(&w->content, path, why);
    if (rc == ERR_NOT_FOUND) {
        job_note(w->job,
                 "no content model: films that nobody has rated will have no film score; make it with "
                 "'mvti train bts', then train again");
        return ERR_OK;
    }
    if (rc != ERR_OK)
        return rc;
    const struct dataset *d = w->q->dataset;
    w->content_of = malloc((d->x.n_cols + 1) * sizeof *w->content_of);
    if (w->content_of == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    for (size_t j = 0; j < d->x.n_cols; j++)
        w->content_of[j] = model_item(&w->content, d->item_ids[j]);
    w->task.content =
        (struct fusion_part){.scorer = model_scorer(&w->content), .item_of = w->content_of, .content = true};
    return ERR_OK;
}

/* ---- measuring ---- */

static enum err measure(struct work *w, const struct scorer *s, struct metric_sum *sum, struct fail *why)
{
    const struct visitor_group *group = &w->people.testing;
    const struct evaluate_task task = {.scorer = *s,
                                       .history = &group->given,
                                       .held = &group->held,
                                       .k = cuts,
                                       .n_cuts = MODEL_SAVE_CUTS,
                                       .unseen = true};
    struct evaluate_result r;
    enum err rc = evaluate_run(&task, &r, &w->job->progress, why);
    *sum = r.metrics;
    return rc;
}

static enum err measure_all(struct work *w, const struct trained *first, struct fail *why)
{
    enum err rc = ERR_OK;
    for (size_t p = 0; rc == ERR_OK && p < first->fusion->n_parts; p++) {
        struct fusion one = w->choices[0].fusion;
        one.parts[0] = one.parts[p];
        one.parts[0].weight = 1;
        one.parts[0].content = false;
        one.n_parts = 1;
        one.rule = FUSION_STANDARD;
        rc = measure(w, &(struct scorer){.n_items = one.n_films, .fusion = &one}, &w->alone[p], why);
    }
    for (size_t c = 0; rc == ERR_OK && c < CHOICES; c++) {
        const struct fusion *f = &w->choices[c].fusion;
        rc = measure(w, &(struct scorer){.n_items = f->n_films, .fusion = f}, &w->joined[c], why);
    }
    return rc;
}

/* ---- saying ---- */

static const char *part_name(const struct trained *t, size_t p)
{
    return p < t->n_parts ? t->parts[p].trainer->name : "bts";
}

static void say_row(struct work *w, const char *name, const char *note, const struct metric_sum *m)
{
    char line[256];
    int n = snprintf(line, sizeof line, "  %-24s", name);
    for (int kind = 0; kind < METRIC_KINDS && n < (int)sizeof line - 16; kind++)
        n += snprintf(line + n, sizeof line - (size_t)n, " %9.4f", metric_mean(m, 0, (enum metric_kind)kind));
    job_say(w->job, "%s  %s", line, note);
}

static void say_head(struct work *w)
{
    char line[256], name[24];
    int n = snprintf(line, sizeof line, "  %-24s", "");
    for (int kind = 0; kind < METRIC_KINDS && n < (int)sizeof line - 16; kind++) {
        snprintf(name, sizeof name, "%s@%d", metric_name((enum metric_kind)kind), cuts[0]);
        n += snprintf(line + n, sizeof line - (size_t)n, " %9s", name);
    }
    job_say(w->job, "measured on %zu people who were not trained on, %d of their films given at most:",
            w->joined[0].n_users, VISITORS_GIVEN);
    job_say(w->job, "%s", line);
}

static void say_found(struct work *w, const struct trained *first)
{
    static const char *const how[CHOICES] = {"the report's fusion", "fitted, standard", "fitted, rank",
                                             "fitted, reciprocal"};
    say_head(w);
    for (size_t p = 0; p < first->fusion->n_parts; p++)
        say_row(w, part_name(first, p), "", &w->alone[p]);
    for (size_t c = 0; c < CHOICES; c++)
        say_row(w, how[c], c == w->chosen ? "<- taken" : "", &w->joined[c]);
    char line[256] = "";
    size_t n = 0;
    for (size_t p = 0; p < first->fusion->n_parts && n < sizeof line - 32; p++)
        n += (size_t)snprintf(line + n, sizeof line - n, "%s%s %.3f", p > 0 ? ", " : "", part_name(first, p),
                              (double)w->choices[w->chosen].fusion.parts[p].weight);
    job_say(w->job, "weights: %s; cold %.3f", line, (double)w->choices[w->chosen].fusion.cold);
}

/* ---- writing ---- */

/* What was found, and the mark of how: `given` films at most (lib/publish/publish_guard.h). */
static size_t values_of(const struct metric_sum *found, struct model_value out[MODEL_SAVE_METRICS])
{
    size_t n = model_save_metrics(found, cuts, out);
    model_value_set(&out[n++], "given", VISITORS_GIVEN);
    return n;
}

static enum err save_member(struct work *w, const struct trained *t, size_t p, struct model_part *part,
                            struct fail *why)
{
    char path[1088];
    struct model_value metrics[MODEL_SAVE_METRICS];
    const struct model_save s = {.dataset = w->q->dataset,
                                 .seed = w->q->seed,
                                 .metrics = metrics,
                                 .n_metrics = values_of(&w->alone[p], metrics)};
    snprintf(path, sizeof path, "%s/%s.mvm", w->folder, t->trainer->name);
    snprintf(part->kind, sizeof part->kind, "%s", t->trainer->name);
    return model_save(&s, t, path, part->content, why);
}

static enum err save(struct work *w, const struct trained *t, struct fail *why)
{
    struct model_part parts[FUSION_PARTS];
    struct model_value metrics[MODEL_SAVE_METRICS];
    enum err rc = ERR_OK;
    memset(parts, 0, sizeof parts);
    for (size_t p = 0; rc == ERR_OK && p < t->n_parts; p++)
        rc = save_member(w, &t->parts[p], p, &parts[p], why);
    if (rc != ERR_OK)
        return rc;
    for (size_t p = 0; p < t->fusion->n_parts; p++)
        parts[p].weight = t->fusion->parts[p].weight;
    if (t->fusion->n_parts > t->n_parts) {
        struct model_part *last = &parts[t->n_parts];
        snprintf(last->kind, sizeof last->kind, "%s", w->content.info->kind);
        memcpy(last->content, w->content.file.header->content, sizeof last->content);
        last->is_content = 1;
    }
    const struct model_save s = {.dataset = w->q->dataset,
                                 .seed = w->q->seed,
                                 .metrics = metrics,
                                 .n_metrics = values_of(&w->joined[w->chosen], metrics),
                                 .parts = parts,
                                 .n_parts = t->fusion->n_parts};
    return model_save(&s, t, w->q->out, NULL, why);
}

/* ---- the whole ---- */

static enum err fit(struct work *w, struct trained *first, struct fail *why)
{
    struct train_task learn = w->task;
    learn.x = &w->people.train;
    first->trainer = w->q->trainer;
    enum err rc = ensemble_members(w->ensemble, &learn, first, why);
    if (rc == ERR_OK)
        rc = ensemble_fit(w->ensemble, first, &w->people.fitting, w->choices, &w->chosen, &w->job->progress,
                          why);
    if (rc == ERR_OK && !w->ensemble->fitted) {
        w->chosen = 0;
        ensemble_adopt(first, &w->choices[0].fusion);
    }
    return rc == ERR_OK ? measure_all(w, first, why) : rc;
}

static enum err train_all(struct work *w, struct trained *first, struct fail *why)
{
    struct trained all = {.trainer = w->q->trainer};
    if (w->q->once)
        return save(w, first, why);
    struct fusion fitted = *first->fusion;
    double seconds = first->seconds;
    trained_free(first);
    enum err rc = ensemble_members(w->ensemble, &w->task, &all, why);
    if (rc == ERR_OK) {
        ensemble_adopt(&all, &fitted);
        all.seconds = seconds;
        for (size_t p = 0; p < all.n_parts; p++)
            all.seconds += all.parts[p].seconds;
        rc = save(w, &all, why);
    }
    trained_free(&all);
    return rc;
}

enum err train_ensemble(struct job *job, const struct train_ensemble *q, struct fail *why)
{
    struct work w = {.job = job, .q = q, .ensemble = ensemble_find(q->trainer->name)};
    struct trained first = {0};
    char copy[1024];
    snprintf(copy, sizeof copy, "%s", q->out);
    snprintf(w.folder, sizeof w.folder, "%s", dirname(copy));
    w.task = (struct train_task){
        .x = &q->dataset->x, .seed = q->seed, .progress = &job->progress, .values = q->values};
    enum err rc = w.ensemble->content ? open_content(&w, why) : ERR_OK;
    if (rc == ERR_OK)
        rc = visitors_draw(&w.people, &q->dataset->x, VISITORS_MOST, VISITORS_GIVEN, q->seed, why);
    if (rc == ERR_OK)
        rc = fit(&w, &first, why);
    if (rc == ERR_OK) {
        say_found(&w, &first);
        rc = train_all(&w, &first, why);
    }
    if (rc == ERR_OK)
        job_say(job, "written to %s and the files of its parts beside it", q->out);
    trained_free(&first);
    visitors_free(&w.people);
    free(w.content_of);
    model_close(&w.content);
    return rc;
}
