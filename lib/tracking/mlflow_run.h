/* A run as an MLflow server is told of it, once or several times while it goes on: experiments/get-by-name,
 * experiments/create, runs/create, runs/log-batch, runs/log-inputs, runs/update, and files to its artifact store. */
#ifndef MVTI_TRACKING_MLFLOW_RUN_H
#define MVTI_TRACKING_MLFLOW_RUN_H

#include "store/training_run.h"
#include "tracking/mlflow.h"

/* The server's limits of one log-batch call, and ours of one request. */
enum { MLFLOW_METRICS = 900, MLFLOW_PARAMS = 100, MLFLOW_EXPERIMENT = 512 };

/* Where a run is on the server. */
struct mlflow_place {
    char experiment[MLFLOW_ID], id[MLFLOW_ID]; /* "": it is not there */
    char artifacts[MLFLOW_URI]; /* path for its files, "" if the server takes none, or not asked yet */
    size_t n_points;            /* run->points that it has */
};

struct mlflow_news {
    const char *experiment;
    const struct training_run *run;
    const char *parent; /* the server's id of the ensemble's run; "": none */
    int64_t now_ms;
};

/* The name of a model's experiment where the operator gives none: "EASE", "ADMMSLIM", "RecVAE", …, else the trainer's
 * own. */
const char *mlflow_run_experiment(const char *model);

/* Brings the server up to date with run: makes it in the experiment (which is made when it does not exist) unless
 * at->id says that it is there, then its parameters as text, metrics with the run's end (or now, `now_ms`, while it runs)
 * as their time and the step behind the points of their name (0 where there are none), and the points behind
 * at->n_points. A run that has ended: also its dataset as an input, and
 * the status. Tags: user, source, "mvti.run" with run->id unless 0, and `parent`. A figure that is NaN or infinite is left out.
 *
 * A handful of requests, each of which ends after the timeout. What was sent before an error stays on the server; if a
 * run that has ended was made, it is still asked to end it. Codes of mlflow_call, and ERR_CORRUPT for an answer that is
 * none of MLflow's. */
MUST_USE enum err mlflow_run_send(struct mlflow *m, const struct mlflow_news *news, struct mlflow_place *at,
                                  struct fail *why);
struct mlflow_file {
    const char *name; /* "model/ease.mvm" */
    const void *bytes;
    size_t n;
};
/* A file of a run that is there. *taken: false where the server keeps files elsewhere. */
MUST_USE enum err mlflow_run_file(struct mlflow *m, struct mlflow_place *at, const struct mlflow_file *f,
                                  bool *taken, struct fail *why);

struct mlflow_tag {
    const char *key, *value;
};
/* A tag of a run that is there; one of the same key is replaced. */
MUST_USE enum err mlflow_run_tag(struct mlflow *m, const struct mlflow_place *at, struct mlflow_tag tag,
                                 struct fail *why);

#endif
