#include "notice.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "http/http_client.h"
#include "json/json_out.h"

/* All webhooks together may take as long as twenty that hang, and an e-mail seven times as long as one: with the five seconds of the settings less than the three
 * minutes that the units have, and whoever took something is not told it again. */
enum { ALL_TIMES = 20, MAIL_TIMES = 6 };
enum { TRIES = 3, HOOKS = 64, FILE_MOST = 8192, HOST = 65, DISCORD_MOST = 2000, BODY_MOST = 1 << 16 };

struct message {
    const struct alarm_change *changes;
    size_t n;
    char host[HOST];
    const char *subject, *text; /* for people */
};

static const char *const words[] = {[ALARM_RAISED] = "wrong",
                                    [ALARM_LASTS] = "still wrong",
                                    [ALARM_ENDED] = "well again",
                                    [ALARM_TRIED] = "a trial"};

/* ---- what it says ---- */

static void write_text(const struct message *m, struct buf *out)
{
    for (size_t i = 0; i < m->n; i++) {
        const struct alarm_change *c = &m->changes[i];
        buf_printf(out, "%s: %s: %s: %s\n", m->host, words[c->kind], c->about, c->text);
        if (c->kind != ALARM_ENDED && c->remedy[0] != '\0')
            buf_printf(out, "    do: %s\n", c->remedy);
    }
}

static const char *subject_of(struct arena *a, const struct message *m)
{
    size_t ended = 0;
    for (size_t i = 0; i < m->n; i++)
        ended += m->changes[i].kind == ALARM_ENDED;
    const char *word = ended == m->n ? "well again" : words[m->changes[0].kind];
    return m->n == 1 ? arena_printf(a, "MVTI %s: %s: %.100s", m->host, word, m->changes[0].about)
                     : arena_printf(a, "MVTI %s: %zu things are wrong, %zu well again", m->host, m->n - ended,
                                    ended);
}

/* For programs: everything in its own member. */
static void write_generic(const struct message *m, struct json_out *w)
{
    json_out_text_of(w, "host", m->host);
    json_out_text_of(w, "text", m->text);
    json_out_name(w, "changes");
    json_out_list(w);
    for (size_t i = 0; i < m->n; i++) {
        const struct alarm_change *c = &m->changes[i];
        json_out_map(w);
        json_out_text_of(w, "id", c->id);
        json_out_text_of(w, "about", c->about);
        json_out_text_of(w, "state", words[c->kind]);
        json_out_text_of(w, "text", c->text);
        json_out_text_of(w, "do", c->remedy);
        json_out_end(w);
    }
    json_out_end(w);
}

/* What fits; the journal has all of it. */
static const char *shortened(struct arena *a, const char *text)
{
    size_t n = strlen(text), most = utf8_cut(text, n, DISCORD_MOST - 1);
    return most == n ? text : arena_printf(a, "%.*s…", (int)most, text);
}

/* Slack's and KakaoWork's incoming webhooks read "text", Discord's "content", of 2,000 characters at most: a longer one is refused. */
static enum err write_body(struct arena *a, const struct message *m, const char *kind, struct buf *out,
                           struct fail *why)
{
    const char *content = shortened(a, m->text);
    struct json_out w;
    json_out_start(&w, out);
    json_out_map(&w);
    if (strcmp(kind, "slack") == 0 || strcmp(kind, "kakaowork") == 0)
        json_out_text_of(&w, "text", m->text);
    else if (strcmp(kind, "discord") == 0)
        json_out_text_of(&w, "content", content != NULL ? content : "");
    else if (strcmp(kind, "generic") == 0)
        write_generic(m, &w);
    else
        return fail_set(why, ERR_INVALID,
                        "notify_webhooks_file: '%.20s' is not slack, discord, kakaowork or generic", kind);
    json_out_end(&w);
    return out->failed ? fail_set(why, ERR_NOMEM, "out of memory") : ERR_OK;
}

/* ---- webhooks ---- */

static void wait_before(int attempt)
{
    struct timespec t = {.tv_nsec = 300000000L << attempt};
    (void)nanosleep(&t, NULL);
}

/* A line of the file. */
struct hook {
    const char *kind, *url; /* NULL: the line is none */
    bool over;              /* it took it, or another time it would say the same */
    enum err rc;
    struct fail why;
};

/* A server that is away or says 429 or 5xx may take it a moment later; who says another thing will say it again. */
static enum err post(struct hook *h, const struct buf *body, long patience_ms)
{
    const struct http_limits limits = {
        .connect_ms = patience_ms * 3 / 5, .total_ms = patience_ms, .max_body = BODY_MOST};
    static const char *const headers[] = {"Content-Type: application/json", NULL};
    struct http_answer answer = {0};
    struct http_client *c = http_client_new(&limits);
    if (c == NULL)
        return fail_set(&h->why, ERR_NOMEM, "out of memory");
    enum err rc = http_client_ask(
        c, &(struct http_request){"POST", h->url, headers, body->data, body->len, NULL}, &answer, &h->why);
    http_client_free(c);
    buf_free(&answer.body);
    h->over = rc == ERR_INVALID || (rc == ERR_OK && answer.status < 500 && answer.status != 429);
    return rc == ERR_OK && answer.status >= 300
               ? fail_set(&h->why, ERR_UNAVAILABLE, "a webhook answered %ld", answer.status)
               : rc;
}

