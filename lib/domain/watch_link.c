#include "domain/watch_link.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

static const char digits[] = "0123456789";
static const char host_letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";

enum { HOST_MAX = 253, LABEL_MAX = 63 };

/* Platform as catalogs name it (words of one platform joined by '|', without regard to case), its domains. */
static const struct {
    const char *names, *domains;
} platforms[] = {
    {"netflix|넷플릭스", "netflix.com"},
    {"disney+|disney plus|disneyplus|디즈니+|디즈니플러스|디즈니 플러스", "disneyplus.com"},
    {"watcha|왓챠|왓챠플레이", "watcha.com"},
    {"tving|티빙", "tving.com"},
    {"wavve|웨이브", "wavve.com"},
    {"coupang play|coupangplay|쿠팡플레이|쿠팡 플레이", "coupangplay.com"},
    {"apple tv+|apple tv|애플 tv+|애플tv+|애플 tv", "apple.com"},
    {"amazon prime video|prime video|프라임 비디오|아마존 프라임 비디오", "primevideo.com|amazon.com"},
    {"youtube|유튜브", "youtube.com|youtu.be"},
    {"google play|google play movies|구글 플레이", "google.com"},
    {"naver|naver series on|네이버|네이버 시리즈온|시리즈온", "naver.com"},
    {"laftel|라프텔", "laftel.net"},
};

/* Services that send on to a platform: of lists of films, and of the platforms' own partner programmes. */
static const char redirectors[] =
    "redirect.watcha.com|pedia.watcha.com|justwatch.com|kinolights.com|bn5x.net";

/* Is `word` [n] one of the words joined by '|'? */
static bool listed(const char *list, const char *word, size_t n)
{
    for (const char *at = list;; at++) {
        size_t m = strcspn(at, "|");
        if (m == n && strncasecmp(at, word, n) == 0)
            return true;
        at += m;
        if (*at == '\0')
            return false;
    }
}

/* Is the host one of the domains joined by '|', or below one? */
static bool within(const char *domains, const char *host, size_t n)
{
    for (const char *at = domains;; at++) {
        size_t m = strcspn(at, "|");
        if (n >= m && strncasecmp(host + n - m, at, m) == 0 && (n == m || host[n - m - 1] == '.'))
            return true;
        at += m;
        if (*at == '\0')
            return false;
    }
}

/* Domains of a known platform, NULL for another. */
static const char *domains_of(const char *platform)
{
    for (size_t i = 0; i < sizeof platforms / sizeof *platforms; i++)
        if (listed(platforms[i].names, platform, strlen(platform)))
            return platforms[i].domains;
    return NULL;
}

/* C0 and C1 controls, blanks of all widths, marks without width and marks of direction. */
static bool is_hidden(uint32_t c)
{
    return c <= ' ' || (c >= 0x7f && c <= 0xa0) || c == 0xad || c == 0x1680 || (c >= 0x2000 && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202f) || (c >= 0x205f && c <= 0x206f) || c == 0x3000 || c == 0xfeff;
}

static bool has_hidden(const char *url)
{
    size_t n = strlen(url), len;
    for (size_t i = 0; i < n; i += len) {
        uint32_t code;
        len = utf8_decode(url + i, n - i, &code);
        if (len == 0 || is_hidden(code))
            return true;
    }
    return false;
}

static bool is_label(const char *s, size_t n)
{
    return n > 0 && n <= LABEL_MAX && s[0] != '-' && s[n - 1] != '-';
}

/* Labels with something in them, a dot between, and a last one that begins with a letter: no 127.0.0.1, no
 * 0x7f000001, no name of a network's own. */
static bool is_host(const char *host, size_t n)
{
    size_t start = 0, dots = 0;
    if (n == 0 || n > HOST_MAX || strspn(host, host_letters) < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (host[i] != '.')
            continue;
        if (!is_label(host + start, i - start))
            return false;
        start = i + 1;
        dots++;
    }
    return dots > 0 && is_label(host + start, n - start) && strchr(digits, host[start]) == NULL;
}

static bool is_port(const char *text, size_t n)
{
    return n >= 1 && n <= 5 && strspn(text, digits) >= n && strtol(text, NULL, 10) >= 1 &&
           strtol(text, NULL, 10) <= UINT16_MAX;
}

const char *watch_link_wrong(const char *platform, const char *url)
{
    size_t scheme = strncasecmp(url, "https://", 8) == 0 ? 8 : strncasecmp(url, "http://", 7) == 0 ? 7 : 0;
    if (scheme == 0)
        return "not an http or https address";
    if (has_hidden(url) || strchr(url, '\\') != NULL)
        return "an address with blanks, backslashes or invisible characters";
    const char *authority = url + scheme;
    size_t n = strcspn(authority, "/?#");
    if (memchr(authority, '@', n) != NULL)
        return "an address with a user name";
    const char *colon = memchr(authority, ':', n);
    size_t host = colon != NULL ? (size_t)(colon - authority) : n;
    if (!is_host(authority, host) || (colon != NULL && !is_port(colon + 1, n - host - 1)))
        return "an address without a host that everyone can reach";
    const char *domains = domains_of(platform);
    if (domains != NULL && !within(domains, authority, host) && !within(redirectors, authority, host))
        return "an address that is not the platform's";
    return NULL;
}
