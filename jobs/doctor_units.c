/* What systemd says of our units. */
#include "doctor.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { UNITS_MOST = 128 };

struct unit {
    char id[96], active[24], file[24], result[24], listens[128]; /* where a socket listens: "PATH (Stream)" */
};

/* Takes "Name=value" into the unit. */
static void take_line(struct unit *u, const char *line)
{
    const struct {
        const char *name;
        char *to;
        size_t size;
    } fields[] = {{"Id=", u->id, sizeof u->id},
                  {"ActiveState=", u->active, sizeof u->active},
                  {"UnitFileState=", u->file, sizeof u->file},
                  {"Result=", u->result, sizeof u->result},
                  {"Listen=", u->listens, sizeof u->listens}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        size_t n = strlen(fields[i].name);
        if (strncmp(line, fields[i].name, n) == 0)
            snprintf(fields[i].to, fields[i].size, "%.*s", (int)strcspn(line + n, "\n"), line + n);
    }
}

/* Units of these names and patterns (of patterns those that systemd has loaded), how many; 0 also where systemctl does not answer. */
static size_t read_units(const char *names, struct unit *out)
{
    char command[512], line[256];
    size_t n = 0;
    snprintf(command, sizeof command,
             "systemctl show --no-pager --all --property=Id,ActiveState,UnitFileState,Result,Listen -- %s "
             "2>/dev/null",
             names);
    FILE *p = popen(command, "r");
    if (p == NULL)
        return 0;
    out[0] = (struct unit){0};
    while (n < UNITS_MOST && fgets(line, sizeof line, p) != NULL) {
        if (line[0] == '\n' && out[n].id[0] != '\0' && ++n < UNITS_MOST)
            out[n] = (struct unit){0};
        else if (line[0] != '\n')
            take_line(&out[n], line);
    }
    n += n < UNITS_MOST && out[n].id[0] != '\0';
    pclose(p);
    return n;
}

static bool elsewhere(struct doctor *d, const char *what)
{
    if (d->installed)
        return false;
    doctor_say(d, DOCTOR_NOTE, what,
               "not checked: systemd does not run here, or its units have other settings than these");
    return true;
}

void doctor_workers(struct doctor *d)
{
    static struct unit units[UNITS_MOST];
    if (elsewhere(d, "workers"))
        return;
    size_t n = read_units("'mvti-worker@*.service'", units), active = 0;
    const char *stopped = NULL;
    for (size_t i = 0; i < n; i++) {
        bool runs = strcmp(units[i].active, "active") == 0;
        active += runs;
        if (!runs && strncmp(units[i].file, "enabled", 7) == 0)
            stopped = units[i].id;
    }
    if (active == 0)
        doctor_say(d, DOCTOR_WRONG, "workers",
                   "none runs: the site answers nothing but files; " DOCTOR_DO
                   "run: systemctl enable --now mvti-worker.socket "
                   "mvti-worker@{1..4}.service, and read journalctl -u 'mvti-worker@*' -p err -n 20");
    else if (stopped != NULL)
        doctor_say(d, DOCTOR_WRONG, "workers",
                   "%zu run, but %s does not; " DOCTOR_DO
                   "run: systemctl start %s, and read journalctl -u %s -n 20",
                   active, stopped, stopped, stopped);
    else
        doctor_say(d, DOCTOR_GOOD, "workers", "%zu run", active);
}

/* Whether a socket that is open cannot be reached: its file is gone. */
static bool file_gone(const struct unit *u)
{
    char path[sizeof u->listens];
    struct stat st;
    snprintf(path, sizeof path, "%.*s", (int)strcspn(u->listens, " "), u->listens);
    return path[0] == '/' && (lstat(path, &st) != 0 || !S_ISSOCK(st.st_mode));
}

