/* One file from another server into one of ours, going on where an earlier attempt ended. What http_client.h says it never does holds
 * here too. */
#ifndef MVTI_HTTP_HTTP_DOWNLOAD_H
#define MVTI_HTTP_HTTP_DOWNLOAD_H

#include <stdint.h>

#include "base/err.h"

struct http_download {
    const char *url;     /* http:// or https:// */
    const char *ca_file; /* PEM of the authorities that may vouch for it; "" = those that the system trusts */
    int fd;              /* written at its position */
    uint64_t from;       /* bytes that are there already */
    uint64_t most;       /* bytes of the whole file */
};

/* Ends with an error where nothing comes for 30 seconds, however long the whole takes; what came is in fd.
 *   ERR_INVALID      the address is none
 *   ERR_NOT_FOUND    the server has no such file (any status of 400 or more)
 *   ERR_CONFLICT     the server cannot go on at `from`: begin anew
 *   ERR_TOO_LARGE    more than `most`
 *   ERR_IO           it could not be written
 *   ERR_UNAVAILABLE  no such host, refused, too slow, ended early, a certificate that is not trusted */
MUST_USE enum err http_download(const struct http_download *d, struct fail *why);

#endif
