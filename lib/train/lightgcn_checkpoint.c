#include "train/lightgcn_checkpoint.h"

#include <math.h>
#include <string.h>

#include "base/secret.h"
#include "model/section_file.h"

enum tag { CHECKPOINT_INFO = 1, CHECKPOINT_E, CHECKPOINT_M, CHECKPOINT_V, CHECKPOINT_TAG_END };

struct info {
    struct lightgcn_run run;
    uint64_t epochs, steps;
    double first;
    uint8_t zero[40];
};
_Static_assert(sizeof(struct info) == 192, "checkpoint layout");

static const uint32_t item_sizes[CHECKPOINT_TAG_END] = {[CHECKPOINT_INFO] = sizeof(struct info),
                                                        [CHECKPOINT_E] = sizeof(float),
                                                        [CHECKPOINT_M] = sizeof(float),
                                                        [CHECKPOINT_V] = sizeof(float)};

static const struct section_format format = {.magic = "MVTILGCN",
                                             .version = 1,
                                             .noun = "LightGCN checkpoint",
                                             .n_sections = CHECKPOINT_TAG_END - 1,
                                             .item_sizes = item_sizes};

void lightgcn_checkpoint_hash(const struct csr *x, uint8_t hash[32])
{
    struct secret_hasher h;
    secret_hasher_init(&h);
    secret_hasher_add(&h, x->start, (x->n_rows + 1) * sizeof *x->start);
    secret_hasher_add(&h, x->col, csr_count(x) * sizeof *x->col);
    secret_hasher_end(&h, hash);
}

enum err lightgcn_checkpoint_write(const struct lightgcn_state *s, const char *path, struct fail *why)
{
    const struct info info = {.run = s->run, .epochs = s->epochs, .steps = s->steps, .first = s->first};
    const struct section_part parts[CHECKPOINT_TAG_END] = {[CHECKPOINT_INFO] = {&info, 1},
                                                           [CHECKPOINT_E] = {s->e, s->n_values},
                                                           [CHECKPOINT_M] = {s->m, s->n_values},
                                                           [CHECKPOINT_V] = {s->v, s->n_values}};
    return section_file_write(&format, path, parts, NULL, why);
}

static bool all_finite(const float *x, size_t n)
{
    bool ok = true;
    for (size_t i = 0; i < n; i++)
        ok &= isfinite(x[i]) != 0;
    return ok;
}

static bool same_run(const struct lightgcn_run *a, const struct lightgcn_run *b)
{
    return memcmp(a->data, b->data, sizeof a->data) == 0 && a->seed == b->seed && a->n_users == b->n_users &&
           a->n_items == b->n_items && a->dimensions == b->dimensions && a->layers == b->layers &&
           a->plus == b->plus && a->batch == b->batch && a->rate == b->rate && a->l2 == b->l2 &&
           a->alpha == b->alpha && a->beta == b->beta && a->gamma == b->gamma;
}

static enum err take(struct lightgcn_state *s, const struct section_file *f, const char *path,
                     struct fail *why)
{
    const struct info *info = f->data[CHECKPOINT_INFO];
    if (f->count[CHECKPOINT_INFO] != 1)
        return fail_set(why, ERR_CORRUPT, "%s: not one description", path);
    if (!same_run(&info->run, &s->run))
        return fail_set(why, ERR_CONFLICT,
                        "%s belongs to other data, settings or another seed; remove it or name another file",
                        path);
    float *const to[] = {s->e, s->m, s->v};
    for (uint32_t tag = CHECKPOINT_E; tag <= CHECKPOINT_V; tag++) {
        if (f->count[tag] != s->n_values || !all_finite(f->data[tag], s->n_values))
            return fail_set(why, ERR_CORRUPT, "%s: wrong values", path);
        memcpy(to[tag - CHECKPOINT_E], f->data[tag], s->n_values * sizeof(float));
    }
    s->epochs = info->epochs;
    s->steps = info->steps;
    s->first = info->first;
    return ERR_OK;
}

enum err lightgcn_checkpoint_read(struct lightgcn_state *s, const char *path, struct fail *why)
{
    struct section_file f;
    enum err rc = section_file_open(&f, &format, path, why);
    if (rc != ERR_OK)
        return rc;
    rc = take(s, &f, path, why);
    section_file_close(&f);
    return rc;
}
