/* The file from which a stopped training resumes (container of base/section_file.h): parameters, moments of Adam,
 * epochs done, and which training they belong to. One format for every iterative trainer.
 *
 * A trainer fills `run` (checkpoint_describe) and `arrays`, calls checkpoint_begin once, and checkpoint_keep
 * after every epoch. Its random numbers must derive from the seed and the epoch's number alone: then a resumed training
 * gives the same bytes as one that was never stopped. */
#ifndef MVTI_TRAIN_CHECKPOINT_H
#define MVTI_TRAIN_CHECKPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/named_bytes.h"
#include "base/progress.h"
#include "num/csr.h"

enum { CHECKPOINT_NAME = 16, CHECKPOINT_SETTINGS = 12, CHECKPOINT_ARRAYS = 6 };

/* Where a training keeps its checkpoint, and how often. */
struct checkpoint_place {
    const char *path; /* NULL: none is kept */
    bool anew;        /* ignore an existing checkpoint */
    double seconds;   /* shortest time between two writes; 0: write after every epoch */
};

/* Identifies a training: one resumes from a checkpoint only if all of this is equal. The number of epochs may differ. */
struct checkpoint_run {
    char trainer[CHECKPOINT_NAME]; /* NUL-padded */
    uint8_t data[32];              /* hash of the interactions */
    uint64_t seed, n_users, n_items;
    double setting[CHECKPOINT_SETTINGS]; /* all settings that affect the result, in the trainer's own order */
};

struct checkpoint {
    struct checkpoint_run run;
    uint64_t epochs;    /* done */
    uint64_t steps[2];  /* of Adam, of a second Adam */
    double first, loss; /* of the first batch, of the last epoch */
    struct {
        float *values; /* [n], owned by the trainer */
        size_t n;
    } arrays[CHECKPOINT_ARRAYS]; /* unused ones are NULL, 0 */
    double saved;                /* monotonic seconds of the last write; set by checkpoint_begin */
};

/* Zeroes c and fills c->run; n settings, at most CHECKPOINT_SETTINGS. Hashes x. */
void checkpoint_describe(struct checkpoint *c, const char *trainer, const struct csr *x, uint64_t seed,
                         const double *setting, size_t n);

/* Writes atomically. ERR_IO. */
MUST_USE enum err checkpoint_write(const struct checkpoint *c, const char *path, struct fail *why);
/* c->run and the array sizes state what is expected; everything else is filled in. After an error nothing has
 * changed. ERR_NOT_FOUND: no such file; ERR_CONFLICT: it belongs to another training; ERR_CORRUPT, also if
 * a value is not finite; ERR_IO. */
MUST_USE enum err checkpoint_read(struct checkpoint *c, const char *path, struct fail *why);
/* The same from bytes in memory, 64-byte aligned. */
MUST_USE enum err checkpoint_parse(struct checkpoint *c, const struct named_bytes *from, struct fail *why);

/* Resumes from place->path if there is a checkpoint of this training with at most `epochs` epochs, and notes it.
 * An unusable one is noted and later replaced instead of being an error: a nightly training whose data
 * changed must not fail because of it. c->epochs > 0 afterwards means that the training was resumed. ERR_IO. */
MUST_USE enum err checkpoint_begin(struct checkpoint *c, const struct checkpoint_place *place,
                                   uint64_t epochs, const struct progress *progress, struct fail *why);
/* To be called after every epoch: writes if place->seconds have passed, after the last epoch (`last`), and when
 * progress.stopping says that the training is to stop, which gives ERR_STOPPED. Without a path it does nothing: such
 * a training is ended from its progress reports. ERR_IO. */
MUST_USE enum err checkpoint_keep(struct checkpoint *c, const struct checkpoint_place *place, bool last,
                                  const struct progress *progress, struct fail *why);

#endif
