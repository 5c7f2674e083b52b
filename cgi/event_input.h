/* One event from JSON. What is wrong is added to `bad`, so that a report can go on with the next one. */
#ifndef MVTI_CGI_EVENT_INPUT_H
#define MVTI_CGI_EVENT_INPUT_H

#include "app/report.h"
#include "exchange.h"

/* A whole event, and what it says of a first visit (*first stays as it is if it says nothing). */
void event_input(struct exchange *p, const struct json_value *v, struct problem *bad,
                 struct report_event *out, struct first_visit *first);
/* Only where it happened: list, position, view, snapshot, ranker and test; an event of this kind without v (NULL). */
void event_input_place(struct exchange *p, const struct json_value *v, const char *kind, struct problem *bad,
                       struct report_event *out);

#endif
