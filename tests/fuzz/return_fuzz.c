/* Property: an address to come back to that is accepted stays on this site and on a page, however a browser
 * or a proxy reads it: as it stands, unescaped once, unescaped twice; with backslashes taken for slashes and
 * with tabs and line ends left out (URL Standard, section 4.4). */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "app/login.h"
#include "tests/fuzz/property.h"

static void unescape(char *s)
{
    char *to = s;
    for (; *s != '\0'; s++) {
        bool escape = s[0] == '%' && isxdigit((unsigned char)s[1]) && isxdigit((unsigned char)s[2]);
        *to++ = escape ? (char)strtol((char[]){s[1], s[2], '\0'}, NULL, 16) : *s;
        s += escape ? 2 : 0;
    }
    *to = '\0';
}

static void check_as_browser(const char *path)
{
    char seen[LOGIN_RETURN_MAX];
    size_t n = 0;
    must(path[0] == '/');
    for (; *path != '\0'; path++) {
        must((unsigned char)*path >= ' ' && *path != 0x7f);
        seen[n++] = *path == '\\' ? '/' : *path;
    }
    seen[n] = '\0';
    must(strstr(seen, "//") == NULL && seen[1] != '/');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *)data, size);
    must(text != NULL);
    if (login_return_valid(text)) {
        must(strlen(text) < LOGIN_RETURN_MAX && strncmp(text, "/api/", 5) != 0 &&
             strncmp(text, "/auth/", 6) != 0);
        for (int times = 0; times < 3; times++) {
            check_as_browser(text);
            unescape(text);
        }
    }
    free(text);
    return 0;
}
