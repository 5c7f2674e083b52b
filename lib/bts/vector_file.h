/* Vectors of texts that an encoder has made, on disk (*.mvv, container of base/section_file.h), so that a
 * nightly run encodes new texts only. A text is known by a hash of it and of the encoder: with other weights
 * nothing is found and everything is made anew. */
#ifndef MVTI_BTS_VECTOR_FILE_H
#define MVTI_BTS_VECTOR_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/named_bytes.h"
#include "base/section_file.h"

enum { VECTOR_FILE_VERSION = 1, VECTOR_KEY = 16, VECTOR_MOST = 1 << 16 };
/* A vector's squared length differs from 1 by less. */
#define VECTOR_OFF 1e-3

enum vector_file_tag {
    VECTOR_FILE_KEYS = 1, /* struct vector_key[n], ascending */
    VECTOR_FILE_ROWS,     /* float[n × d], of length 1 each */
    VECTOR_FILE_TAG_END
};

/* The first bytes of BLAKE2b-256(identity of the encoder, text). */
struct vector_key {
    uint8_t bytes[VECTOR_KEY];
};

struct vector_file {
    struct section_file file;
    const struct vector_key *keys; /* [n] */
    const float *rows;             /* [n × d] */
    size_t n, d;
};

struct vector_key vector_key_of(const uint8_t identity[SECTION_HASH], const char *text);
int vector_key_compare(const void *a, const void *b);

/* ERR_NOT_FOUND, ERR_IO; ERR_CORRUPT also for keys out of order and rows that are not of length 1. */
MUST_USE enum err vector_file_open(struct vector_file *v, const char *path, struct fail *why);
/* The same on bytes in memory (64-byte aligned, outliving v). */
MUST_USE enum err vector_file_parse(struct vector_file *v, const struct named_bytes *from, struct fail *why);
/* Safe on a zeroed struct. */
void vector_file_close(struct vector_file *v);
/* The row of a key, NULL if it is not there. O(log n). */
const float *vector_file_find(const struct vector_file *v, const struct vector_key *key);
/* Writes atomically. ERR_INVALID if the result would not open again, ERR_IO. */
MUST_USE enum err vector_file_write(const char *path, const struct vector_key *keys, const float *rows,
                                    size_t n, size_t d, struct fail *why);

#endif
