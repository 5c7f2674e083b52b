#include "http/http_download.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

enum { CONNECT_SECONDS = 10 };

struct saving {
    int fd;
    uint64_t most, got;
    bool too_large, unwritten;
};

static size_t on_bytes(char *bytes, size_t size, size_t n, void *arg)
{
    struct saving *s = arg;
    size_t len = size * n; /* size is always 1 */
    s->too_large = len > s->most - s->got;
    for (size_t at = 0; !s->too_large && at < len;) {
        ssize_t wrote = write(s->fd, bytes + at, len - at);
        s->unwritten = wrote <= 0;
        if (s->unwritten)
            return 0;
        at += (size_t)wrote;
    }
    s->got += s->too_large ? 0 : len;
    return s->too_large ? 0 : len;
}

static bool set_options(CURL *curl, const struct http_download *d, const char *url, struct saving *s)
{
    const struct {
        CURLoption option;
        long value;
    } numbers[] = {{CURLOPT_FOLLOWLOCATION, 0},
                   {CURLOPT_FAILONERROR, 1},
                   {CURLOPT_SSL_VERIFYPEER, 1},
                   {CURLOPT_SSL_VERIFYHOST, 2},
                   {CURLOPT_NETRC, CURL_NETRC_IGNORED},
                   {CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS},
                   {CURLOPT_LOW_SPEED_LIMIT, HTTP_DOWNLOAD_BYTES_A_SECOND},
                   {CURLOPT_LOW_SPEED_TIME, d->patience}};
    const struct {
        CURLoption option;
        const char *value;
    } texts[] = {{CURLOPT_URL, url},
                 {CURLOPT_PROTOCOLS_STR, "http,https"},
                 {CURLOPT_PROXY, ""},
                 {CURLOPT_USERAGENT, "mvti"}};
    unsigned refused = 0;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        refused |= (unsigned)curl_easy_setopt(curl, numbers[i].option, numbers[i].value);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        refused |= (unsigned)curl_easy_setopt(curl, texts[i].option, texts[i].value);
    if (d->ca_file[0] != '\0')
        refused |= (unsigned)curl_easy_setopt(curl, CURLOPT_CAINFO, d->ca_file);
    refused |= (unsigned)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
    refused |= (unsigned)curl_easy_setopt(curl, CURLOPT_WRITEDATA, s);
    return refused == CURLE_OK;
}

static enum err meaning(const struct http_download *d, CURLcode code, const struct saving *s,
                        struct fail *why)
{
    long status = 0;
    curl_easy_getinfo(d->connection, CURLINFO_RESPONSE_CODE, &status);
    switch (code) {
    case CURLE_OK:
        /* A redirect is no file. */
        return status < 300 ? ERR_OK : fail_set(why, ERR_NOT_FOUND, "answered with status %ld", status);
    case CURLE_HTTP_RETURNED_ERROR:
        return fail_set(why, ERR_NOT_FOUND, "answered with status %ld", status);
    case CURLE_WRITE_ERROR:
        return s->too_large
                   ? fail_set(why, ERR_TOO_LARGE, "sent more than %llu bytes", (unsigned long long)s->most)
                   : fail_errno(why, ERR_IO, "could not be written");
    case CURLE_OUT_OF_MEMORY:
        return fail_set(why, ERR_NOMEM, "out of memory");
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return fail_set(why, ERR_INVALID, "not an http:// or https:// address");
    case CURLE_OPERATION_TIMEDOUT:
        if (status != 0) /* it had begun to answer */
            return fail_set(
                why, ERR_UNAVAILABLE,
                "sent less than %d bytes a second for %ld seconds; it was given up after %llu bytes",
                HTTP_DOWNLOAD_BYTES_A_SECOND, d->patience, (unsigned long long)s->got);
        /* fall through */
    default:
        return fail_set(why, ERR_UNAVAILABLE, "%s", curl_easy_strerror(code));
    }
}

enum err http_download(struct http_download *d, const char *url, int fd, uint64_t most, struct fail *why)
{
    struct saving s = {.fd = fd, .most = most};
    if (d->connection == NULL) {
        curl_global_init(CURL_GLOBAL_DEFAULT); /* counts its calls */
        d->connection = curl_easy_init();
    }
    CURL *curl = d->connection;
    if (curl == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    return set_options(curl, d, url, &s)
               ? meaning(d, curl_easy_perform(curl), &s, why)
               : fail_set(why, ERR_FAULT, "this libcurl refuses an option; version 7.85 or later is needed");
}

void http_download_close(struct http_download *d)
{
    if (d->connection != NULL)
        curl_easy_cleanup(d->connection);
    d->connection = NULL;
}
