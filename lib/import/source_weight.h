/* What an imported source of ratings weighs: the setting `source_weights`, such as "audience=0.25 ml-25m=0.5".
 *
 * Models know of whole people only, so a weight of w is that the share w of a source's people is learned from. Who they are follows
 * from their numbers alone: they are the same every night, and a smaller weight keeps some of those whom a greater one keeps. */
#ifndef MVTI_IMPORT_SOURCE_WEIGHT_H
#define MVTI_IMPORT_SOURCE_WEIGHT_H

#include <stddef.h>

#include "base/err.h"
#include "data/interactions.h"
#include "store/ratings_source.h"

/* NAME=WEIGHT, divided by blanks; names of the n sources there are, weights from 0 to 1, each name once. ERR_INVALID
 * with what is wrong. */
MUST_USE enum err source_weight_check(const char *setting, const struct ratings_source *sources, size_t n,
                                      struct fail *why);
/* Of a setting that was checked; 1: it does not name the source. */
double source_weight_of(const char *setting, const char *name);
/* Leaves out who is not of that share, and the times. How many likes went. */
size_t source_weight_apply(double weight, struct interactions *in);

#endif
