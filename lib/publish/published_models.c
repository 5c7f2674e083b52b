#include "publish/published_models.h"

#include <libgen.h>
#include <stdio.h>
#include <string.h>

static enum err open_head(struct published_models *m, const struct config *config, const char *file,
                          char path[1024], struct fail *why)
{
    if (file != NULL) {
        snprintf(path, 1024, "%s", file);
        return model_open(&m->head, path, why);
    }
    static const char *const names[] = {"models/blend.mvm", "models/ease.mvm"};
    enum err rc = ERR_NOT_FOUND;
    for (size_t i = 0; i < 2 && rc == ERR_NOT_FOUND; i++) {
        rc = config_state_path(config, names[i], path, 1024, why);
        if (rc == ERR_OK)
            rc = model_open(&m->head, path, why);
    }
    if (rc == ERR_NOT_FOUND)
        return fail_set(why, rc, "no trained model yet; run 'mvti train blend' first");
    return rc;
}

static enum err open_part(struct model *part, const struct model_part *wanted, const char *folder,
                          const struct model *head, struct fail *why)
{
    char path[1088];
    snprintf(path, sizeof path, "%s/%s.mvm", folder, wanted->kind);
    enum err rc = model_open(part, path, why);
    if (rc == ERR_NOT_FOUND)
        return fail_set(why, rc, "%s is missing, a part of %s; run 'mvti train %s' again", path,
                        head->info->kind, head->info->kind);
    if (rc != ERR_OK)
        return rc;
    if (strcmp(part->info->kind, wanted->kind) != 0)
        return fail_set(why, ERR_INVALID, "%s: a model of kind %s, %s is wanted", path, part->info->kind,
                        wanted->kind);
    if (!wanted->is_content &&
        memcmp(part->file.header->content, wanted->content, sizeof wanted->content) != 0)
        return fail_set(
            why, ERR_CONFLICT,
            "%s is not the one that %s was made with; run 'mvti train %s' again, or name the file to "
            "publish with --model",
            path, head->info->kind, head->info->kind);
    return ERR_OK;
}

static enum err open_parts(struct published_models *m, const char *path, struct fail *why)
{
    char copy[1024];
    snprintf(copy, sizeof copy, "%s", path);
    const char *folder = dirname(copy);
    enum err rc = ERR_OK;
    for (size_t p = 0; rc == ERR_OK && p < m->head.n_parts; p++)
        rc = open_part(&m->parts[p], &m->head.parts[p], folder, &m->head, why);
    if (rc == ERR_OK && m->head.n_parts == 0 && model_scorer(&m->head).link == NULL)
        return fail_set(
            why, ERR_INVALID,
            "a model of kind %s cannot be served alone, because it gives no reasons; train blend or ease",
            m->head.info->kind);
    return rc;
}

enum err published_models_open(struct published_models *m, const struct config *config, const char *file,
                               struct fail *why)
{
    char path[1024];
    *m = (struct published_models){0};
    enum err rc = open_head(m, config, file, path, why);
    if (rc == ERR_OK)
        rc = open_parts(m, path, why);
    if (rc == ERR_OK)
        rc = config_state_path(config, "models/popularity.mvm", path, sizeof path, why);
    if (rc != ERR_OK)
        return rc;
    rc = model_open(&m->counts, path, why);
    m->has_counts = rc == ERR_OK;
    return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

static enum err build_forest(struct published_models *m, size_t p, const struct config *config,
                             struct fail *why)
{
    const struct forest_plan plan = {.n_trees = FOREST_TREES, .leaf = FOREST_LEAF, .seed = 1};
    const struct model *part = &m->parts[p];
    char name[64], path[1024];
    snprintf(name, sizeof name, "models/%s.mvf", part->info->kind);
    enum err rc = config_state_path(config, name, path, sizeof path, why);
    if (rc == ERR_OK)
        rc = forest_build(part->weights, part->n_items, part->info->n_factors, &plan, path, why);
    if (rc == ERR_OK)
        rc = forest_open(&m->forest, path, why);
    if (rc == ERR_OK)
        m->searched = (uint32_t)p + 1;
    return rc;
}

enum err published_models_index(struct published_models *m, const struct config *config, size_t worth,
                                struct fail *why)
{
    for (size_t p = 0; p < m->head.n_parts; p++)
        if (strncmp(m->parts[p].info->kind, "lightgcn", 8) == 0 && m->parts[p].n_items >= worth)
            return build_forest(m, p, config, why);
    return ERR_OK;
}

void published_models_close(struct published_models *m)
{
    model_close(&m->head);
    model_close(&m->counts);
    if (m->searched > 0)
        forest_close(&m->forest);
    for (size_t p = 0; p < FUSION_PARTS; p++)
        model_close(&m->parts[p]);
}

void published_models_place(const struct published_models *m, struct snapshot_builder *b)
{
    b->blend = (struct snapshot_blend){.n_parts = 1, .weight = {1}};
    b->models[0] = &m->head;
    if (m->head.n_parts == 0)
        return;
    b->blend.n_parts = (uint32_t)m->head.n_parts;
    b->blend.rule = m->head.info->rule;
    b->blend.cold = m->head.info->cold;
    b->blend.searched = m->searched;
    b->forest = m->searched > 0 ? &m->forest : NULL;
    for (size_t p = 0; p < m->head.n_parts; p++) {
        b->models[p] = &m->parts[p];
        b->blend.weight[p] = m->head.parts[p].weight;
        b->blend.weight_long[p] = m->head.parts[p].weight_long;
        b->blend.is_content[p] = m->head.parts[p].is_content;
    }
}
