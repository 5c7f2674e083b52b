/* What a back-up holds: a text file MANIFEST beside its files, written last, in lines
 *
 *   mvti-backup 1
 *   version VERSION | schema NUMBER | made TIME | database NAME       one of each
 *   file HASH SIZE MODE PATH                                          BLAKE2b-256 in hex; MODE in octal
 *   link HASH SIZE 0 PATH                                             of what it points to
 *   end HASH                                                          of the lines before
 *
 * so that nothing can be missing, added or different without being noticed. */
#ifndef MVTI_BACKUP_CONTENTS_H
#define MVTI_BACKUP_CONTENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"

enum { CONTENTS_HASH = 65, CONTENTS_PATH = 512, CONTENTS_WORD = 80 };
#define CONTENTS_NAME "MANIFEST"

struct contents_file {
    bool link;
    char hash[CONTENTS_HASH];
    uint64_t size;
    unsigned mode;
    char path[CONTENTS_PATH]; /* below the folder of the back-up */
};

struct contents {
    char version[CONTENTS_WORD]; /* of the program that wrote it */
    int schema;                  /* its newest migration; 0 in a back-up of keys, which has no tables */
    char made[CONTENTS_WORD];    /* UTC, as 2026-11-30T20:15:00Z */
    char database[CONTENTS_WORD];
    struct vec files; /* struct contents_file, in the order of their copying */
};

/* ERR_INVALID: a path with a line break, or too long; ERR_NOMEM. */
MUST_USE enum err contents_add(struct contents *m, const struct contents_file *f, struct fail *why);
/* Into folder/MANIFEST. ERR_IO, ERR_NOMEM. */
MUST_USE enum err contents_write(const struct contents *m, const char *folder, struct fail *why);
/* Reads it; contents_free it, also after an error. ERR_NOT_FOUND: no back-up; ERR_CORRUPT: damaged or cut off;
 * the sentence names the file. */
MUST_USE enum err contents_read(struct contents *m, const char *folder, struct fail *why);
/* The same of n bytes; `name` is for sentences. */
MUST_USE enum err contents_parse(struct contents *m, const char *text, size_t n, const char *name,
                                 struct fail *why);
uint64_t contents_bytes(const struct contents *m);
void contents_free(struct contents *m);

#endif
