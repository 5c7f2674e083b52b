/* What workers know of experiments (*.mve): a small file that `mvti experiment refresh` makes of the tables,
 * so that no request asks the database which experiments there are. The container is that of
 * base/section_file.h, checksummed and replaced by rename. Its records are those below, little-endian;
 * experiment_file_parse checks every number once, so that readers need no checks. */
#ifndef MVTI_EXPERIMENT_EXPERIMENT_FILE_H
#define MVTI_EXPERIMENT_EXPERIMENT_FILE_H

#include "base/section_file.h"
#include "experiment/assign.h"
#include "experiment/definition.h"
#include "experiment/variant.h"
#include "store/experiment.h"

/* Where it is below the state folder. */
#define EXPERIMENT_FOLDER "experiments"
#define EXPERIMENT_NAME "current.mve"
#define EXPERIMENT_FILE EXPERIMENT_FOLDER "/" EXPERIMENT_NAME

enum {
    EXPERIMENT_FILE_VERSION = 1,
    EXPERIMENT_FILE_MOST = 64,
    EXPERIMENT_FILE_WORD = 48,
    EXPERIMENT_FILE_SALT = 72
};

enum experiment_file_tag {
    EXPERIMENT_FILE_EXPERIMENTS = 1, /* struct experiment_record[≤ EXPERIMENT_FILE_MOST] */
    EXPERIMENT_FILE_VARIANTS,        /* struct experiment_arm[], by experiment */
    EXPERIMENT_FILE_TEXTS,           /* struct experiment_text[], by variant */
    EXPERIMENT_FILE_STRINGS,         /* char[]: NUL-terminated UTF-8; offset 0 is "" */
    EXPERIMENT_FILE_TAG_END
};

struct experiment_record {
    int64_t starts_at, ends_at; /* seconds since 1970 UTC; nobody is assigned before and from then on */
    uint32_t id;
    uint32_t kind;             /* enum definition_kind */
    uint32_t slot_from, slots; /* of ASSIGN_SLOTS; slots 0: a draft, which nobody is assigned to */
    uint32_t first, n;         /* its variants, 2 to DEFINITION_VARIANTS; the first is the control */
    uint32_t parts;            /* enum variant_part of all its variants */
    uint32_t zero;
    char layer[EXPERIMENT_FILE_WORD];
    char name[EXPERIMENT_FILE_WORD];
    char salt[EXPERIMENT_FILE_SALT];
};
_Static_assert(sizeof(struct experiment_record) == 216, "experiment record layout");

struct experiment_arm {
    double weight;    /* ≥ 0 */
    uint32_t stopped; /* 1: its visitors are shown what the site shows, and count for nothing */
    uint32_t first_text, n_texts;
    char name[EXPERIMENT_FILE_WORD];
    struct variant_settings settings;
};
_Static_assert(sizeof(struct experiment_arm) == 336, "experiment arm layout");

struct experiment_text {
    uint32_t name, ko, en; /* offsets */
};

/* An open file: pointers into the map, valid until experiment_file_close. */
struct experiment_file {
    struct section_file file;
    const struct experiment_record *experiments;
    size_t n;
    const struct experiment_arm *arms;
    const struct experiment_text *texts;
    const char *strings;
};

/* ERR_NOT_FOUND, ERR_IO, ERR_CORRUPT (the sentence says what does not hold). One pass over the file. */
MUST_USE enum err experiment_file_open(struct experiment_file *f, const char *path, struct fail *why);
/* The same on bytes in memory, 64-byte aligned, which must outlive f. */
MUST_USE enum err experiment_file_parse(struct experiment_file *f, const struct named_bytes *from,
                                        struct fail *why);
void experiment_file_close(struct experiment_file *f);

/* Writes what of experiments[n] (store/experiment.h) is a draft or runs and has not ended at `now`.
 * ERR_CORRUPT: stored settings are none; ERR_TOO_LARGE: more than EXPERIMENT_FILE_MOST, ERR_IO. */
MUST_USE enum err experiment_file_write(const char *path, const struct experiment *experiments, size_t n,
                                        int64_t now, struct arena *a, struct fail *why);

#endif
