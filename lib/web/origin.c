#include "web/origin.h"

#include <string.h>
#include <strings.h>

static const char *const loopback[] = {"localhost", "127.0.0.1", "[::1]"};

/* Length of the name in "name:port" or "[v6]:port". */
static size_t name_length(const char *host)
{
    size_t n = host[0] == '[' ? strcspn(host, "]") : strcspn(host, ":");
    return host[0] == '[' && host[n] == ']' ? n + 1 : n;
}

/* The same without the dot of the root, with which a name is written out in full (RFC 1034, 3.1). */
static size_t bare_length(const char *host)
{
    size_t n = name_length(host);
    return n > 1 && host[n - 1] == '.' ? n - 1 : n;
}

/* What follows the name is nothing or a port of digits. */
static bool port_is_fine(const char *rest)
{
    return *rest == '\0' ||
           (*rest == ':' && rest[1 + strspn(rest + 1, "0123456789")] == '\0' && strlen(rest) <= 6);
}

static bool is_loopback(const char *host)
{
    size_t n = bare_length(host);
    for (size_t i = 0; i < sizeof loopback / sizeof *loopback; i++)
        if (strlen(loopback[i]) == n && strncasecmp(host, loopback[i], n) == 0)
            return port_is_fine(host + name_length(host));
    return false;
}

static const char *host_of_url(const char *url)
{
    const char *p = strstr(url, "://");
    return p != NULL ? p + 3 : url;
}

bool origin_host_allowed(const char *host, const char *public_url)
{
    const char *own = host_of_url(public_url);
    size_t own_n = name_length(own);
    size_t n = bare_length(host);
    if (n > 0 && n == own_n && strncasecmp(host, own, n) == 0)
        return port_is_fine(host + name_length(host));
    return is_loopback(host);
}

bool origin_host_alias(const char *host, const char *public_url)
{
    const char *own = host_of_url(public_url);
    size_t own_n = name_length(own), n = name_length(host);
    if (n == own_n && strncasecmp(host, own, n) == 0)
        return false;
    bool dotted = bare_length(host) == own_n && strncasecmp(host, own, own_n) == 0;
    return dotted || (is_loopback(host) && is_loopback(own));
}

/* Sec-Fetch-Site is the browser's own word, which no script can set (W3C Fetch Metadata); "none" is an address
 * that was typed. Only a browser without it is judged by Origin, and one that sends neither is refused. */
bool origin_allowed(const struct request *r, const char *public_url)
{
    if (r->fetch_site[0] != '\0')
        return strcmp(r->fetch_site, "same-origin") == 0 || strcmp(r->fetch_site, "none") == 0;
    if (r->origin[0] == '\0')
        return false;
    if (strcasecmp(r->origin, public_url) == 0)
        return true;
    return is_loopback(r->host) && strncmp(r->origin, "http://", 7) == 0 &&
           strcasecmp(r->origin + 7, r->host) == 0;
}
