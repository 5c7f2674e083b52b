/* A validated file of ratings (*.mvr), written once, read by mmap.
 *
 *     0    struct ratings_header (128 bytes)
 *     128  block 0, block 1, …: RATINGS_BLOCK ratings each, the last one what remains (never 0). A block of n
 *          ratings holds, with s = n rounded up to 64 and the places from n to s zero:
 *              user        uint32[s]   1 … 2³¹−1
 *              movie       int32[s]    1 … 2³¹−1
 *              time        uint32[s]   seconds since 1970-01-01 UTC, 0 unknown
 *              half_stars  uint8[s]    1 … 10
 *          so every array begins at a multiple of 64 bytes.
 *
 * Little-endian. Blocks, so that 25 million ratings are written as they are read, in 1 MiB of memory, and
 * still lie in columns. Rows stand in the order of the source. The checksum is BLAKE2b-256 of the header with
 * its checksum zeroed, followed by the BLAKE2b-256 of everything behind the header. */
#ifndef MVTI_TRAIN_RATINGS_FILE_H
#define MVTI_TRAIN_RATINGS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map_file.h"
#include "train/ratings_reader.h"

enum { RATINGS_VERSION = 1, RATINGS_BLOCK = 65536, RATINGS_HASH = 32 };

struct ratings_header {
    char magic[8]; /* "MVTIRATE" */
    uint32_t version;
    uint32_t simulated; /* 1: an audience made up by a program; 0: people */
    uint64_t file_size;
    uint64_t n_ratings;
    uint64_t n_users;  /* different ones */
    uint64_t n_movies; /* different ones */
    uint8_t checksum[RATINGS_HASH];
    uint8_t zero[48];
};

struct ratings_file {
    struct map_file map;
    const struct ratings_header *header; /* NULL when not open */
};

/* One block in place; arrays of n. Valid while the file is open. */
struct ratings_block {
    const uint32_t *user;
    const int32_t *movie;
    const uint32_t *time;
    const uint8_t *half_stars;
    size_t n;
};

/* Maps and checks everything: sizes, checksum, and that all values are in range, so a caller need not. Costs
 * one pass (about 1 GB/s). n_users and n_movies are the writer's word. ERR_NOT_FOUND, ERR_IO; ERR_CORRUPT
 * with what is wrong. Nothing to close after an error. */
MUST_USE enum err ratings_file_open(struct ratings_file *f, const char *path, struct fail *why);
/* The same on n bytes in memory, 64-byte aligned, which must outlive f; name is for sentences. */
MUST_USE enum err ratings_file_parse(struct ratings_file *f, const void *bytes, size_t n, const char *name,
                                     struct fail *why);
/* Safe on a zeroed struct and twice. */
void ratings_file_close(struct ratings_file *f);
size_t ratings_file_blocks(const struct ratings_file *f);
/* k < ratings_file_blocks. */
struct ratings_block ratings_file_block(const struct ratings_file *f, size_t k);

struct ratings_writer;

/* Starts a file that appears at path, replacing an older one, only with ratings_writer_commit. */
MUST_USE enum err ratings_writer_open(struct ratings_writer **out, const char *path, struct fail *why);
/* Appends one valid rating; errors are remembered for the commit. */
void ratings_writer_add(struct ratings_writer *w, const struct rating *rating);
/* Writes the last block and the header, and gives a copy of it; no rating can follow. ERR_INVALID without any
 * rating, ERR_NOMEM. */
MUST_USE enum err ratings_writer_finish(struct ratings_writer *w, bool simulated, struct ratings_header *out,
                                        struct fail *why);
/* After finish: fsync and rename. ERR_IO: the older file stays. */
MUST_USE enum err ratings_writer_commit(struct ratings_writer *w, struct fail *why);
/* Frees it, and throws away what was not committed. Safe on NULL. */
void ratings_writer_close(struct ratings_writer *w);

#endif
