/* The engine of `mvti dataset build`: the likes of imported ratings, of further files and of this site's visitors
 * become one dataset (data/dataset.h), those of a film that the site hides count for the one that it shows. */
#ifndef MVTI_IMPORT_DATASET_GATHER_H
#define MVTI_IMPORT_DATASET_GATHER_H

#include "base/config.h"
#include "base/progress.h"
#include "data/dataset.h"
#include "data/ratings_reader.h"
#include "import/visitors_likes.h"
#include "publish/film_twins.h"
#include "store/db.h"

struct dataset_gather {
    /* the caller's */
    struct db *db;                   /* NULL: files only, nobody is held out, and no film is hidden */
    struct arena *arena;             /* of the catalog's texts; outlives the work */
    const struct progress *progress; /* its notes: what a file has that is no rating; asked to stop, too */
    const struct config *config;     /* state_dir: imported ratings, popularity, the panel's key */
    const char *const *files;        /* [n_files] of ratings (data/ratings_reader.h) or .mvr, besides */
    size_t n_files;
    struct ratings_rules rules; /* of the files that are no .mvr */
    bool simulated;             /* those files are */
    double threshold;           /* out of 5 */
    uint32_t min_user;          /* fewest likes of a person, at least 1 */
    bool catalog_only;          /* only films of the catalog; needs db */
    int64_t until;              /* as of then, in seconds since 1970 UTC; 0: now */

    /* what came of it */
    struct visitors_read visitors;
    size_t moved; /* likes of hidden films */
    size_t later; /* imported files that were not there then in the form they have now, and are left out */

    /* its own */
    struct dataset_builder builder;
    struct vec catalog; /* int32_t */
    struct films_hidden hidden;
};

/* Writes path, and beside it the file of the people held out, or neither. As the readers and the database;
 * ERR_INVALID: the catalog is empty; ERR_CORRUPT: a file that is not the imported one; ERR_STOPPED. */
MUST_USE enum err dataset_gather_run(struct dataset_gather *g, const char *path, struct fail *why);

#endif
