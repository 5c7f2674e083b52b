/* What an import says: rejected rows as file:line: reason at once, counts by reason in the end. */
#ifndef MVTI_IMPORT_IMPORT_REPORT_H
#define MVTI_IMPORT_IMPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"

enum { REPORT_PRINTED = 100, REPORT_REASONS = 40 };

/* Of a file's rows, in percent: more rejected ones mean that the file is not what it is taken for. */
#define REPORT_TOLERATED 5.0

struct import_report {
    const struct progress *progress; /* its notes */
    const char *path;
    int64_t read, added, changed, same, skipped, rejected;
    int64_t warned; /* warnings so far */
    struct {
        const char *verdict; /* "rejected", "skipped", "warned" */
        const char *reason;  /* static text */
        int64_t n;
    } reasons[REPORT_REASONS];
    int n_reasons;
};

/* reason is a static text that rows are counted by; detail (may be "") says more about this one. */
void import_report_rejected(struct import_report *r, uint64_t line, const char *reason, const char *detail);
/* A row that is right and says that there is nothing, or nothing for this catalog: counted, not printed. */
void import_report_skipped(struct import_report *r, const char *reason);
/* A row that is taken, though not as it stands: printed and counted. */
void import_report_warned(struct import_report *r, uint64_t line, const char *reason, const char *detail);
/* The same, of what is common and harmless: counted, not printed. */
void import_report_noted(struct import_report *r, const char *reason);
/* ERR_INVALID if more than `percent` of the rows read, or all of them, were rejected. */
MUST_USE enum err import_report_tolerable(const char *path, uint64_t rejected, uint64_t read, double percent,
                                          struct fail *why);
#endif
