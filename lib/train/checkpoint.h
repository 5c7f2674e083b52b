/* What a stopped training goes on from (container of base/section_file.h): parameters, moments of Adam, the
 * epochs done, and what they belong to. One format for every trainer of many epochs.
 *
 * A trainer fills `run` (checkpoint_describe) and `arrays`, calls checkpoint_begin once, and checkpoint_keep
 * after every epoch. What it draws must follow from the seed and the epoch's number: then going on gives the
 * same bytes as never having stopped. */
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
    bool anew;        /* do not go on from what is there */
    double seconds;   /* at least this long between two writings; 0: after every epoch */
};

/* Equal for trainings that one file may serve; the number of epochs may differ. */
struct checkpoint_run {
    char trainer[CHECKPOINT_NAME]; /* NUL-padded */
    uint8_t data[32];              /* hash of the interactions */
    uint64_t seed, n_users, n_items;
    double setting[CHECKPOINT_SETTINGS]; /* all that change the result, in the trainer's own order */
};

struct checkpoint {
    struct checkpoint_run run;
    uint64_t epochs;    /* done */
    uint64_t steps[2];  /* of Adam, of a second Adam */
    double first, loss; /* of the first batch, of the last epoch */
    struct {
        float *values; /* [n], the trainer's */
        size_t n;
    } arrays[CHECKPOINT_ARRAYS]; /* unused ones are NULL, 0 */
    double saved;                /* when it was written last; checkpoint_begin sets it */
};

/* Zeroes c and fills c->run; n settings, at most CHECKPOINT_SETTINGS. Hashes x. */
void checkpoint_describe(struct checkpoint *c, const char *trainer, const struct csr *x, uint64_t seed,
                         const double *setting, size_t n);

/* Writes atomically. ERR_IO. */
MUST_USE enum err checkpoint_write(const struct checkpoint *c, const char *path, struct fail *why);
/* Fills all but run of a checkpoint whose run and array sizes say what is expected; after an error nothing is
 * changed. ERR_NOT_FOUND: no such file; ERR_CONFLICT: it belongs to another training; ERR_CORRUPT: also when
 * a value is not finite; ERR_IO. */
MUST_USE enum err checkpoint_read(struct checkpoint *c, const char *path, struct fail *why);
/* The same from bytes in memory, 64-byte aligned. */
MUST_USE enum err checkpoint_parse(struct checkpoint *c, const struct named_bytes *from, struct fail *why);

/* Goes on from place->path where there is a checkpoint of this training of at most `epochs` epochs, and says
 * so by a note. One that is of no use is not an error but named in a note, and replaced later: a nightly
 * training whose data changed must not stop there. c->epochs > 0 afterwards: it went on. ERR_IO. */
MUST_USE enum err checkpoint_begin(struct checkpoint *c, const struct checkpoint_place *place,
                                   uint64_t epochs, const struct progress *progress, struct fail *why);
/* After an epoch: writes when the time has come, at the end (`last`), and when the person asked to stop;
 * ERR_STOPPED then. Without a path it does nothing: such a training is ended by its reports of progress.
 * ERR_IO. */
MUST_USE enum err checkpoint_keep(struct checkpoint *c, const struct checkpoint_place *place, bool last,
                                  const struct progress *progress, struct fail *why);

#endif
