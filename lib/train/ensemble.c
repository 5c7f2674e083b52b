#include "train/ensemble.h"

#include <stdlib.h>
#include <string.h>

#include "train/evaluate.h"
#include "train/item_cut.h"

const int ensemble_cuts[ENSEMBLE_CUTS] = {10, 20};
const size_t ensemble_lengths[ENSEMBLE_LENGTHS] = {3, 5, VISITORS_GIVEN, SIZE_MAX};

static enum err train_member(const struct trainer_member *m, const struct train_task *task,
                             struct trained *out, struct fail *why)
{
    bool large = task->x->n_cols > m->most_items;
    const struct trainer *trainer = large && m->beyond != NULL ? m->beyond : m->trainer;
    struct trainer_values values = {0};
    struct train_task own = *task;
    struct item_cut *cut = NULL;
    struct train_watch watch = {0};
    struct evaluate_task measure;
    enum err rc = ERR_OK;
    own.checkpoint = (struct checkpoint_place){0};
    if (task->values != NULL)
        rc = trainer_set_members(trainer, &values, task->values, why);
    if (rc == ERR_OK && large && m->beyond == NULL) {
        cut = calloc(1, sizeof *cut);
        rc = cut == NULL ? fail_set(why, ERR_NOMEM, "out of memory")
                         : item_cut_make(cut, task->x, m->most_items, why);
        own.x = rc == ERR_OK ? &cut->x : own.x;
    }
    if (cut != NULL && own.watch != NULL && own.watch->measure != NULL) {
        watch = *own.watch;
        measure = *watch.measure;
        measure.cut = cut;
        watch.measure = &measure;
        own.watch = &watch;
    }
    if (rc == ERR_OK)
        rc = trainer_run(trainer, &values, &own, out, why);
    out->cut = cut;
    if (rc != ERR_OK)
        trained_free(out);
    return rc;
}

