/* Properties: normalising gives valid UTF-8, changes nothing the second time, is found in itself, and its
 * initials find it too; a search key has exactly three lines. */
#include <string.h>

#include "base/utf8.h"
#include "tests/fuzz/property.h"
#include "text/hangul.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf once = {0}, twice = {0}, initials = {0}, key = {0}, text = {0};
    hangul_normalise(&once, (const char *)data, size);
    must(utf8_valid(buf_str(&once), once.len));
    hangul_normalise(&twice, buf_str(&once), once.len);
    must(once.len == twice.len && memcmp(buf_str(&once), buf_str(&twice), once.len) == 0);
    must(hangul_find(buf_str(&once), once.len, buf_str(&once), once.len) == 0);
    hangul_initials(&initials, (const char *)data, size);
    must(utf8_valid(buf_str(&initials), initials.len));
    must(hangul_find(buf_str(&once), once.len, buf_str(&initials), initials.len) == 0);
    buf_put(&text, data, size);
    hangul_search_key(&key, buf_str(&text), buf_str(&text));
    const char *first = strchr(buf_str(&key), '\n');
    must(first != NULL && strchr(first + 1, '\n') != NULL);
    must(strchr(strchr(first + 1, '\n') + 1, '\n') == NULL);
    buf_free(&once);
    buf_free(&twice);
    buf_free(&initials);
    buf_free(&key);
    buf_free(&text);
    return 0;
}
