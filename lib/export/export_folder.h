/* The folder of exports: names, which say what is in them, and what is left of one that was cut off. */
#ifndef MVTI_EXPORT_EXPORT_FOLDER_H
#define MVTI_EXPORT_EXPORT_FOLDER_H

#include "export/export.h"

/* Makes dir if need be and takes its lock, which close(*lock) gives back. ERR_BUSY: somebody has it. */
MUST_USE enum err export_folder_lock(const char *dir, int *lock, struct fail *why);

/* Which exports: of a table (or "all"), in a format, in dir. */
struct export_series {
    const char *dir, *table, *format;
};

/* dir/PREFIX0000000017-0000000042-all-parquet for done's watermarks; prefix "." while it is unfinished. */
void export_folder_name(char out[PARTS_PATH], const struct export_series *s, const char *prefix,
                        const struct export_done *done);
/* The highest watermark that one of them, or of all tables, has reached; 0: there is none. */
int64_t export_folder_last(const struct export_series *s);
/* The watermark that an unfinished one from `since` on was to reach; 0: there is none. */
int64_t export_folder_unfinished(const struct export_series *s, int64_t since);

/* An empty folder of that name below `folder`, whatever was in it; its path into out. */
MUST_USE enum err export_folder_fresh(const char *folder, const char *name, char out[PARTS_PATH],
                                      struct fail *why);
/* What a killed writer has left in `folder` itself: temporary files go. */
MUST_USE enum err export_folder_tidy(const char *folder, struct fail *why);
/* Gives what is finished its name, for good. */
MUST_USE enum err export_folder_publish(const char *from, const char *to, struct fail *why);

#endif
