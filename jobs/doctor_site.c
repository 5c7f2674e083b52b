/* The site as a visitor's browser meets it: nginx, TLS, a worker behind it, and settings that agree with that. */
#include "doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "http/http_client.h"
#include "json/json.h"

static const char what[] = "site";
static const struct http_limits LIMITS = {.connect_ms = 2000, .total_ms = 4000, .max_body = 1 << 16};
enum { DAY = 86400, HOST_CHARS = 256 };

struct address {
    bool https;
    char host[HOST_CHARS]; /* without brackets' port */
    int port;
};

static bool read_address(const char *url, struct address *a)
{
    a->https = strncmp(url, "https://", 8) == 0;
    const char *at = a->https ? url + 8 : strncmp(url, "http://", 7) == 0 ? url + 7 : "";
    size_t n = *at == '[' ? strcspn(at, "]") + 1 : strcspn(at, ":/");
    a->port = at[n < strlen(at) ? n : strlen(at)] == ':' ? atoi(at + n + 1) : a->https ? 443 : 80;
    snprintf(a->host, sizeof a->host, "%.*s", (int)n, at);
    return n > 0 && a->host[0] != '\0' && a->port > 0 && url[strlen(url) - 1] != '/';
}

static bool is_loopback(const char *host)
{
    return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 || strncmp(host, "127.", 4) == 0;
}

/* A browser keeps a Secure cookie of https alone, or of this machine. */
static void cookies(struct doctor *d, const struct address *a)
{
    bool secure = d->job->config.secure_cookies != 0;
    if (secure && !a->https && !is_loopback(a->host))
        doctor_say(d, DOCTOR_WRONG, "cookies",
                   "public_url is %s, but secure_cookies is 1: browsers forget every session; " DOCTOR_DO
                   "serve the site by TLS and set public_url = https://…, or set secure_cookies = 0",
                   d->job->config.public_url);
    else if (!secure && a->https)
        doctor_say(
            d, DOCTOR_WRONG, "cookies",
            "secure_cookies is 0 although public_url is https: sessions can be stolen on the way; " DOCTOR_DO
            "set secure_cookies = 1");
    else
        doctor_say(d, DOCTOR_GOOD, "cookies", "%s", secure ? "for TLS only" : "also without TLS");
}

static enum err ask(struct doctor *d, const char *via, struct http_answer *out, struct fail *why)
{
    struct http_client *c = http_client_new(&LIMITS);
    const char *url = arena_printf(&d->job->arena, "%s/readyz", d->job->config.public_url);
    *out = (struct http_answer){0};
    if (c == NULL || url == NULL) {
        http_client_free(c);
        return fail_set(why, ERR_NOMEM, "out of memory");
    }
    enum err rc =
        http_client_ask(c, &(struct http_request){.method = "GET", .url = url, .via = via}, out, why);
    http_client_free(c);
    return rc;
}

/* First this machine under that name, then whoever has the name: TLS may end before this machine. */
static enum err ask_both(struct doctor *d, const struct address *a, struct http_answer *out, struct fail *why)
{
    char via[40];
    struct fail first = {0};
    snprintf(via, sizeof via, "127.0.0.1:%d", a->port);
    enum err rc = ask(d, via, out, &first);
    if (rc == ERR_OK)
        return rc;
    buf_free(&out->body);
    rc = ask(d, NULL, out, why);
    if (rc != ERR_OK && why != NULL)
        *why = first;
    return rc;
}

/* Of what a worker says to /readyz. The doctor's own look at the whole file, where there was one, knows more. */
static void served(struct doctor *d, const struct http_answer *answer)
{
    const struct json_value *said = NULL;
    if (d->refused || json_read(&d->job->arena, answer->body.data, answer->body.len, &said, NULL) != ERR_OK)
        return;
    const char *refused = json_text(said, "refused"), *snapshot = json_text(said, "snapshot");
    if (refused != NULL)
        doctor_say(d, DOCTOR_WRONG, "served snapshot",
                   "workers refuse the published snapshot (%s) and serve %s; " DOCTOR_DO
                   "read journalctl -u 'mvti-worker@*' -g snapshot.refused -n 4, then run: mvti publish "
                   "--rollback, or mvti publish",
                   refused, snapshot != NULL ? snapshot : "nothing");
}

