#include "base/utf8.h"

#include <string.h>

/* Least code point that needs 1, 2, 3, 4 bytes: anything smaller in that length is overlong. */
static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

static size_t sequence_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead < 0xc2 || lead > 0xf4)
        return 0;
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

size_t utf8_decode(const char *s, size_t n, uint32_t *code)
{
    unsigned char lead = (unsigned char)s[0];
    size_t len = sequence_length(lead);
    if (len == 0 || len > n)
        return 0;
    uint32_t c = len == 1 ? lead : lead & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        unsigned char next = (unsigned char)s[i];
        if ((next & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (next & 0x3f);
    }
    if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 0;
    *code = c;
    return len;
}

bool utf8_valid(const char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        uint32_t code;
        size_t len = utf8_decode(s + i, n - i, &code);
        if (len == 0 || code == 0)
            return false;
        i += len;
    }
    return true;
}

/* Eight bytes at a time, as nearly all files are ASCII. */
bool utf8_is_ascii(const char *s, size_t n)
{
    uint64_t word, high = 0;
    for (; n >= sizeof word; s += sizeof word, n -= sizeof word) {
        memcpy(&word, s, sizeof word);
        high |= word;
    }
    for (; n > 0; n--)
        high |= (unsigned char)*s++;
    return (high & 0x8080808080808080u) == 0;
}

size_t utf8_length(const char *s, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += ((unsigned char)s[i] & 0xc0) != 0x80;
    return count;
}

void utf8_put(struct buf *out, uint32_t code)
{
    if (code < 0x80) {
        buf_putc(out, (char)code);
        return;
    }
    char bytes[4];
    size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--, code >>= 6)
        bytes[i] = (char)(0x80 | (code & 0x3f));
    bytes[0] = (char)((0xf00u >> len & 0xff) | code);
    buf_put(out, bytes, len);
}

size_t utf8_cut(const char *s, size_t n, size_t most)
{
    if (n <= most)
        return n;
    while (most > 0 && ((unsigned char)s[most] & 0xc0) == 0x80)
        most--;
    return most;
}
