/* Experiments and their variants (sql/migrations/0050). What the JSON of settings means is experiment/variant.h's; which change is allowed when,
 * experiment/lifecycle.h's. */
#ifndef MVTI_STORE_EXPERIMENT_H
#define MVTI_STORE_EXPERIMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

enum { EXPERIMENT_VARIANTS = 8, EXPERIMENT_SLOTS = 10000, EXPERIMENT_REASON = 300 };

struct experiment_variant {
    const char *name;
    double share;            /* as defined; together 1 */
    double weight;           /* now; together 1 */
    const char *settings;    /* JSON */
    int64_t stopped_at;      /* seconds since 1970 UTC; 0: is not */
    const char *stop_reason; /* NULL: is not stopped */
};

struct experiment {
    int64_t id; /* 0: not stored yet */
    const char *name, *layer, *salt, *kind, *goal;
    const char *state; /* "draft", "running", "stopped" */
    double traffic;
    int64_t slot_from, slots; /* of EXPERIMENT_SLOTS; -1 and 0: has not been started */
    double floor, guard_like, guard_down, guard_alpha;
    int64_t min_views, guard_tests;
    int64_t starts_at, ends_at, started_at, stopped_at; /* seconds since 1970 UTC; 0: none */
    const char *stop_reason;                            /* NULL: is not stopped */
    size_t n;
    struct experiment_variant variants[EXPERIMENT_VARIANTS]; /* [n], the control first */
};

/* Whether it is set running, whatever its times. */
bool experiment_runs(const struct experiment *e);

/* What became of a variant so far. */
struct experiment_counts {
    int64_t visitors; /* who were shown it first of this experiment */
    int64_t first_at; /* seconds since 1970 UTC, the first of them; 0: none */
    double given;     /* mean chance of it at these moments */
    int64_t tests;    /* results that it made */
    double chance;    /* mean propensity of it in these */
    int64_t explored; /* places of these results that were drawn */
};

/* The newest first. running: only those that run, in the order of their names. Everything from the arena. */
MUST_USE enum err experiment_list(struct db *db, bool running, struct arena *a, struct experiment **out,
                                  size_t *n, struct fail *why);
/* ERR_NOT_FOUND. */
MUST_USE enum err experiment_find(struct db *db, const char *name, struct arena *a, struct experiment *out,
                                  struct fail *why);

/* The same by its number. */
MUST_USE enum err experiment_find_id(struct db *db, int64_t id, struct arena *a, struct experiment *out,
                                     struct fail *why);

/* Weights that held from a moment on. */
struct experiment_weights {
    int64_t since; /* seconds since 1970 UTC */
    double weights[EXPERIMENT_VARIANTS];
};

struct experiment_history {
    size_t most; /* so many changes are asked for */
    bool hourly; /* of each hour (UTC) the last change alone; then all of its changes are read */
    struct experiment_weights *items; /* [n] found, newest first */
    size_t n;
};

/* The last changes of an experiment's weights, from the arena. */
MUST_USE enum err experiment_history(struct db *db, const struct experiment *e, struct arena *a,
                                     struct experiment_history *out, struct fail *why);

/* All of these inside the caller's transaction. */

/* Nobody else adds or changes an experiment until its end. */
MUST_USE enum err experiment_lock(struct db *db, struct fail *why);
/* Stores a draft, or what may change of a running one, and sets its id. Weights become the shares; of a running one they are noted as
 * experiment_weigh does. */
MUST_USE enum err experiment_put(struct db *db, struct experiment *e, struct fail *why);
/* Sets it running in these slots, from now on. */
MUST_USE enum err experiment_run(struct db *db, const struct experiment *e, int64_t slot_from, int64_t slots,
                                 struct fail *why);
/* Stores weights[e->n] and notes since when they hold. */
MUST_USE enum err experiment_weigh(struct db *db, const struct experiment *e, const double *weights,
                                   struct fail *why);
/* Stops it, or one variant of it. reason: at most EXPERIMENT_REASON characters. Doing it twice changes nothing. */
MUST_USE enum err experiment_stop(struct db *db, int64_t id, const char *reason, struct fail *why);
MUST_USE enum err experiment_stop_variant(struct db *db, int64_t id, size_t position, const char *reason,
                                          struct fail *why);

/* counts[e->n]. Cost: its exposures and results. */
MUST_USE enum err experiment_count(struct db *db, const struct experiment *e,
                                   struct experiment_counts *counts, struct fail *why);

#endif
