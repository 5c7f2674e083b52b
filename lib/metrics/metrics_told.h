/* What another host's /metrics says of its workers (the other end of metrics_read.h, in Prometheus's text format). */
#ifndef MVTI_METRICS_METRICS_TOLD_H
#define MVTI_METRICS_METRICS_TOLD_H

#include <stdbool.h>
#include <stdint.h>

struct metrics_told {
    int64_t requests,
        failed;  /* answered since the machine's start, probes left out; of them with status 5xx */
    bool serves; /* some worker serves the snapshot that was asked for */
};

/* text: anybody's bytes, NUL-terminated. snapshot: an id. Lines that are none of ours, or have no count, say nothing; 0 ≤ failed ≤ requests. */
void metrics_told(struct metrics_told *out, const char *text, const char *snapshot);

#endif
