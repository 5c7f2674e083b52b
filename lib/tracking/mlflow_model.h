/* The registered model of an MLflow server whose alias says what is live: registered-models/create, model-versions/search,
 * model-versions/create, registered-models/alias. A version is a run. */
#ifndef MVTI_TRACKING_MLFLOW_MODEL_H
#define MVTI_TRACKING_MLFLOW_MODEL_H

#include "tracking/mlflow.h"

/* What an alias should say. */
struct mlflow_alias {
    const char *name, *alias; /* of the registered model; "live" */
    const char *id;           /* the run's on the server; "": what is live is not known to it */
    const char *snapshot;     /* the version's description */
};

/* Moves the alias to the version of the run, both made when they do not exist, or takes it away. *moved: it was somewhere
 * else. At most six requests. Codes of mlflow_call. */
MUST_USE enum err mlflow_model_point(struct mlflow *m, const struct mlflow_alias *want, bool *moved,
                                     struct fail *why);

#endif
