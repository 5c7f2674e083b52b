/* Marks on cards: "not like me" about a character, "know it, seen" and "no more of it" about its film. A row
 * a visitor, mark and subject, so that marking is idempotent; a film is marked once, whichever of its
 * characters it was said of. */
#ifndef MVTI_STORE_VISITOR_MARK_H
#define MVTI_STORE_VISITOR_MARK_H

#include <stdbool.h>

#include "base/arena.h"
#include "domain/mark.h"
#include "store/db.h"

struct visitor_mark {
    int64_t mark_id;
    enum mark kind;
    int32_t subject; /* id of a character (not_me) or of a film (seen, hidden) */
    int64_t created; /* seconds since 1970 UTC */
};

/* Of m its kind and subject. *changed: it was not so before. */
MUST_USE enum err visitor_mark_put(struct db *db, int64_t visitor_id, const struct visitor_mark *m,
                                   bool *changed, struct fail *why);
MUST_USE enum err visitor_mark_remove(struct db *db, int64_t visitor_id, const struct visitor_mark *m,
                                      bool *changed, struct fail *why);
struct visitor_marks {
    int64_t before;             /* those older than this one are asked for; 0: from the newest */
    size_t most;                /* so many */
    struct visitor_mark *items; /* [n] found, newest first */
    size_t n;
};

/* What a visitor has marked, from the arena. */
MUST_USE enum err visitor_mark_list(struct db *db, int64_t visitor_id, struct visitor_marks *page,
                                    struct arena *a, struct fail *why);

#endif
