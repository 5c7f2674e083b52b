#include "data/dataset.h"

#include <math.h>
#include <string.h>

#include "data/dataset_private.h"

static const uint32_t item_sizes[DATASET_TAG_END] = {
    [DATASET_INFO] = sizeof(struct dataset_info),
    [DATASET_SOURCES] = sizeof(struct dataset_source),
    [DATASET_ITEMS] = sizeof(int32_t),
    [DATASET_USERS] = sizeof(struct dataset_user),
    [DATASET_START] = sizeof(uint64_t),
    [DATASET_COLUMNS] = sizeof(int32_t),
};

const struct section_format dataset_format = {
    .magic = "MVTIDATA",
    .version = DATASET_VERSION,
    .noun = "dataset",
    .n_sections = DATASET_TAG_END - 1,
    .item_sizes = item_sizes,
};

static bool sources_ok(const struct dataset *d)
{
    for (size_t i = 0; i < d->n_sources; i++)
        if (memchr(d->sources[i].name, '\0', DATASET_NAME) == NULL || d->sources[i].simulated > 1)
            return false;
    return true;
}

static bool items_ok(const struct dataset *d)
{
    for (size_t i = 0; i < d->x.n_cols; i++)
        if (d->item_ids[i] < 0 || (i > 0 && d->item_ids[i] <= d->item_ids[i - 1]))
            return false;
    return true;
}

static bool users_ok(const struct dataset *d)
{
    const struct dataset_user *u = d->users;
    for (size_t i = 0; i < d->x.n_rows; i++) {
        if (u[i].source >= d->n_sources)
            return false;
        if (i > 0 &&
            (u[i].source < u[i - 1].source || (u[i].source == u[i - 1].source && u[i].id <= u[i - 1].id)))
            return false;
    }
    return true;
}

static const char *what_is_wrong(const struct dataset *d, size_t n_start, size_t n_columns)
{
    if (!isfinite(d->info->threshold) || d->info->simulated > 1)
        return "description";
    if (n_start != d->x.n_rows + 1 || d->x.start[d->x.n_rows] != n_columns)
        return "row offsets";
    if (!csr_valid(&d->x))
        return "rows";
    if (!sources_ok(d))
        return "sources";
    if (!items_ok(d))
        return "item ids";
    if (!users_ok(d))
        return "users";
    return NULL;
}

/* Takes over d->file. */
static enum err adopt(struct dataset *d, const char *name, struct fail *why)
{
    const struct section_file *f = &d->file;
    if (f->count[DATASET_INFO] != 1)
        return fail_set(why, ERR_CORRUPT, "%s: %zu descriptions", name, f->count[DATASET_INFO]);
    d->hash = f->header->content;
    d->info = f->data[DATASET_INFO];
    d->sources = f->data[DATASET_SOURCES];
    d->n_sources = f->count[DATASET_SOURCES];
    d->item_ids = f->data[DATASET_ITEMS];
    d->users = f->data[DATASET_USERS];
    d->x = (struct csr){.n_rows = f->count[DATASET_USERS],
                        .n_cols = f->count[DATASET_ITEMS],
                        .start = f->data[DATASET_START],
                        .col = f->data[DATASET_COLUMNS]};
    const char *wrong = what_is_wrong(d, f->count[DATASET_START], f->count[DATASET_COLUMNS]);
    return wrong == NULL ? ERR_OK : fail_set(why, ERR_CORRUPT, "%s: wrong %s", name, wrong);
}

enum err dataset_parse(struct dataset *d, const struct named_bytes *from, struct fail *why)
{
    *d = (struct dataset){0};
    enum err rc = section_file_parse(&d->file, &dataset_format, from, why);
    return rc == ERR_OK ? adopt(d, from->name, why) : rc;
}

enum err dataset_open(struct dataset *d, const char *path, struct fail *why)
{
    *d = (struct dataset){0};
    enum err rc = section_file_open(&d->file, &dataset_format, path, why);
    if (rc == ERR_OK)
        rc = adopt(d, path, why);
    if (rc != ERR_OK)
        dataset_close(d);
    return rc;
}

void dataset_close(struct dataset *d)
{
    section_file_close(&d->file);
    *d = (struct dataset){0};
}
