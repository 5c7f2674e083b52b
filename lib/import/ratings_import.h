/* A file of ratings becomes state_dir/ratings/NAME.mvr (data/ratings_file.h) and a row of rating_source, both
 * or neither; also where it is killed (import/ratings_shelf.h). */
#ifndef MVTI_IMPORT_RATINGS_IMPORT_H
#define MVTI_IMPORT_RATINGS_IMPORT_H

#include "base/buf.h"
#include "base/progress.h"
#include "base/state_path.h"
#include "data/ratings_file.h"
#include "data/ratings_known.h"
#include "data/ratings_reader.h"
#include "import/ratings_shelf.h"
#include "store/ratings_source.h"

enum { RATINGS_IMPORT_LISTED = 100 }; /* rejected rows that are listed one by one */

struct ratings_import {
    /* the caller's */
    struct db *db;
    struct arena *arena;             /* of the texts of rows read; outlives the import */
    const struct progress *progress; /* its notes: rejected rows as file:line: reason, and warnings */
    const struct config *config;     /* state_dir */
    const char *path;                /* of the file */
    bool simulated, strict;          /* strict: the first rejected row ends it */
    struct ratings_rules rules;
    char name[RATINGS_SOURCE_NAME_MAX + 1]; /* ratings_import_name */

    /* what came of it */
    struct ratings_header header; /* of the finished file */
    struct ratings_known known;   /* of its films in the catalog */
    uint64_t rows, rejected, by_verdict[RATINGS_N_VERDICTS];
    uint64_t superseded; /* by a newer rating of the same person and film */

    /* its own */
    struct ratings_shelf shelf;
    struct ratings_reader *reader;
    struct ratings_writer *writer;
    struct buf notes; /* of rejected rows, a line each */
};

/* The source's name: `given`, or if NULL the file's, or its folder's where the file is just called ratings
 * (ml-25m/ratings.csv). ERR_INVALID: not one of store/ratings_source.h. */
MUST_USE enum err ratings_import_name(struct ratings_import *im, const char *given, struct fail *why);
/* Imports im->path whole or not at all, in one pass and about 1 MiB beside what data/newest.h needs. As
 * ratings_reader and ratings_writer; ERR_INVALID also: none of its films is in the catalog, or a source of
 * another name has the same ratings. */
MUST_USE enum err ratings_import_run(struct ratings_import *im, struct fail *why);
/* Safe after any of them, and on a struct of which only the caller's part is set. */
void ratings_import_close(struct ratings_import *im);

#endif
