/* A validated file of ratings (*.mvr), written once, read by mmap.
 *
 *     0    struct ratings_header (128 bytes)
 *     128  block 0, block 1, …: RATINGS_BLOCK ratings each, the last one what remains (never 0). A block of n
 *          ratings holds, with s = n rounded up to 64 and the places from n to s zero:
 *              user        uint32[s]   the source's number, or 2³¹ + … for a text (data/token_ids.h)
 *              movie       int32[s]    0 … 2³¹−1
 *              time        uint32[s]   seconds since 1970-01-01 UTC, 0 unknown
 *              code        uint8[s]    of the rating, 1 … 255
 *          so every array begins at a multiple of 64 bytes.
 *     end  version 2: value int32[RATING_CODES], the rating of each code (data/rating_scale.h)
 *
 * Version 1 is what MovieLens fills: users and films from 1 to 2³¹−1, and codes 1 … 10 for half stars, of 5.
 * It has no table, and is still written where it is enough, so the same ratings keep the same bytes. Version
 * 2 has other ids, other ratings or another top; a top of 0 says that the ratings have likes of their own,
 * which are 1, and that others are 0.
 *
 * Little-endian. Blocks, so that 25 million ratings are written as they are read, in 1 MiB of memory, and
 * still lie in columns. Rows stand in the order of the source, one for each person and film: where a source
 * has more, the newest (data/newest.h says what finding it costs). The checksum is BLAKE2b-256 of the header
 * with its checksum zeroed, followed by the BLAKE2b-256 of everything behind the header. */
#ifndef MVTI_DATA_RATINGS_FILE_H
#define MVTI_DATA_RATINGS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map_file.h"
#include "base/named_bytes.h"
#include "data/ratings_reader.h"

enum { RATINGS_VERSION = 2, RATINGS_BLOCK = 65536, RATINGS_HASH = 32 };

struct ratings_header {
    char magic[8];      /* "MVTIRATE" */
    uint32_t version;   /* 1 or 2 */
    uint32_t simulated; /* 1: an audience made up by a program; 0: people */
    uint64_t file_size;
    uint64_t n_ratings;
    uint64_t n_users;  /* different ones */
    uint64_t n_movies; /* different ones */
    uint8_t checksum[RATINGS_HASH];
    int32_t top; /* version 2: the rating that is 5 stars, or 0: own likes */
    uint8_t zero[44];
};

struct ratings_file {
    struct map_file map;
    const struct ratings_header *header; /* NULL when not open */
    int32_t value[RATING_CODES];         /* by code */
};

/* One block in place; arrays of n. Valid while the file is open. */
struct ratings_block {
    const uint32_t *user;
    const int32_t *movie;
    const uint32_t *time;
    const uint8_t *code;
    size_t n;
};

/* Maps and checks everything: sizes, checksum, and that all values are in range, so a caller need not. Costs
 * one pass (about 1 GB/s). n_users and n_movies are the writer's word. ERR_NOT_FOUND, ERR_IO; ERR_CORRUPT
 * with what is wrong. Nothing to close after an error. */
MUST_USE enum err ratings_file_open(struct ratings_file *f, const char *path, struct fail *why);
/* The same on bytes in memory, 64-byte aligned, which must outlive f. */
MUST_USE enum err ratings_file_parse(struct ratings_file *f, const struct named_bytes *from,
                                     struct fail *why);
/* Safe on a zeroed struct and twice. */
void ratings_file_close(struct ratings_file *f);
size_t ratings_file_blocks(const struct ratings_file *f);
/* k < ratings_file_blocks. */
struct ratings_block ratings_file_block(const struct ratings_file *f, size_t k);

/* The least value that is a like at a threshold of 5 stars. */
int32_t ratings_file_least(const struct ratings_file *f, double threshold);
/* Do both hold the same ratings: as many, of the same people, films and times, and with the same values where
 * they are on the same scale, in whatever order? Two passes. */
bool ratings_file_same(const struct ratings_file *a, const struct ratings_file *b);

struct ratings_writer;

/* Starts a file that appears at path, replacing an older one, only with ratings_writer_commit. */
MUST_USE enum err ratings_writer_open(struct ratings_writer **out, const char *path, struct fail *why);
/* Appends one rating that the scale given to finish holds; errors are remembered for finish. */
void ratings_writer_add(struct ratings_writer *w, const struct rating *rating);
/* Drops ratings that were given anew, writes the last block and the header, and gives a copy of it; no rating
 * can follow. ERR_INVALID without any rating, or with more different ones than there are codes; ERR_NOMEM,
 * ERR_IO. */
MUST_USE enum err ratings_writer_finish(struct ratings_writer *w, int32_t top, bool simulated,
                                        struct ratings_header *out, struct fail *why);
/* After finish: where the whole file lies until commit. */
const char *ratings_writer_path(const struct ratings_writer *w);
/* After finish: how many ratings were given anew and dropped. */
uint64_t ratings_writer_dropped(const struct ratings_writer *w);
/* After finish: fsync and rename. ERR_IO: the older file stays. */
MUST_USE enum err ratings_writer_commit(struct ratings_writer *w, struct fail *why);
/* Frees it, and throws away what was not committed. Safe on NULL. */
void ratings_writer_close(struct ratings_writer *w);

#endif
