/* One request of a monitoring program over HTTP/1.1 (RFC 9112), and its answer: GET or HEAD of /metrics, nothing else, then the connection
 * ends. What comes is read up to the end of its head and otherwise not believed. */
#ifndef MVTI_METRICS_SCRAPE_H
#define MVTI_METRICS_SCRAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum { SCRAPE_HEAD_MOST = 8192, SCRAPE_MILLISECONDS = 5000 };

/* What is asked for, as the status of its answer: 200, 404, 405, or 400 for what is no request. *head: HEAD. */
int scrape_parse(const char *bytes, size_t n, bool *head);
/* Reads a request from a connection: the same, and 408 for one that did not come within SCRAPE_MILLISECONDS. */
int scrape_read(int fd, bool *head);
/* Writes the answer with this body (not for HEAD) to a connection. False: the other end has gone. */
bool scrape_answer(int fd, int status, const struct buf *body, bool head);

#endif
