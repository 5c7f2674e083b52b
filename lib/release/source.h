/* Where a release comes from: another host by HTTP, or a folder that something else keeps up to date. */
#ifndef MVTI_RELEASE_SOURCE_H
#define MVTI_RELEASE_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/config.h"
#include "base/err.h"

struct source {
    const struct config *config; /* pull_ca_file */
    const char *from;
    uint64_t fetched; /* bytes that came */
};

/* Brings the file `name` of the source to `path`, `size` bytes at most, going on behind what is there; s->fetched grows
 * by what came. Codes of http_download; the sentence names the source. ERR_CONFLICT: what is there cannot be gone on
 * with. */
MUST_USE enum err source_fetch(struct source *s, const char *name, const char *path, uint64_t size,
                               struct fail *why);

#endif
