#include "base/log.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"

static struct {
    log_sink_fn *sink;
    void *arg;
    enum log_level least;
    char request[64];
} state;

static const char *const level_names[] = {"debug", "info", "warning", "error"};

void log_set_sink(log_sink_fn *sink, void *arg, enum log_level least)
{
    state.sink = sink;
    state.arg = arg;
    state.least = least;
}

void log_set_request(const char *id)
{
    snprintf(state.request, sizeof state.request, "%s", id);
}

static void put_json_string(struct buf *b, const char *s)
{
    buf_putc(b, '"');
    for (; *s != '\0'; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\') {
            buf_putc(b, '\\');
            buf_putc(b, (char)c);
        } else if (c < 0x20 || c == 0x7f) {
            buf_printf(b, "\\u%04x", c);
        } else {
            buf_putc(b, (char)c);
        }
    }
    buf_putc(b, '"');
}

static bool wanted(enum log_level level)
{
    return state.sink != NULL && level >= state.least;
}

enum { WHEN = 32 };

static const char *say_when(char out[WHEN])
{
    time_t now = time(NULL);
    struct tm tm;
    strftime(out, WHEN, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
    return out;
}

static void open_line(struct buf *b, enum log_level level, const char *event)
{
    char when[WHEN];
    say_when(when);
    buf_printf(b, "{\"time\":\"%s\",\"level\":\"%s\",\"event\":", when, level_names[level]);
    put_json_string(b, event);
    if (state.request[0] != '\0') {
        buf_puts(b, ",\"request_id\":");
        put_json_string(b, state.request);
    }
}

/* That something happened is said even where there is no memory to say what; events are words of ours. */
static void say_least(enum log_level level, const char *event)
{
    char line[256], when[WHEN];
    int n = snprintf(line, sizeof line,
                     "{\"time\":\"%s\",\"level\":\"%s\",\"event\":\"%.100s\",\"text\":\"no-memory\"}",
                     say_when(when), level_names[level], event);
    state.sink(state.arg, level, line, (size_t)n);
}

static void close_line(struct buf *b, enum log_level level, const char *event)
{
    buf_putc(b, '}');
    if (b->failed)
        say_least(level, event);
    else
        state.sink(state.arg, level, b->data, b->len);
    buf_free(b);
}

void log_event(enum log_level level, const char *event, const char *fmt, ...)
{
    if (!wanted(level))
        return;
    char text[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    struct buf b = {0};
    open_line(&b, level, event);
    buf_puts(&b, ",\"text\":");
    put_json_string(&b, text);
    close_line(&b, level, event);
}

void log_fields(enum log_level level, const char *event, const struct log_field *fields, size_t n)
{
    if (!wanted(level))
        return;
    struct buf b = {0};
    open_line(&b, level, event);
    for (size_t i = 0; i < n; i++) {
        buf_printf(&b, ",\"%s\":", fields[i].name);
        if (fields[i].text != NULL)
            put_json_string(&b, fields[i].text);
        else if (isfinite(fields[i].number))
            buf_printf(&b, "%.15g", fields[i].number);
        else
            buf_puts(&b, "null");
    }
    close_line(&b, level, event);
}
