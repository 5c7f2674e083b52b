#include "base/progress.h"

#include <stddef.h>

void progress_report(const struct progress *p, const char *stage, uint64_t done, uint64_t total)
{
    if (p != NULL && p->report != NULL)
        p->report(p->arg, stage, done, total);
}
