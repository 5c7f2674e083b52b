/* The registered model of an MLflow server whose alias says what is live: registered-models/create, model-versions/search,
 * model-versions/create, registered-models/alias. A version is a run. */
#ifndef MVTI_TRACKING_MLFLOW_MODEL_H
#define MVTI_TRACKING_MLFLOW_MODEL_H

#include "tracking/mlflow.h"

/* Moves `alias` of the registered model `name` to the version of the run `id`, both made when they do not exist; id "":
 * takes the alias away, for what is live is not known to the server. The snapshot is the version's description.
 * *moved: it was somewhere else. At most six requests. Codes of mlflow_call. */
MUST_USE enum err mlflow_model_point(struct mlflow *m, const char *name, const char *alias, const char *id,
                                     const char *snapshot, bool *moved, struct fail *why);

/* The first version in an answer to model-versions/search, "" if it has none. ERR_CORRUPT as mlflow_read_id. */
MUST_USE enum err mlflow_read_version(const char *bytes, size_t n, char out[MLFLOW_ID], struct fail *why);

#endif
