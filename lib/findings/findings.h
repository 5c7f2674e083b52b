/* What an experiment has found so far: for each variant how many of its visitors converted, how far that is from the control, whether it may
 * be chance, and a sentence that says what to do.
 *
 * Visitors count for the variant that they were shown first, programs that say so not at all (store/experiment_outcome.h). Differences and their
 * intervals are stats/difference.h's, valid however often this is asked. Of n variants, n − 1 are compared with the control, so each interval
 * has FINDINGS_ALPHA/(n − 1) (Bonferroni): all of them hold together with 95 %. The figure with CUPED decides; where nobody has a past it is
 * the plain one. A variant that was stopped is compared with the control's visitors of before, for what came later is another time.
 *
 * Where visitors were not divided as planned (stats/ratio_check.h) no variant gets a verdict. One pass over the visitors, in
 * pages, in one read transaction. */
#ifndef MVTI_FINDINGS_FINDINGS_H
#define MVTI_FINDINGS_FINDINGS_H

#include "stats/difference.h"
#include "stats/ratio_check.h"
#include "store/experiment.h"
#include "store/experiment_goal.h"

#define FINDINGS_ALPHA 0.05
/* The difference that is planned for, relative to the control's rate. */
#define FINDINGS_LIFT 0.1

struct findings_variant {
    int64_t visitors, converted;
    double rate;
    double expected; /* visitors, by the shares of the time */
    /* Of all but the control: */
    struct difference plain;
    struct difference cuped; /* the same as plain where has_past is false */
    bool has_past;
    double kept; /* variance that is left with CUPED, as a share */
    double lift; /* FINDINGS_LIFT of the control's rate, in rates */
    double
        needed; /* visitors of the whole experiment with whom `lift` is found in four of five cases; may be infinite */
    char verdict[700]; /* a sentence or three; "" of the control */
};

struct findings {
    struct experiment experiment;
    const struct experiment_goal *goal;
    double alpha; /* of one comparison */
    int64_t visitors, converted, bots;
    double per_day; /* visitors of the last week, a day; 0: none, or it has been stopped */
    struct ratio_check ratio;
    struct findings_variant variants[EXPERIMENT_VARIANTS]; /* [experiment.n], the control first */
    char verdict[700];                                     /* of the whole */
};

struct findings_ask {
    const char *name;
    const char *goal; /* NULL: the experiment's own */
    int64_t now;      /* seconds since 1970 UTC */
};

/* ERR_NOT_FOUND; ERR_INVALID: no such goal. */
MUST_USE enum err findings_read(struct db *db, const struct findings_ask *ask, struct arena *a,
                                struct findings *out, struct fail *why);
/* "too early", "open", "better", "worse". */
const char *findings_verdict_name(enum difference_verdict verdict);

#endif
