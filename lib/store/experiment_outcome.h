/* What became of the visitors of an experiment, a page at a time: how each was given a variant, whether they converted after it, and what they
 * did before. Programs that say they are programs (first_visit.bot) are marked.
 *
 * A visitor counts for the variant that they were shown first. They converted if an event of the goal came from then on and before the
 * experiment was stopped; in a bandit, which draws anew for each test, also before their next test of it. */
#ifndef MVTI_STORE_EXPERIMENT_OUTCOME_H
#define MVTI_STORE_EXPERIMENT_OUTCOME_H

#include "store/experiment.h"
#include "store/experiment_goal.h"

/* So few that a page of people with a hundred events each is read in db_timeout_ms on a busy machine too. */
enum { EXPERIMENT_OUTCOME_PAGE = 200, EXPERIMENT_OUTCOME_PAST = 90 /* days before, that are looked at */ };

struct experiment_outcome {
    int64_t visitor;
    int64_t position;  /* of the variant; may be over e->n - 1 of an experiment that had more once */
    double propensity; /* the chance with which it was given, over 0 */
    int64_t first_at;  /* seconds since 1970 UTC */
    bool converted, bot;
    int64_t events_before, goals_before; /* of EXPERIMENT_OUTCOME_PAST days */
};

/* Where a reading of them is. */
struct experiment_outcomes {
    const struct experiment *experiment;
    const struct experiment_goal *goal;
    int64_t after; /* number of the last visitor; 0: from the first */
    double expected
        [EXPERIMENT_VARIANTS]; /* so far: how many, who are no programs, should have been given each variant, by the weights of the time */
    struct experiment_outcome page[EXPERIMENT_OUTCOME_PAGE];
    size_t n; /* on the page; fewer than EXPERIMENT_OUTCOME_PAGE: there are no more */
};

/* The next page, in the order of the visitors' numbers. Cost: their events of the experiment's time and the days before. */
MUST_USE enum err experiment_outcome_page(struct db *db, struct experiment_outcomes *o, struct fail *why);

#endif
