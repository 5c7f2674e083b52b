/* A conversation with an MLflow tracking server over its REST API (version 2.0,
 * https://mlflow.org/docs/latest/rest-api.html). tracking/mlflow_run.h says what is told of a run, tracking/mlflow_model.h
 * what of a model. */
#ifndef MVTI_TRACKING_MLFLOW_H
#define MVTI_TRACKING_MLFLOW_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "http/http_client.h"
#include "json/json.h"
#include "json/json_out.h"

enum {
    MLFLOW_MAX_ANSWER = 1 << 20,
    MLFLOW_ID = 65,
    MLFLOW_URI = 300,
    MLFLOW_REFUSAL = 300,
    MLFLOW_AUTH = 1400
};

struct mlflow_server {
    const char *uri; /* http://host:port, with or without a slash at the end */
    long timeout_ms; /* of each request, two fifths of it for connecting; at least 100 */
    /* As MLflow's own client: both are sent as Basic authentication, else the token as a Bearer; NULL or "" for none. */
    const char *username, *password, *token;
};

struct mlflow {
    struct http_client *client;
    const struct mlflow_server *server;
    char authorization[MLFLOW_AUTH]; /* a header, "" for none */
};

/* Does not connect yet; the server outlives it. ERR_NOMEM; ERR_TOO_LARGE: name, password or token. mlflow_close it, which
 * is safe after an error too. */
MUST_USE enum err mlflow_open(struct mlflow *m, const struct mlflow_server *server, struct fail *why);
void mlflow_close(struct mlflow *m);

struct mlflow_request {
    const char *method, *path; /* below /api/2.0/mlflow/ */
    struct buf *body;          /* JSON, freed by the call; NULL for none */
    const char *but; /* an error_code that is no error here (a status other than 200 says so), or NULL */
};
/* One call. The answer's body is the caller's to free, also after an error. Codes of http_client_ask, and ERR_UNAVAILABLE
 * for a status of 500 and more, ERR_DENIED for 401 and 403, ERR_INVALID for the other refusals, ERR_CORRUPT for
 * redirections. */
MUST_USE enum err mlflow_call(struct mlflow *m, const struct mlflow_request *r, struct http_answer *out,
                              struct fail *why);
/* The same for bytes to a path below the server's address. */
MUST_USE enum err mlflow_put(struct mlflow *m, const char *path, const void *bytes, size_t n,
                             struct fail *why);
/* Opens a map for a body. */
struct json_out mlflow_body(struct buf *body);

/* Where a text stands in an answer. */
struct mlflow_member {
    const char *map, *inner; /* in this map of it (NULL: in itself), or in map.inner (NULL: in map) */
    const char *member;
};

/* The id that stands there in an answer of n bytes. ERR_CORRUPT: no such text, or one that is empty, longer than
 * MLFLOW_ID − 1 or holds anything but letters, digits, - and _. */
MUST_USE enum err mlflow_read_id(const char *bytes, size_t n, struct mlflow_member at, char out[MLFLOW_ID],
                                 struct fail *why);
/* The path below the server's address under which it takes files of a run, from run.info.artifact_uri: "" where it takes
 * none. ERR_CORRUPT: there is no such text. */
MUST_USE enum err mlflow_read_artifacts(const char *bytes, size_t n, char out[MLFLOW_URI], struct fail *why);
/* The first version in an answer to model-versions/search, "" if it has none. ERR_CORRUPT as mlflow_read_id. */
MUST_USE enum err mlflow_read_version(const char *bytes, size_t n, char out[MLFLOW_ID], struct fail *why);
/* What a refusal says, for a person: its error_code and message, cut, with control characters replaced; ""
 * where it says nothing. ERR_NOMEM: "" too. */
MUST_USE enum err mlflow_read_refusal(const char *bytes, size_t n, char out[MLFLOW_REFUSAL]);

#endif
