#include "train/checkpoint.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/section_file.h"
#include "num/kernel.h"

enum tag { CHECKPOINT_INFO = 1, CHECKPOINT_FIRST, CHECKPOINT_TAG_END = CHECKPOINT_FIRST + CHECKPOINT_ARRAYS };

struct info {
    struct checkpoint_run run;
    uint64_t epochs, steps[2];
    double first, loss;
    uint8_t zero[48];
};
_Static_assert(sizeof(struct info) == 256, "checkpoint layout");

static const uint32_t item_sizes[CHECKPOINT_TAG_END] = {0,
                                                        sizeof(struct info),
                                                        sizeof(float),
                                                        sizeof(float),
                                                        sizeof(float),
                                                        sizeof(float),
                                                        sizeof(float),
                                                        sizeof(float)};

static const struct section_format format = {.magic = "MVTICHKP",
                                             .version = 1,
                                             .noun = "checkpoint",
                                             .n_sections = CHECKPOINT_TAG_END - 1,
                                             .item_sizes = item_sizes};

void checkpoint_describe(struct checkpoint *c, const char *trainer, const struct csr *x, uint64_t seed,
                         const double *setting, size_t n)
{
    struct secret_hasher h;
    memset(c, 0, sizeof *c);
    snprintf(c->run.trainer, sizeof c->run.trainer, "%s", trainer);
    secret_hasher_init(&h);
    secret_hasher_add(&h, x->start, (x->n_rows + 1) * sizeof *x->start);
    secret_hasher_add(&h, x->col, csr_count(x) * sizeof *x->col);
    secret_hasher_end(&h, c->run.data);
    c->run.seed = seed;
    c->run.n_users = x->n_rows;
    c->run.n_items = x->n_cols;
    for (size_t i = 0; i < n && i < CHECKPOINT_SETTINGS; i++)
        c->run.setting[i] = setting[i];
}

enum err checkpoint_write(const struct checkpoint *c, const char *path, struct fail *why)
{
    const struct info info = {.run = c->run,
                              .epochs = c->epochs,
                              .steps = {c->steps[0], c->steps[1]},
                              .first = c->first,
                              .loss = c->loss};
    struct section_part parts[CHECKPOINT_TAG_END] = {[CHECKPOINT_INFO] = {&info, 1}};
    for (size_t i = 0; i < CHECKPOINT_ARRAYS; i++)
        parts[CHECKPOINT_FIRST + i] = (struct section_part){c->arrays[i].values, c->arrays[i].n};
    return section_file_write(&format, path, parts, NULL, why);
}

static bool same_run(const struct checkpoint_run *a, const struct checkpoint_run *b)
{
    bool same = memcmp(a->trainer, b->trainer, sizeof a->trainer) == 0 &&
                memcmp(a->data, b->data, sizeof a->data) == 0 && a->seed == b->seed &&
                a->n_users == b->n_users && a->n_items == b->n_items;
    for (size_t i = 0; i < CHECKPOINT_SETTINGS && same; i++)
        same = a->setting[i] == b->setting[i];
    return same;
}

static enum err take(struct checkpoint *c, const struct section_file *f, const char *name, struct fail *why)
{
    const struct info *info = f->data[CHECKPOINT_INFO];
    if (f->count[CHECKPOINT_INFO] != 1 || !isfinite(info->first) || !isfinite(info->loss))
        return fail_set(why, ERR_CORRUPT, "%s: wrong description", name);
    if (!same_run(&info->run, &c->run))
        return fail_set(why, ERR_CONFLICT, "%s belongs to other data, other settings or another seed", name);
    for (size_t i = 0; i < CHECKPOINT_ARRAYS; i++)
        if (f->count[CHECKPOINT_FIRST + i] != c->arrays[i].n ||
            !kernel_within(f->data[CHECKPOINT_FIRST + i], c->arrays[i].n, FLT_MAX))
            return fail_set(why, ERR_CORRUPT, "%s: wrong values", name);
    for (size_t i = 0; i < CHECKPOINT_ARRAYS; i++)
        if (c->arrays[i].n > 0)
            memcpy(c->arrays[i].values, f->data[CHECKPOINT_FIRST + i], c->arrays[i].n * sizeof(float));
    c->epochs = info->epochs;
    memcpy(c->steps, info->steps, sizeof c->steps);
    c->first = info->first;
    c->loss = info->loss;
    return ERR_OK;
}

enum err checkpoint_parse(struct checkpoint *c, const struct named_bytes *from, struct fail *why)
{
    struct section_file f;
    enum err rc = section_file_parse(&f, &format, from, why);
    return rc == ERR_OK ? take(c, &f, from->name, why) : rc;
}

enum err checkpoint_read(struct checkpoint *c, const char *path, struct fail *why)
{
    struct section_file f;
    enum err rc = section_file_open(&f, &format, path, why);
    if (rc != ERR_OK)
        return rc;
    rc = take(c, &f, path, why);
    section_file_close(&f);
    return rc;
}

/* The epochs of the checkpoint at path if it is of use, with everything read into c. */
static enum err read_useful(struct checkpoint *c, const char *path, uint64_t epochs, struct fail *why)
{
    struct checkpoint was = *c;
    enum err rc = checkpoint_read(c, path, why);
    if (rc != ERR_OK || c->epochs <= epochs)
        return rc;
    rc = fail_set(why, ERR_CONFLICT, "%s has %llu epochs, more than the %llu asked for", path,
                  (unsigned long long)c->epochs, (unsigned long long)epochs);
    *c = was;
    return rc;
}

enum err checkpoint_begin(struct checkpoint *c, const struct checkpoint_place *place, uint64_t epochs,
                          const struct progress *progress, struct fail *why)
{
    struct fail reason = {0};
    c->saved = clock_monotonic();
    if (place->path == NULL || place->anew)
        return ERR_OK;
    enum err rc = read_useful(c, place->path, epochs, &reason);
    if (rc == ERR_OK)
        progress_note(progress, "%s: resuming from epoch %llu of %llu (%s)", c->run.trainer,
                      (unsigned long long)c->epochs, (unsigned long long)epochs, place->path);
    else if (rc == ERR_CONFLICT || rc == ERR_CORRUPT)
        progress_note(progress, "%s: starting over: %s", c->run.trainer, reason.text);
    else if (rc != ERR_NOT_FOUND)
        return fail_set(why, rc, "%s", reason.text);
    return ERR_OK;
}

enum err checkpoint_keep(struct checkpoint *c, const struct checkpoint_place *place, bool last,
                         const struct progress *progress, struct fail *why)
{
    if (place->path == NULL)
        return ERR_OK;
    bool stop = !last && progress_stopping(progress);
    if (!last && !stop && clock_monotonic() - c->saved < place->seconds)
        return ERR_OK;
    enum err rc = checkpoint_write(c, place->path, why);
    c->saved = clock_monotonic();
    if (rc == ERR_OK && stop)
        rc = fail_set(why, ERR_STOPPED, "stopped after epoch %llu; run the same command again to resume",
                      (unsigned long long)c->epochs);
    return rc;
}