/* Whether it is as it should be. */
static bool one_socket(struct doctor *d, const struct unit *u)
{
    bool active = strcmp(u->active, "active") == 0, gone = active && file_gone(u),
         closed = !active && strcmp(u->file, "enabled") == 0;
    if (gone)
        doctor_say(d, DOCTOR_WRONG, u->id,
                   "its file is gone (%s), so nginx reaches nobody there; " DOCTOR_DO
                   "run: systemctl restart %s (mvti-watch.timer does, every five minutes)",
                   u->listens, u->id);
    if (closed)
        doctor_say(d, DOCTOR_WRONG, u->id,
                   "is closed, and its workers with it; " DOCTOR_DO
                   "run: systemctl start mvti.target (mvti-watch.timer does, every five minutes)");
    return !gone && !closed;
}

void doctor_sockets(struct doctor *d)
{
    static struct unit units[UNITS_MOST];
    if (elsewhere(d, "sockets"))
        return;
    size_t n = read_units("'mvti-*.socket'", units), good = 0;
    for (size_t i = 0; i < n; i++)
        good += one_socket(d, &units[i]);
    if (good == n)
        doctor_say(d, DOCTOR_GOOD, "sockets", "those that are enabled are open");
}

/* Units that an operator may do without. */
static const struct {
    const char *id, *lacks;
} optional[] = {
    {"mvti-watch.timer", "nobody is told what goes wrong"},
    {"mvti-backup.timer", "no back-ups are made by it"},
    {"mvti-metrics.socket", "Prometheus gets nothing"},
};

static const char *lack_of(const char *id)
{
    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++)
        if (strcmp(optional[i].id, id) == 0)
            return optional[i].lacks;
    return NULL;
}

static void one_timer(struct doctor *d, const struct unit *u)
{
    bool runs = strcmp(u->active, "active") == 0;
    const char *lacks = lack_of(u->id);
    if (strcmp(u->file, "masked") == 0)
        doctor_say(d, DOCTOR_NOTE, "timers", "%s is masked, so somebody wants it off", u->id);
    else if (!runs && lacks != NULL)
        doctor_say(d, DOCTOR_NOTE, "timers", "%s is off, so %s; " DOCTOR_DO "run: systemctl enable --now %s",
                   u->id, lacks, u->id);
    else if (!runs)
        doctor_say(d, DOCTOR_WRONG, u->id,
                   "is off, so what it starts never happens; " DOCTOR_DO
                   "run: systemctl enable --now %s (systemctl mask %s where something else does its work)",
                   u->id, u->id);
    else
        doctor_say(d, DOCTOR_GOOD, "timers", "%s is on", u->id);
}

void doctor_timers(struct doctor *d)
{
    static struct unit units[UNITS_MOST];
    const struct config *c = &d->job->config;
    char names[300];
    if (elsewhere(d, "timers"))
        return;
    snprintf(names, sizeof names,
             "mvti-nightly.timer mvti-sessions.timer mvti-experiments.timer mvti-watch.timer "
             "mvti-metrics.socket%s%s%s",
             c->db_host[0] == '\0' ? " mvti-backup.timer" : "",
             c->mlflow_uri[0] != '\0' ? " mvti-tracking.timer" : "",
             c->analytics_id[0] != '\0' ? " mvti-analytics.timer" : "");
    size_t n = read_units(names, units);
    for (size_t i = 0; i < n; i++)
        one_timer(d, &units[i]);
    if (n == 0)
        doctor_say(d, DOCTOR_NOTE, "timers", "systemctl does not answer");
}

void doctor_units(struct doctor *d)
{
    static struct unit units[UNITS_MOST];
    if (elsewhere(d, "units"))
        return;
    size_t n = read_units("'mvti*'", units), failed = 0;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(units[i].active, "failed") != 0)
            continue;
        failed++;
        doctor_say(d, DOCTOR_WRONG, units[i].id,
                   "has failed (%s); " DOCTOR_DO
                   "read journalctl -u %s -n 50; when it is mended: systemctl start %s",
                   units[i].result, units[i].id, units[i].id);
    }
    if (failed == 0)
        doctor_say(d, DOCTOR_GOOD, "units", "of %zu none has failed", n);
}
