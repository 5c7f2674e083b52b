/* Files into a back-up and out of it, each with its hash. */
#ifndef MVTI_BACKUP_COPY_H
#define MVTI_BACKUP_COPY_H

#include "backup/contents.h"
#include "base/progress.h"

enum { COPY_PATH = 1100 };

struct copy {
    const char *from;  /* a folder */
    const char *to;    /* the folder of the back-up */
    const char *below; /* where in it: "state" */
    /* Whether a file or folder, by its path below `from`, is left out; NULL: nothing is. */
    bool (*leave_out)(void *arg, const char *path);
    void *arg;
    const struct progress *progress;
};

/* Copies what is in c->from, folders and all, and adds each file to m. Sockets and devices are left out. ERR_IO names the file (a
 * full disk too). */
MUST_USE enum err copy_folder(const struct copy *c, struct contents *m, struct fail *why);
/* Adds the file folder/path, which is there already. */
MUST_USE enum err copy_note(struct contents *m, const char *folder, const char *path, struct fail *why);
/* Whether every file of the back-up is what the manifest says. ERR_CORRUPT and the name of the first that is not; ERR_NOT_FOUND likewise. */
MUST_USE enum err copy_check(const struct contents *m, const char *folder, const struct progress *p,
                             struct fail *why);
/* Puts the files below folder/below back into `to`, each by a rename and with its mode. They are written by whom `to` belongs to, if this process is root's, and so
 * are that account's; ERR_IO where it may not. Links come last. What else is in `to` stays. */
MUST_USE enum err copy_back(const struct contents *m, const char *folder, const char *below, const char *to,
                            struct fail *why);
/* Removes a folder with all that is in it; what cannot be removed stays. */
void copy_remove(const char *folder);

#endif
