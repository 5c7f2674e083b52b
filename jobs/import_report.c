#include "import_report.h"

#include <string.h>

static void count(struct import_report *r, const char *reason, bool rejected)
{
    int i = 0;
    while (i < r->n_reasons && strcmp(r->reasons[i].reason, reason) != 0)
        i++;
    if (i == REPORT_REASONS)
        i--; /* more kinds than the table: the last line collects them */
    if (i == r->n_reasons) {
        r->reasons[i].reason = reason;
        r->reasons[i].rejected = rejected;
        r->n_reasons++;
    }
    r->reasons[i].n++;
}

void report_rejected(struct import_report *r, uint64_t line, const char *reason, const char *detail)
{
    r->rejected++;
    count(r, reason, true);
    if (r->rejected <= REPORT_PRINTED)
        job_note(r->job, "%s:%llu: %s%s%s", r->path, (unsigned long long)line, reason,
                 detail[0] != '\0' ? ": " : "", detail);
    if (r->rejected == REPORT_PRINTED + 1)
        job_note(r->job, "%s: more rejected rows follow; they are only counted", r->path);
}

void report_skipped(struct import_report *r, const char *reason)
{
    r->skipped++;
    count(r, reason, false);
}

enum err report_tolerable(const char *path, uint64_t rejected, uint64_t read, double percent,
                          struct fail *why)
{
    if (rejected > 0 && rejected == read)
        return fail_set(why, ERR_INVALID, "%s: not one row could be used", path);
    if ((double)rejected <= percent / 100 * (double)read)
        return ERR_OK;
    return fail_set(why, ERR_INVALID,
                    "%s: %llu of %llu rows are rejected, more than %g in a hundred; mend the file, or import "
                    "the others with --tolerate %d",
                    path, (unsigned long long)rejected, (unsigned long long)read, percent,
                    (int)(100 * rejected / read) + 1);
}

void report_summary(const struct import_report *r)
{
    job_say(r->job, "%s: %lld rows: %lld new, %lld changed, %lld unchanged, %lld skipped, %lld rejected",
            r->path, (long long)r->read, (long long)r->added, (long long)r->changed, (long long)r->same,
            (long long)r->skipped, (long long)r->rejected);
    for (int i = 0; i < r->n_reasons; i++)
        job_say(r->job, "  %s %lld: %s", r->reasons[i].rejected ? "rejected" : "skipped",
                (long long)r->reasons[i].n, r->reasons[i].reason);
}
