#include "doctor.h"

#include "base/clock.h"
#include "store/training_life.h"
#include "tracking/remote.h"

static const int64_t DAY_MS = 24 * 3600 * 1000;

/* Runs that wait for longer than a day: nobody sends them. */
static bool wait_long(struct doctor *d, int64_t *waiting)
{
    int64_t *ids = NULL;
    size_t n = 0;
    struct training_run oldest;
    *waiting = 0;
    if (!d->tables || training_life_due_count(d->job->db, waiting, NULL) != ERR_OK || *waiting == 0)
        return false;
    if (training_life_due(d->job->db, &d->job->arena, 1, &ids, &n, NULL) != ERR_OK || n == 0)
        return false;
    return training_run_read(d->job->db, &d->job->arena, ids[0], &oldest, NULL) == ERR_OK &&
           clock_wall_ms() - oldest.started_ms > DAY_MS;
}

void doctor_mlflow(struct doctor *d)
{
    static const char what[] = "MLflow";
    const char *uri = d->job->config.mlflow_uri;
    struct remote r;
    struct fail why = {0};
    int64_t waiting;
    if (uri[0] == '\0')
        return;
    enum err rc = remote_open(&r, &d->job->config, &why);
    if (rc == ERR_OK)
        rc = remote_ping(&r, &why);
    remote_close(&r);
    bool late = wait_long(d, &waiting);
    if (rc != ERR_OK)
        doctor_say(
            d, DOCTOR_WRONG, what,
            "%s; %lld runs wait in the database; check mlflow_uri (%s), mlflow_username and the files of "
            "its secrets, then run mvti runs send",
            why.text, (long long)waiting, uri);
    else if (late)
        doctor_say(
            d, DOCTOR_WRONG, what,
            "answers, but %lld runs wait for longer than a day; run mvti runs send and read what it says, or "
            "enable mvti-tracking.timer",
            (long long)waiting);
    else
        doctor_say(d, DOCTOR_GOOD, what, "answers at %s; %lld runs wait to be sent", uri, (long long)waiting);
}
