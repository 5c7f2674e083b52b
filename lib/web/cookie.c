#include "web/cookie.h"

#include <string.h>

/* A browser takes a name with __Host- only with Secure, Path=/ and no Domain (RFC 6265bis, section 4.1.3.2), so no other host of the domain can
 * plant one. Plain http, on loopback, cannot have it. */
const char *cookie_session_name(bool secure)
{
    return secure ? "__Host-mvti" : "mvti";
}

/* One "name=value" of the header, blanks around it dropped. */
static bool pair_is(const char *pair, size_t n, const char *name, size_t name_n)
{
    return n > name_n && pair[name_n] == '=' && memcmp(pair, name, name_n) == 0;
}

bool cookie_get(const char *header, const char *name, char *out, size_t size)
{
    size_t name_n = strlen(name);
    bool found = false;
    for (const char *p = header; *p != '\0';) {
        p += strspn(p, "; \t");
        size_t n = strcspn(p, ";");
        size_t trimmed = n;
        while (trimmed > 0 && (p[trimmed - 1] == ' ' || p[trimmed - 1] == '\t'))
            trimmed--;
        if (pair_is(p, trimmed, name, name_n)) {
            size_t value_n = trimmed - name_n - 1;
            if (found || value_n >= size) /* two of one name: somebody planted one, trust neither */
                return false;
            memcpy(out, p + name_n + 1, value_n);
            out[value_n] = '\0';
            found = true;
        }
        p += n;
    }
    return found;
}

/* Lax, not Strict: the way back from a login provider is a navigation from another site, and must bring the cookie of who left for it. */
void cookie_put(struct buf *out, const char *name, const char *value, long max_age_s, bool secure)
{
    buf_printf(out, "%s=%s; Max-Age=%ld; Path=/; HttpOnly; SameSite=Lax%s", name, value, max_age_s,
               secure ? "; Secure" : "");
}
