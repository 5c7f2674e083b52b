/* Shared by the reader and the writer of *.mvr files only. */
#ifndef MVTI_DATA_RATINGS_PRIVATE_H
#define MVTI_DATA_RATINGS_PRIVATE_H

#include "data/ratings_file.h"

enum { RATINGS_FIRST_VERSION = 1 };
extern const char ratings_magic[8];

size_t ratings_padded(size_t n);
void ratings_checksum(const struct ratings_header *header, const uint8_t content[RATINGS_HASH],
                      uint8_t out[RATINGS_HASH]);
/* Block k of a file of n_ratings that lies at bytes. */
struct ratings_block ratings_block_at(const unsigned char *bytes, uint64_t n_ratings, size_t k);

#endif
