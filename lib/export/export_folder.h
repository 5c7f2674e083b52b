/* The folder of exports: names, which say what is in them, and what is left of one that was cut off. */
#ifndef MVTI_EXPORT_EXPORT_FOLDER_H
#define MVTI_EXPORT_EXPORT_FOLDER_H

#include "export/export.h"

/* Makes dir if need be and takes its lock, which close(*lock) gives back. ERR_BUSY: somebody has it. */
MUST_USE enum err export_folder_lock(const char *dir, int *lock, struct fail *why);

/* dir/PREFIX0000000017-0000000042-all-parquet for done's watermarks; prefix "." while it is unfinished. */
void export_folder_name(char out[PARTS_PATH], const char *dir, const char *prefix,
                        const struct export_done *done, const char *table, const char *format);
/* The highest watermark that an export of this table or of all has reached in dir; 0: there is none. */
int64_t export_folder_last(const char *dir, const char *table, const char *format);
/* The watermark that an unfinished export from `since` on was to reach; 0: there is none. */
int64_t export_folder_unfinished(const char *dir, int64_t since, const char *table, const char *format);

/* An empty folder of that name below `folder`, whatever was in it; its path into out. */
MUST_USE enum err export_folder_fresh(const char *folder, const char *name, char out[PARTS_PATH],
                                      struct fail *why);
/* What a killed writer has left in `folder` itself: temporary files go. */
MUST_USE enum err export_folder_tidy(const char *folder, struct fail *why);
/* Gives what is finished its name, for good. */
MUST_USE enum err export_folder_publish(const char *from, const char *to, struct fail *why);

#endif
