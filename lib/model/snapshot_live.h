/* Which snapshot is to be served: the one that state_dir/snapshots/current leads to or, while that cannot be used, the newest whole one beside it.
 *
 * `current` may be damaged, unreadable, gone, or no link at all; the file that is served may be cut or overwritten where it lies, which makes
 * reading it fatal (SIGBUS). Both are noticed at the next look, and what was refused is tried again when it has changed in any way. A file that
 * is to take the place of one that is served is verified on a thread of its own, at the lowest priority, and by one process at a time (flock(2)
 * on the file): who asks meanwhile waits for nothing. Where nothing is served it is verified at once. */
#ifndef MVTI_MODEL_SNAPSHOT_LIVE_H
#define MVTI_MODEL_SNAPSHOT_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/file_version.h"
#include "model/snapshot.h"

enum { SNAPSHOT_LIVE_NAME = 256 };

/* Why `current` is not what is served. */
enum snapshot_refusal {
    SNAPSHOT_USED, /* it is */
    SNAPSHOT_ABSENT,
    SNAPSHOT_NO_LINK, /* a file or folder of that name: who wrote it there may do so again, under readers */
    SNAPSHOT_UNREADABLE, /* for this process, or it leads nowhere */
    SNAPSHOT_DAMAGED,    /* or of another version */
};
/* One word for machines: "used", "absent", "no_link", "unreadable", "damaged". */
const char *snapshot_refusal_word(enum snapshot_refusal refusal);

/* What a path looked like. */
struct snapshot_mark {
    char target[SNAPSHOT_LIVE_NAME]; /* of the link, "": none */
    int error;                       /* of readlink or else of stat, 0: none */
    struct file_version file;
};

struct snapshot_check;
struct snapshot_live {
    char folder[1024];
    char name[SNAPSHOT_LIVE_NAME]; /* of the file that is served, as the link has it; "": none */
    enum snapshot_refusal refused; /* as of the last look */
    char reason[512];              /* a sentence with the file's name, "" while `current` is used */
    uint64_t refusals;             /* how often there was a new reason */
    struct snapshot_mark tried, served, next;
    struct snapshot_check *check; /* that runs; NULL: none */
};

enum snapshot_look {
    SNAPSHOT_SAME, /* nothing to do */
    SNAPSHOT_FRESH, /* *fresh is to take the place of what is served: snapshot_live_take, or close it and snapshot_live_again */
    SNAPSHOT_LOST, /* what is served can be read no more, and there is nothing else */
};

/* folder: of the snapshots. */
void snapshot_live_init(struct snapshot_live *l, const char *folder);
/* Costs four system calls where nothing has changed. Never fails: what is wrong is in `refused` and `reason`, and a lack of memory is tried again. */
enum snapshot_look snapshot_live_look(struct snapshot_live *l, struct snapshot *fresh);
/* The fresh one is served from now on. */
void snapshot_live_take(struct snapshot_live *l);
/* It is not, for a cause that passes: it comes again at the next look. */
void snapshot_live_again(struct snapshot_live *l);
/* Ends a check that runs, at the latest when the file is verified. */
void snapshot_live_close(struct snapshot_live *l);

#endif
