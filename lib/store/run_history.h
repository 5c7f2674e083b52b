/* Training runs as the owner looks at them: the newest with what they reached, and everything of one. */
#ifndef MVTI_STORE_RUN_HISTORY_H
#define MVTI_STORE_RUN_HISTORY_H

#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

enum { RUN_HISTORY_MOST = 100, RUN_HISTORY_VALUES = 400, RUN_HISTORY_POINTS = 8000 };

struct run_summary {
    int64_t run_id;
    int64_t started, ended; /* seconds since 1970 UTC; ended 0: not yet */
    double seconds;
    const char *command, *model, *dataset, *status, *snapshot; /* in the arena; "" none */
    double ndcg, recall, hit;                                  /* at 10; NaN: not measured */
};
struct run_summaries {
    struct run_summary *items; /* [n], in the arena */
    size_t n;
};

struct run_value {
    const char *kind, *name; /* "param" or "metric" */
    const char *word;        /* NULL: a number */
    double value;            /* NaN: none came out */
};
struct run_values {
    struct run_value *items; /* [n], in the arena */
    size_t n;
};

struct run_point {
    const char *name; /* "loss", "ndcg.10"; of a member of an ensemble "recvae.loss" */
    int64_t step;     /* epoch, from 1 */
    double value;     /* NaN: none came out */
};
struct run_points {
    struct run_point *items; /* [n], by name, then step; in the arena */
    size_t n;
};

/* The newest runs of a model ("": of all), newest first, at most `most`. */
MUST_USE enum err run_history_list(struct db *db, const char *model, int64_t most, struct arena *a,
                                   struct run_summaries *out, struct fail *why);
/* ERR_NOT_FOUND. */
MUST_USE enum err run_history_one(struct db *db, int64_t run_id, struct arena *a, struct run_summary *out,
                                  struct fail *why);
MUST_USE enum err run_history_values(struct db *db, int64_t run_id, struct arena *a, struct run_values *out,
                                     struct fail *why);
/* Its figures by epoch, at most RUN_HISTORY_POINTS. */
MUST_USE enum err run_history_points(struct db *db, int64_t run_id, struct arena *a, struct run_points *out,
                                     struct fail *why);

#endif
