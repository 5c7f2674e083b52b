/* What would another ranker have earned, that nobody was ever shown? From the log of an experiment that draws
 * places of a list (experiment/explore.h).
 *
 * A drawn place is a choice among the characters of its pool, each with a known chance. The pool is made again from the snapshot that answered, the
 * visitor's type and films, and the settings of every variant that made the result; the chance that comes out for what stood there must be the one
 * that was logged, or the row is left out (`odd`). The wanted ranker gives each character of the pool a match
 * of its own and would have put its best there, or drawn by its own temperature where it explores. So a row
 * is a context with a few actions, a logged chance, a wanted one, and what came of it, which is what
 * stats/policy_value.h estimates from. The same is done for the site's own order, so that the difference is
 * of the same rows.
 *
 * What it says is of single places: that the rest of a list stays as it was. A ranker that would bring
 * characters who are in no pool is not seen in them.
 *
 * The guess of the doubly robust estimate is how often the character of that rank in its pool, at that place
 * of the list, had been chosen in earlier tests. One pass, in pages; memory does not depend on the log. */
#ifndef MVTI_FINDINGS_OFF_POLICY_H
#define MVTI_FINDINGS_OFF_POLICY_H

#include "experiment/variant.h"
#include "stats/policy_value.h"
#include "store/experiment_log.h"

enum { OFF_POLICY_SNAPSHOTS = 256 };

struct off_policy_task {
    const char *experiment;
    const char *goal; /* of a character; NULL: the experiment's own */
    const struct variant_settings *wanted;
    const char *snapshots; /* folder */
    double clip;           /* largest weight; 0: none */
};

struct off_policy {
    struct experiment experiment;
    const struct experiment_goal *goal;
    int64_t tests, places; /* that were estimated from */
    int64_t gone;          /* tests whose snapshot is no longer kept */
    int64_t unable;        /* tests whose snapshot lacks a model that the wanted ranker needs */
    int64_t odd;           /* places that did not come out as they were logged */
    char lost[65];         /* one of the snapshots that are gone, "" if none is */
    struct policy_value wanted, site;
};

/* out: large, on the heap. ERR_NOT_FOUND: no such experiment; ERR_INVALID: the goal is not of characters, the wanted settings are not of a ranker, or
 * the log is no ground for an estimate, with a sentence that says why; ERR_IO, ERR_CORRUPT: a snapshot. */
MUST_USE enum err off_policy_estimate(struct db *db, const struct off_policy_task *task, struct arena *a,
                                      struct off_policy *out, struct fail *why);

#endif
