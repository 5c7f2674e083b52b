/* Cookies (RFC 6265): reading the Cookie header and writing Set-Cookie. */
#ifndef MVTI_WEB_COOKIE_H
#define MVTI_WEB_COOKIE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Name of the session cookie: __Host- (browser-enforced Secure, Path=/, no Domain) unless on plain HTTP. */
const char *cookie_session_name(bool secure);
/* Value of a cookie in a Cookie header. False if it is absent, present twice, or does not fit in size bytes.
 */
bool cookie_get(const char *header, const char *name, char *out, size_t size);
/* Appends a Set-Cookie value: HttpOnly, SameSite=Lax, Path=/. value must consist of token characters. */
void cookie_put(struct buf *out, const char *name, const char *value, long max_age_s, bool secure);

#endif
