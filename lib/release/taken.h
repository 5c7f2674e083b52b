/* Small things that both ends of a release do with files. */
#ifndef MVTI_RELEASE_TAKEN_H
#define MVTI_RELEASE_TAKEN_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"

/* A text file of less than size bytes, with a NUL behind it. ERR_NOT_FOUND, ERR_IO, ERR_TOO_LARGE. */
MUST_USE enum err taken_read(const char *path, char *out, size_t size, struct fail *why);
/* Puts a text in its place by rename, readable by all. ERR_IO. */
MUST_USE enum err taken_write(const char *path, const char *text, struct fail *why);
/* BLAKE2b-256 of a file; one pass. ERR_NOT_FOUND, ERR_IO. */
MUST_USE enum err taken_hash(const char *path, uint8_t out[SECRET_HASH_BYTES], struct fail *why);

#endif