static void judge(struct doctor *d, const struct http_answer *answer)
{
    const char *url = d->job->config.public_url, *body = buf_str(&answer->body);
    if (strstr(body, "\"snapshot\":") != NULL)
        doctor_say(d, DOCTOR_GOOD, what, "%s leads to a worker of this site%s", url,
                   answer->status == 200 ? "" : ", which has no snapshot");
    else if (answer->status >= 500)
        doctor_say(d, DOCTOR_WRONG, what,
                   "%s: nginx answers, but no worker does (%ld); " DOCTOR_DO
                   "run: systemctl status mvti-worker.socket 'mvti-worker@*'",
                   url, answer->status);
    else
        doctor_say(d, DOCTOR_WRONG, what,
                   "%s is answered by something else than this site (%ld); " DOCTOR_DO
                   "remove Debian's own site (rm /etc/nginx/sites-enabled/default), link ours "
                   "(ln -s ../sites-available/mvti.conf /etc/nginx/sites-enabled/), then nginx -t && "
                   "systemctl reload nginx",
                   url, answer->status);
}

static void certificate(struct doctor *d, const struct address *a, int64_t expires)
{
    long least = d->job->config.watch_certificate_days;
    long left = (long)((expires - clock_wall()) / DAY);
    if (!a->https || expires == 0)
        return;
    if (left < least)
        doctor_say(d, DOCTOR_WRONG, "certificate",
                   "that of %s ends in %ld days, and browsers refuse it then; " DOCTOR_DO
                   "renew it (certbot renew; is certbot.timer on?), then systemctl reload nginx",
                   a->host, left);
    else
        doctor_say(d, DOCTOR_GOOD, "certificate", "that of %s is good for %ld days", a->host, left);
}

/* The names that the installed site answers to. */
static void server_names(struct doctor *d, const struct address *a)
{
    char line[1024];
    FILE *f = d->installed ? fopen("/etc/nginx/sites-enabled/mvti.conf", "r") : NULL;
    bool any = false, ours = false;
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        char *save = NULL, *word = strtok_r(line, " \t;\n", &save);
        if (word == NULL || strcmp(word, "server_name") != 0)
            continue;
        while ((word = strtok_r(NULL, " \t;\n", &save)) != NULL) {
            any = true;
            ours |= strcmp(word, "_") == 0 || strcasecmp(word, a->host) == 0;
        }
    }
    if (f != NULL)
        fclose(f);
    if (any && !ours)
        doctor_say(d, DOCTOR_WRONG, "public_url",
                   "it names %s, but nginx's site has another server_name: links, logins and writes of "
                   "visitors are refused; " DOCTOR_DO
                   "make public_url in /etc/mvti/mvti.conf and server_name in "
                   "/etc/nginx/sites-available/mvti.conf the same, "
                   "restart the workers and reload nginx",
                   a->host);
}

void doctor_site(struct doctor *d)
{
    const char *url = d->job->config.public_url;
    struct address a;
    struct http_answer answer;
    struct fail why = {0};
    if (!read_address(url, &a)) {
        doctor_say(d, DOCTOR_WRONG, "public_url",
                   "'%s' is no address of a site; " DOCTOR_DO
                   "set public_url = https://example.org, without a slash at the end",
                   url);
        return;
    }
    cookies(d, &a);
    server_names(d, &a);
    enum err rc = ask_both(d, &a, &answer, &why);
    if (rc == ERR_OK) {
        judge(d, &answer);
        served(d, &answer);
        certificate(d, &a, answer.expires);
    } else {
        doctor_say(d, d->installed ? DOCTOR_WRONG : DOCTOR_NOTE, what,
                   "nothing of use answers at %s: %s; " DOCTOR_DO
                   "is public_url right, does nginx run and listen there (systemctl status nginx, ss -ltn), "
                   "and is its certificate one that browsers accept?",
                   url, why.text);
    }
    buf_free(&answer.body);
}
