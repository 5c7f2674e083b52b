/* state_dir/snapshots: the snapshots that are kept, which one is live, which one stays so, and one that is
 * being made.
 *
 *   mvti-ID.mvs   whole snapshots that are or were live
 *   current       link to the live one
 *   pinned        link to the one that stays live whatever is published; usually absent
 *   withdrawn     link to the last one that did worse where it was tried; usually absent
 *   candidate/    where the next one is written and judged; what is left there was never live
 *   lock          held by who publishes, rolls back or pins
 *
 * Every change is one rename, so a process that is killed leaves a live site. */
#ifndef MVTI_PUBLISH_SNAPSHOT_FOLDER_H
#define MVTI_PUBLISH_SNAPSHOT_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/config.h"
#include "base/err.h"

enum { SNAPSHOT_NAME = 64, SNAPSHOT_PATH = 1200 };

struct snapshot_folder {
    char path[1024];
    int lock; /* -1: not held */
};

/* A kept one. */
struct snapshot_entry {
    char name[SNAPSHOT_NAME]; /* of the file */
    char id[SNAPSHOT_NAME];
    int64_t created;         /* seconds since 1970 UTC */
    struct timespec written; /* orders those of one second */
};

/* Makes the folder and takes no lock: for who only reads, or opens it later to write. ERR_IO. */
MUST_USE enum err snapshot_folder_look(struct snapshot_folder *f, const struct config *config,
                                       struct fail *why);
/* The same and takes the lock. ERR_BUSY: somebody has it. snapshot_folder_close it, also after an
 * error. */
MUST_USE enum err snapshot_folder_open(struct snapshot_folder *f, const struct config *config,
                                       struct fail *why);
void snapshot_folder_close(struct snapshot_folder *f);
/* Whole snapshots, newest first; the caller frees *out. */
size_t snapshot_folder_list(const struct snapshot_folder *f, struct snapshot_entry **out);
/* The name of the live or the pinned one's file, "" if there is none. */
void snapshot_folder_current(const struct snapshot_folder *f, char name[SNAPSHOT_NAME]);
void snapshot_folder_pinned(const struct snapshot_folder *f, char name[SNAPSHOT_NAME]);
/* The last one that was withdrawn, ""; its file may be gone. */
void snapshot_folder_withdrawn(const struct snapshot_folder *f, char name[SNAPSHOT_NAME]);
MUST_USE enum err snapshot_folder_withdraw(const struct snapshot_folder *f, const char *name,
                                           struct fail *why);
/* The file of an entry. */
void snapshot_folder_file(const struct snapshot_folder *f, const char *name, char path[SNAPSHOT_PATH]);
/* An empty folder for the next one. ERR_IO. */
MUST_USE enum err snapshot_folder_candidate(const struct snapshot_folder *f, char path[SNAPSHOT_PATH],
                                            struct fail *why);
/* Makes the file of the candidate folder live. ERR_IO. */
MUST_USE enum err snapshot_folder_accept(const struct snapshot_folder *f, const char *name, struct fail *why);
/* Removes what an unsuccessful candidate left. */
void snapshot_folder_clean(const struct snapshot_folder *f);
/* Makes a kept one live. ERR_IO. */
MUST_USE enum err snapshot_folder_switch(const struct snapshot_folder *f, const char *name, struct fail *why);
/* Sets or ("") takes away the pin. ERR_IO. */
MUST_USE enum err snapshot_folder_pin(const struct snapshot_folder *f, const char *name, struct fail *why);
/* Of more than `keep` the oldest go, but never the live or the pinned one, nor was_live, the name of the one that a new one has taken the place
 * of ("": none): it may be old itself, after a rollback. */
void snapshot_folder_remove_old(const struct snapshot_folder *f, long keep, const char *was_live);

#endif
