/* Files from another server into files of ours, over one connection. What http_client.h says it never does holds here too. */
#ifndef MVTI_HTTP_HTTP_DOWNLOAD_H
#define MVTI_HTTP_HTTP_DOWNLOAD_H

#include <stdint.h>

#include "base/err.h"

/* The slowest server that is waited for. */
enum { HTTP_DOWNLOAD_BYTES_A_SECOND = 16 << 10 };

struct http_download {
    const char
        *ca_file;     /* PEM of the authorities that may vouch for https; "" = those that the system trusts */
    long patience;    /* seconds, > 0, that it may be slower than that */
    void *connection; /* NULL: none yet; http_download_close it */
};

/* Writes what url (http:// or https://) answers, `most` bytes at most, to fd. Ends with an error where less than
 * HTTP_DOWNLOAD_BYTES_A_SECOND comes for `patience` seconds, however long the whole takes; what came by then is in fd.
 *   ERR_INVALID      the address is none
 *   ERR_NOT_FOUND    the server has no such file (any status of 300 or more)
 *   ERR_TOO_LARGE    more than `most`
 *   ERR_IO           it could not be written
 *   ERR_UNAVAILABLE  no such host, refused, too slow, ended early, a certificate that is not trusted */
MUST_USE enum err http_download(struct http_download *d, const char *url, int fd, uint64_t most,
                                struct fail *why);
/* Safe on one that never connected. */
void http_download_close(struct http_download *d);

#endif
