#include "train/ensemble_variety.h"

#include "train/evaluate.h"
#include "train/fusion_fit.h"

enum { HALVINGS = 4 };

struct found {
    double each[FUSION_FIT_GROUPS]; /* NDCG of each group */
    double ndcg, coverage;          /* means of the groups */
};

static float *weight_of(struct fusion *f, size_t part, bool longer)
{
    return longer ? &f->parts[part].weight_long : &f->parts[part].weight;
}

static enum err measure(const struct fusion *f, const struct ensemble_variety_plan *plan, struct found *out,
                        const struct progress *progress, struct fail *why)
{
    static const int cuts[ENSEMBLE_VARIETY_CUTS] = {10, 20};
    enum err rc = ERR_OK;
    *out = (struct found){0};
    for (size_t g = 0; g < plan->n_groups && rc == ERR_OK; g++) {
        const struct visitor_group *group = &plan->groups[g];
        const struct evaluate_task task = {.scorer = fusion_scorer(f),
                                           .history = &group->given,
                                           .held = &group->held,
                                           .learnt = &group->given,
                                           .k = cuts,
                                           .n_cuts = ENSEMBLE_VARIETY_CUTS,
                                           .unseen = true};
        struct evaluate_result r;
        rc = evaluate_run(&task, &r, progress, why);
        out->each[g] = metric_mean(&r.metrics, 0, METRIC_NDCG);
        out->ndcg += out->each[g] / (double)plan->n_groups;
        out->coverage += r.variety[1][VARIETY_COVERAGE] / (double)plan->n_groups;
    }
    return rc;
}

/* The weights moved by the share `by` towards `part` alone; those of a fusion that add up to 1 still do. */
static struct fusion drawn(const struct fusion *f, size_t part, double by, bool longer)
{
    struct fusion to = *f;
    for (size_t p = 0; p < f->n_parts; p++) {
        float *w = weight_of(&to, p, longer);
        *w = (float)((1 - by) * (double)*w + (p == part ? by : 0));
    }
    return to;
}

/* The part whose own lists cover most, into out->part, and how much, into out->coverage[1]; parts without reasons, and content, which is for
 * films without ratings, do not compete. */
static enum err find_part(const struct fusion *f, const struct ensemble_variety_plan *plan,
                          struct ensemble_variety *out, const struct progress *progress, struct fail *why)
{
    enum err rc = ERR_OK;
    for (size_t p = 0; p < f->n_parts && rc == ERR_OK; p++) {
        struct found alone;
        if (f->parts[p].content || f->parts[p].scorer.link == NULL)
            continue;
        const struct fusion one = drawn(f, p, 1, plan->longer);
        rc = measure(&one, plan, &alone, progress, why);
        if (rc == ERR_OK && alone.coverage > out->coverage[1]) {
            out->coverage[1] = alone.coverage;
            out->part = p;
        }
    }
    return rc;
}

/* For few films as for many: what one length gains does not pay for what another loses. */
static bool is_paid(const struct ensemble_variety_plan *plan, const struct found *before,
                    const struct found *now)
{
    for (size_t g = 0; g < plan->n_groups; g++)
        if (now->each[g] < (1 - plan->price) * before->each[g])
            return false;
    return true;
}

enum err ensemble_variety_buy(struct fusion *f, const struct ensemble_variety_plan *plan,
                              struct ensemble_variety *out, const struct progress *progress, struct fail *why)
{
    struct found before, now;
    *out = (struct ensemble_variety){0};
    enum err rc = measure(f, plan, &before, progress, why);
    if (rc == ERR_OK)
        rc = find_part(f, plan, out, progress, why);
    if (rc != ERR_OK)
        return rc;
    bool more = out->coverage[1] > before.coverage;
    out->ndcg[0] = out->ndcg[1] = before.ndcg;
    out->coverage[0] = out->coverage[1] = before.coverage;
    double step = more && plan->price > 0 ? 0.5 : 0;
    for (int i = 0; i < HALVINGS && step > 0; i++, step /= 2) {
        const struct fusion tried = drawn(f, out->part, out->by + step, plan->longer);
        rc = measure(&tried, plan, &now, progress, why);
        if (rc != ERR_OK)
            return rc;
        if (!is_paid(plan, &before, &now) || now.coverage < out->coverage[1])
            continue;
        out->by += step;
        out->ndcg[1] = now.ndcg;
        out->coverage[1] = now.coverage;
    }
    *f = drawn(f, out->part, out->by, plan->longer);
    return ERR_OK;
}
