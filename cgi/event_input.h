/* Parses one event from JSON. Errors are added to `bad`, so that a report can continue with its next event. */
#ifndef MVTI_CGI_EVENT_INPUT_H
#define MVTI_CGI_EVENT_INPUT_H

#include "app/report.h"
#include "exchange.h"

/* A whole event, and its data about a first visit (*first is unchanged if there are none). */
void event_input(struct exchange *p, const struct json_value *v, struct problem *bad,
                 struct report_event *out, struct first_visit *first);
/* Only the place: list, position, view, snapshot, ranker and test. v may be NULL: an event of this kind without a place. */
void event_input_place(struct exchange *p, const struct json_value *v, const char *kind, struct problem *bad,
                       struct report_event *out);

#endif
