/* What visitors say is wrong on a page, and the owner's queue of it. */
#ifndef MVTI_APP_MEND_H
#define MVTI_APP_MEND_H

#include "store/error_report.h"

/* Whether pages may be reported as wrong in this way. */
bool mend_kind(const char *kind);
/* As error_report_add. */
MUST_USE enum err mend_report(struct db *db, const struct error_report *r, struct fail *why);
/* As error_report_list. */
MUST_USE enum err mend_queue(struct db *db, struct error_reports *page, struct arena *a, struct fail *why);

#endif
