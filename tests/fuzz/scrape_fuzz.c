/* Property: whatever the head of a request, only a line "GET /metrics… HTTP/1.x" or "HEAD /metrics… HTTP/1.x" is answered with what was counted. */
#include <string.h>

#include "metrics/scrape.h"
#include "tests/fuzz/property.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    bool head;
    int status = scrape_parse(text, size, &head);
    must(status == 200 || status == 400 || status == 404 || status == 405);
    if (status != 200)
        return 0;
    const char *word = head ? "HEAD /metrics" : "GET /metrics";
    size_t n = strlen(word);
    must(size >= n + 10 && memcmp(text, word, n) == 0 && (text[n] == ' ' || text[n] == '?'));
    const char *end = memchr(text, '\r', size);
    must(end != NULL && memcmp(end - 9, " HTTP/1.", 8) == 0);
    return 0;
}
