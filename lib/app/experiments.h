/* Experiments as a worker serves them: the file it looks at, the variants a visitor is given, and the rows that record what was shown.
 *
 * Programs (by their user agent) are not assigned, and nobody without a number is: a guest gets one with the
 * first write and is assigned in that same transaction. Without a readable file there are no experiments:
 * everybody gets the site as it is. */
#ifndef MVTI_APP_EXPERIMENTS_H
#define MVTI_APP_EXPERIMENTS_H

#include "auth/session.h"
#include "base/config.h"
#include "base/file_version.h"
#include "base/lasting.h"
#include "experiment/choice.h"
#include "model/snapshot.h"
#include "store/db.h"

enum experiments_state { EXPERIMENTS_NONE /* no file */, EXPERIMENTS_READY, EXPERIMENTS_BROKEN };

struct experiments {
    enum experiments_state state;
    struct experiment_file file; /* if READY */
    struct choice_forced forced;
    bool usable[EXPERIMENT_FILE_MOST]; /* the live snapshot has the models that its variants ask for */
    bool looked;                       /* false: it is read at the next look */
    struct file_version read;          /* what was seen then */
    struct lasting refused;
};

/* Looks whether the file changed, and reads it then; a broken one means none and is logged as base/lasting.h
 * has it, and one that could not be read for a cause that may pass is tried at each look. Cost when nothing
 * changed: one system call. s: the live snapshot, NULL: none; fresh: it is another one than the last time;
 * now: clock_monotonic. */
void experiments_refresh(struct experiments *x, const struct config *config, const struct snapshot *s,
                         bool fresh, double now);
void experiments_close(struct experiments *x);
/* Whether any experiment touches one of these parts (enum variant_part), so that asking the database may be worth it. */
bool experiments_touch(const struct experiments *x, uint32_t parts);

/* Whether visitors can be given this one: workers know of it, and the live snapshot has the models that it asks for. */
bool experiments_served(const struct experiments *x, int64_t experiment_id);

/* What tells one test from another, for draws: the visitor, the answers, and the key under which a test that is sent twice is one. */
struct experiments_test {
    const void *bytes;
    size_t n;
};

/* Who is to be given what. */
struct experiments_visit {
    const struct session *session;
    int64_t visitor_id; /* 0: nobody */
    uint32_t parts;     /* enum variant_part: of experiments that touch one of them */
    const char *
        texts; /* with VARIANT_WORDS: how the names of the page's texts begin, such as "home."; experiments of other texts alone are left out */
    const struct experiments_test *test; /* NULL: there is none, and no bandit is among these parts */
};

/* The variants of a visitor; the database is asked what was shown before, unless nothing runs. As db_query. */
MUST_USE enum err experiments_choose(struct db *db, const struct experiments *x,
                                     const struct experiments_visit *v, struct choice *out, struct fail *why);
/* Records that they were shown, and, of a test (0: none), that they made it; inside the caller's transaction. */
MUST_USE enum err experiments_shown(struct db *db, const struct choice *choice, int64_t visitor_id,
                                    int64_t test_id, struct fail *why);
/* Those that made a stored test, as experiments_shown kept them, of the experiments that still run; and what is forced. As db_query. */
MUST_USE enum err experiments_made(struct db *db, const struct experiments *x, int64_t test_id,
                                   struct choice *out, struct fail *why);
/* The variants that a page is to be made with, and that they are shown: stored the first time, before the
 * page is sent. Sets v->visitor_id. out is empty, and the page is the site as it is, for unknown visitors,
 * where nothing runs, and where the database does not answer, which is logged. */
void experiments_show(struct db *db, const struct experiments *x, struct experiments_visit *v,
                      struct choice *out);
/* The seed of the places that are drawn in a result. */
uint64_t experiments_seed(const struct session *session, const struct experiments_test *test);

#endif
