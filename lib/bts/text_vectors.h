/* Vectors of texts by an encoder, from a file of earlier ones as far as they are there. */
#ifndef MVTI_BTS_TEXT_VECTORS_H
#define MVTI_BTS_TEXT_VECTORS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/section_file.h"

/* Texts → vectors of length 1. Not opened before it is needed: where the file has every text, never. */
struct text_encoder {
    uint8_t identity[SECTION_HASH]; /* other weights, other identity */
    /* Makes it ready; *d is the length of its vectors, above 0. */
    enum err (*open)(void *arg, size_t *d, struct fail *why);
    /* out[n × d]. */
    enum err (*encode)(void *arg, const char *const *texts, size_t n, float *out, struct fail *why);
    void *arg;
};

struct text_vectors_source {
    const struct text_encoder *encoder;
    const char *path; /* of the file of vectors */
    const char *const *texts;
    size_t n;
    const struct progress *progress;
};

struct text_vectors {
    float *rows; /* [n × d]; zeros for an empty text; NULL where all are empty */
    size_t d;
    size_t n_texts;   /* distinct ones that are not empty */
    size_t n_encoded; /* of them not in the file */
};

/* The vectors of the texts. The file at `path` is read where it is whole, and afterwards holds these texts'
 * vectors and no others; while encoding it is written every TEXT_VECTORS_SAVE texts, so that little is lost
 * when the run is stopped. A damaged file counts as none. ERR_NOMEM, ERR_IO, and what the encoder says.
 * text_vectors_free it. */
enum { TEXT_VECTORS_SAVE = 4096 };
MUST_USE enum err text_vectors_make(struct text_vectors *out, const struct text_vectors_source *from,
                                    struct fail *why);
/* Safe on a zeroed struct. */
void text_vectors_free(struct text_vectors *v);

#endif
