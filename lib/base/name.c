#include "base/name.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/unicode.h"
#include "base/utf8.h"

enum { NON_JOINER = 0x200c, JOINER = 0x200d, BLACK_FLAG = 0x1f3f4, FIRST_TAG = 0xe0020, LAST_TAG = 0xe007f };
enum { FIRST_JOINING = 0x590 }; /* Latin, Greek and Cyrillic stand below: there a joiner only hides */

static bool is_joiner(uint32_t c)
{
    return c == NON_JOINER || c == JOINER;
}

static bool is_tag(uint32_t c)
{
    return c >= FIRST_TAG && c <= LAST_TAG;
}

static uint32_t code_at(const char *s, size_t n)
{
    uint32_t c = 0;
    return n == 0 || utf8_decode(s, n, &c) == 0 ? 0 : c;
}

/* Without what is unseen, but for joiners and tags with what they need before and behind. */
static bool keeps(uint32_t before, uint32_t c, uint32_t next)
{
    if (is_joiner(c))
        return before >= FIRST_JOINING && next >= FIRST_JOINING && !is_joiner(before) &&
               !unicode_is_unseen(next);
    if (is_tag(c))
        return before == BLACK_FLAG || is_tag(before);
    return !unicode_is_unseen(c);
}

static void put_seen(struct buf *out, const char *s, size_t n)
{
    uint32_t before = 0;
    for (size_t i = 0; i < n;) {
        uint32_t c = 0;
        size_t len = utf8_decode(s + i, n - i, &c);
        if (len > 0 && keeps(before, c, code_at(s + i + len, n - i - len))) {
            buf_put(out, s + i, len);
            before = c;
        }
        i += len > 0 ? len : 1;
    }
}

/* Bytes of the blanks at the beginning; all of them if there is nothing else. */
static size_t blanks(const char *s, size_t n)
{
    size_t at = 0;
    for (uint32_t c; at < n && (c = code_at(s + at, n - at), unicode_is_blank(c) || is_joiner(c));)
        at += utf8_decode(s + at, n - at, &c);
    return at;
}

/* Bytes up to the last that shows something. */
static size_t seen_end(const char *s, size_t n)
{
    size_t end = 0;
    for (size_t at = 0; at < n;) {
        size_t len = unicode_cluster(s + at, n - at);
        bool seen = blanks(s + at, len) < len;
        at += len;
        end = seen ? at : end;
    }
    return end;
}

static size_t code_points_cut(const char *s, size_t n, size_t most)
{
    size_t at = 0;
    for (uint32_t c; at < n && most > 0; most--)
        at += utf8_decode(s + at, n - at, &c);
    return at;
}

/* Bytes of the clusters that fit. */
static size_t cut(const char *s, size_t n, size_t most)
{
    size_t at = 0;
    while (at < n) {
        size_t len = unicode_cluster(s + at, n - at), points = utf8_length(s + at, len);
        if (points > most)
            return at > 0 ? at : code_points_cut(s, n, most);
        most -= points;
        at += len;
    }
    return at;
}

enum err name_clean(struct buf *out, const char *name, size_t n, size_t most)
{
    struct buf seen = {0}, whole = {0};
    enum err rc = utf8_valid(name, n) ? ERR_OK : ERR_INVALID;
    if (rc == ERR_OK) {
        put_seen(&seen, name, n);
        rc = seen.failed ? ERR_NOMEM : unicode_nfc(&whole, buf_str(&seen), seen.len);
    }
    if (rc == ERR_OK) {
        const char *text = buf_str(&whole);
        size_t first = blanks(text, whole.len);
        size_t len = seen_end(text + first, cut(text + first, whole.len - first, most));
        buf_put(out, text + first, len);
        rc = out->failed ? ERR_NOMEM : ERR_OK;
    }
    buf_free(&seen);
    buf_free(&whole);
    return rc;
}
