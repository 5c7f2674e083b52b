/* mvti notify: tells operators what has gone wrong, and when it is well again. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "doctor.h"
#include "notice.h"

static const char usage[] = "notify --watch | --unit NAME | --test";
enum { HOUR = 3600 };

static void log_changes(const struct vec *changes)
{
    const struct alarm_change *all = changes->data;
    static const char *const events[] = {[ALARM_RAISED] = "alarm.raised",
                                         [ALARM_LASTS] = "alarm.lasts",
                                         [ALARM_ENDED] = "alarm.ended",
                                         [ALARM_TRIED] = "alarm.tried"};
    for (size_t i = 0; i < changes->len; i++)
        log_event(all[i].kind == ALARM_ENDED ? LOG_INFO : LOG_WARNING, events[all[i].kind], "%s: %s",
                  all[i].about, all[i].text);
}

/* Sends what there is to say, and says where it went. */
static enum err tell(struct job *job, const struct vec *changes, struct notice_count *count, struct fail *why)
{
    *count = (struct notice_count){0};
    log_changes(changes);
    return changes->len > 0 ? notice_send(job, changes->data, changes->len, count, why) : ERR_OK;
}

/* Compares with what was told before, tells the rest, and remembers it if somebody took it: whoever did not hears the next thing. */
static int compare_and_tell(struct job *job, const struct vec *wrong, bool whole)
{
    struct vec changes = VEC_OF(struct alarm_change);
    struct alarms known = {.now = clock_wall(), .repeat = job->config.notify_repeat_hours * HOUR};
    struct fail why = {0};
    struct notice_count count = {0};
    enum err rc = alarms_open(&known, job->config.notify_dir, &job->arena, &why);
    if (rc == ERR_OK)
        rc = alarms_compare(&known, wrong, whole, &changes, &why);
    if (rc == ERR_OK)
        rc = tell(job, &changes, &count, &why);
    if (rc != ERR_OK && count.taken > 0) {
        log_event(LOG_WARNING, "alarm.untaken", "%d of %d channels: %s", count.channels - count.taken,
                  count.channels, why.text);
        rc = ERR_OK;
    }
    alarms_close(&known, rc == ERR_OK);
    vec_free(&changes);
    return rc == ERR_OK ? JOB_OK : job_fail(job, rc, &why);
}

static int watch(struct job *job)
{
    struct doctor d = {.job = job, .quiet = true};
    struct vec wrong = VEC_OF(struct alarm_change);
    bool stored = true;
    doctor_run(&d, true);
    const struct doctor_finding *all = d.findings.data;
    for (size_t i = 0; stored && i < d.findings.len; i++)
        if (all[i].mark == DOCTOR_WRONG)
            stored = vec_push(&wrong, &(struct alarm_change){ALARM_RAISED, all[i].id, all[i].about,
                                                             all[i].text, all[i].remedy});
    int status = stored ? compare_and_tell(job, &wrong, true) : job_fail(job, ERR_NOMEM, NULL);
    vec_free(&wrong);
    vec_free(&d.findings);
    return status;
}

/* The last error that the unit has written; "" where the journal is not ours to read. */
static void last_error(const char *unit, char *out, size_t size)
{
    char command[300], line[400];
    snprintf(command, sizeof command,
             "journalctl --quiet --no-pager --output=cat --priority=err --lines=3 --unit='%s' 2>/dev/null",
             unit);
    FILE *p = popen(command, "r");
    out[0] = '\0';
    while (p != NULL && fgets(line, sizeof line, p) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "mvti", 4) == 0 || out[0] == '\0')
            snprintf(out, size, "%s", line);
    }
    if (p != NULL)
        pclose(p);
}

/* The finding is the one that doctor has of it, so that the next watch says when the unit is well again. */
static int unit_failed(struct job *job, const char *unit)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.@:\\";
    struct vec wrong = VEC_OF(struct alarm_change);
    char error[400];
    if (unit[strspn(unit, plain)] != '\0' || strlen(unit) > 100)
        return job_wrong_words(job, &(struct fail){.text = "--unit: not the name of a unit"});
    last_error(unit, error, sizeof error);
    const char *text = arena_printf(&job->arena, "has failed%s%s", error[0] != '\0' ? ": " : "", error);
    const char *remedy = arena_printf(
        &job->arena, "read journalctl -u %s -n 50; when it is mended: systemctl start %s", unit, unit);
    bool stored = text != NULL && remedy != NULL &&
                  vec_push(&wrong, &(struct alarm_change){ALARM_RAISED, "units", unit, text, remedy});
    int status = stored ? compare_and_tell(job, &wrong, false) : job_fail(job, ERR_NOMEM, NULL);
    vec_free(&wrong);
    return status;
}

static int try_it(struct job *job)
{
    struct vec changes = VEC_OF(struct alarm_change);
    struct fail why = {0};
    struct notice_count count = {0};
    bool stored = vec_push(&changes, &(struct alarm_change){ALARM_TRIED, "test", "mvti notify --test",
                                                            "this is how an alarm reaches you", ""});
    enum err rc = stored ? tell(job, &changes, &count, &why) : ERR_NOMEM;
    vec_free(&changes);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job,
            count.channels > 0 ? "taken by %d of %d channels"
                               : "no channel: set notify_email or notify_webhooks_file",
            count.taken, count.channels);
    return JOB_OK;
}

int cmd_notify(struct job *job, int argc, char **argv)
{
    bool watching = false, testing = false;
    const char *unit = NULL;
    const struct job_option options[] = {
        {"watch", JOB_FLAG, &watching, 0, 0,
         "run the quick checks of doctor and tell what has changed; a timer does this"},
        {"unit", JOB_TEXT, &unit, 0, 0, "tell that this unit has failed; OnFailure= of the units does this"},
        {"test", JOB_FLAG, &testing, 0, 0, "send a trial message to every channel"},
        {0}};
    int n = job_options(argc, argv, usage, options, (struct job_operands){0});
    if (n < 0)
        return job_options_status(n);
    if (watching + testing + (unit != NULL) != 1) {
        fprintf(stderr, "usage: mvti %s\n", usage);
        return JOB_USAGE;
    }
    return watching ? watch(job) : testing ? try_it(job) : unit_failed(job, unit);
}
