/* Catalog + reference + models -> a snapshot, checked, and only then the one that workers map; and back. */
#ifndef MVTI_PUBLISH_PUBLISHER_H
#define MVTI_PUBLISH_PUBLISHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/err.h"
#include "base/progress.h"
#include "model/fusion.h"
#include "publish/published_models.h"
#include "store/db.h"

enum { PUBLISHER_NAME = 64 };

struct publisher {
    const struct config *config;
    struct db *db;
    struct arena *arena;             /* the catalog is read into it */
    const struct progress *progress; /* its notes: twins that are shown once, what could not be compared */
    const char *model_file;          /* NULL: see publish/published_models.h */
    long keep;                       /* snapshots, for a rollback */
    double margin;                   /* of publish/publish_guard.h */
    bool force;                      /* whatever was measured */
};

struct publisher_result {
    char id[PUBLISHER_NAME]; /* of the snapshot */
    size_t n_films, n_characters, bytes;
    uint8_t models[PUBLISHED_MODELS][SECTION_HASH]; /* [n_models] content hashes of the files it is made of */
    size_t n_models;
};

/* Publishes. The snapshot that is live stays so after any error: ERR_BUSY while another publisher runs,
 * ERR_CONFLICT where the new one is worse (publish_guard), and what reading catalog, reference and models and
 * writing give. */
MUST_USE enum err publisher_run(const struct publisher *p, struct publisher_result *out, struct fail *why);
/* Makes the snapshot before the current one live; its file's name. ERR_NOT_FOUND: there is no older one. */
MUST_USE enum err publisher_roll_back(const struct publisher *p, char name[PUBLISHER_NAME], struct fail *why);

#endif
