/* Goals of experiments: events that visitors are to do more of. */
#ifndef MVTI_STORE_EXPERIMENT_GOAL_H
#define MVTI_STORE_EXPERIMENT_GOAL_H

#include <stdbool.h>

#include "base/err.h"

struct experiment_goal {
    const char *name;     /* like, click, engage, watch, share, up */
    const char *kinds[2]; /* an event of either kind (event.kind) reaches it */
    const char *value;    /* if it has this event.value; "" for any */
    const char *did;      /* what a visitor did who reached it, such as "liked a character" */
    bool of_character;    /* such an event says of which character it is */
};

/* ERR_INVALID: none has this name. */
MUST_USE enum err experiment_goal_find(const char *name, const struct experiment_goal **out,
                                       struct fail *why);

/* In a statement that reads event e: the four values in a row of EXPERIMENT_GOAL_BIND. */
#define EXPERIMENT_GOAL_IS "(e.kind = ? OR e.kind = ?) AND (? = '' OR e.value = ?)"
#define EXPERIMENT_GOAL_BIND(g)                                                                              \
    db_text((g)->kinds[0]), db_text((g)->kinds[1]), db_text((g)->value), db_text((g)->value)

#endif
