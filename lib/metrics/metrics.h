/* What a process counts of itself: series, each a name and labels as Prometheus has them, in a file that is
 * mapped into memory and summed by whoever reads it (metrics_read.h).
 *
 * Each process has a file of its own, a slot of its pool's folder, which it keeps locked while it lives. The
 * file outlives it, and the next process of the pool that takes the slot counts on from there: the sum over a
 * folder never falls while the machine is up, however many of its processes die.
 *
 * No locks: a slot has one writer, which has one thread, so a value is loaded, added to and stored by relaxed
 * atomics, a plain addition on every processor we run on. Readers see each value whole, and never an older
 * one than before (coherence of a single atomic object, C17 5.1.2.4); values of one request may be seen before
 * others of the same, which sums over minutes do not mind. A new series is written before the number of
 * series says so (release), and read after it (acquire). */
#ifndef MVTI_METRICS_METRICS_H
#define MVTI_METRICS_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { METRICS_LABELS = 136, METRICS_BUCKETS = 14 };

/* How values of several slots become one. */
enum metrics_kind {
    METRICS_COUNTER, /* summed */
    METRICS_SECONDS, /* a histogram of seconds, summed */
    METRICS_STARTS,  /* a counter of each slot, with the label `slot` */
    METRICS_BUSY,    /* a gauge, summed over slots whose process lives */
    METRICS_UNTIL,   /* milliseconds of the monotonic clock: how many slots are not there yet */
    METRICS_WORD,    /* 64 bits that are printed as 16 hex digits in the label `id`: how many slots have it */
    METRICS_ALIVE    /* how many slots have a process; nobody writes it */
};

enum metrics_family {
    METRICS_REQUESTS,
    METRICS_REQUEST_SECONDS,
    METRICS_DATABASE_SECONDS,
    METRICS_STATEMENTS,
    METRICS_DATABASE_FAILURES,
    METRICS_BREAKER,
    METRICS_WORKERS,
    METRICS_WORKERS_BUSY,
    METRICS_WORKER_STARTS,
    METRICS_SNAPSHOT,
    METRICS_SNAPSHOT_REFUSED,
    METRICS_SNAPSHOT_REFUSING,
    METRICS_LOGINS,
    METRICS_LIMITS,
    METRICS_FAMILIES
};

struct metrics_row {
    const char *name;
    enum metrics_kind kind;
    const char *help;
};
extern const struct metrics_row metrics_table[METRICS_FAMILIES];

/* Upper bounds of all buckets but the last, in seconds. */
extern const double metrics_bounds[METRICS_BUCKETS - 1];

struct metrics_series;

/* Takes the first free slot of the folder, which must exist, for the rest of this process. Until then, and
 * after an error, what is counted goes nowhere. ERR_IO: no such folder, or no room; ERR_BUSY: all taken. */
MUST_USE enum err metrics_open(const char *folder, struct fail *why);

/* The series of a family; labels as in the exposition format without braces ('route="/",code="200"'), shorter
 * than METRICS_LABELS. Made when first asked for. Never NULL: where nothing is open or no room is left, it is
 * one that nobody reads. Cost: a comparison with each series of the slot, so keep it where it is needed often. */
struct metrics_series *metrics_find(enum metrics_family family, const char *labels);

void metrics_add(struct metrics_series *s, uint64_t n);
void metrics_observe(struct metrics_series *s, double seconds);
void metrics_set(struct metrics_series *s, uint64_t value);

#endif
