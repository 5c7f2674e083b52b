/* Why a visitor got this list: a stored test with what was shown, and the same asked again of the snapshot that answered, if that is still kept.
 * Asking again knows neither the variants of experiments nor what the visitor had left out, so the lists may differ; both are told. */
#ifndef MVTI_APP_EXPLAIN_H
#define MVTI_APP_EXPLAIN_H

#include <stdbool.h>

#include "app/recommend.h"
#include "base/config.h"
#include "store/quiz_lookup.h"
#include "store/visitor_quiz.h"

struct explain {
    struct visitor_quiz stored;
    struct quiz_variants variants;
    bool kept; /* the snapshot is: `snapshot` is open until explain_close */
    bool same; /* asking again gave the same characters in the same order */
    struct snapshot snapshot;
    struct recommend_result again;
    const struct recommend_item *
        *now; /* [stored.n_results] the same character asked again, NULL: not in that list */
};

/* Which test: by its token, or by its number where there is no token. */
struct explain_test {
    const struct config *config; /* whose folder has the snapshots */
    const char *token;
    int64_t test_id;
};
/* ERR_NOT_FOUND. explain_close it, also after an error. */
MUST_USE enum err explain_read(struct db *db, const struct explain_test *which, struct arena *a,
                               struct explain *out, struct fail *why);
void explain_close(struct explain *e);

#endif
