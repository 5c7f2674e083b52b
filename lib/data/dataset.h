/* The training dataset (*.mvd, container of base/section_file.h): implicit feedback of all sources as one
 * sparse matrix, users × items, the same input for every model.
 *
 * What counts as liking: a rating of at least `threshold`, 3.5 of 5 by default. On MovieLens's half-star
 * scale that is what people give to films they would recommend (its mean is 3.5); 4, as some papers use,
 * throws away a third of the likes, and likes are what a model learns from. A film chosen in a test, or one
 * whose character is liked, is a like. Ratings below the threshold are not used: not even as dislikes.
 *
 * Users are numbered source by source in the order of their ids; items by movie id. Everything follows from
 * the input, so the same input gives the same bytes and the same hash. */
#ifndef MVTI_DATA_DATASET_H
#define MVTI_DATA_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/named_bytes.h"
#include "base/section_file.h"
#include "base/vec.h"
#include "data/interactions.h"
#include "data/panel.h"
#include "num/csr.h"

enum { DATASET_VERSION = 1, DATASET_NAME = 64 };
#define DATASET_THRESHOLD 3.5f

enum dataset_tag {
    DATASET_INFO = 1, /* struct dataset_info[1] */
    DATASET_SOURCES,  /* struct dataset_source[] */
    DATASET_ITEMS,    /* int32[n_items]: movie ids, ascending */
    DATASET_USERS,    /* struct dataset_user[n_users] */
    DATASET_START,    /* uint64[n_users + 1] */
    DATASET_COLUMNS,  /* int32[n]: item indexes, ascending in each user */
    DATASET_TAG_END
};

struct dataset_info {
    float threshold;
    uint32_t simulated;      /* 1: a source came from the simulated audience */
    uint32_t catalog_only;   /* 1: only films of the catalog */
    uint32_t min_user;       /* users with fewer likes were left out */
    struct panel_rule panel; /* who is in the file of the panel instead */
    uint32_t n_without;      /* rules of the owner's that left something out of what visitors chose */
    uint32_t n_left_out;     /* choices that they left out */
    uint8_t zero[24];
};
_Static_assert(sizeof(struct dataset_info) == 64, "dataset info layout");

struct dataset_source {
    char name[DATASET_NAME]; /* such as "ml-25m", "visitors"; NUL-padded */
    uint8_t hash[32];        /* of its content */
    uint64_t id;             /* rating_source.source_id; 0 if not from the database */
    uint64_t n_rows;         /* ratings or choices read */
    uint64_t n_likes;        /* of them in this dataset */
    uint64_t n_users;        /* in this dataset */
    uint32_t simulated;
    uint32_t visitors; /* 1: people of this site, else of imported ratings */
    uint8_t zero[24];
};
_Static_assert(sizeof(struct dataset_source) == 160, "dataset source layout");

struct dataset_user {
    uint32_t source; /* index in the sources */
    uint32_t id;     /* the source's own number */
};

/* An open dataset: pointers into the map until dataset_close. */
struct dataset {
    struct section_file file;
    const uint8_t *hash; /* [32] content hash: the dataset's identity */
    const struct dataset_info *info;
    const struct dataset_source *sources;
    size_t n_sources;
    const int32_t *item_ids;
    const struct dataset_user *users;
    struct csr x; /* [n_users × n_items], a view; do not csr_free */
};

/* Maps and checks path: container, shapes, ids in order, matrix valid. ERR_NOT_FOUND, ERR_IO, ERR_CORRUPT. */
MUST_USE enum err dataset_open(struct dataset *d, const char *path, struct fail *why);
/* The same on bytes in memory (64-byte aligned, outliving d). */
MUST_USE enum err dataset_parse(struct dataset *d, const struct named_bytes *from, struct fail *why);
void dataset_close(struct dataset *d);

struct dataset_rules {
    float threshold;        /* recorded; the sources were read with it */
    uint32_t min_user;      /* at least 1 */
    const int32_t *catalog; /* [n_catalog] ascending movie ids to keep, or NULL for all */
    size_t n_catalog;
    /* Holds its people out: they become a dataset of their own at panel_path, written first. The bounds are
     * chosen here. NULL: nobody is held out, and no such file is left. */
    struct panel *panel;
    uint32_t n_without, n_left_out; /* recorded */
};

struct dataset_builder {
    struct vec sources; /* struct dataset_source */
    struct vec parts;   /* struct interactions, sorted, one a source */
};

void dataset_builder_init(struct dataset_builder *b);
void dataset_builder_free(struct dataset_builder *b);
/* Takes over the likes of one source (`in` is empty afterwards, also after an error). n_likes and n_users of
 * the record are filled at the end; a zero hash becomes the hash of the likes. ERR_NOMEM. */
MUST_USE enum err dataset_builder_add(struct dataset_builder *b, const struct dataset_source *source,
                                      struct interactions *in, struct fail *why);
/* People of all sources that were added. */
size_t dataset_builder_people(const struct dataset_builder *b);
/* Applies the rules and writes path. The builder's content is used up. ERR_INVALID: nothing is left; ERR_IO,
 * ERR_NOMEM. Memory: about 20 bytes a like. */
MUST_USE enum err dataset_builder_write(struct dataset_builder *b, const struct dataset_rules *rules,
                                        const char *path, struct fail *why);

#endif
