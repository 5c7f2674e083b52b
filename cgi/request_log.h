/* The lines that the log has of a request: whose they are, and the one of its end. */
#ifndef MVTI_CGI_REQUEST_LOG_H
#define MVTI_CGI_REQUEST_LOG_H

#include "exchange.h"

/* Every line from now on carries the request's id and its client's mark, until request_log_end. */
void request_log_begin(const struct exchange *p);
/* The line "request". Refusals, failures, writes and what took a second always have one; of other reads every log_sample-th, which says so ("sample": N
 * counts for N); probes that found all well have none. seconds: how long it took. */
void request_log_end(const struct exchange *p, double seconds);

#endif
