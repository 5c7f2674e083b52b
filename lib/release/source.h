/* Where a release comes from: another host by HTTP, or a folder that something else keeps up to date. */
#ifndef MVTI_RELEASE_SOURCE_H
#define MVTI_RELEASE_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "http/http_download.h"

struct source {
    const char *from;
    struct http_download http; /* http_download_close it at last */
    uint64_t fetched;          /* bytes that came */
};

/* Brings the file `name` of the source, `size` bytes at most, to `path` in place of what is there; s->fetched grows by what came.
 * Codes of http_download; the sentence names the source. */
MUST_USE enum err source_fetch(struct source *s, const char *name, const char *path, uint64_t size,
                               struct fail *why);

#endif
