#include "base/unicode.h"

#include <stdint.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "base/utf8.h"

static enum err put_mapped(struct buf *out, const char *s, size_t n, int options)
{
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t len = utf8proc_map((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)n, &mapped,
                                        (utf8proc_option_t)(options | UTF8PROC_STABLE));
    if (len == UTF8PROC_ERROR_NOMEM)
        out->failed = true;
    else if (len >= 0)
        buf_put(out, mapped, (size_t)len);
    free(mapped);
    return out->failed ? ERR_NOMEM : len < 0 ? ERR_INVALID : ERR_OK;
}

enum err unicode_nfc(struct buf *out, const char *s, size_t n)
{
    if (!utf8_is_ascii(s, n))
        return put_mapped(out, s, n, UTF8PROC_COMPOSE);
    buf_put(out, s, n);
    return out->failed ? ERR_NOMEM : ERR_OK;
}

enum err unicode_bare(struct buf *out, const char *s, size_t n)
{
    return put_mapped(out, s, n,
                      UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK |
                          UTF8PROC_IGNORE);
}

bool unicode_is_word(uint32_t code)
{
    utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)code);
    return (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO) ||
           (c >= UTF8PROC_CATEGORY_ND && c <= UTF8PROC_CATEGORY_NO);
}

/* Format characters that are drawn: signs around Arabic, Syriac and Kaithi numbers. */
static bool is_drawn_format(uint32_t c)
{
    return (c >= 0x600 && c <= 0x605) || c == 0x6dd || c == 0x70f || c == 0x890 || c == 0x891 || c == 0x8e2 ||
           c == 0x110bd || c == 0x110cd;
}

bool unicode_is_unseen(uint32_t code)
{
    utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)code);
    if (c == UTF8PROC_CATEGORY_CF)
        return !is_drawn_format(code);
    return c == UTF8PROC_CATEGORY_CC || c == UTF8PROC_CATEGORY_ZL || c == UTF8PROC_CATEGORY_ZP ||
           c == UTF8PROC_CATEGORY_CS || (code & 0xfffe) == 0xfffe || (code >= 0xfdd0 && code <= 0xfdef) ||
           code == 0xfffc;
}

bool unicode_is_blank(uint32_t code)
{
    return utf8proc_category((utf8proc_int32_t)code) == UTF8PROC_CATEGORY_ZS || code == 0x34f ||
           code == 0x115f || code == 0x1160 || code == 0x17b4 || code == 0x17b5 ||
           (code >= 0x180b && code <= 0x180f) || code == 0x2800 || code == 0x3164 ||
           (code >= 0xfe00 && code <= 0xfe0f) || code == 0xffa0 || code == 0x1d159 ||
           (code >= 0xe0100 && code <= 0xe01ef);
}

size_t unicode_cluster(const char *s, size_t n)
{
    utf8proc_int32_t state = 0;
    uint32_t code = 0, next = 0;
    size_t at = utf8_decode(s, n, &code);
    if (at == 0)
        return 1;
    while (at < n) {
        size_t len = utf8_decode(s + at, n - at, &next);
        if (len == 0 ||
            utf8proc_grapheme_break_stateful((utf8proc_int32_t)code, (utf8proc_int32_t)next, &state))
            break;
        code = next;
        at += len;
    }
    return at;
}

size_t unicode_clusters(const char *s, size_t n)
{
    size_t count = 0;
    for (size_t at = 0; at < n; count++)
        at += unicode_cluster(s + at, n - at);
    return count;
}

size_t unicode_cut(const char *s, size_t n, size_t clusters, size_t bytes)
{
    size_t at = 0;
    while (at < n && clusters > 0) {
        size_t len = unicode_cluster(s + at, n - at);
        if (at + len > bytes)
            break;
        at += len;
        clusters--;
    }
    return at;
}
