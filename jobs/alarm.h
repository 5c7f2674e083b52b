/* What is wrong now beside what was, so that operators hear of each thing once, again after some hours, and when it is well again.
 *
 * What has been told is remembered in a small file, whose folder may be lost: then things are told once more. */
#ifndef MVTI_JOBS_ALARM_H
#define MVTI_JOBS_ALARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"

enum alarm_kind { ALARM_RAISED, ALARM_LASTS, ALARM_ENDED, ALARM_TRIED };

/* Texts that outlive the use. */
struct alarm_change {
    enum alarm_kind kind;
    const char *id, *about, *text, *remedy; /* as struct doctor_finding */
};

/* One thing that is or was wrong. */
struct alarm {
    const char *id, *about, *text;
    int64_t told; /* seconds since 1970 UTC of the last word about it; 0: never */
    bool wrong;   /* else it is remembered for as long as it would be too soon to tell again */
    bool quiet;   /* wrong anew, and nobody has been told: nor is anybody that it is well */
};

struct alarms {
    int64_t now,
        repeat; /* the caller's: seconds since 1970 UTC; seconds until the same thing is told again */
    char path[1024];
    int lock; /* descriptor; −1: there is no such folder, so nothing is remembered */
    struct arena *arena;
    struct vec items; /* struct alarm */
};

/* Waits for others that have it open. The folder is made if its parent is there. ERR_NOMEM; a file that is none of ours is empty. */
MUST_USE enum err alarms_open(struct alarms *a, const char *dir, struct arena *arena, struct fail *why);
/* What to tell, to `out` (struct alarm_change), of what is wrong now. whole: `wrong` is all that is wrong, so what else was is well again; else it is
 * only added. ERR_NOMEM. */
MUST_USE enum err alarms_compare(struct alarms *a, const struct vec *wrong, bool whole, struct vec *out,
                                 struct fail *why);
/* Remembers, if the changes have been told, else what was remembered before stays; frees. */
void alarms_close(struct alarms *a, bool told);

#endif
