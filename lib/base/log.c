#include "base/log.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/buf.h"

static struct {
    log_sink_fn *sink;
    void *arg;
    enum log_level least;
    char request[64], client[40], trace[40];
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

const char *log_request(void)
{
    return state.request;
}

void log_set_client(const char *mark)
{
    snprintf(state.client, sizeof state.client, "%s", mark);
}

void log_set_trace(const char *id)
{
    snprintf(state.trace, sizeof state.trace, "%s", id != NULL ? id : "");
}

bool log_is_journal(const char *stream, int fd)
{
    unsigned long long device, inode;
    struct stat st;
    return stream != NULL && sscanf(stream, "%llu:%llu", &device, &inode) == 2 && fstat(fd, &st) == 0 &&
           st.st_dev == (dev_t)device && st.st_ino == (ino_t)inode;
}

const char *log_priority(enum log_level level)
{
    static const char *const priorities[] = {
        [LOG_DEBUG] = "<7>", [LOG_INFO] = "<6>", [LOG_WARNING] = "<4>", [LOG_ERROR] = "<3>"};
    return priorities[level];
}

/* FNV-1a of 64 bits, and the first step of MurmurHash3's end (fmix64), without which ids that differ in their last letters alone fall together. */
bool log_sampled(const char *id, long of)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (; *id != '\0'; id++)
        h = (h ^ (unsigned char)*id) * 0x100000001b3u;
    h = (h ^ h >> 33) * 0xff51afd7ed558ccdu;
    return (h ^ h >> 33) % (uint64_t)of == 0;
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
    if (state.client[0] != '\0') {
        buf_puts(b, ",\"client\":");
        put_json_string(b, state.client);
    }
    if (state.trace[0] != '\0') {
        buf_puts(b, ",\"trace_id\":");
        put_json_string(b, state.trace);
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
