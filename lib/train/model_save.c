#include "train/model_save.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "train/item_cut.h"

enum err model_save(const struct model_save *s, const struct trained *t, const char *path,
                    uint8_t content[SECTION_HASH], struct fail *why)
{
    const struct dataset *d = s->dataset;
    struct model_info info = {.seed = s->seed,
                              .n_users = d->x.n_rows,
                              .n_interactions = csr_count(&d->x),
                              .created = clock_wall(),
                              .seconds = t->seconds,
                              .threshold = d->info->threshold,
                              .simulated = d->info->simulated,
                              .n_factors = (uint32_t)t->n_factors,
                              .rule = t->fusion == NULL ? 0 : t->fusion->rule,
                              .cold = t->fusion == NULL ? 0 : t->fusion->cold};
    struct model_value settings[TRAINER_MAX_SETTINGS];
    _Static_assert(sizeof info.panel == sizeof d->info->panel, "who was held out fits");
    memcpy(info.panel, &d->info->panel, sizeof info.panel);
    snprintf(info.kind, sizeof info.kind, "%s", t->trainer->name);
    memcpy(info.dataset_hash, d->hash, sizeof info.dataset_hash);
    for (size_t i = 0; i < t->trainer->n_settings; i++)
        model_value_set(&settings[i], t->trainer->settings[i].name, t->value[i]);
    int32_t *kept = NULL;
    if (t->cut != NULL) {
        kept = malloc((t->cut->n + 1) * sizeof *kept);
        if (kept == NULL)
            return fail_set(why, ERR_NOMEM, "out of memory");
        for (size_t i = 0; i < t->cut->n; i++)
            kept[i] = d->item_ids[t->cut->kept[i]];
    }
    const struct model m = {.info = &info,
                            .item_ids = kept != NULL ? kept : d->item_ids,
                            .n_items = t->n_items,
                            .settings = settings,
                            .n_settings = t->trainer->n_settings,
                            .metrics = s->metrics,
                            .n_metrics = s->n_metrics,
                            .weights = t->weights,
                            .n_weights = t->n_weights,
                            .links = t->links,
                            .strength = t->strength,
                            .parts = s->parts,
                            .n_parts = s->n_parts};
    enum err rc = model_write(&m, path, content, why);
    free(kept);
    return rc;
}

size_t model_save_metrics(const struct metric_sum *sum, const int cuts[MODEL_SAVE_CUTS],
                          struct model_value out[MODEL_SAVE_METRICS])
{
    size_t n = 0;
    for (size_t c = 0; c < MODEL_SAVE_CUTS; c++)
        for (int kind = 0; kind < METRIC_KINDS; kind++) {
            char name[MODEL_NAME];
            snprintf(name, sizeof name, "%s@%d", metric_name((enum metric_kind)kind), cuts[c]);
            model_value_set(&out[n++], name, metric_mean(sum, c, (enum metric_kind)kind));
        }
    model_value_set(&out[n++], "n_users", (double)sum->n_users);
    return n;
}
