/* Settings found by `mvti tune` and read by `mvti train`: an editable text file for each model, with lines
 * `name = value` and comments that begin with #. */
#ifndef MVTI_TRAIN_TUNED_FILE_H
#define MVTI_TRAIN_TUNED_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/named_bytes.h"
#include "train/trainer.h"

/* Fills in the settings that are not given yet. ERR_NOT_FOUND: no such file; ERR_INVALID with file:line: no
 * such setting, out of range, or a malformed line; ERR_IO. After an error v is unchanged. */
MUST_USE enum err tuned_file_read(struct trainer_values *v, const struct trainer *t, const char *path,
                                  struct fail *why);
/* The same on bytes in memory. */
MUST_USE enum err tuned_file_parse(struct trainer_values *v, const struct trainer *t,
                                   const struct named_bytes *from, struct fail *why);
/* Atomically writes the settings that are given, below a line `# remark`. ERR_IO, ERR_NOMEM. */
MUST_USE enum err tuned_file_write(const struct trainer_values *v, const struct trainer *t,
                                   const char *remark, const char *path, struct fail *why);

#endif
