#include "doctor.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "store/training_life.h"
#include "tracking/remote.h"

enum { MEGABYTE = 1 << 20 };
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

/* Model files that are too large to be sent; *largest in bytes. */
static int too_large(struct doctor *d, long long *largest)
{
    const struct config *c = &d->job->config;
    char path[2 * CONFIG_TEXT], file[2 * CONFIG_TEXT + 300];
    int n = 0;
    *largest = 0;
    if (c->mlflow_file_mb == 0 || config_state_path(c, "models", path, sizeof path, NULL) != ERR_OK)
        return 0;
    DIR *dir = opendir(path);
    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
        size_t length = strlen(e->d_name);
        struct stat st;
        snprintf(file, sizeof file, "%s/%s", path, e->d_name);
        if (length < 4 || strcmp(e->d_name + length - 4, ".mvm") != 0 || stat(file, &st) != 0)
            continue;
        n += st.st_size > c->mlflow_file_mb * MEGABYTE;
        *largest = st.st_size > *largest ? st.st_size : *largest;
    }
    if (dir != NULL)
        closedir(dir);
    return n;
}

static void say_files(struct doctor *d, const char *what)
{
    long long largest;
    int n = too_large(d, &largest);
    if (n > 0)
        doctor_say(d, DOCTOR_NOTE, what,
                   "%d model files are not sent: the largest has %.1f MB, mlflow_file_mb is %ld", n,
                   (double)largest / (double)MEGABYTE, d->job->config.mlflow_file_mb);
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
        doctor_say(d, DOCTOR_WRONG, what,
                   "%s; %lld runs wait in the database; " DOCTOR_DO
                   "check mlflow_uri (%s), mlflow_username and the files of "
                   "its secrets, then run mvti runs send",
                   why.text, (long long)waiting, uri);
    else if (late)
        doctor_say(d, DOCTOR_WRONG, what,
                   "answers, but %lld runs wait for longer than a day; " DOCTOR_DO
                   "run mvti runs send and read what it says, or "
                   "enable mvti-tracking.timer",
                   (long long)waiting);
    else
        doctor_say(d, DOCTOR_GOOD, what, "answers at %s; %lld runs wait to be sent", uri, (long long)waiting);
    say_files(d, what);
}
