/* state_dir/datasets/kept: the datasets of past nights by their hash, each for as long as a model made from it is there: in
 * a snapshot that is kept, or in the folder of models. They are further names of the files of the nights (hard links), so
 * the newest costs no space. */
#ifndef MVTI_PUBLISH_DATASET_SHELF_H
#define MVTI_PUBLISH_DATASET_SHELF_H

#include <stddef.h>
#include <stdint.h>

#include "base/config.h"
#include "base/err.h"
#include "base/section_file.h"

enum { DATASET_SHELF_PATH = 1200, DATASET_SHELF_LEAST = 8 };

struct dataset_shelf_entry {
    char hash[2 * SECTION_HASH + 1];
    int64_t written; /* seconds since 1970 UTC */
};

/* Keeps the dataset that lies at path, and that of the people held out of it if there is one. ERR_IO; as dataset_open. */
MUST_USE enum err dataset_shelf_put(const struct config *config, const char *path, struct fail *why);
/* The file of the dataset whose hash begins with these hex digits, at least DATASET_SHELF_LEAST of them. ERR_NOT_FOUND,
 * ERR_CONFLICT: several begin so; ERR_INVALID: no such digits. */
MUST_USE enum err dataset_shelf_find(const struct config *config, const char *hash,
                                     char path[DATASET_SHELF_PATH], struct fail *why);
/* The kept ones, newest first; the caller frees *out. */
size_t dataset_shelf_list(const struct config *config, struct dataset_shelf_entry **out);
/* Removes those that no model and no snapshot was made from, except the current one. A model or snapshot that cannot be
 * read leaves all of them. The number of those removed. */
size_t dataset_shelf_clean(const struct config *config);

#endif
