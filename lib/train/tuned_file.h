/* Settings that a search found, kept for `mvti train`: a text file a person may edit, one a model, lines of
 * `name = value`; what follows # is a remark. */
#ifndef MVTI_TRAIN_TUNED_FILE_H
#define MVTI_TRAIN_TUNED_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/named_bytes.h"
#include "train/trainer.h"

/* Fills in the settings that are not given yet. ERR_NOT_FOUND: no such file; ERR_INVALID with file:line: no
 * such setting, out of range, no such line; ERR_IO. Nothing is filled in after an error. */
MUST_USE enum err tuned_file_read(struct trainer_values *v, const struct trainer *t, const char *path,
                                  struct fail *why);
/* The same on bytes in memory. */
MUST_USE enum err tuned_file_parse(struct trainer_values *v, const struct trainer *t,
                                   const struct named_bytes *from, struct fail *why);
/* Writes those that are given, atomically, below a line `# remark`. ERR_IO, ERR_NOMEM. */
MUST_USE enum err tuned_file_write(const struct trainer_values *v, const struct trainer *t,
                                   const char *remark, const char *path, struct fail *why);

#endif
