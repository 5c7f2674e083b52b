/* Who was shown something of an experiment, and which variants made a stored result (sql/migrations/0050). What workers write. */
#ifndef MVTI_STORE_EXPERIMENT_EXPOSURE_H
#define MVTI_STORE_EXPERIMENT_EXPOSURE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

struct experiment_exposure {
    int64_t experiment;
    int64_t position; /* of the variant, the control is 0 */
    double propensity;
};

/* At most `most` of a visitor, the newest experiments first. */
MUST_USE enum err experiment_exposure_list(struct db *db, int64_t visitor_id, struct experiment_exposure *out,
                                           size_t most, size_t *n, struct fail *why);
/* The same in words, for the visitor. */
struct experiment_told {
    const char *experiment, *variant;
    int64_t first_at; /* seconds since 1970 UTC */
};

enum { EXPERIMENT_TOLD_MOST = 500 };

struct experiment_tale {
    const struct experiment_told *items; /* [n] */
    size_t n;
};

/* The newest EXPERIMENT_TOLD_MOST of a visitor, in the arena. */
MUST_USE enum err experiment_exposure_tell(struct db *db, int64_t visitor_id, struct arena *a,
                                           struct experiment_tale *out, struct fail *why);
/* The first stays. */
MUST_USE enum err experiment_exposure_put(struct db *db, int64_t visitor_id,
                                          const struct experiment_exposure *e, struct fail *why);
/* Inside a transaction: what made a result, beside the test's own rows. */
MUST_USE enum err experiment_exposure_made(struct db *db, int64_t test_id,
                                           const struct experiment_exposure *e, struct fail *why);
struct experiment_exposures {
    struct experiment_exposure *items; /* [n], room for [most] */
    size_t most, n;
};
/* What made a result. */
MUST_USE enum err experiment_exposure_of_test(struct db *db, int64_t test_id,
                                              struct experiment_exposures *out, struct fail *why);
/* Inside a transaction: the exposures of a visitor become those of the account `to`, which keeps its own. */
MUST_USE enum err experiment_exposure_move(struct db *db, int64_t from, int64_t to, struct fail *why);

#endif
