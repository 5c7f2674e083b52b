/* Structured logging: one JSON object a line, handed to the sink that main installed. No sink, no output.
 * Never pass secrets, cookies, tokens or answers of visitors. */
#ifndef MVTI_BASE_LOG_H
#define MVTI_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

/* Receives a complete line without the newline. */
typedef void log_sink_fn(void *arg, enum log_level level, const char *line, size_t len);

void log_set_sink(log_sink_fn *sink, void *arg, enum log_level least);
/* event is a dotted constant such as "snapshot.loaded"; the printf text becomes the member "text". Without
 * memory for the line it is one with time, level and event, whose text is "no-memory". */
void log_event(enum log_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A member of a log line besides its text. */
struct log_field {
    const char *name; /* a constant of ours, without anything to escape */
    const char *text; /* NULL: the number counts */
    double number;    /* printed with at most 15 digits; NaN and infinities as null */
};
/* An event whose facts are members of the line, for programs that read the log. */
void log_fields(enum log_level level, const char *event, const struct log_field *fields, size_t n);
/* Id of the request being answered, copied; "" outside requests. Appears in every line as "request_id". */
void log_set_request(const char *id);
/* The same, "" outside requests. */
const char *log_request(void);
/* Whose request it is, as a mark that leads to no address (auth/client_mark.h); copied, "" for none. Appears as
 * "client" in every line. */
void log_set_client(const char *mark);
/* The trace that it belongs to, likewise, as "trace_id"; NULL for none. */
void log_set_trace(const char *id);

/* Whether fd is the journal: JOURNAL_STREAM of systemd.exec(5), "DEVICE:INODE", names what it is open on. NULL: not. */
bool log_is_journal(const char *stream, int fd);
/* What a line for the journal begins with: its priority as sd-daemon(3) has it, "<3>" for errors. */
const char *log_priority(enum log_level level);
/* Whether the request of this id is one of those of which every `of`th is logged: by the id alone, so that each
 * process says the same. of: 1 or more. */
bool log_sampled(const char *id, long of);

#endif
