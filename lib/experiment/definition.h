/* The definition of an experiment, a JSON file of the operator (docs/experiments.md has an example):
 *
 *   name, layer      small letters, digits, hyphens
 *   kind             "split" (default): each visitor keeps a variant; "bandit": each test draws one, by weights that follow success
 *   goal             "engage" (default), "like", "click", "watch", "share", "up"
 *   salt             of the assignment; the name by default
 *   traffic          percent of the layer, 100 by default
 *   start, end       RFC 3339, such as 2026-12-01T09:00:00+09:00, or a day (UTC); both may be left out
 *   guard            {"like_drop": 0.2, "down_rise": 0.05, "alpha": 0.01, "tests": 200}; alpha 0: no guard-rail
 *   bandit           {"floor": 0.02, "min_views": 200}
 *   variants         2 to 8 of {"name", "share" (any scale), "settings"}; the first is the control and has no settings
 */
#ifndef MVTI_EXPERIMENT_DEFINITION_H
#define MVTI_EXPERIMENT_DEFINITION_H

#include "experiment/variant.h"

enum { DEFINITION_VARIANTS = 8, DEFINITION_NAME = 40, DEFINITION_SALT = 64, DEFINITION_BYTES = 256 * 1024 };

enum definition_kind { DEFINITION_SPLIT, DEFINITION_BANDIT, DEFINITION_KINDS };

struct definition_variant {
    const char *name;
    double share; /* > 0; those of one definition sum to 1 */
    struct variant_settings settings;
    struct variant_words words;
};

struct definition {
    const char *name, *layer, *salt, *goal;
    enum definition_kind kind;
    double traffic;             /* 0 < … ≤ 1 */
    int64_t starts_at, ends_at; /* seconds since 1970 UTC; 0: not said */
    double guard_like, guard_down, guard_alpha;
    int guard_tests;
    double floor;
    int min_views;
    size_t n;
    struct definition_variant variants[DEFINITION_VARIANTS];
};

/* Reads n bytes; texts go into the arena. ERR_INVALID: "FILE: variants[1].share: must be …"; ERR_TOO_LARGE, ERR_NOMEM. */
MUST_USE enum err definition_read(const char *bytes, size_t n, const char *file, struct arena *a,
                                  struct definition *out, struct fail *why);
/* "split", "bandit". */
const char *definition_kind_name(enum definition_kind kind);

#endif
