/* The log of what was drawn in results (experiment/explore.h): for each test in which a variant let places be drawn, what is needed to make its
 * lists again, which character was drawn into which place with which chance, and what came of it. */
#ifndef MVTI_STORE_EXPERIMENT_LOG_H
#define MVTI_STORE_EXPERIMENT_LOG_H

#include "store/experiment.h"
#include "store/experiment_goal.h"

enum {
    EXPERIMENT_LOG_PAGE = 100,
    EXPERIMENT_LOG_PLACES = 50,
    EXPERIMENT_LOG_GIVEN = 16,
    EXPERIMENT_LOG_MOVIES = 100
};

struct experiment_log_place {
    bool compatible; /* the list it stands in */
    int64_t position;
    int64_t character;
    double propensity;
    bool
        reached; /* the visitor reached the goal with this character before their next test and before the experiment was stopped */
};

struct experiment_log_test {
    int64_t test_id, visitor;
    char snapshot[65];
    uint8_t mbti, enneagram; /* ENNEAGRAM_NONE: skipped */
    size_t n_given;
    struct {
        int64_t experiment, position;
    } given[EXPERIMENT_LOG_GIVEN]; /* every variant that made the result */
    size_t n_movies;
    int32_t movies[EXPERIMENT_LOG_MOVIES];
    size_t n_places;
    struct experiment_log_place places[EXPERIMENT_LOG_PLACES];
};

/* Where a reading of the log is. */
struct experiment_log {
    const struct experiment *experiment;
    const struct experiment_goal *goal; /* of a character */
    int64_t position;                   /* of the variant */
    int64_t after;                      /* number of the last test; 0: from the first */
    struct experiment_log_test page[EXPERIMENT_LOG_PAGE];
    size_t n; /* on the page; 0: there are no more */
};

/* The next page of a variant's tests with places that were drawn, in the order of their numbers. Visitors who are programs are left out. */
MUST_USE enum err experiment_log_page(struct db *db, struct experiment_log *l, struct fail *why);

#endif
