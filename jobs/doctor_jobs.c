/* What became of the commands that run unattended. */
#include "doctor.h"

#include <string.h>

#include "base/clock.h"
#include "job_record.h"

/* mvti-pull.timer asks every minute; a snapshot of some gigabytes may take its time. */
enum { PULL_SECONDS = 30 * 60 };

static bool one_job(struct doctor *d, int n, const struct job_record *r)
{
    if (r->failed <= r->succeeded)
        return true;
    if (r->status == JOB_RECORD_KILLED)
        doctor_say(d, DOCTOR_NOTE, "jobs", "the last run of %s was killed; its begin is %s",
                   job_record_name(n), doctor_age(d, r->failed));
    else
        doctor_say(d, DOCTOR_NOTE, "jobs", "the last run of %s failed (%d); that is %s", job_record_name(n),
                   (int)r->status, doctor_age(d, r->failed));
    return false;
}

/* Notes only: a unit that failed is found by doctor_units, and a night that rightly publishes nothing ends so, too. */
void doctor_jobs(struct doctor *d)
{
    struct job_record r;
    bool running, well = true;
    int known = 0;
    for (int n = 0; job_record_name(n) != NULL; n++) {
        if (!job_record_read(&d->job->config, n, &r, &running))
            continue;
        known++;
        well &= one_job(d, n, &r);
    }
    if (known == 0)
        doctor_say(d, DOCTOR_NOTE, "jobs", "no unattended command has run yet");
    else if (well)
        doctor_say(d, DOCTOR_GOOD, "jobs",
                   "the last runs of all %d unattended commands that ever ran succeeded", known);
}

static bool read_job(struct doctor *d, const char *name, struct job_record *r)
{
    bool running;
    for (int n = 0; job_record_name(n) != NULL; n++)
        if (strcmp(job_record_name(n), name) == 0)
            return job_record_read(&d->job->config, n, r, &running);
    return false;
}

/* Nothing new is a success too, so only a publishing host that cannot be reached, or is refused, makes this old. */
void doctor_pull(struct doctor *d)
{
    const char *url = d->job->config.pull_url;
    struct job_record r = {0};
    if (url[0] == '\0')
        return;
    if (!read_job(d, "pull", &r) || r.succeeded == 0)
        doctor_say(d, DOCTOR_WRONG, "pull",
                   "nothing was taken from %s yet; " DOCTOR_DO
                   "run: mvti pull, and systemctl enable --now mvti-pull.timer",
                   url);
    else if (clock_wall() - r.succeeded > PULL_SECONDS)
        doctor_say(d, DOCTOR_WRONG, "pull",
                   "the last look at what %s offers is %s, so an old snapshot may be served here; " DOCTOR_DO
                   "run: mvti pull, which says why, and systemctl enable --now mvti-pull.timer",
                   url, doctor_age(d, r.succeeded));
    else
        doctor_say(d, DOCTOR_GOOD, "pull", "the last look at what %s offers is %s", url,
                   doctor_age(d, r.succeeded));
}
