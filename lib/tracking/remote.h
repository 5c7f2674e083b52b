/* The MLflow server of the settings: runs in memory or from the database, their files, and what is live.
 *
 * A run that is told again and again says every time what the server does not know yet; what was told twice is no
 * harm there (a parameter of the same value, a point of the same step and time). */
#ifndef MVTI_TRACKING_REMOTE_H
#define MVTI_TRACKING_REMOTE_H

#include "base/arena.h"
#include "base/config.h"
#include "base/err.h"
#include "store/db.h"
#include "store/training_run.h"
#include "tracking/mlflow_run.h"

enum { REMOTE_LEFT_OUT = 160 };

struct remote {
    const struct config *config;
    struct db *db; /* the caller's; for the last two functions, which also need: */
    struct arena *arena;
    struct mlflow_server server, slow; /* slow: for files */
    struct mlflow talk;
    char password[CONFIG_TEXT], token[CONFIG_TEXT];
    char left_out
        [REMOTE_LEFT_OUT]; /* the last model file that was too large for the settings, in a sentence; "": none was */
};

/* Does not connect yet. ERR_NOT_FOUND: the settings name no server; ERR_INVALID, ERR_IO: a file of a secret. remote_close
 * it, also after an error. */
MUST_USE enum err remote_open(struct remote *r, const struct config *config, struct fail *why);
void remote_close(struct remote *r);

struct remote_news {
    const struct training_run *run;
    const char *parent; /* the server's id of the ensemble's run, "": none */
    const char *path;   /* of the model file; NULL: none */
};
/* mlflow_run_send in the experiment of the settings and, where the run has ended, its curve as a picture and the model
 * file unless it is not the one that the run wrote, or larger than the settings say: then a tag of the run, mvti.model_file, and left_out
 * say so. */
MUST_USE enum err remote_run(struct remote *r, const struct remote_news *news, struct mlflow_place *at,
                             struct fail *why);
/* Everything that waits in the database, the oldest first, at most `most` runs; each is marked when the server knows it,
 * and a refusal of one run does not stop the others. *sent: of them known in full by now. The first error. */
MUST_USE enum err remote_waiting(struct remote *r, size_t most, size_t *sent, struct fail *why);
/* The alias `live` of the registered model to the run behind the snapshot that is live. */
MUST_USE enum err remote_live(struct remote *r, bool *moved, struct fail *why);
/* Does it answer, and accept name and password or token? */
MUST_USE enum err remote_ping(struct remote *r, struct fail *why);

#endif
