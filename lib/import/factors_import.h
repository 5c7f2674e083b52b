/* Item factors that were trained elsewhere become a model file of kind "factors" (model/model_file.h), whole or not at all.
 *
 * A visitor is scored as by BPR-MF and LightGCN, by the mean of the factors of the films they chose (model/factors.h), so that the score is a
 * sum over these films and can be explained. Solving for the visitor's vector as ALS does was measured and is no better
 * (docs/decisions/0091). Only films of the catalog are kept: no other can be shown. */
#ifndef MVTI_IMPORT_FACTORS_IMPORT_H
#define MVTI_IMPORT_FACTORS_IMPORT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/section_file.h"
#include "data/panel.h"
#include "store/db.h"

enum { FACTORS_IMPORT_LISTED = 100 }; /* rejected rows that are listed one by one */

struct factors_import {
    /* the caller's */
    struct db *db;                   /* of the catalog */
    const struct progress *progress; /* its notes: rejected rows as file:line: reason */
    const char *path, *ids;          /* data/factors_reader.h */
    const char *out;                 /* the model's file */
    double tolerate;         /* share of rejected rows, percent, that ends the import when it is exceeded */
    struct panel_rule panel; /* of whom the factors were trained without; zero: not said */

    /* what came of it */
    size_t factors, films;                   /* of a film; that were kept */
    uint64_t rows, rejected, twice, unknown; /* twice: of a film that came before, also counted as rejected */
    size_t catalog;                          /* films of the catalog */
    uint8_t origin
        [SECTION_HASH]; /* hash of the ids and factors that were read, which the model names as its training data */
};

/* As data/factors_reader.h and model_write; ERR_INVALID also: more rows rejected than tolerated, no row, none of the films is in the catalog. The
 * model that was there before stays after any error. Memory: the factors that are kept, twice. */
MUST_USE enum err factors_import_run(struct factors_import *im, struct fail *why);

#endif
