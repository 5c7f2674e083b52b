#include "train/train_watch.h"

#include <math.h>
#include <stdio.h>

/* One of `most` epochs spread over all. */
static bool is_due(uint64_t epoch, uint64_t epochs, uint64_t most)
{
    return epoch == epochs || epoch * most / epochs != (epoch - 1) * most / epochs;
}

bool train_watch_wants(const struct train_watch *w, uint64_t epoch, uint64_t epochs)
{
    return w != NULL && w->measure != NULL && is_due(epoch, epochs, TRAIN_WATCH_MEASURED);
}

static void measure(const struct train_watch *w, const char *model, const struct scorer *now, uint64_t epoch)
{
    struct evaluate_task task = *w->measure;
    struct evaluate_result r;
    task.scorer = *now;
    if (evaluate_run(&task, &r, NULL, NULL) != ERR_OK)
        return;
    for (size_t c = 0; c < task.n_cuts; c++)
        for (int kind = 0; kind < METRIC_KINDS; kind++) {
            char name[32];
            snprintf(name, sizeof name, "%s@%d", metric_name((enum metric_kind)kind), task.k[c]);
            w->figure(w->arg, model, name, epoch, metric_mean(&r.metrics, c, (enum metric_kind)kind));
        }
}

void train_watch_epoch(const struct train_watch *w, const char *model, const struct scorer *now,
                       uint64_t epoch, uint64_t epochs, double loss)
{
    if (w == NULL)
        return;
    if (isfinite(loss) && is_due(epoch, epochs, TRAIN_WATCH_LOSSES))
        w->figure(w->arg, model, "loss", epoch, loss);
    if (train_watch_wants(w, epoch, epochs))
        measure(w, model, now, epoch);
}
