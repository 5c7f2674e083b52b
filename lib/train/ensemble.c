#include "train/ensemble.h"

#include <stdlib.h>
#include <string.h>

#include "num/metric.h"
#include "train/evaluate.h"
#include "train/fusion_fit.h"
#include "train/item_cut.h"

/* What the cuts cost is in README's table of MovieLens-25M's size. */
static const struct ensemble_member members[] = {{"ease", 1.0f, 20000, "ease-sparse"},
                                                 {"admm-slim", 0.7f, 4000, "slim-sparse"},
                                                 {"recvae", 0.5f, 20000, NULL},
                                                 {"lightgcn++", 0, SIZE_MAX, NULL}};
enum { ADER = 3, BLEND = 4 };

static const struct ensemble ensembles[] = {
    {.name = "ader", .members = members, .n = ADER},
    {.name = "ader-fitted", .members = members, .n = ADER, .fitted = true},
    {.name = "blend", .members = members, .n = BLEND, .fitted = true, .content = true},
};

const struct ensemble *ensemble_find(const char *name)
{
    for (size_t i = 0; i < sizeof ensembles / sizeof *ensembles; i++)
        if (strcmp(ensembles[i].name, name) == 0)
            return &ensembles[i];
    return NULL;
}

/* What stands behind the dot of "ease.lambda=400" if that is about this trainer, else NULL. */
static const char *setting_of(const char *trainer, const char *assignment)
{
    size_t n = trainer == NULL ? 0 : strlen(trainer);
    return n > 0 && strncmp(assignment, trainer, n) == 0 && assignment[n] == '.' ? assignment + n + 1 : NULL;
}

enum err ensemble_set(const struct ensemble *e, struct trainer_values *v, const char *assignment,
                      struct fail *why)
{
    struct trainer_values unused = {0};
    for (size_t i = 0; i < 2 * e->n; i++) {
        const struct ensemble_member *m = &e->members[i / 2];
        const char *trainer = i % 2 == 0 ? m->trainer : m->beyond;
        const char *setting = setting_of(trainer, assignment);
        if (setting == NULL)
            continue;
        enum err rc = trainer_set(trainer_find(trainer), &unused, setting, why);
        if (rc != ERR_OK)
            return rc;
        if (v->n_member == TRAINER_MAX_MEMBER_SETS)
            return fail_set(why, ERR_TOO_LARGE, "%s: more than %d settings", assignment,
                            TRAINER_MAX_MEMBER_SETS);
        v->member[v->n_member++] = assignment;
        return ERR_OK;
    }
    return fail_set(why, ERR_INVALID, "%s: there is no such member", assignment);
}

static enum err train_member(const struct ensemble_member *m, const struct train_task *task,
                             struct trained *out, struct fail *why)
{
    bool large = task->x->n_cols > m->most_items;
    const struct trainer *trainer = trainer_find(large && m->beyond != NULL ? m->beyond : m->trainer);
    struct trainer_values values = {0};
    struct train_task own = *task;
    struct item_cut *cut = NULL;
    enum err rc = ERR_OK;
    own.checkpoint = NULL;
    for (size_t i = 0; rc == ERR_OK && task->values != NULL && i < task->values->n_member; i++) {
        const char *setting = setting_of(trainer->name, task->values->member[i]);
        if (setting != NULL)
            rc = trainer_set(trainer, &values, setting, why);
    }
    if (rc == ERR_OK && large && m->beyond == NULL) {
        cut = calloc(1, sizeof *cut);
        rc = cut == NULL ? fail_set(why, ERR_NOMEM, "out of memory")
                         : item_cut_make(cut, task->x, m->most_items, why);
        own.x = rc == ERR_OK ? &cut->x : own.x;
    }
    if (rc == ERR_OK)
        rc = trainer_run(trainer, &values, &own, out, why);
    out->cut = cut;
    if (rc != ERR_OK)
        trained_free(out);
    return rc;
}

static void join(const struct ensemble *e, const struct train_task *task, struct trained *out)
{
    struct fusion *f = out->fusion;
    *f = (struct fusion){.rule = FUSION_RANK, .n_films = out->n_items};
    for (; f->n_parts < out->n_parts; f->n_parts++) {
        const struct trained *part = &out->parts[f->n_parts];
        f->parts[f->n_parts] = (struct fusion_part){.scorer = trained_scorer(part),
                                                    .item_of = part->cut == NULL ? NULL : part->cut->at,
                                                    .weight = e->members[f->n_parts].weight};
    }
    if (e->content && task->content.scorer.n_items > 0)
        f->parts[f->n_parts++] = task->content;
}

