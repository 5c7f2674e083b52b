#include "doctor.h"

#include <string.h>

#include "app/recommend.h"
#include "base/clock.h"
#include "base/state_path.h"
#include "experiment/experiment_file.h"

enum { STALE_SECONDS = 900, RECENT_SECONDS = 7 * 86400 };

static const char what[] = "experiments";

/* What the guard-rail, or somebody, stopped in the last days. */
static void recent_stops(struct doctor *d, const struct experiment *e)
{
    int64_t since = clock_wall() - RECENT_SECONDS;
    if (e->stopped_at > since)
        doctor_say(d, DOCTOR_NOTE, what, "%s was stopped, %s: %s", e->name, doctor_age(d, e->stopped_at),
                   e->stop_reason);
    for (size_t i = 0; i < e->n && e->stopped_at == 0; i++)
        if (e->variants[i].stopped_at > since)
            doctor_say(d, DOCTOR_NOTE, what, "%s: variant %s was stopped, %s: %s", e->name,
                       e->variants[i].name, doctor_age(d, e->variants[i].stopped_at),
                       e->variants[i].stop_reason);
}

/* Variants ask for models by name, and a night may publish without one. */
static void models(struct doctor *d, const struct experiment_file *f)
{
    char path[STATE_PATH];
    struct snapshot s;
    if (config_state_path(&d->job->config, "snapshots/current", path, sizeof path, NULL) != ERR_OK ||
        snapshot_open(&s, path, NULL) != ERR_OK)
        return; /* doctor_snapshot says so */
    for (size_t i = 0; i < f->n; i++)
        for (uint32_t k = 0; k < f->experiments[i].n; k++)
            if (!recommend_can(&s, &f->arms[f->experiments[i].first + k].settings))
                doctor_say(d, DOCTOR_WRONG, what,
                           "%s: variant %s asks for a model that the live snapshot lacks, so nobody is "
                           "assigned; " DOCTOR_DO "stop "
                           "it, or train and publish the model (mvti snapshot info)",
                           f->experiments[i].name, f->arms[f->experiments[i].first + k].name);
    snapshot_close(&s);
}

static void file(struct doctor *d, size_t running)
{
    char path[STATE_PATH];
    struct experiment_file f;
    struct fail why = {0};
    if (config_state_path(&d->job->config, EXPERIMENT_FILE, path, sizeof path, &why) != ERR_OK)
        return;
    enum err rc = experiment_file_open(&f, path, &why);
    if (rc != ERR_OK && (rc != ERR_NOT_FOUND || running > 0)) {
        doctor_say(d, DOCTOR_WRONG, what,
                   "%s, so workers assign nobody; " DOCTOR_DO "run: mvti experiment refresh", why.text);
        return;
    }
    int64_t created = rc == ERR_OK ? f.file.header->created : 0;
    if (rc == ERR_OK)
        models(d, &f);
    if (rc == ERR_OK)
        experiment_file_close(&f);
    if (running > 0 && clock_wall() - created > STALE_SECONDS)
        doctor_say(d, DOCTOR_WRONG, what,
                   "%s is %s: weights and guard-rails are not updated; " DOCTOR_DO
                   "check that mvti-experiments.timer is enabled",
                   path, doctor_age(d, created));
    else if (running > 0)
        doctor_say(d, DOCTOR_GOOD, what, "%zu running", running);
    else
        doctor_say(d, DOCTOR_NOTE, what, "none runs");
}

void doctor_experiments(struct doctor *d)
{
    struct experiment *all;
    struct fail why = {0};
    size_t n, running = 0;
    if (d->job->config.experiment_force[0] != '\0')
        doctor_say(d, DOCTOR_WRONG, what,
                   "experiment_force = %s gives these to everybody, uncounted; " DOCTOR_DO
                   "leave it empty on a site for "
                   "visitors",
                   d->job->config.experiment_force);
    if (!d->database || !d->tables) {
        doctor_say(d, DOCTOR_NOTE, what, "not checked: the database does not answer, or lacks its tables");
        return;
    }
    if (experiment_list(d->job->db, false, &d->job->arena, &all, &n, &why) != ERR_OK) {
        doctor_say(d, DOCTOR_WRONG, what, "%s", why.text);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        running += experiment_runs(&all[i]);
        recent_stops(d, &all[i]);
    }
    file(d, running);
}
