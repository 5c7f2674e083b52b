#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int http;
    int exit;
} table[ERR_COUNT] = {
    [ERR_OK] = {"ok", 200, 0},
    [ERR_INVALID] = {"invalid", 400, 65},
    [ERR_NOT_FOUND] = {"not-found", 404, 66},
    [ERR_CONFLICT] = {"conflict", 409, 65},
    [ERR_DENIED] = {"denied", 403, 77},
    [ERR_BANNED] = {"banned", 403, 77},
    [ERR_UNPROVEN] = {"unproven", 403, 77},
    [ERR_LIMITED] = {"limited", 429, 75},
    [ERR_TOO_LARGE] = {"too-large", 413, 65},
    [ERR_BUSY] = {"busy", 503, 75},
    [ERR_UNAVAILABLE] = {"unavailable", 503, 69},
    [ERR_PEER_GONE] = {"peer-gone", 499, 74},
    [ERR_IO] = {"io", 500, 74},
    [ERR_CORRUPT] = {"corrupt", 500, 65},
    [ERR_DIVERGED] = {"diverged", 500, 65},
    [ERR_STOPPED] = {"stopped", 503, 130},
    [ERR_NOMEM] = {"no-memory", 500, 71},
    [ERR_FAULT] = {"fault", 500, 70},
};

/* A sentence cut in the middle of a UTF-8 sequence would make the JSON that carries it invalid. */
static void trim_utf8(char *s)
{
    size_t n = strlen(s);
    size_t back = 0;
    while (back < 4 && back < n && ((unsigned char)s[n - 1 - back] & 0xc0) == 0x80)
        back++;
    if (back >= n)
        return;
    unsigned char lead = (unsigned char)s[n - 1 - back];
    size_t want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    if (want != back + 1)
        s[n - 1 - back] = '\0';
}

static void fill(struct fail *why, const char *fmt, va_list ap)
{
    int n = vsnprintf(why->text, sizeof why->text, fmt, ap);
    if (n >= (int)sizeof why->text)
        trim_utf8(why->text);
}

enum err fail_set(struct fail *why, enum err code, const char *fmt, ...)
{
    if (why == NULL)
        return code;
    va_list ap;
    va_start(ap, fmt);
    fill(why, fmt, ap);
    va_end(ap);
    return code;
}

enum err fail_limited(struct fail *why, int64_t wait, const char *fmt, ...)
{
    if (why == NULL)
        return ERR_LIMITED;
    va_list ap;
    va_start(ap, fmt);
    fill(why, fmt, ap);
    va_end(ap);
    why->wait = wait < 1 ? 1 : wait > INT32_MAX ? INT32_MAX : (int)wait;
    return ERR_LIMITED;
}

enum err fail_errno(struct fail *why, enum err code, const char *fmt, ...)
{
    int saved = errno;
    if (why == NULL)
        return code;
    va_list ap;
    va_start(ap, fmt);
    fill(why, fmt, ap);
    va_end(ap);
    size_t n = strlen(why->text);
    snprintf(why->text + n, sizeof why->text - n, ": %s", strerror(saved));
    return code;
}

const char *err_name(enum err code)
{
    return (unsigned)code < ERR_COUNT ? table[code].name : "unknown";
}

int err_http_status(enum err code)
{
    return (unsigned)code < ERR_COUNT ? table[code].http : 500;
}

int err_exit_status(enum err code)
{
    return (unsigned)code < ERR_COUNT ? table[code].exit : 70;
}
