/* Pictures that were drawn, as files in one folder, NAME.png, whose size is bounded: the ones that nobody asked for longest go first.
 * Several processes may share it; a file appears whole or not at all. */
#ifndef MVTI_PICTURE_SHELF_H
#define MVTI_PICTURE_SHELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum { SHELF_NAME = 32, SHELF_PATH = 1024 };

struct shelf {
    char folder[SHELF_PATH];
    uint64_t
        most; /* UINT64_MAX: whatever there is stays. Bytes of all files; passed by the files that all processes put until one sweeps */
    unsigned put; /* since the last sweep */
};

/* Makes the folder if there is none. ERR_IO, ERR_TOO_LARGE. */
MUST_USE enum err shelf_open(struct shelf *s, const char *folder, uint64_t most, struct fail *why);
/* The name of what is drawn from `facts` by the script of that version: SHELF_NAME hex digits of their hash. */
void shelf_name(char name[SHELF_NAME + 1], const char *version, const struct buf *facts);
/* Appends the file; it is young again. ERR_NOT_FOUND, ERR_IO, ERR_NOMEM. */
MUST_USE enum err shelf_get(const struct shelf *s, const char *name, struct buf *png, struct fail *why);
bool shelf_has(const struct shelf *s, const char *name);
/* ERR_IO: nothing was put. Now and then also a look at every file, some microseconds
 * each: what is over `most` and a tenth goes. */
MUST_USE enum err shelf_put(struct shelf *s, const char *name, const struct buf *png, struct fail *why);
#endif
