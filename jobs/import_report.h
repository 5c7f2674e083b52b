/* What an import says: rejected rows as file:line: reason on stderr, counts by reason on stdout. */
#ifndef MVTI_JOBS_IMPORT_REPORT_H
#define MVTI_JOBS_IMPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "job.h"

enum { REPORT_PRINTED = 100, REPORT_REASONS = 40 };

/* Of a file's rows, in percent: more rejected ones mean that the file is not what it is taken for. */
#define REPORT_TOLERATED 5.0
#define REPORT_TOLERATE_OPTION(variable)                                                                     \
    {                                                                                                        \
        .name = "tolerate", .kind = JOB_REAL, .target = &(variable), .min = 0, .max = 100,                   \
        .help = "percent of rows that may be rejected (5); more change nothing"                              \
    }

struct import_report {
    struct job *job;
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
/* The sentence and the lines of reasons on stdout. */
void import_report_summary(const struct import_report *r);

#endif
