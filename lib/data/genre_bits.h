/* Genres of a catalog file as bits, for measures that compare lists by genre (num/calibration.h). */
#ifndef MVTI_DATA_GENRE_BITS_H
#define MVTI_DATA_GENRE_BITS_H

#include <stdint.h>

#include "base/err.h"
#include "data/interactions.h"

/* Of each of the items the genres that a CSV file with movie_id (or movieId) and genres ("Drama|Comedy") has for it: a bit a genre, in the
 * order in which they come; those beyond the 64th, and MovieLens's "(no genres listed)", are none. NULL in *out where the file has no
 * column genres. ERR_NOT_FOUND, ERR_IO, ERR_INVALID (no column of ids), ERR_NOMEM. free it. */
MUST_USE enum err genre_bits_read(uint64_t **out, const char *path, const struct id_table *items,
                                  struct fail *why);

#endif
