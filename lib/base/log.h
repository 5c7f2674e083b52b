/* Structured logging: one JSON object a line, handed to the sink that main installed. No sink, no output.
 * Never pass secrets, cookies, tokens or answers of visitors. */
#ifndef MVTI_BASE_LOG_H
#define MVTI_BASE_LOG_H

#include <stddef.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

/* Receives a complete line without the newline. */
typedef void log_sink_fn(void *arg, enum log_level level, const char *line, size_t len);

void log_set_sink(log_sink_fn *sink, void *arg, enum log_level least);
/* event is a dotted constant such as "snapshot.loaded"; the printf text becomes the member "text". */
void log_event(enum log_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Id of the request being answered, copied; "" outside requests. Appears in every line as "request_id". */
void log_set_request(const char *id);

#endif
