/* The pieces of a file (release/pieces.h) in the folder where they are offered, each under its hash, and their index. */
#ifndef MVTI_RELEASE_OFFER_PIECES_H
#define MVTI_RELEASE_OFFER_PIECES_H

#include <stdbool.h>

#include "base/vec.h"
#include "release/manifest.h"
#include "release/pieces.h"

struct offered_name {
    char text[PIECE_NAME];
};

/* Makes sure that all pieces of the file at `path` and their index are in `folder`, readable by all, and sets f->index_size and
 * f->index_hash. With f->index_size set, and index and pieces there, the file is not read. A piece that is there is not packed again.
 * ERR_IO, ERR_NOT_FOUND, ERR_NOMEM, ERR_TOO_LARGE: an index that nobody would take. */
MUST_USE enum err offer_pieces(const char *folder, const char *path, struct manifest_file *f,
                               struct fail *why);
/* Adds the names of all that m offers in `folder` to names (of struct offered_name); an index that is not there adds its own name
 * only. False when memory is out. */
bool offer_pieces_names(const char *folder, const struct manifest *m, struct vec *names);

#endif
