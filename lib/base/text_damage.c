#include "base/text_damage.h"

#include <string.h>

#include "base/utf8.h"

/* The characters of Windows-1252's bytes 0x80…0x9f; 0: the byte stands for itself. */
static const uint16_t windows[32] = {0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                     0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
                                     0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                     0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

/* The byte that Windows-1252 (or Latin-1) writes for a character; -1: none. */
static int byte_of(uint32_t code)
{
    if (code < 0x100)
        return (int)code;
    for (int i = 0; i < 32; i++)
        if (windows[i] == code)
            return 0x80 + i;
    return -1;
}

bool text_damage_twice(const char *text, size_t n, struct buf *once)
{
    uint32_t code;
    buf_reset(once);
    for (size_t at = 0, length; at < n; at += length) {
        length = utf8_decode(text + at, n - at, &code);
        int byte = length > 0 ? byte_of(code) : -1;
        if (byte < 0)
            return false;
        buf_putc(once, (char)byte);
    }
    return !once->failed && !utf8_is_ascii(text, n) && utf8_valid(buf_str(once), once->len);
}

static bool only_question_marks(const char *text, size_t n)
{
    size_t marks = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] != '?' && strchr(" :,.-!", text[i]) == NULL)
            return false;
        marks += text[i] == '?';
    }
    return marks > 1;
}

const char *text_damage_lost(const char *text, size_t n)
{
    if (n > 2 && memmem(text, n, "\xef\xbf\xbd", 3) != NULL)
        return "has lost a character (U+FFFD) in an earlier conversion";
    if (only_question_marks(text, n))
        return "is question marks only, which programs write for letters that their character set lacks";
    return NULL;
}
