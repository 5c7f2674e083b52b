/* RecBole's atomic files of interactions (*.inter): tab-separated, the first line names the columns and their
 * types, `user_id:token	item_id:token	rating:float	timestamp:float`, in any order and with
 * further columns, which are not looked at. Tokens must be decimal numbers here (train/interactions.h), as in
 * RecBole's MovieLens files; a rating from `threshold` on counts, without a rating column every row. A BOM,
 * CRLF and empty lines are accepted. */
#ifndef MVTI_TRAIN_INTER_READER_H
#define MVTI_TRAIN_INTER_READER_H

#include <stddef.h>

#include "base/err.h"
#include "train/interactions.h"

/* Adds the file's interactions. ERR_INVALID with file:line; ERR_NOT_FOUND, ERR_IO, ERR_NOMEM. */
MUST_USE enum err inter_read(struct interactions *out, const char *path, double threshold, struct fail *why);
/* The same on n bytes; name is for sentences. */
MUST_USE enum err inter_parse(struct interactions *out, const char *text, size_t n, const char *name,
                              double threshold, struct fail *why);

#endif
