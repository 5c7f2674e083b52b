/* The file of a slot, for its writer (metrics.c) and its readers (metrics_read.c). It names its own series, so
 * that programs of two releases can read each other's. */
#ifndef MVTI_METRICS_METRICS_SLOT_H
#define MVTI_METRICS_METRICS_SLOT_H

#include <stdatomic.h>

#include "metrics/metrics.h"

enum { METRICS_SLOTS = 64, METRICS_SERIES = 1000, METRICS_NAME = 56, METRICS_VALUES = METRICS_BUCKETS + 2 };

struct metrics_series {
    char name[METRICS_NAME];     /* of its family, NUL-terminated */
    char labels[METRICS_LABELS]; /* likewise */
    /* [0] a counter or gauge; of a histogram [0 … METRICS_BUCKETS) observations by bucket, each in one, and
     * behind them the sum in nanoseconds. */
    _Atomic uint64_t values[METRICS_VALUES];
};

struct metrics_slot {
    char magic[8];
    _Atomic uint64_t n; /* of series; those below it are whole */
    char zero[48];
    struct metrics_series series[METRICS_SERIES];
};

#define METRICS_MAGIC "MVTIMET1"

/* FOLDER/N, the file of slot n. False if that is too long. */
bool metrics_slot_path(const char *folder, int n, char *out, size_t size);

#endif
