/* A finished run, sent to an MLflow tracking server over its REST API (version 2.0,
 * https://mlflow.org/docs/latest/rest-api.html): experiments/get-by-name, experiments/create, runs/create,
 * runs/log-batch, runs/update. */
#ifndef MVTI_TRACKING_MLFLOW_H
#define MVTI_TRACKING_MLFLOW_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/training_run.h"

/* The server's limits of one log-batch call, and ours of one request. */
enum { MLFLOW_METRICS = 900, MLFLOW_PARAMS = 100 };
enum { MLFLOW_MAX_ANSWER = 1 << 20, MLFLOW_ID = 65, MLFLOW_REFUSAL = 300 };

struct mlflow_server {
    const char *uri;        /* http://host:port, with or without a slash at the end */
    const char *experiment; /* made when it does not exist */
    long timeout_ms;        /* of each request, two fifths of it for connecting; at least 100 */
};

/* Sends run with its values: parameters as text, metrics with the run's end as their time and step 0, a tag
 * "mvti.run" with run->id unless 0. A metric that is NaN or infinite is left out. At most five requests, a
 * few more beyond a hundred parameters; each ends after the timeout. What was sent before an error stays
 * on the server; if its run was made, it is still asked to end it. Codes of http_client_ask, and
 * ERR_UNAVAILABLE for a status of 500 and more, ERR_DENIED for 401 and 403, ERR_INVALID for the other
 * refusals, ERR_CORRUPT for an answer that is none of MLflow's. */
MUST_USE enum err mlflow_log(const struct mlflow_server *server, const struct training_run *run,
                             struct fail *why);

/* For mlflow_log and its fuzz target: the id in an answer of n bytes: `member` of the map `map` (NULL: of the
 * answer itself), or of `map`.`inner` if inner is not NULL. ERR_CORRUPT: no such text, or one that is empty,
 * longer than MLFLOW_ID − 1 or holds anything but letters, digits, - and _. */
MUST_USE enum err mlflow_read_id(const char *bytes, size_t n, const char *map, const char *inner,
                                 const char *member, char out[MLFLOW_ID], struct fail *why);
/* What a refusal says, for a person: its error_code and message, cut, with control characters replaced; ""
 * where it says nothing. ERR_NOMEM: "" too. */
MUST_USE enum err mlflow_read_refusal(const char *bytes, size_t n, char out[MLFLOW_REFUSAL]);

#endif
