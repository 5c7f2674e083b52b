#include "json/json_out.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What stands behind the backslash; 'u' = \u00XX; 0 = goes as it is. */
static const char escapes[256] = {
    ['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't',
    [0x00] = 'u', [0x01] = 'u',  [0x02] = 'u', [0x03] = 'u', [0x04] = 'u', [0x05] = 'u', [0x06] = 'u',
    [0x07] = 'u', [0x0b] = 'u',  [0x0e] = 'u', [0x0f] = 'u', [0x10] = 'u', [0x11] = 'u', [0x12] = 'u',
    [0x13] = 'u', [0x14] = 'u',  [0x15] = 'u', [0x16] = 'u', [0x17] = 'u', [0x18] = 'u', [0x19] = 'u',
    [0x1a] = 'u', [0x1b] = 'u',  [0x1c] = 'u', [0x1d] = 'u', [0x1e] = 'u', [0x1f] = 'u', [0x7f] = 'u'};

void json_out_start(struct json_out *w, struct buf *out)
{
    *w = (struct json_out){.out = out};
}

/* True if a comma must come first. */
static bool needs_comma(struct json_out *w)
{
    uint64_t here = (uint64_t)1 << (w->depth & 63);
    bool comma = !w->after_name && (w->filled & here) != 0;
    w->after_name = false;
    w->filled |= here;
    return comma;
}

/* Room for a comma and n more bytes; where to write, behind the comma if one is needed. NULL when memory is
 * out. */
static char *begin(struct json_out *w, size_t n)
{
    bool comma = needs_comma(w);
    if (!buf_reserve(w->out, n + 1))
        return NULL;
    char *p = w->out->data + w->out->len;
    *p = ',';
    return p + comma;
}

static void finish(struct json_out *w, char *end)
{
    *end = '\0';
    w->out->len = (size_t)(end - w->out->data);
}

static void put_plain(struct json_out *w, const char *bytes, size_t n)
{
    char *p = begin(w, n);
    if (p == NULL)
        return;
    memcpy(p, bytes, n);
    finish(w, p + n);
}

static void open_level(struct json_out *w, char bracket, bool list)
{
    char *p = begin(w, 1);
    if (p != NULL) {
        *p = bracket;
        finish(w, p + 1);
    }
    w->depth++;
    uint64_t here = (uint64_t)1 << (w->depth & 63);
    w->filled &= ~here;
    w->is_list = list ? w->is_list | here : w->is_list & ~here;
}

void json_out_map(struct json_out *w)
{
    open_level(w, '{', false);
}

void json_out_list(struct json_out *w)
{
    open_level(w, '[', true);
}

void json_out_end(struct json_out *w)
{
    uint64_t here = (uint64_t)1 << (w->depth & 63);
    buf_putc(w->out, w->is_list & here ? ']' : '}');
    w->depth--;
}

static char *put_escape(char *p, unsigned char c)
{
    *p++ = '\\';
    *p++ = escapes[c];
    if (escapes[c] == 'u') {
        memcpy(p, "00", 2);
        p[2] = "0123456789abcdef"[c >> 4];
        p[3] = "0123456789abcdef"[c & 15];
        p += 4;
    }
    return p;
}

void json_out_name(struct json_out *w, const char *name)
{
    size_t n = strlen(name);
    char *p = begin(w, n + 3);
    if (p == NULL)
        return;
    *p++ = '"';
    memcpy(p, name, n);
    memcpy(p + n, "\":", 2);
    finish(w, p + n + 2);
    w->after_name = true;
}

void json_out_text_n(struct json_out *w, const char *s, size_t n)
{
    if (n > SIZE_MAX / 8)
        w->out->failed = true;
    char *p = begin(w, 6 * n + 2);
    if (p == NULL)
        return;
    *p++ = '"';
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (escapes[c] == 0)
            *p++ = (char)c;
        else
            p = put_escape(p, c);
    }
    *p++ = '"';
    finish(w, p);
}

void json_out_text(struct json_out *w, const char *s)
{
    json_out_text_n(w, s, strlen(s));
}

/* Decimal digits of n, at least `least` of them, ending before *end. */
static char *digits(char *end, uint64_t n, int least)
{
    for (; n > UINT32_MAX; n /= 10, least--) /* 64-bit division is several times slower than 32-bit */
        *--end = (char)('0' + n % 10);
    uint32_t small = (uint32_t)n;
    do {
        *--end = (char)('0' + small % 10);
        small /= 10;
    } while (--least > 0 || small > 0);
    return end;
}

void json_out_int(struct json_out *w, int64_t n)
{
    char text[24];
    char *end = text + sizeof text;
    char *p = digits(end, n < 0 ? 0 - (uint64_t)n : (uint64_t)n, 1);
    if (n < 0)
        *--p = '-';
    put_plain(w, p, (size_t)(end - p));
}

void json_out_real(struct json_out *w, double x, int decimals)
{
    static const double scales[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    double scaled = x * scales[decimals];
    if (!(fabs(scaled) < 9e18)) {
        json_out_null(w);
        return;
    }
    char text[32];
    char *end = text + sizeof text;
    uint64_t n = (uint64_t)(fabs(scaled) + 0.5);
    bool negative = x < 0 && n > 0;
    while (decimals > 0 && n % 10 == 0) {
        n /= 10;
        decimals--;
    }
    char *p = digits(end, n, decimals + 1);
    if (decimals > 0) { /* room for the point: the whole part moves one to the left */
        size_t whole = (size_t)(end - p) - (size_t)decimals;
        memmove(p - 1, p, whole);
        p--;
        p[whole] = '.';
    }
    if (negative)
        *--p = '-';
    put_plain(w, p, (size_t)(end - p));
}

void json_out_bool(struct json_out *w, bool truth)
{
    put_plain(w, truth ? "true" : "false", truth ? 4 : 5);
}

void json_out_null(struct json_out *w)
{
    put_plain(w, "null", 4);
}

void json_out_raw(struct json_out *w, const char *json, size_t n)
{
    put_plain(w, json, n);
}

void json_out_members(struct json_out *w, const char *json, size_t n)
{
    put_plain(w, json, n);
}

void json_out_text_of(struct json_out *w, const char *name, const char *s)
{
    json_out_name(w, name);
    json_out_text(w, s);
}

void json_out_int_of(struct json_out *w, const char *name, int64_t n)
{
    json_out_name(w, name);
    json_out_int(w, n);
}

void json_out_real_of(struct json_out *w, const char *name, double x, int decimals)
{
    json_out_name(w, name);
    json_out_real(w, x, decimals);
}

void json_out_digits(struct json_out *w, double x, int digits)
{
    char text[40];
    int n = snprintf(text, sizeof text, "%.*g", digits, x);
    if (isfinite(x))
        json_out_raw(w, text, (size_t)n);
    else
        json_out_null(w);
}

void json_out_digits_of(struct json_out *w, const char *name, double x, int digits)
{
    json_out_name(w, name);
    json_out_digits(w, x, digits);
}

void json_out_bool_of(struct json_out *w, const char *name, bool truth)
{
    json_out_name(w, name);
    json_out_bool(w, truth);
}

void json_out_null_of(struct json_out *w, const char *name)
{
    json_out_name(w, name);
    json_out_null(w);
}
