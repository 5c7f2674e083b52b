/* Interactions as plain text, as recommendation benchmarks ship them:
 *   lists   one line a user: `user item item …`, separated by blanks; a user without items is allowed, and a
 *           user on several lines has the items of all
 *   pairs   one line an interaction: `user item`, separated by a comma, tab or blanks; a first line that
 *           starts with a letter is a header
 * Ids are decimal numbers (train/interactions.h). A BOM, CRLF and empty lines are accepted. */
#ifndef MVTI_TRAIN_LISTS_READER_H
#define MVTI_TRAIN_LISTS_READER_H

#include <stddef.h>

#include "base/err.h"
#include "train/interactions.h"

enum lists_shape { LISTS_LISTS, LISTS_PAIRS };

/* Adds the file's interactions. ERR_INVALID with file:line; ERR_NOT_FOUND, ERR_IO, ERR_NOMEM. */
MUST_USE enum err lists_read(struct interactions *out, const char *path, enum lists_shape shape,
                             struct fail *why);
/* The same on n bytes; name is for sentences. */
MUST_USE enum err lists_parse(struct interactions *out, const char *text, size_t n, const char *name,
                              enum lists_shape shape, struct fail *why);

#endif
