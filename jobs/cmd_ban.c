/* mvti ban: visitors and networks that may only read, for a time, and what they did undone. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/state_path.h"
#include "store/ban.h"
#include "table.h"
#include "visitor_work.h"
#include "web/denied.h"

static const char usage[] = "ban add WHO [--for 7d] | lift WHO | list | purge visitor:N | votes visitor:N";
enum { HOUR = 3600, DAY = 86400, NETWORK_DAYS = 7, LIST_MOST = 500 };

/* WHO of the command line. */
struct who {
    const char *text;
    int64_t visitor_id; /* 0: a network or a client of the log */
    struct denied_entry network;
};

static enum err read_who(const char *text, struct who *w, struct fail *why)
{
    const char *number =
        strncmp(text, "visitor:", 8) == 0 || strncmp(text, "account:", 8) == 0 ? text + 8 : NULL;
    char *end = NULL;
    *w = (struct who){.text = text};
    if (number == NULL)
        return denied_parse(text, &w->network, why);
    w->visitor_id = strtoll(number, &end, 10);
    return *end == '\0' && w->visitor_id > 0
               ? ERR_OK
               : fail_set(why, ERR_INVALID, "%.60s: visitor:NUMBER or account:NUMBER", text);
}

/* "36h" or "7d"; 0: nothing was said. */
static enum err read_time(const char *text, int64_t *seconds, struct fail *why)
{
    char *end = NULL;
    long n = text != NULL ? strtol(text, &end, 10) : 0;
    *seconds = 0;
    if (text == NULL)
        return ERR_OK;
    if (n < 1 || n > 3650 || (strcmp(end, "h") != 0 && strcmp(end, "d") != 0))
        return fail_set(why, ERR_INVALID, "--for %.20s: hours or days, such as 36h or 7d", text);
    *seconds = (int64_t)n * (*end == 'h' ? HOUR : DAY);
    return ERR_OK;
}

/* ---- networks: a file that workers read ---- */

static enum err open_networks(struct job *job, struct denied *d, char path[STATE_PATH], struct fail *why)
{
    enum err rc = config_state_path(&job->config, "denied", path, STATE_PATH, why);
    return rc == ERR_OK ? denied_read(d, path, why) : rc;
}

/* The mark of the log is another one tomorrow. */
static int64_t end_of(const struct who *w, int64_t seconds, int64_t now)
{
    int64_t midnight = (now / DAY + 1) * DAY,
            until = now + (seconds > 0 ? seconds : (int64_t)NETWORK_DAYS * DAY);
    return w->network.bits == 0 && until > midnight ? midnight : until;
}

static enum err put_network(struct denied *d, const struct who *w, struct fail *why)
{
    return denied_put(d, &w->network, clock_wall(), why);
}

static enum err take_network(struct denied *d, const struct who *w, struct fail *why)
{
    return denied_lift(d, &w->network) ? ERR_OK
                                       : fail_set(why, ERR_NOT_FOUND, "%.60s is not banned", w->text);
}

