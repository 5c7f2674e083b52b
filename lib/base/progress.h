/* How long work tells the person who waits. The library calls it; the program draws it. */
#ifndef MVTI_BASE_PROGRESS_H
#define MVTI_BASE_PROGRESS_H

#include <stdint.h>

struct progress {
    /* done of total units (bytes, rows, steps); total 0 means unknown. Called at most some 100 times a
     * second. */
    void (*report)(void *arg, const char *stage, uint64_t done, uint64_t total);
    void *arg;
};

/* Calls p->report unless p or report is NULL. */
void progress_report(const struct progress *p, const char *stage, uint64_t done, uint64_t total);

#endif
