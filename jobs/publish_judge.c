#include "publish_judge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "findings/canary.h"
#include "http/http_client.h"
#include "job_offer.h"
#include "job_tracking.h"
#include "metrics/metrics_told.h"
#include "publish/publish_record.h"
#include "release/offer.h"
#include "release/taken.h"
#include "store/view_opens.h"

enum { HOSTS_MOST = 32, STATE_MOST = 4096 };
static const struct http_limits LIMITS = {.connect_ms = 2000, .total_ms = 10000, .max_body = 8 << 20};

/* What the hosts of canary_metrics count, in its order. */
struct counted {
    struct metrics_told hosts[HOSTS_MOST];
    size_t n;
};

static enum err ask(struct http_client *c, const char *url, const char *id, struct metrics_told *out,
                    struct fail *why)
{
    struct http_answer answer;
    enum err rc = http_client_ask(c, &(struct http_request){.method = "GET", .url = url}, &answer, why);
    if (rc == ERR_OK && answer.status != 200)
        rc = fail_set(why, ERR_UNAVAILABLE, "%.200s: answered with status %ld", url, answer.status);
    if (rc == ERR_OK)
        metrics_told(out, buf_str(&answer.body), id);
    buf_free(&answer.body);
    return rc;
}

/* All of them or none: of some the others' share would be another one each time. */
static enum err ask_all(const struct config *config, const char *id, struct counted *out, struct fail *why)
{
    char urls[CONFIG_TEXT], *rest = urls;
    struct http_client *c = http_client_new(&LIMITS);
    enum err rc = c != NULL ? ERR_OK : fail_set(why, ERR_NOMEM, "out of memory");
    snprintf(urls, sizeof urls, "%s", config->canary_metrics);
    out->n = 0;
    for (char *url; rc == ERR_OK && out->n < HOSTS_MOST && (url = strtok_r(rest, " ", &rest)) != NULL;)
        rc = ask(c, url, id, &out->hosts[out->n++], why);
    http_client_free(c);
    return rc;
}

/* ---- what they had counted when the canary began ---- */

static void write_began(const char *path, const char *id, const struct counted *now)
{
    struct buf text = {0};
    struct fail why = {0};
    buf_printf(&text, "%s\n", id);
    for (size_t i = 0; i < now->n; i++)
        buf_printf(&text, "%" PRId64 " %" PRId64 "\n", now->hosts[i].requests, now->hosts[i].failed);
    if (text.failed || taken_write(path, buf_str(&text), &why) != ERR_OK)
        log_event(LOG_WARNING, "canary.forgotten", "%s", why.text);
    buf_free(&text);
}

/* false: of another snapshot, of other hosts, or of before one of them was started anew. */
static bool read_began(const char *path, const char *id, const struct counted *now, struct counted *began)
{
    char text[STATE_MOST];
    size_t n = strlen(id);
    if (taken_read(path, text, sizeof text, NULL) != ERR_OK || strncmp(text, id, n) != 0 || text[n] != '\n')
        return false;
    char *at = text + n + 1;
    for (began->n = 0; began->n < now->n; began->n++) {
        struct metrics_told *b = &began->hosts[began->n];
        char *end;
        b->requests = strtoll(at, &end, 10);
        b->failed = strtoll(end, &at, 10);
        if (*at != '\n' || b->requests > now->hosts[began->n].requests ||
            b->failed > now->hosts[began->n].failed)
            return false;
        at++;
    }
    return *at == '\0';
}

static void add(struct canary_side *side, const struct metrics_told *now, const struct metrics_told *began)
{
    side->requests += now->requests - began->requests;
    side->failed += now->failed - began->failed;
}

/* Nothing is known of requests before the canary serves the snapshot, nor where a host does not say what it counts. */
static void count_requests(struct job *job, const char *id, struct canary_side *first,
                           struct canary_side *others)
{
    char path[1200];
    struct counted now, began;
    struct fail why = {0};
    if (job->config.canary_metrics[0] == '\0' ||
        config_state_path(&job->config, "canary", path, sizeof path, NULL) != ERR_OK)
        return;
    if (ask_all(&job->config, id, &now, &why) != ERR_OK) {
        job_note(job, "mvti: what hosts count is not known: %s", why.text);
        return;
    }
    if (now.n == 0 || !now.hosts[0].serves)
        return;
    if (!read_began(path, id, &now, &began)) {
        write_began(path, id, &now);
        return;
    }
    for (size_t i = 0; i < now.n; i++)
        add(i == 0 ? first : others, &now.hosts[i], &began.hosts[i]);
}

static enum err look(struct job *job, const struct offer_waiting *w, const char *id,
                     struct canary_side *first, struct canary_side *others, struct fail *why)
{
    struct view_opens views;
    enum err rc = view_opens_read(job->db, id, clock_wall() - w->since + 1, &views, why);
    if (rc != ERR_OK)
        return rc;
    *first = (struct canary_side){.visitors = views.own.visitors, .opened = views.own.opened};
    *others = (struct canary_side){.visitors = views.others.visitors, .opened = views.others.opened};
    count_requests(job, id, first, others);
    return ERR_OK;
}

static int withdraw(struct job *job, const struct publisher *p, const char *bad, const char *said)
{
    char name[SNAPSHOT_NAME];
    struct fail why = {0};
    enum err rc = publisher_withdraw(p, bad, said, name, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_tracking_live(job);
    (void)job_offer_kept(job);
    (void)fail_set(&why, ERR_CONFLICT, "withdrawn: %s; %s is live again (%s)", bad, name, said);
    return job_fail(job, ERR_CONFLICT, &why);
}

static bool is_pinned(const struct config *config)
{
    struct snapshot_folder f;
    char pinned[SNAPSHOT_NAME] = "";
    if (snapshot_folder_look(&f, config, NULL) == ERR_OK)
        snapshot_folder_pinned(&f, pinned);
    return pinned[0] != '\0';
}

int publish_judge(struct job *job, const struct publisher *p)
{
    struct offer_waiting w;
    struct canary_side first, others;
    struct fail why = {0};
    char id[PUBLICATION_ID], said[CANARY_SENTENCE];
    enum err rc = offer_waiting(&job->config, &w, &why);
    if (rc == ERR_NOT_FOUND || (rc == ERR_OK && is_pinned(&job->config))) {
        job_say(job, "%s", rc == ERR_OK ? "what waits is pinned, and is not judged" : why.text);
        return JOB_OK;
    }
    publish_record_id(w.name, id);
    if (rc == ERR_OK)
        rc = look(job, &w, id, &first, &others, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    enum canary_verdict verdict = canary_judge(&first, &others, said);
    if (verdict == CANARY_WORSE)
        return withdraw(job, p, w.name, said);
    job_say(job, "%s: %s; all hosts switch in %lld s",
            verdict == CANARY_EARLY ? "too early to tell" : "not worse", said,
            (long long)(w.switch_at - clock_wall()));
    return JOB_OK;
}
