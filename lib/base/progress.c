#include "base/progress.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

void progress_report(const struct progress *p, const char *stage, uint64_t done, uint64_t total)
{
    if (p != NULL && p->report != NULL)
        p->report(p->arg, stage, done, total);
}

void progress_note(const struct progress *p, const char *fmt, ...)
{
    char sentence[501];
    if (p == NULL || p->note == NULL)
        return;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(sentence, sizeof sentence, fmt, ap);
    va_end(ap);
    p->note(p->arg, sentence);
}

bool progress_stopping(const struct progress *p)
{
    return p != NULL && p->stopping != NULL && p->stopping(p->arg);
}
