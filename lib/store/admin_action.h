/* What was done in the owner's console: who, when, what, on what, before and after. A row is written in the transaction of the change, or
 * before it where somebody else carries it out: that row is then a request (ADMIN_ASKED), taken up once. Rows are never changed after their
 * end, and never deleted. */
#ifndef MVTI_STORE_ADMIN_ACTION_H
#define MVTI_STORE_ADMIN_ACTION_H

#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

enum { ADMIN_SAID = 500, ADMIN_SUBJECT = 100 };

struct admin_action {
    int64_t action_id;          /* given by the database */
    int64_t asked, ended;       /* seconds since 1970 UTC; ended 0: it is asked for */
    int64_t visitor_id;         /* who */
    const char *admin;          /* the same, as the setting names them */
    const char *action;         /* "rollback"; a small word of ours */
    const char *subject;        /* on what; "" the whole site */
    const char *before, *after; /* NULL: nothing changed */
    const char *outcome;        /* "asked", "taken", "done" or "failed" */
    const char *said;           /* a sentence, "" none */
};

#define ADMIN_ASKED "asked"
#define ADMIN_TAKEN "taken"
#define ADMIN_DONE "done"
#define ADMIN_FAILED "failed"

/* Stores it as a request if `asked`, else as done; of the struct only visitor_id to said are read. *id may not be NULL. */
MUST_USE enum err admin_action_add(struct db *db, const struct admin_action *done, bool asked, int64_t *id,
                                   struct fail *why);
struct admin_actions {
    struct admin_action *items; /* [n], in the arena */
    size_t n;
};
/* The newest actions, newest first, with numbers below `before` (0: from the newest), at most `most`. */
MUST_USE enum err admin_action_list(struct db *db, int64_t before, size_t most, struct arena *a,
                                    struct admin_actions *out, struct fail *why);
/* The number of the oldest request that waits or is at work; ERR_NOT_FOUND. */
MUST_USE enum err admin_action_open(struct db *db, int64_t *action_id, struct fail *why);
/* Takes the oldest request that waits, so that it is carried out once, whoever is killed on the way. ERR_NOT_FOUND: there is none. */
MUST_USE enum err admin_action_take(struct db *db, struct arena *a, struct admin_action *out,
                                    struct fail *why);
/* Ends what was taken: of it outcome, before, after and said are stored. */
MUST_USE enum err admin_action_end(struct db *db, const struct admin_action *taken, struct fail *why);
/* Ends as failed what waits for longer than `seconds`, because nobody expects it any more, and what was taken by somebody who was killed;
 * *n: how many. */
MUST_USE enum err admin_action_give_up(struct db *db, int64_t seconds, int64_t *n, struct fail *why);

#endif
