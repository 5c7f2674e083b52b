#include "train/trial.h"

#include <string.h>

static enum err train_and_measure(const struct trial *t, const struct item_cut *cut, struct trial_result *out,
                                  const struct progress *progress, struct fail *why)
{
    struct train_task learn = {.x = cut != NULL ? &cut->x : t->train, .seed = t->seed, .progress = progress};
    if (cut == NULL)
        learn.content = t->content;
    struct evaluate_task measure = t->measure;
    struct trained m;
    enum err rc = trainer_run(t->trainer, t->values, &learn, &m, why);
    if (rc != ERR_OK)
        return rc;
    memcpy(out->value, m.value, sizeof out->value);
    out->seconds = m.seconds;
    measure.scorer = trained_scorer(&m);
    measure.cut = cut;
    rc = evaluate_run(&measure, &out->found, progress, why);
    trained_free(&m);
    return rc;
}

/* People whom it was trained on are not known to it, as visitors are not. */
static enum err measure_ready(const struct trial *t, struct trial_result *out,
                              const struct progress *progress, struct fail *why)
{
    struct evaluate_task measure = t->measure;
    measure.scorer = fusion_scorer(t->ready);
    measure.unseen = true;
    return evaluate_run(&measure, &out->found, progress, why);
}

enum err trial_run(const struct trial *t, struct trial_result *out, const struct progress *progress,
                   struct fail *why)
{
    struct item_cut cut;
    *out = (struct trial_result){0};
    if (t->ready != NULL)
        return measure_ready(t, out, progress, why);
    if (t->items == 0 || t->items >= t->train->n_cols)
        return train_and_measure(t, NULL, out, progress, why);
    enum err rc = item_cut_make(&cut, t->train, t->items, why);
    if (rc != ERR_OK)
        return rc;
    rc = train_and_measure(t, &cut, out, progress, why);
    item_cut_free(&cut);
    return rc;
}
