/* What an import says: rejected rows as file:line: reason on stderr, counts by reason on stdout. */
#ifndef MVTI_JOBS_IMPORT_REPORT_H
#define MVTI_JOBS_IMPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "job.h"

enum { REPORT_PRINTED = 100, REPORT_REASONS = 40 };

struct import_report {
    struct job *job;
    const char *path;
    int64_t read, added, changed, same, skipped, rejected;
    struct {
        const char *reason; /* static text */
        bool rejected;      /* else skipped */
        int64_t n;
    } reasons[REPORT_REASONS];
    int n_reasons;
};

/* reason is a static text that rows are counted by; detail (may be "") says more about this one. */
void report_rejected(struct import_report *r, uint64_t line, const char *reason, const char *detail);
/* A row that is right and says that there is nothing, or nothing for this catalog: counted, not printed. */
void report_skipped(struct import_report *r, const char *reason);
/* The sentence and the lines of reasons on stdout. */
void report_summary(const struct import_report *r);

#endif
