/* One measurement of `mvti evaluate`, recorded as a run (tracking/tracking.h): files, rules, settings,
 * figures. */
#ifndef MVTI_JOBS_EVALUATE_TRACK_H
#define MVTI_JOBS_EVALUATE_TRACK_H

#include "evaluate_report.h"

/* trial_run on what `h` describes, and a run in the books whatever comes of it. Files are recorded by their
 * names without the folders. */
MUST_USE enum err evaluate_tracked(struct job *job, const struct evaluate_head *h, const struct trial *trial,
                                   struct trial_result *out, struct fail *why);

#endif
