#include "import/import_report.h"

#include <stdio.h>
#include <string.h>

static void count(struct import_report *r, const char *verdict, const char *reason)
{
    int i = 0;
    while (i < r->n_reasons &&
           (strcmp(r->reasons[i].reason, reason) != 0 || r->reasons[i].verdict != verdict))
        i++;
    if (i == REPORT_REASONS)
        i--; /* more kinds than the table: the last line collects them */
    if (i == r->n_reasons) {
        r->reasons[i].verdict = verdict;
        r->reasons[i].reason = reason;
        r->n_reasons++;
    }
    r->reasons[i].n++;
}

static const char was_rejected[] = "rejected", was_skipped[] = "skipped", was_warned_of[] = "warned";

static void print(struct import_report *r, int64_t nth, uint64_t line, const char *prefix, const char *reason,
                  const char *detail)
{
    if (nth <= REPORT_PRINTED)
        progress_note(r->progress, "%s:%llu: %s%s%s%s", r->path, (unsigned long long)line, prefix, reason,
                      detail[0] != '\0' ? ": " : "", detail);
}

void import_report_rejected(struct import_report *r, uint64_t line, const char *reason, const char *detail)
{
    count(r, was_rejected, reason);
    print(r, ++r->rejected, line, "", reason, detail);
    if (r->rejected == REPORT_PRINTED + 1)
        progress_note(r->progress, "%s: further rejected rows are not listed", r->path);
}

void import_report_skipped(struct import_report *r, const char *reason)
{
    r->skipped++;
    count(r, was_skipped, reason);
}

void import_report_warned(struct import_report *r, uint64_t line, const char *reason, const char *detail)
{
    count(r, was_warned_of, reason);
    print(r, ++r->warned, line, "warning: ", reason, detail);
    if (r->warned == REPORT_PRINTED + 1)
        progress_note(r->progress, "%s: further warnings are not listed", r->path);
}

void import_report_noted(struct import_report *r, const char *reason)
{
    count(r, was_warned_of, reason);
}

enum err import_report_tolerable(const char *path, uint64_t rejected, uint64_t read, double percent,
                                 struct fail *why)
{
    if (rejected > 0 && rejected == read)
        return fail_set(why, ERR_INVALID, "%s: no row could be used", path);
    if ((double)rejected <= percent / 100 * (double)read)
        return ERR_OK;
    char advice[120] = "check the file: with so many invalid rows it is probably not what it is taken for";
    if (2 * rejected <= read)
        snprintf(advice, sizeof advice, "fix the file, or import the other rows with --tolerate %d",
                 (int)(100 * rejected / read) + 1);
    return fail_set(why, ERR_INVALID, "%s: %llu of %llu rows are invalid, more than %g %%; %s", path,
                    (unsigned long long)rejected, (unsigned long long)read, percent, advice);
}
