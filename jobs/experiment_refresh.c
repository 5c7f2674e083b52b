#include "experiment_refresh.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/state_path.h"
#include "experiment/experiment_file.h"
#include "job_offer.h"

enum err experiment_refresh(struct job *job, struct refresh_result *done, struct fail *why)
{
    char path[STATE_PATH];
    enum err rc =
        state_path(&job->config,
                   &(struct state_file){.folder = EXPERIMENT_FOLDER, .name = EXPERIMENT_NAME, .create = true},
                   path, why);
    if (rc == ERR_OK)
        rc = refresh_run(job->db, path, clock_wall(), &job->arena, done, why);
    for (size_t i = 0; rc == ERR_OK && i < done->n_stops; i++)
        log_event(LOG_WARNING, "experiment.stopped", "%s", done->stops[i]);
    if (rc == ERR_OK)
        (void)job_offer(job); /* it says so itself, and the next run tries again */
    return rc;
}
