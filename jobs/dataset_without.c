#include "dataset_without.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auth/guest.h"
#include "base/day.h"
#include "base/vec.h"
#include "store/training_without.h"
#include "web/network.h"

enum { DAY = 86400, BLOCK_DAYS_MOST = 92, KEY_PATH = 2 * CONFIG_TEXT };
static const char form[] = "FROM..TO, visitor:N, visitor:N@FROM..TO or ADDRESS@FROM..TO, days as 2026-11-30";

struct adding {
    struct job *job;
    struct vec rules; /* struct training_without */
    struct keyring keys;
};

/* "2026-11-01..2026-11-03" or "2026-11-01.." */
static enum err read_days(const char *text, struct training_without *w, struct fail *why)
{
    int64_t from, to = 0;
    const char *rest;
    bool whole = day_read(text, &rest, &from) && strncmp(rest, "..", 2) == 0;
    bool open = whole && rest[2] == '\0';
    if (!whole || (!open && (!day_read(rest + 2, &rest, &to) || *rest != '\0')))
        return fail_set(why, ERR_INVALID, "--without '%.60s': not %s", text, form);
    w->from = WITHOUT_YEAR_0 + (int32_t)(from / DAY);
    w->to = open ? WITHOUT_LAST_DAY : WITHOUT_YEAR_0 + (int32_t)(to / DAY);
    return w->to >= w->from ? ERR_OK
                            : fail_set(why, ERR_INVALID, "--without %.60s: ends before it begins", text);
}

/* Root's file; where it is a credential of the workers' units, the file that it is made from. */
static enum err read_keys(struct adding *a, struct fail *why)
{
    const char *file = a->job->config.session_key_file;
    char path[KEY_PATH] = "/etc/mvti/session.key";
    struct fail inner = {0};
    enum err rc = strcmp(file, "session.key") == 0
                      ? ERR_OK
                      : config_secret_path(&a->job->config, file, path, sizeof path, &inner);
    if (rc == ERR_OK && a->keys.n == 0)
        rc = keyring_read(&a->keys, path, &inner);
    return rc == ERR_OK
               ? rc
               : fail_set(
                     why, ERR_DENIED,
                     "which tests came from an address only the workers' key tells, so root must ask: %.200s",
                     inner.text);
}

static bool push(struct adding *a, const struct training_without *w)
{
    return vec_push(&a->rules, w);
}

/* A rule a day: the number of a block is another one each day (auth/guest.h). */
static enum err add_block(struct adding *a, const char *address, struct training_without w, struct fail *why)
{
    char network[NETWORK_CHARS];
    int32_t from = w.from, to = w.to;
    if (to - from >= BLOCK_DAYS_MOST)
        return fail_set(why, ERR_INVALID, "--without %.60s: more than %d days of an address", address,
                        BLOCK_DAYS_MOST);
    enum err rc = read_keys(a, why);
    network_of(address, network);
    for (int32_t day = from; rc == ERR_OK && day <= to; day++) {
        struct guest_entry entry = {.network = network, .now = (int64_t)(day - WITHOUT_YEAR_0) * DAY};
        for (size_t k = 0; rc == ERR_OK && k < a->keys.n; k++) {
            struct keyring one = {.n = 1};
            memcpy(one.keys[0], a->keys.keys[k], sizeof one.keys[0]);
            w.from = w.to = day;
            w.crowd = guest_crowd(&one, &entry);
            rc = push(a, &w) ? ERR_OK : fail_set(why, ERR_NOMEM, "out of memory");
            keyring_forget(&one);
        }
    }
    return rc;
}