static void join(const struct train_task *task, struct trained *out)
{
    const struct trainer *e = out->trainer;
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

enum err ensemble_members(const struct train_task *task, struct trained *out, struct fail *why)
{
    const struct trainer *e = out->trainer;
    out->n_items = task->x->n_cols;
    out->parts = calloc(e->n_members, sizeof *out->parts);
    out->fusion = calloc(1, sizeof *out->fusion);
    if (out->parts == NULL || out->fusion == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    for (; out->n_parts < e->n_members; out->n_parts++) {
        enum err rc = train_member(&e->members[out->n_parts], task, &out->parts[out->n_parts], why);
        if (rc != ERR_OK)
            return rc;
    }
    join(task, out);
    return ERR_OK;
}

static enum err measure(const struct fusion *f, const struct visitor_group *group, struct metric_sum *sum,
                        const struct progress *progress, struct fail *why)
{
    const struct evaluate_task task = {.scorer = fusion_scorer(f),
                                       .history = &group->given,
                                       .held = &group->held,
                                       .k = ensemble_cuts,
                                       .n_cuts = ENSEMBLE_CUTS,
                                       .unseen = true};
    struct evaluate_result r;
    enum err rc = evaluate_run(&task, &r, progress, why);
    *sum = r.metrics;
    return rc;
}

/* Gives out the weights, rule and cold of a fusion fitted on other data. */
static void adopt(struct trained *out, const struct fusion *fitted)
{
    out->fusion->rule = fitted->rule;
    out->fusion->cold = fitted->cold;
    for (size_t p = 0; p < out->fusion->n_parts; p++) {
        out->fusion->parts[p].weight = fitted->parts[p].weight;
        out->fusion->parts[p].weight_long = fitted->parts[p].weight_long;
    }
}

enum err ensemble_people_draw(struct ensemble_people *out, const struct csr *x, size_t most, uint64_t seed,
                              struct fail *why)
{
    *out = (struct ensemble_people){0};
    enum err rc = ERR_OK;
    for (size_t l = 0; rc == ERR_OK && l < ENSEMBLE_LENGTHS; l++) {
        struct visitors *v = &out->visitors[l];
        rc = visitors_draw(v, x, most, ensemble_lengths[l], seed, why);
        out->fitting[l] = v->fitting;
        if (l > 0) /* the same people every time */
            csr_free(&v->train);
    }
    if (rc != ERR_OK)
        ensemble_people_free(out);
    return rc;
}

void ensemble_people_free(struct ensemble_people *p)
{
    for (size_t l = 0; l < ENSEMBLE_LENGTHS; l++)
        visitors_free(&p->visitors[l]);
    *p = (struct ensemble_people){0};
}

/* The report's rule and weights (0), which are the same for every length, or a rule with weights fitted to short
 * histories and others to long ones. */
static enum err choose(const struct trained *m, size_t c, const struct ensemble_people *people,
                       struct ensemble_choice *out, const struct progress *progress, struct fail *why)
{
    const struct fusion_fit_plan small = {people->fitting, ENSEMBLE_LENGTHS - 1, m->trainer->silent},
                                 large = {people->fitting + ENSEMBLE_LENGTHS - 1, 1, m->trainer->silent};
    struct fusion *f = &out->fusion, whole;
    struct fusion_fitted *few = &out->fitted, many;
    *f = *m->fusion;
    out->variety[0] = out->variety[1] = (struct ensemble_variety){0};
    for (size_t p = 0; p < f->n_parts; p++) {
        f->parts[p].weight = p < m->trainer->n_members ? m->trainer->members[p].weight : 0;
        f->parts[p].weight_long = 0; /* of an earlier fit */
    }
    f->rule = c == 0 ? FUSION_RANK : (enum fusion_rule)(c - 1);
    whole = *f;
    enum err rc = c == 0 ? fusion_fit_judge(&whole, &large, &many, progress, why)
                         : fusion_fit(&whole, &large, &many, progress, why);
    if (rc == ERR_OK)
        rc = c == 0 ? fusion_fit_judge(f, &small, few, progress, why)
                    : fusion_fit(f, &small, few, progress, why);
    if (rc != ERR_OK)
        return rc;
    for (size_t p = 0; c > 0 && p < f->n_parts; p++)
        f->parts[p].weight_long = whole.parts[p].weight;
    few->ndcg += (many.ndcg - few->ndcg) / ENSEMBLE_LENGTHS;
    few->better = few->better && many.better;
    return ERR_OK;
}

/* The first setting of an ensemble, if it has any, is the price of variety. The report's weights are one set, fitted ones two. */
static enum err buy_variety(const struct trained *m, const struct ensemble_people *people,
                            struct ensemble_choice *taken, const struct progress *progress, struct fail *why)
{
    struct ensemble_variety_plan plan = {.groups = people->fitting,
                                         .n_groups = ENSEMBLE_LENGTHS - 1,
                                         .price = m->trainer->n_settings > 0 ? m->value[0] : 0};
    if (plan.price <= 0)
        return ERR_OK;
    bool two = false;
    for (size_t p = 0; p < taken->fusion.n_parts; p++)
        two = two || taken->fusion.parts[p].weight_long > 0;
    plan.n_groups += !two;
    enum err rc = ensemble_variety_buy(&taken->fusion, &plan, &taken->variety[0], progress, why);
    if (rc != ERR_OK || !two)
        return rc;
    plan.groups += ENSEMBLE_LENGTHS - 1;
    plan.n_groups = 1;
    plan.longer = true;
    return ensemble_variety_buy(&taken->fusion, &plan, &taken->variety[1], progress, why);
}

enum err ensemble_fit(struct trained *out, const struct ensemble_people *people,
                      struct ensemble_choice choices[ENSEMBLE_CHOICES], size_t *best,
                      const struct progress *progress, struct fail *why)
{
    *best = 1 + FUSION_STANDARD;
    for (size_t c = 0; c < ENSEMBLE_CHOICES; c++) {
        enum err rc = choose(out, c, people, &choices[c], progress, why);
        if (rc != ERR_OK)
            return rc;
    }
    /* What was fitted has been held to the best member; the report's weights have to be better. */
    for (size_t c = 0; c < ENSEMBLE_CHOICES && !out->trainer->standard; c++)
        if ((c > 0 || choices[c].fitted.better) && choices[c].fitted.ndcg > choices[*best].fitted.ndcg)
            *best = c;
    enum err rc = buy_variety(out, people, &choices[*best], progress, why);
    adopt(out, &choices[*best].fusion);
    return rc;
}

/* One part of a fusion by itself. */
static struct fusion only(const struct fusion *all, size_t part)
{
    struct fusion one = *all;
    one.parts[0] = all->parts[part];
    one.parts[0].weight = 1;
    one.parts[0].weight_long = 0;
    one.parts[0].content = false;
    one.n_parts = 1;
    one.rule = FUSION_STANDARD;
    return one;
}

static enum err measure_all(struct ensemble_found *found, const struct visitor_group *group,
                            const struct progress *progress, struct fail *why)
{
    const struct fusion *all = &found->choices[0].fusion;
    enum err rc = ERR_OK;
    found->n_parts = all->n_parts;
    for (size_t p = 0; rc == ERR_OK && p < all->n_parts; p++) {
        const struct fusion one = only(all, p);
        rc = measure(&one, group, &found->alone[p], progress, why);
    }
    for (size_t c = 0; rc == ERR_OK && c < ENSEMBLE_CHOICES; c++)
        rc = measure(&found->choices[c].fusion, group, &found->joined[c], progress, why);
    return rc;
}

/* The weights that are served learn from those too whom they were measured on, as the members do afterwards. */
static enum err fit_on_all(struct trained *first, const struct ensemble_people *people,
                           struct ensemble_found *found, const struct progress *progress, struct fail *why)
{
    struct ensemble_people all = {0};
    enum err rc = ERR_OK;
    for (size_t l = 0; rc == ERR_OK && l < ENSEMBLE_LENGTHS; l++)
        rc = visitors_join(&all.fitting[l], &people->visitors[l], why);
    if (rc == ERR_OK)
        rc = ensemble_fit(first, &all, found->choices, &found->chosen, progress, why);
    for (size_t l = 0; l < ENSEMBLE_LENGTHS; l++)
        visitors_free_group(&all.fitting[l]);
    return rc;
}

/* Members of people->train, joined as those of the whole will be. */
static enum err fit_first(const struct train_task *task, const struct ensemble_people *people,
                          struct trained *first, struct fail *why)
{
    struct ensemble_found own = {0}, *found = task->found != NULL ? task->found : &own;
    struct train_task learn = *task;
    struct train_watch watch;
    const struct visitors *told = &people->visitors[ENSEMBLE_TOLD];
    const struct evaluate_task measured = {.history = &told->fitting.given,
                                           .held = &told->fitting.held,
                                           .k = ensemble_cuts,
                                           .n_cuts = ENSEMBLE_CUTS,
                                           .unseen = true};
    learn.x = &people->visitors[0].train;
    if (task->watch != NULL) {
        watch = *task->watch;
        watch.measure = &measured;
        learn.watch = &watch;
    }
    enum err rc = ensemble_members(&learn, first, why);
    if (rc == ERR_OK)
        rc = ensemble_fit(first, people, found->choices, &found->chosen, task->progress, why);
    if (rc == ERR_OK && !first->trainer->fitted) {
        found->chosen = 0;
        adopt(first, &found->choices[0].fusion);
    }
    if (rc == ERR_OK && task->found != NULL)
        rc = measure_all(found, &told->testing, task->progress, why);
    if (rc == ERR_OK && first->trainer->fitted && !task->once)
        rc = fit_on_all(first, people, found, task->progress, why);
    return rc;
}

static enum err train_first(const struct train_task *task, struct trained *first, struct fail *why)
{
    struct ensemble_people people;
    enum err rc = ensemble_people_draw(&people, task->x, VISITORS_MOST, task->seed, why);
    if (rc != ERR_OK)
        return rc;
    rc = fit_first(task, &people, first, why);
    ensemble_people_free(&people);
    return rc;
}

enum err ensemble_train(const struct train_task *task, struct trained *out, struct fail *why)
{
    if (!out->trainer->fitted && task->found == NULL)
        return ensemble_members(task, out, why);
    enum err rc = train_first(task, out, why);
    if (rc != ERR_OK || task->once)
        return rc;
    const struct fusion fitted = *out->fusion;
    const struct trained asked = {.trainer = out->trainer};
    double value[TRAINER_MAX_SETTINGS];
    struct train_task whole = *task;
    whole.watch = NULL; /* its epochs have been told of the first training */
    memcpy(value, out->value, sizeof value);
    trained_free(out);
    *out = asked;
    memcpy(out->value, value, sizeof value);
    rc = ensemble_members(&whole, out, why);
    if (rc == ERR_OK)
        adopt(out, &fitted);
    return rc;
}
