#include "train/ensemble_make.h"

#include "train/ensemble_file.h"

static enum err open_content(const struct ensemble_make *m, struct ensemble_content *out, struct fail *why)
{
    *out = (struct ensemble_content){0};
    if (!m->trainer->content)
        return ERR_OK;
    enum err rc = ensemble_content_open(out, m->path, m->dataset, why);
    if (rc != ERR_NOT_FOUND)
        return rc;
    progress_note(
        m->progress,
        "no content model: films without ratings will have no score; run 'mvti train bts', then train again");
    return ERR_OK;
}

static enum err make(const struct ensemble_make *m, const struct ensemble_content *content,
                     struct ensemble_found *found, struct trained *out, struct fail *why)
{
    const struct train_task task = {.x = &m->dataset->x,
                                    .seed = m->seed,
                                    .content = content->part,
                                    .once = m->once,
                                    .found = found,
                                    .watch = m->watch,
                                    .progress = m->progress};
    enum err rc = trainer_run(m->trainer, m->values, &task, out, why);
    if (rc != ERR_OK) {
        *out = (struct trained){0};
        return rc;
    }
    const struct ensemble_file file = {
        .path = m->path, .dataset = m->dataset, .seed = m->seed, .found = found, .content = content};
    return ensemble_file_write(&file, out, why);
}

enum err ensemble_make(const struct ensemble_make *m, struct ensemble_found *found, struct trained *out,
                       struct fail *why)
{
    struct ensemble_content content;
    *found = (struct ensemble_found){0};
    *out = (struct trained){0};
    enum err rc = open_content(m, &content, why);
    if (rc == ERR_OK)
        rc = make(m, &content, found, out, why);
    ensemble_content_close(&content);
    return rc;
}
