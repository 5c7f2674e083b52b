/* Interactions as plain text, as recommendation benchmarks ship them (RecBole's: data/ratings_reader.h):
 *   lists   one line a user: `user item item …`, separated by blanks; a user without items is allowed, and a
 *           user on several lines has the items of all
 *   pairs   one line an interaction: `user item`, separated by a comma, tab or blanks; a first line that
 *           starts with a letter is a header if its first word is user, userId, uid and the like, or if the
 *           next line does not start with a letter
 *   rows    one line an interaction, `user item`, tab-separated, whatever follows is not looked at; no header
 *           (the NCF files of He et al. 2017, *.train.rating)
 * and what a held-out item is to be ranked among:
 *   candidates  one line a user: `(user,positive)`, then `negative negative …`, by tabs or blanks, at least
 *           one (He et al.'s *.test.negative: 99). An item that stands twice in a line competes once; a
 *           second line of the same user is an error
 * Ids are any text without blanks (and commas; in candidates, parentheses), numbered by id_tokens
 * (data/token_ids.h). A BOM, CRLF and empty lines are accepted. */
#ifndef MVTI_DATA_LISTS_READER_H
#define MVTI_DATA_LISTS_READER_H

#include <stddef.h>

#include "base/err.h"
#include "base/named_bytes.h"
#include "data/interactions.h"
#include "data/token_ids.h"

enum lists_shape { LISTS_LISTS, LISTS_PAIRS, LISTS_ROWS };

/* Adds the file's interactions. ERR_INVALID with file:line; ERR_NOT_FOUND, ERR_IO, ERR_NOMEM. */
MUST_USE enum err lists_reader_read(struct interactions *out, struct id_tokens *ids, const char *path,
                                    enum lists_shape shape, struct fail *why);
/* The same on bytes in memory. */
MUST_USE enum err lists_reader_parse(struct interactions *out, struct id_tokens *ids,
                                     const struct named_bytes *from, enum lists_shape shape,
                                     struct fail *why);

/* Adds the positives and the negatives of a candidates file; the same errors. */
MUST_USE enum err lists_reader_read_candidates(struct interactions *positive, struct interactions *negative,
                                               struct id_tokens *ids, const char *path, struct fail *why);
MUST_USE enum err lists_reader_parse_candidates(struct interactions *positive, struct interactions *negative,
                                                struct id_tokens *ids, const struct named_bytes *from,
                                                struct fail *why);

#endif
