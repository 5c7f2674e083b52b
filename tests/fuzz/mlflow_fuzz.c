/* Property: of what an MLflow server answers either an id is taken that may stand in a path and in JSON, or
 * nothing; and its refusal is a short line of whole characters without control characters. */
#include <string.h>

#include "base/utf8.h"
#include "tests/fuzz/property.h"
#include "tracking/mlflow.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char id[MLFLOW_ID], text[300];
    struct fail why = {0};
    const char *bytes = (const char *)data;
    enum err rc = mlflow_read_id(bytes, size, (struct mlflow_member){"run", "info", "run_id"}, id, &why);
    must(rc == ERR_OK || (rc == ERR_CORRUPT && why.text[0] != '\0'));
    must(rc != ERR_OK || (*id != '\0' && strlen(id) < MLFLOW_ID && strpbrk(id, "/\"\\?&%# ") == NULL));
    rc = mlflow_read_id(bytes, size, (struct mlflow_member){NULL, NULL, "experiment_id"}, id, &why);
    must(rc == ERR_OK || rc == ERR_CORRUPT);
    char path[MLFLOW_URI];
    rc = mlflow_read_artifacts(bytes, size, path, &why);
    must(rc == ERR_OK || rc == ERR_CORRUPT);
    must(path[0] == '\0' || (strncmp(path, "api/2.0/mlflow-artifacts/artifacts/", 35) == 0 &&
                             strstr(path, "..") == NULL && strpbrk(path, " ?#%\\\r\n") == NULL));
    rc = mlflow_read_version(bytes, size, id, &why);
    must(rc == ERR_OK || (rc == ERR_CORRUPT && why.text[0] != '\0'));
    must(rc != ERR_OK || id[strspn(id, "0123456789")] == '\0');
    must(mlflow_read_refusal(bytes, size, text) == ERR_OK);
    must(strlen(text) < sizeof text && utf8_valid(text, strlen(text)));
    for (const char *c = text; *c != '\0'; c++)
        must((unsigned char)*c >= 0x20 && *c != 0x7f);
    return 0;
}
