/* A large file as pieces that are offered, fetched and kept apart, each under the hash of its bytes.
 *
 * A piece begins where a section of the file does (base/section_file.h) and every PIECE_MOST bytes after it. A night changes models
 * and leaves most of the catalog alone, so who has yesterday's file lacks only the pieces of what changed. The index of a file is a
 * text with the size and hash of each piece in order:
 *
 *     mvti-pieces 1
 *     4194304 64-hex-digits
 *     …
 *
 * What is sent of a piece is packed: a byte that says how, and a frame of Zstandard (RFC 8878) of its bytes, or of the same in four
 * planes, all first bytes of each four before all second ones. Weights of one matrix share sign and exponent more often than the
 * rest, so planes of them are two thirds of the size. */
#ifndef MVTI_RELEASE_PIECES_H
#define MVTI_RELEASE_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/secret.h"

enum { PIECE_MOST = 1 << 22, PIECE_INDEX_MOST = 1 << 24, PIECE_NAME = 2 * SECRET_HASH_BYTES + 1 };

struct piece {
    uint64_t offset; /* in the file, bytes */
    uint32_t size;   /* 1 … PIECE_MOST bytes */
    uint8_t hash[SECRET_HASH_BYTES];
};

/* In the order of the file, without gaps. */
struct pieces {
    struct piece *items; /* [n], owned */
    size_t n;
};

/* Cuts and hashes the bytes of a file; one that has no sections is cut every PIECE_MOST bytes. One pass. ERR_NOMEM. */
MUST_USE enum err pieces_of(struct pieces *out, const uint8_t *bytes, size_t size, struct fail *why);
/* The text of the index; out->failed when memory is out. */
void pieces_write(const struct pieces *p, struct buf *out);
/* An index of a file of `size` bytes; text is NUL-terminated. ERR_CORRUPT: not of the form above, or of another size; ERR_NOMEM. */
MUST_USE enum err pieces_read(struct pieces *out, const char *text, uint64_t size, struct fail *why);
/* Safe on a zeroed struct. */
void pieces_free(struct pieces *p);
/* The name under which a piece is offered. */
void piece_name(const struct piece *p, char name[PIECE_NAME]);

/* No piece is longer when packed. */
size_t piece_packed_most(void);
/* Appends n bytes (at most PIECE_MOST), packed, to out; out->failed when memory is out. */
void piece_pack(struct buf *out, const uint8_t *bytes, size_t n);
/* The p->size bytes of a piece from n packed ones. ERR_CORRUPT: they are not that piece, whatever else they are; ERR_NOMEM. */
MUST_USE enum err piece_unpack(uint8_t *out, const struct piece *p, const uint8_t *packed, size_t n,
                               struct fail *why);

#endif