static void try_once(struct job *job, const struct message *m, struct hook *h)
{
    struct buf body = {0};
    h->rc = h->url != NULL
                ? write_body(&job->arena, m, h->kind, &body, &h->why)
                : fail_set(&h->why, ERR_INVALID, "notify_webhooks_file: a line is not KIND ADDRESS");
    h->over = h->rc != ERR_OK;
    if (!h->over)
        h->rc = post(h, &body, job->config.notify_timeout_ms);
    buf_free(&body);
}

/* The hooks of a file's text, which is cut into pieces. */
static size_t read_hooks(char *text, struct hook hooks[HOOKS])
{
    char *save = NULL, *words_of = NULL;
    size_t n = 0;
    for (char *line = strtok_r(text, "\r\n", &save); line != NULL && n < HOOKS;
         line = strtok_r(NULL, "\r\n", &save)) {
        if (line[0] == '#' || line[strspn(line, " \t")] == '\0')
            continue;
        struct hook *h = &hooks[n++];
        *h = (struct hook){.kind = strtok_r(line, " \t", &words_of)};
        h->url = strtok_r(NULL, " \t", &words_of);
        h->rc = fail_set(&h->why, ERR_UNAVAILABLE, "those before it took all the time");
    }
    return n;
}

/* Each is asked once before one that failed is asked again: one that hangs does not keep the others waiting for long. */
static void try_all(struct job *job, const struct message *m, struct hook *hooks, size_t n)
{
    double until = clock_monotonic() + ALL_TIMES * (double)job->config.notify_timeout_ms / 1e3;
    for (int attempt = 0; attempt < TRIES; attempt++) {
        bool again = false;
        for (size_t i = 0; i < n; i++)
            if (!hooks[i].over && clock_monotonic() < until) {
                try_once(job, m, &hooks[i]);
                again |= !hooks[i].over;
            }
        if (!again)
            return;
        if (attempt + 1 < TRIES)
            wait_before(attempt);
    }
}

static enum err webhooks(struct job *job, const struct message *m, struct notice_count *count,
                         struct fail *why)
{
    char path[2 * CONFIG_TEXT], text[FILE_MOST];
    static struct hook hooks[HOOKS];
    if (job->config.notify_webhooks_file[0] == '\0')
        return ERR_OK;
    enum err rc = config_secret_path(&job->config, job->config.notify_webhooks_file, path, sizeof path, why);
    if (rc == ERR_OK)
        rc = secret_file_read(path, text, sizeof text, why);
    if (rc != ERR_OK) {
        ++count->channels;
        return rc;
    }
    size_t n = read_hooks(text, hooks);
    try_all(job, m, hooks, n);
    for (size_t i = 0; i < n; i++) {
        ++count->channels;
        count->taken += hooks[i].rc == ERR_OK;
        if (hooks[i].rc != ERR_OK && rc == ERR_OK) {
            rc = hooks[i].rc;
            *why = hooks[i].why;
        }
    }
    explicit_bzero(text, sizeof text);
    return rc;
}

/* ---- e-mail ---- */

/* sendmail's own command line decides from where and how; a mail that hangs is ended, whatever it does about that. */
static enum err mail(struct job *job, const struct message *m, struct notice_count *count, struct fail *why)
{
    const char *to = job->config.notify_email, *program = job->config.notify_sendmail;
    char command[CONFIG_TEXT + 80];
    if (to[0] == '\0')
        return ERR_OK;
    ++count->channels;
    if (strpbrk(to, "\r\n") != NULL || strchr(program, '\'') != NULL)
        return fail_set(why, ERR_INVALID,
                        "notify_email or notify_sendmail has a character that it cannot have");
    double one = (double)job->config.notify_timeout_ms / 1e3;
    snprintf(command, sizeof command, "exec timeout -k %.1f %.1f '%s' -t -i", one, MAIL_TIMES * one, program);
    (void)signal(SIGPIPE, SIG_IGN);
    FILE *p = popen(command, "w");
    if (p == NULL)
        return fail_errno(why, ERR_IO, "%s", program);
    fprintf(p,
            "To: %s\nSubject: %s\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\n"
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%s",
            to, m->subject, m->text);
    int status = pclose(p);
    count->taken += status == 0;
    return status == 0 ? ERR_OK
                       : fail_set(why, ERR_UNAVAILABLE, "%s did not take the e-mail (%d)", program, status);
}

enum err notice_send(struct job *job, const struct alarm_change *changes, size_t n,
                     struct notice_count *count, struct fail *why)
{
    struct message m = {.changes = changes, .n = n};
    struct buf text = {0};
    struct fail second = {0};
    *count = (struct notice_count){0};
    if (gethostname(m.host, sizeof m.host - 1) != 0)
        snprintf(m.host, sizeof m.host, "this host");
    write_text(&m, &text);
    m.text = buf_str(&text);
    m.subject = subject_of(&job->arena, &m);
    if (text.failed || m.subject == NULL) {
        buf_free(&text);
        return fail_set(why, ERR_NOMEM, "out of memory");
    }
    enum err rc = mail(job, &m, count, why), other = webhooks(job, &m, count, &second);
    if (rc == ERR_OK && other != ERR_OK) {
        rc = other;
        *why = second;
    }
    buf_free(&text);
    return rc;
}