enum err ensemble_members(const struct ensemble *e, const struct train_task *task, struct trained *out,
                          struct fail *why)
{
    out->n_items = task->x->n_cols;
    out->parts = calloc(e->n, sizeof *out->parts);
    out->fusion = calloc(1, sizeof *out->fusion);
    if (out->parts == NULL || out->fusion == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    for (; out->n_parts < e->n; out->n_parts++) {
        enum err rc = train_member(&e->members[out->n_parts], task, &out->parts[out->n_parts], why);
        if (rc != ERR_OK)
            return rc;
    }
    join(e, task, out);
    return ERR_OK;
}

/* NDCG@10 of a fusion on the group. */
static enum err measure(const struct fusion *f, const struct visitor_group *group, double *ndcg,
                        const struct progress *progress, struct fail *why)
{
    const int k = 10;
    const struct evaluate_task task = {.scorer = {.n_items = f->n_films, .fusion = f},
                                       .history = &group->given,
                                       .held = &group->held,
                                       .k = &k,
                                       .n_cuts = 1,
                                       .unseen = true};
    struct evaluate_result r;
    enum err rc = evaluate_run(&task, &r, progress, why);
    *ndcg = metric_mean(&r.metrics, 0, METRIC_NDCG);
    return rc;
}

enum err ensemble_fit(const struct ensemble *e, struct trained *out, const struct visitor_group *group,
                      struct ensemble_choice choices[ENSEMBLE_CHOICES], size_t *best,
                      const struct progress *progress, struct fail *why)
{
    *best = 0;
    for (size_t c = 0; c < ENSEMBLE_CHOICES; c++) {
        struct ensemble_choice *choice = &choices[c];
        choice->fusion = *out->fusion;
        for (size_t p = 0; p < e->n; p++)
            choice->fusion.parts[p].weight = e->members[p].weight;
        choice->fusion.rule = c == 0 ? FUSION_RANK : (enum fusion_rule)(c - 1);
        enum err rc =
            c == 0 ? ERR_OK
                   : fusion_fit(&choice->fusion, &group->given, &group->held, &choice->ndcg, progress, why);
        if (rc == ERR_OK)
            rc = measure(&choice->fusion, group, &choice->ndcg, progress, why);
        if (rc != ERR_OK)
            return rc;
        if (choice->ndcg > choices[*best].ndcg)
            *best = c;
    }
    ensemble_adopt(out, &choices[*best].fusion);
    return ERR_OK;
}

void ensemble_adopt(struct trained *out, const struct fusion *fitted)
{
    out->fusion->rule = fitted->rule;
    out->fusion->cold = fitted->cold;
    for (size_t p = 0; p < out->fusion->n_parts; p++)
        out->fusion->parts[p].weight = fitted->parts[p].weight;
}

static enum err fit_first(const struct ensemble *e, const struct train_task *task, struct fusion *fitted,
                          struct fail *why)
{
    struct visitors v;
    struct trained first = {0};
    struct ensemble_choice choices[ENSEMBLE_CHOICES];
    size_t best;
    enum err rc = visitors_draw(&v, task->x, VISITORS_MOST, VISITORS_GIVEN, task->seed, why);
    if (rc != ERR_OK)
        return rc;
    struct train_task learn = *task;
    learn.x = &v.train;
    rc = ensemble_members(e, &learn, &first, why);
    if (rc == ERR_OK)
        rc = ensemble_fit(e, &first, &v.fitting, choices, &best, task->progress, why);
    if (rc == ERR_OK)
        *fitted = *first.fusion;
    trained_free(&first);
    visitors_free(&v);
    return rc;
}

enum err ensemble_train(const struct train_task *task, struct trained *out, struct fail *why)
{
    const struct ensemble *e = ensemble_find(out->trainer->name);
    struct fusion fitted = {0};
    enum err rc = e->fitted ? fit_first(e, task, &fitted, why) : ERR_OK;
    if (rc == ERR_OK)
        rc = ensemble_members(e, task, out, why);
    if (rc == ERR_OK && e->fitted)
        ensemble_adopt(out, &fitted);
    return rc;
}
