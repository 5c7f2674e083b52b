/* How many of the last minutes' requests failed, by nginx's access log, which also has those that no worker answered. */
#include "doctor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"

static const char what[] = "errors";
enum {
    TAIL = 4 << 20 /* bytes that are read at most */,
    MINUTES = 10,
    FEW = 20 /* requests that say nothing */
};

struct count {
    double all, failed;
};

/* The number behind a name of the line; fallback without. */
static double number_of(const char *line, const char *name, double fallback)
{
    const char *at = strstr(line, name);
    return at != NULL ? strtod(at + strlen(name), NULL) : fallback;
}

/* {"time":"2026-11-30T19:20:00+09:00", … "status":200, … "sample":20} */
static void take_line(struct count *c, const char *line, int64_t since)
{
    struct tm tm = {0};
    const char *at = strstr(line, "\"time\":\"");
    const char *end = at != NULL ? strptime(at + 8, "%Y-%m-%dT%H:%M:%S%z", &tm) : NULL;
    if (end == NULL)
        return;
    if (strstr(line, "\"path\":\"/readyz\"") != NULL || strstr(line, "\"path\":\"/healthz\"") != NULL)
        return; /* of probes only those that found something wrong are logged */
    long offset = tm.tm_gmtoff;
    if ((int64_t)timegm(&tm) - offset < since)
        return;
    double weight = number_of(line, "\"sample\":", 1);
    c->all += weight;
    c->failed += number_of(line, "\"status\":", 0) >= 500 ? weight : 0;
}

static struct count count_since(FILE *f, int64_t since)
{
    struct count c = {0};
    char line[16384];
    struct stat st;
    if (fstat(fileno(f), &st) == 0 && st.st_size > TAIL && fseek(f, -(long)TAIL, SEEK_END) == 0 &&
        fgets(line, sizeof line, f) == NULL) /* the first is half a line */
        return c;
    while (fgets(line, sizeof line, f) != NULL)
        take_line(&c, line, since);
    return c;
}

void doctor_errors(struct doctor *d)
{
    const struct config *config = &d->job->config;
    if (config->access_log[0] == '\0')
        return;
    FILE *f = fopen(config->access_log, "r");
    if (f == NULL && d->installed)
        doctor_say(d, DOCTOR_NOTE, what, "not counted: %s: %s (access_log)", config->access_log,
                   strerror(errno));
    if (f == NULL)
        return;
    struct count c = count_since(f, clock_wall() - MINUTES * 60);
    fclose(f);
    double percent = c.all > 0 ? 100 * c.failed / c.all : 0;
    if (c.all >= FEW && percent > (double)config->watch_error_percent)
        doctor_say(d, DOCTOR_WRONG, what,
                   "%.0f of %.0f requests of the last %d minutes failed (%.1f %%, more than "
                   "watch_error_percent = %ld); " DOCTOR_DO
                   "read journalctl -u 'mvti-*' -p err --since -15min, and grep '\"status\":5' %s",
                   c.failed, c.all, MINUTES, percent, config->watch_error_percent, config->access_log);
    else
        doctor_say(d, DOCTOR_GOOD, what, "%.0f of %.0f requests of the last %d minutes failed", c.failed,
                   c.all, MINUTES);
}
