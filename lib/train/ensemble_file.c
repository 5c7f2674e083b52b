#include "train/ensemble_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "train/model_save.h"

enum { PATH = 1088 };
_Static_assert((int)MODEL_SAVE_CUTS == ENSEMBLE_CUTS, "what is measured is what is saved");

/* The file `name` in the folder of `path`. */
static enum err beside(const char *path, const char *name, char out[PATH], struct fail *why)
{
    const char *slash = strrchr(path, '/');
    int folder = slash == NULL ? 0 : (int)(slash + 1 - path);
    int n = snprintf(out, PATH, "%.*s%s.mvm", folder, path, name);
    return n < PATH ? ERR_OK : fail_set(why, ERR_INVALID, "%s: the path is too long", path);
}

/* The part that the open model is, among n items of these ids. */
static enum err place(struct ensemble_content *out, const int32_t *ids, size_t n, bool content,
                      struct fail *why)
{
    out->item_of = malloc((n + 1) * sizeof *out->item_of);
    if (out->item_of == NULL) {
        ensemble_content_close(out);
        return fail_set(why, ERR_NOMEM, "out of memory");
    }
    for (size_t j = 0; j < n; j++)
        out->item_of[j] = model_item(&out->model, ids[j]);
    out->part = (struct fusion_part){
        .scorer = model_scorer(&out->model), .item_of = out->item_of, .content = content};
    return ERR_OK;
}

enum err ensemble_content_read(struct ensemble_content *out, const char *file, const int32_t *ids, size_t n,
                               struct fail *why)
{
    *out = (struct ensemble_content){0};
    enum err rc = model_open_content(&out->model, file, why);
    return rc == ERR_OK ? place(out, ids, n, true, why) : rc;
}

enum err ensemble_content_any(struct ensemble_content *out, const char *file, const int32_t *ids, size_t n,
                              struct fail *why)
{
    *out = (struct ensemble_content){0};
    enum err rc = model_open(&out->model, file, why);
    if (rc == ERR_OK && out->model.n_parts > 0) {
        rc = fail_set(why, ERR_INVALID, "%s: an ensemble (%.16s), whose parts are other files", file,
                      out->model.info->kind);
        ensemble_content_close(out);
    }
    return rc == ERR_OK ? place(out, ids, n, false, why) : rc;
}

enum err ensemble_content_open(struct ensemble_content *out, const char *path, const struct dataset *d,
                               struct fail *why)
{
    char file[PATH];
    *out = (struct ensemble_content){0};
    enum err rc = beside(path, "bts", file, why);
    return rc == ERR_OK ? ensemble_content_read(out, file, d->item_ids, d->x.n_cols, why) : rc;
}

void ensemble_content_close(struct ensemble_content *c)
{
    free(c->item_of);
    model_close(&c->model);
    *c = (struct ensemble_content){0};
}

/* What was found, and the mark of how: people known by `given` films at most. */
static size_t values_of(const struct metric_sum *found, struct model_value out[MODEL_SAVE_METRICS])
{
    size_t n = model_save_metrics(found, ensemble_cuts, out);
    model_value_set(&out[n++], "given", VISITORS_GIVEN);
    return n;
}

/* How many of the films the lists of the people that the weights were fitted on hold; where variety was looked at. */
static size_t coverage_of(const struct ensemble_choice *taken, struct model_value *out)
{
    if (taken->variety[0].coverage[1] <= 0)
        return 0;
    model_value_set(out, "coverage.20", taken->variety[0].coverage[1]);
    return 1;
}

/* Besides, what each part is worth: "gain.ease"; the name of one without weight says why it has none. */
static size_t gains_of(const struct ensemble_found *found, const struct model_part *parts, size_t n_parts,
                       struct model_value *out)
{
    size_t n = 0;
    for (size_t p = 0; p < n_parts && found->chosen > 0; p++) {
        char name[MODEL_NAME];
        snprintf(name, sizeof name, "%s.%.16s", parts[p].weight > 0 ? "gain" : "share", parts[p].kind);
        model_value_set(&out[n++], name, found->choices[found->chosen].fitted.gain[p]);
    }
    return n;
}

static enum err write_member(const struct ensemble_file *f, const struct trained *t, size_t p,
                             struct model_part *part, struct fail *why)
{
    char path[PATH];
    struct model_value metrics[MODEL_SAVE_METRICS];
    const struct model_save s = {.dataset = f->dataset,
                                 .seed = f->seed,
                                 .metrics = metrics,
                                 .n_metrics = values_of(&f->found->alone[p], metrics)};
    snprintf(part->kind, sizeof part->kind, "%s", t->trainer->name);
    enum err rc = beside(f->path, t->trainer->name, path, why);
    return rc == ERR_OK ? model_save(&s, t, path, part->content, why) : rc;
}

enum err ensemble_file_write(const struct ensemble_file *f, const struct trained *t, struct fail *why)
{
    struct model_part parts[FUSION_PARTS];
    struct model_value metrics[MODEL_SAVE_METRICS + 1 + FUSION_PARTS];
    memset(parts, 0, sizeof parts);
    for (size_t p = 0; p < t->n_parts; p++) {
        enum err rc = write_member(f, &t->parts[p], p, &parts[p], why);
        if (rc != ERR_OK)
            return rc;
    }
    for (size_t p = 0; p < t->fusion->n_parts; p++) {
        parts[p].weight = t->fusion->parts[p].weight;
        parts[p].weight_long = t->fusion->parts[p].weight_long;
    }
    if (t->fusion->n_parts > t->n_parts) {
        struct model_part *last = &parts[t->n_parts];
        const struct model *content = &f->content->model;
        snprintf(last->kind, sizeof last->kind, "%s", content->info->kind);
        memcpy(last->content, content->file.header->content, sizeof last->content);
        last->is_content = 1;
    }
    size_t n = values_of(&f->found->joined[f->found->chosen], metrics);
    n += coverage_of(&f->found->choices[f->found->chosen], metrics + n);
    n += gains_of(f->found, parts, t->fusion->n_parts, metrics + n);
    const struct model_save s = {.dataset = f->dataset,
                                 .seed = f->seed,
                                 .metrics = metrics,
                                 .n_metrics = n,
                                 .parts = parts,
                                 .n_parts = t->fusion->n_parts};
    return model_save(&s, t, f->path, NULL, why);
}
