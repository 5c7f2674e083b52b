/* Properties: a key is valid UTF-8, changes nothing the second time, and finds the title it is of, as the
 * whole and with its mask; and of a title typed on a Korean keyboard, every text that is seen on the way
 * finds what the whole finds. */
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "tests/fixture/ime.h"
#include "tests/fuzz/property.h"
#include "text/search_key.h"
#include "text/search_match.h"

enum { TITLE_BYTES = 300 };

static void squeeze(struct buf *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->len; i++)
        if (b->data[i] != ' ')
            b->data[n++] = b->data[i];
    b->len = n;
}

static bool finds(const char *key, const char *query)
{
    struct buf q = {0};
    must(search_key_query(&q, query) == ERR_OK);
    squeeze(&q);
    struct search_mask t = search_mask_key(key), m = search_mask_query(buf_str(&q), q.len);
    bool fits = (m.letters & ~t.letters) == 0 && (m.pairs & ~t.pairs) == 0, heads = (m.heads & ~t.heads) == 0;
    bool found = q.len == 0 || (fits && search_match(key, q.data, q.len, heads) <= SEARCH_BEGINNING);
    buf_free(&q);
    return found;
}

static void check_keys(const char *title)
{
    struct buf once = {0}, other = {0}, key = {0};
    must(search_key_query(&once, title) == ERR_OK && search_key_other_keyboard(&other, title) == ERR_OK);
    must(utf8_valid(buf_str(&once), once.len) && utf8_valid(buf_str(&other), other.len));
    must(search_key_title(&key, title) == ERR_OK && utf8_valid(buf_str(&key), key.len));
    must(once.len == 0 || finds(buf_str(&key), title));
    must(key.len == 0 || key.data[key.len - 1] == '\n');
    buf_free(&once);
    buf_free(&other);
    buf_free(&key);
}

/* Bytes below 33 are keys of the keyboard, the others some other letters. */
static void type_title(const uint8_t *data, size_t size)
{
    static const char *const letters[] = {"ㄱ", "ㄲ", "ㄴ", "ㄷ", "ㄸ", "ㄹ", "ㅁ", "ㅂ", "ㅃ", "ㅅ",
                                          "ㅆ", "ㅇ", "ㅈ", "ㅉ", "ㅊ", "ㅋ", "ㅌ", "ㅍ", "ㅎ", "ㅏ",
                                          "ㅐ", "ㅑ", "ㅒ", "ㅓ", "ㅔ", "ㅕ", "ㅖ", "ㅗ", "ㅛ", "ㅜ",
                                          "ㅠ", "ㅡ", "ㅣ", "a",  "2",  " ",  "-",  "Ⅱ",  "ø",  "б"};
    uint32_t keys[64] = {0};
    size_t n = 0;
    struct buf title = {0}, key = {0}, seen = {0};
    for (size_t i = 0; i < size && n < 60; i++)
        n += ime_keys(letters[data[i] % 40], keys + n);
    ime_show(&title, keys, n);
    must(search_key_title(&key, buf_str(&title)) == ERR_OK);
    for (size_t i = 1; i <= n; i++) {
        buf_reset(&seen);
        ime_show(&seen, keys, i);
        uint32_t first = 0;
        struct buf q = {0};
        must(search_key_query(&q, buf_str(&seen)) == ERR_OK);
        bool symbols =
            q.len > 0 && utf8_decode(q.data, q.len, &first) > 0 && first == 0xff0d; /* "-" so far */
        must(symbols || finds(buf_str(&key), buf_str(&seen)));
        buf_free(&q);
    }
    buf_free(&title);
    buf_free(&key);
    buf_free(&seen);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf text = {0};
    buf_put(&text, data, size < TITLE_BYTES ? size : TITLE_BYTES);
    check_keys(buf_str(&text));
    type_title(data, size);
    buf_free(&text);
    return 0;
}
