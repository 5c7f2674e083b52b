/* What a host offers to others: a small signed text.
 *
 *     mvti-manifest 2
 *     number 1790000000
 *     time 1790000000
 *     switch 1790000090
 *     file snapshots/mvti-ID.mvs 228394823 64-hex-digits
 *     pieces 4608 64-hex-digits
 *     file experiments/current.mve 5120 64-hex-digits
 *     signature 86-characters-of-base64url
 *
 * The signature (Ed25519) is of all bytes before its line. The number grows with every change, a rollback too, so that who has seen
 * one believes no older one again. The first file is the snapshot that is to be live, from the moment `switch` on; "pieces" are size
 * and hash of the index (release/pieces.h) of the file before it, which is offered so and not as a whole. Hashes are BLAKE2b-256. */
#ifndef MVTI_RELEASE_MANIFEST_H
#define MVTI_RELEASE_MANIFEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/secret.h"
#include "release/signer.h"

enum { MANIFEST_FILES = 4, MANIFEST_PATH = 96, MANIFEST_TEXT = 4096 };
#define MANIFEST_NAME "manifest"

struct manifest_file {
    char path[MANIFEST_PATH]; /* below state_dir */
    uint64_t size;            /* bytes */
    uint8_t hash[SECRET_HASH_BYTES];
    uint64_t index_size; /* bytes; 0: offered as a whole */
    uint8_t index_hash[SECRET_HASH_BYTES];
};

struct manifest {
    int64_t number;    /* > 0 */
    int64_t time;      /* when it was signed, seconds since 1970 UTC */
    int64_t switch_at; /* ≥ time */
    size_t n;          /* ≥ 1 */
    struct manifest_file files[MANIFEST_FILES];
};

/* The text with its signature; out->failed when memory is out. */
void manifest_write(const struct manifest *m, const uint8_t secret[SIGNATURE_KEY_BYTES], struct buf *out);
/* text: NUL-terminated. ERR_DENIED: the signature is by none of the keys; ERR_CORRUPT: not of the form above, or a path that is not
 * one of the two kinds above. Nothing is read before the signature holds. */
MUST_USE enum err manifest_read(struct manifest *out, const char *text, const struct signer_keys *keys,
                                struct fail *why);
/* The number alone, of a text that is trusted for where it lies; false if it has none. */
bool manifest_number(const char *text, int64_t *out);
/* The name of what is offered of a file, itself or the index of its pieces: a hash, so that two versions of one never share a name. */
void manifest_offered(const struct manifest_file *f, char name[2 * SECRET_HASH_BYTES + 1]);

#endif
