/* Builds a snapshot (model/snapshot.h) from plain records. The builder sorts, links and ranks them and derives the rest.
 * Everything passed in is copied except the models and the forest, which must stay open until the snapshot is written. */
#ifndef MVTI_MODEL_SNAPSHOT_WRITER_H
#define MVTI_MODEL_SNAPSHOT_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"
#include "model/snapshot.h"

struct snapshot_builder {
    struct buf strings;
    struct vec intern; /* uint32_t[]: open-addressing hash table of offsets into strings, 0 = free */
    size_t n_interned;
    struct vec movies;     /* struct snapshot_movie; rated, cast and links are filled by snapshot_build */
    struct vec characters; /* struct snapshot_character; .movie holds the movie's ID until snapshot_build */
    struct vec links;      /* struct builder_link */
    struct vec movie_aliases, character_aliases; /* struct builder_alias */
    struct snapshot_type types[MBTI_COUNT];
    struct snapshot_wing wings[ENNEAGRAM_COUNT];
    struct snapshot_bridge bridges[36];
    float grades[MBTI_COUNT * MBTI_COUNT];
    uint8_t partners[MBTI_COUNT];
    float similarity[ENNEAGRAM_COUNT * ENNEAGRAM_COUNT];
    struct buf survey, meta;                  /* JSON texts */
    struct vec items;                         /* struct survey_item */
    const struct model *models[FUSION_PARTS]; /* [blend.n_parts] open model files, borrowed */
    struct snapshot_blend blend;
    const struct forest *forest; /* of the part that blend.searched names, borrowed; NULL for none */
};

/* An id that is shown as another. Ignored if `shown` does not exist, or if the catalog shows `id` itself. */
struct builder_alias {
    int32_t id, shown;
};

struct builder_link {
    int32_t movie_id;
    uint32_t platform, url;
};

void snapshot_builder_init(struct snapshot_builder *b);
void snapshot_builder_free(struct snapshot_builder *b);
/* The offset of a text in the string section, where equal texts are stored once; 0 for "" and NULL. */
uint32_t snapshot_builder_text(struct snapshot_builder *b, const char *text);

/* Sorts and links everything and writes FOLDER/mvti-ID.mvs atomically; the path goes to out[size].
 * ERR_INVALID: duplicate ids, a character without its movie, more than 4 GiB of text; ERR_NOMEM; ERR_IO. The same input
 * gives the same id and, except for `created`, the same bytes. */
MUST_USE enum err snapshot_writer_build(struct snapshot_builder *b, const char *folder, int64_t created,
                                        char *out, size_t size, struct fail *why);

/* Makes the symbolic link FOLDER/link_name point to name, by rename: readers see the old or the new one. ERR_IO. */
MUST_USE enum err snapshot_writer_point(const char *folder, const char *link_name, const char *name,
                                        struct fail *why);
/* The same for FOLDER/current, which workers map. */
MUST_USE enum err snapshot_writer_switch(const char *folder, const char *name, struct fail *why);

#endif