static enum err add_word(struct adding *a, const char *word, struct fail *why)
{
    struct training_without w = {.from = WITHOUT_YEAR_0,
                                 .to = WITHOUT_LAST_DAY,
                                 .visitor_id = WITHOUT_ANYBODY,
                                 .crowd = WITHOUT_ANY_CROWD};
    const char *at = strchr(word, '@');
    const char *whom = at != NULL ? arena_strndup(&a->job->arena, word, (size_t)(at - word)) : word;
    bool visitor = strncmp(word, "visitor:", 8) == 0;
    if (whom == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    enum err rc = visitor && at == NULL ? ERR_OK : read_days(at != NULL ? at + 1 : word, &w, why);
    char *end = NULL;
    if (rc == ERR_OK && visitor) {
        w.visitor_id = strtoll(whom + 8, &end, 10);
        if (*end != '\0' || w.visitor_id <= 0)
            rc = fail_set(why, ERR_INVALID, "--without '%.60s': not %s", word, form);
    } else if (rc == ERR_OK && at != NULL) {
        return network_is_address(whom) ? add_block(a, whom, w, why)
                                        : fail_set(why, ERR_INVALID, "--without '%.60s': not %s", word, form);
    }
    return rc == ERR_OK && !push(a, &w) ? fail_set(why, ERR_NOMEM, "out of memory") : rc;
}

static enum err store_all(struct db *db, void *arg, struct fail *why)
{
    struct adding *a = arg;
    const struct training_without *all = a->rules.data;
    enum err rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < a->rules.len; i++)
        rc = training_without_add(db, &all[i], why);
    return rc;
}

enum err dataset_without_add(struct job *job, const struct job_list *words, struct fail *why)
{
    struct adding a = {.job = job, .rules = VEC_OF(struct training_without)};
    enum err rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < words->n; i++)
        rc = add_word(&a, words->values[i], why);
    if (rc == ERR_OK)
        rc = db_transaction(job->db, store_all, &a, why);
    keyring_forget(&a.keys);
    vec_free(&a.rules);
    return rc;
}

static const char *day_text(int32_t day, char out[16])
{
    time_t t = (time_t)(day - WITHOUT_YEAR_0) * DAY;
    struct tm tm;
    strftime(out, 16, "%Y-%m-%d", gmtime_r(&t, &tm));
    return day <= WITHOUT_YEAR_0 || day >= WITHOUT_LAST_DAY ? "" : out;
}

int dataset_without_list(struct job *job)
{
    struct training_withouts all;
    struct fail why = {0};
    char from[16], to[16], who[40];
    enum err rc = training_without_list(job->db, &job->arena, &all, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    for (size_t i = 0; i < all.n; i++) {
        const struct training_without *w = &all.items[i];
        snprintf(who, sizeof who,
                 w->visitor_id != WITHOUT_ANYBODY ? "visitor %lld"
                 : w->crowd != WITHOUT_ANY_CROWD  ? "a network block (%lld)"
                                                  : "anybody",
                 (long long)(w->visitor_id != WITHOUT_ANYBODY ? w->visitor_id : w->crowd));
        job_say(job, "%lld  %s..%s  %s", (long long)w->id, day_text(w->from, from), day_text(w->to, to), who);
    }
    if (all.n == 0)
        job_say(job,
                "nothing is left out; 'mvti dataset build --without …' leaves something out from then on");
    return JOB_OK;
}

int dataset_without_lift(struct job *job, const char *number)
{
    struct training_withouts all = {0};
    struct fail why = {0};
    char *end = NULL;
    long long id = strtoll(number, &end, 10);
    bool every = strcmp(number, "all") == 0;
    if (!every && (*end != '\0' || id <= 0))
        return job_wrong_words(
            job,
            &(struct fail){
                .text = "dataset with: the number of a rule as 'mvti dataset without' lists it, or all"});
    enum err rc = every ? training_without_list(job->db, &job->arena, &all, &why)
                        : training_without_lift(job->db, id, &why);
    for (size_t i = 0; rc == ERR_OK && i < all.n; i++)
        rc = training_without_lift(job->db, all.items[i].id, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "the next dataset learns from it again");
    return JOB_OK;
}
