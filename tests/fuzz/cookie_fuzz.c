/* Property: whatever the Cookie header, a session comes only from exactly one well-formed token, and then the
 * header holds "mvti=" before that token; and no header decides origin or entity tag by reading outside
 * itself. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "auth/session.h"
#include "base/arena.h"
#include "tests/fuzz/property.h"
#include "web/cookie.h"
#include "web/origin.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct session s;
    char value[SECRET_TOKEN_CHARS + 2];
    const char *header = arena_strndup(&a, (const char *)data, size);
    bool found = cookie_get(header, "mvti", value, sizeof value);
    static const struct keyring keys = {.n = 1};
    session_from_token(&s, &keys, found ? value : NULL);
    must(!s.present || found);
    if (s.present) {
        char pair[SECRET_TOKEN_CHARS + 8];
        snprintf(pair, sizeof pair, "mvti=%s", s.token); /* other cookies may hold the same token */
        must(strlen(s.token) == SECRET_TOKEN_CHARS && strstr(header, pair) != NULL);
        must(strcspn(s.token, ";, \t\"") == SECRET_TOKEN_CHARS);
    }
    struct request r = {
        .host = header, .origin = header, .fetch_site = "", .if_none_match = header, .content_type = header};
    if (origin_host_allowed(header, "https://mvti.example"))
        must(strcspn(header, "/@?# \t") == strlen(header));
    if (origin_allowed(&r, "https://mvti.example"))
        must(strcasecmp(header, "https://mvti.example") == 0);
    (void)request_matches_tag(&r, "\"tag\"");
    (void)request_has_type(&r, "application/json");
    arena_free(&a);
    return 0;
}
