/* Prometheus's text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats): for each metric its
 * HELP and TYPE, then a line for each series. */
#ifndef MVTI_METRICS_EXPOSITION_H
#define MVTI_METRICS_EXPOSITION_H

#include "base/buf.h"

#define EXPOSITION_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* type: "counter", "gauge", "histogram". help: a sentence of ours, without backslashes and line ends. */
void exposition_begin(struct buf *b, const char *name, const char *type, const char *help);
/* A line; labels without braces, "" for none. NaN and infinities as the format has them. */
void exposition_line(struct buf *b, const char *name, const char *labels, double value);
/* Appends a label to the others in `labels`: a name of ours, a value of anybody's. */
void exposition_label(struct buf *labels, const char *name, const char *value);

#endif