/* One after the other, by a lock on the folder: the file is read, changed and replaced. */
static enum err change_networks(struct job *job, const struct who *w,
                                enum err (*change)(struct denied *d, const struct who *w, struct fail *why),
                                struct fail *why)
{
    static struct denied d;
    char path[STATE_PATH];
    int folder = open(job->config.state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum err rc = folder >= 0 && flock(folder, LOCK_EX) == 0
                      ? open_networks(job, &d, path, why)
                      : fail_errno(why, ERR_IO, "%.300s", job->config.state_dir);
    if (rc == ERR_OK)
        rc = change(&d, w, why);
    if (rc == ERR_OK)
        rc = denied_write(&d, clock_wall(), path, why);
    if (folder >= 0)
        close(folder);
    return rc;
}

static enum err ban_network(struct job *job, struct who *w, int64_t seconds, struct fail *why)
{
    w->network.until = end_of(w, seconds, clock_wall());
    return change_networks(job, w, put_network, why);
}

/* ---- commands ---- */

static enum err check_visitor(struct job *job, const struct who *w, struct fail *why)
{
    int64_t since = 0;
    if (w->visitor_id == 0)
        return fail_set(why, ERR_INVALID, "%.60s: this needs visitor:NUMBER", w->text);
    enum err rc = ban_read(job->db, w->visitor_id, &since, why);
    if (rc == ERR_NOT_FOUND)
        return fail_set(why, rc, "there is no %.60s", w->text);
    return rc == ERR_OK ? visitor_work_no_admin(job, w->visitor_id, why) : rc;
}

static enum err ban_visitor(struct job *job, const struct who *w, int64_t seconds, struct fail *why)
{
    enum err rc = check_visitor(job, w, why);
    return rc == ERR_OK ? ban_for(job->db, w->visitor_id, seconds, why) : rc;
}

static enum err add(struct job *job, struct who *w, int64_t seconds, struct fail *why)
{
    enum err rc = w->visitor_id > 0 ? ban_visitor(job, w, seconds, why) : ban_network(job, w, seconds, why);
    if (rc == ERR_OK)
        job_say(job, "%s may only read from now on%s", w->text,
                w->visitor_id > 0 ? "; the next dataset and snapshot leave out what they did"
                                  : "; workers know within a second");
    return rc;
}

static enum err lift(struct job *job, struct who *w, int64_t seconds, struct fail *why)
{
    (void)seconds;
    enum err rc = w->visitor_id > 0 ? ban_set(job->db, w->visitor_id, false, why)
                                    : change_networks(job, w, take_network, why);
    if (rc == ERR_OK)
        job_say(job, "%s may write again", w->text);
    return rc;
}

static enum err take_votes(struct job *job, struct who *w, int64_t seconds, struct fail *why)
{
    int64_t n = 0;
    (void)seconds;
    enum err rc = check_visitor(job, w, why);
    if (rc == ERR_OK)
        rc = visitor_work_take_votes(job, w->visitor_id, &n, why);
    if (rc == ERR_OK)
        job_say(job, "%lld votes of %s are deleted; types follow with the next snapshot", (long long)n,
                w->text);
    return rc;
}

/* For good: nothing of it stays for training, unlike of somebody who leaves. */
static enum err purge(struct job *job, struct who *w, int64_t seconds, struct fail *why)
{
    int64_t n_tests = 0, n_likes = 0, n_votes = 0, n_events = 0, n_marks = 0;
    enum err rc = ban_visitor(job, w, seconds, why);
    if (rc == ERR_OK)
        rc = visitor_work_take_tests(job, w->visitor_id, &n_tests, why);
    if (rc == ERR_OK)
        rc = visitor_work_take_likes(job, w->visitor_id, &n_likes, why);
    if (rc == ERR_OK)
        rc = visitor_work_take_votes(job, w->visitor_id, &n_votes, why);
    if (rc == ERR_OK)
        rc = visitor_work_take_traces(job, w->visitor_id, &n_events, &n_marks, why);
    if (rc == ERR_OK)
        job_say(
            job,
            "%lld tests, %lld likes, %lld votes, %lld marks and %lld events of %s are deleted, and it may "
            "only read; counts by "
            "the day follow with: mvti rollup --anew",
            (long long)n_tests, (long long)n_likes, (long long)n_votes, (long long)n_marks,
            (long long)n_events, w->text);
    return rc;
}

static const char *time_text(struct job *job, int64_t seconds)
{
    char text[32];
    struct tm tm;
    time_t t = (time_t)seconds;
    strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", gmtime_r(&t, &tm));
    const char *copy = seconds > 0 ? arena_strdup(&job->arena, text) : "for good";
    return copy != NULL ? copy : "";
}

static int list(struct job *job)
{
    static struct denied d;
    char path[STATE_PATH], text[DENIED_TEXT];
    struct bans visitors = {0};
    struct table t;
    struct fail why = {0};
    enum err rc = open_networks(job, &d, path, &why);
    if (rc == ERR_OK)
        rc = ban_list(job->db, LIST_MOST, &job->arena, &visitors, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    table_start(&t, job, 2);
    for (size_t i = 0; i < d.n; i++) {
        denied_text(&d.items[i], text);
        table_text(&t, text);
        table_text(&t, d.items[i].until > clock_wall() ? time_text(job, d.items[i].until) : "ended");
    }
    for (size_t i = 0; i < visitors.n; i++) {
        snprintf(text, sizeof text, "visitor:%lld", (long long)visitors.items[i].visitor_id);
        table_text(&t, text);
        table_text(&t, time_text(job, visitors.items[i].until));
    }
    table_say(&t);
    return JOB_OK;
}

int cmd_ban(struct job *job, int argc, char **argv)
{
    static const struct {
        const char *name;
        enum err (*run)(struct job *job, struct who *w, int64_t seconds, struct fail *why);
    } words[] = {{"add", add}, {"lift", lift}, {"purge", purge}, {"votes", take_votes}};
    const char *given[2] = {NULL, NULL}, *time = NULL;
    const struct job_option options[] = {{"for", JOB_TEXT, &time, 0, 0,
                                          "how long: 36h, 7d; without, a visitor for good, a network for 7 "
                                          "days, a client of the log for its day"},
                                         {0}};
    struct who w;
    struct fail why = {0};
    int64_t seconds = 0;
    int n = job_options(argc, argv, usage, options, (struct job_operands){given, 1, 2});
    if (n < 0)
        return job_options_status(n);
    if (n == 1 && strcmp(given[0], "list") == 0)
        return list(job);
    size_t i = 0;
    while (i < sizeof words / sizeof *words && strcmp(words[i].name, given[0]) != 0)
        i++;
    if (i == sizeof words / sizeof *words || n != 2) {
        fprintf(stderr, "usage: mvti %s\n", usage);
        return JOB_USAGE;
    }
    if (read_time(time, &seconds, &why) != ERR_OK || read_who(given[1], &w, &why) != ERR_OK)
        return job_wrong_words(job, &why);
    enum err rc = words[i].run(job, &w, seconds, &why);
    return rc == ERR_OK ? JOB_OK : job_fail(job, rc, &why);
}
