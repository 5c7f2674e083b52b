/* How long work tells the person who waits. The library calls it; the program draws it. */
#ifndef MVTI_BASE_PROGRESS_H
#define MVTI_BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    /* done of total units (bytes, rows, steps); total 0 means unknown. Called at most some 100 times a
     * second. It may end the program, unless the work is asking `stopping`. */
    void (*report)(void *arg, const char *stage, uint64_t done, uint64_t total);
    void *arg;
    /* A remark on the way, such as what a training goes on from; NULL: nobody reads them. */
    void (*note)(void *arg, const char *sentence);
    /* Does the person want this to end? Asked by work that can keep what it has and go on another time; NULL:
     * never. */
    bool (*stopping)(void *arg);
};

/* Calls p->report unless p or report is NULL. */
void progress_report(const struct progress *p, const char *stage, uint64_t done, uint64_t total);
/* Calls p->note with the sentence, cut after 500 bytes, unless p or note is NULL. */
void progress_note(const struct progress *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* p->stopping's answer; false if p or stopping is NULL. */
bool progress_stopping(const struct progress *p);

#endif
