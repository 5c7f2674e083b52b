/* Completed tests with their chosen films and the results that were shown. */
#ifndef MVTI_STORE_VISITOR_QUIZ_H
#define MVTI_STORE_VISITOR_QUIZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "domain/mbti.h"
#include "store/db.h"

/* The lists of a result, by the names that events know them by too. */
enum visitor_quiz_list_of { VISITOR_QUIZ_SAME, VISITOR_QUIZ_COMPATIBLE, VISITOR_QUIZ_LISTS };
extern const char *const visitor_quiz_list_names[VISITOR_QUIZ_LISTS];

/* What was said of a character besides the match, in percent. */
struct visitor_quiz_told {
    bool known; /* false: the result is older than the columns */
    uint8_t film, points, above;
    bool strange;
};

struct visitor_quiz_result {
    bool compatible; /* the list it stands in */
    int32_t character_id;
    uint8_t type; /* 0 same, 1 compatible, 2 near */
    int percent;
    double enneagram; /* similarity 0…1; NaN: skipped */
    bool drawn;       /* the place was: propensity is the chance of this character there; store only */
    double propensity;
    struct visitor_quiz_told told;
    const char *because; /* [{"movie_id":1,"share":0.6}, …], largest share first */
};

struct visitor_quiz {
    int64_t test_id;
    const char *token; /* SHARE_TOKEN_CHARS characters */
    int64_t visitor_id;
    uint8_t mbti, enneagram;    /* ENNEAGRAM_NONE: skipped */
    bool surveyed;              /* percent holds something */
    uint8_t percent[MBTI_AXES]; /* towards I, N, F, P */
    int survey_version;
    const char *answers; /* JSON, {"survey":[…],"enneagram":[…]}; NULL: both types were chosen */
    const char *locale;  /* "ko" or "en" */
    const char *snapshot_id;
    int left_out_characters, left_out_movies; /* not in the lists because of the visitor's marks */
    int crowd; /* tests of one network block share it that day (auth/guest.h); store only */
    const char *feedback[VISITOR_QUIZ_LISTS]; /* of each list "up", "down" or "none" */
    int64_t created;                          /* seconds since 1970 UTC */
    const int32_t *movies;
    size_t n_movies;
    const struct visitor_quiz_result *results;
    size_t n_results; /* list "same" first, each in its order */
};

/* Stores a test with its films and results, counts it (counter.h), and sets its test_id and created, which is
 * the database's clock as every other time that limits and ages are counted from; runs inside the caller's
 * transaction. */
MUST_USE enum err visitor_quiz_store(struct db *db, struct visitor_quiz *t, struct fail *why);
/* Reads one by its token, everything from the arena. ERR_NOT_FOUND. */
MUST_USE enum err visitor_quiz_load(struct db *db, const char *token, struct arena *a,
                                    struct visitor_quiz *out, struct fail *why);
struct visitor_quizzes {
    int64_t before;             /* those older than this test are asked for; 0: from the newest */
    size_t most;                /* so many */
    struct visitor_quiz *items; /* [n] found, newest first, without films and results */
    size_t n;
};

/* Tests of a visitor, from the arena. */
MUST_USE enum err visitor_quiz_list(struct db *db, int64_t visitor_id, struct visitor_quizzes *page,
                                    struct arena *a, struct fail *why);
/* Adds films and results to one of those. */
MUST_USE enum err visitor_quiz_complete(struct db *db, struct arena *a, struct visitor_quiz *t,
                                        struct fail *why);
/* Sets the thumb on a list. ERR_NOT_FOUND if the visitor has no such test. */
MUST_USE enum err visitor_quiz_feedback(struct db *db, int64_t visitor_id, const char *token,
                                        enum visitor_quiz_list_of list, const char *value, struct fail *why);
/* Deletes a test with its films, results and places in circles, inside the caller's transaction; events stay, without the test.
 * ERR_NOT_FOUND if the visitor has no such test. */
MUST_USE enum err visitor_quiz_delete(struct db *db, int64_t visitor_id, const char *token, struct fail *why);
/* Inside a transaction: at most `most` tests of a visitor become tests of `nobody`, with their films and
 * types alone, the day instead of the time, and new numbers and tokens; *n: how many. */
MUST_USE enum err visitor_quiz_anonymous(struct db *db, int64_t visitor_id, int64_t nobody, size_t most,
                                         size_t *n, struct fail *why);
/* Id of a test of the visitor by token. ERR_NOT_FOUND if they have no such test. */
MUST_USE enum err visitor_quiz_owned(struct db *db, int64_t visitor_id, const char *token, int64_t *out,
                                     struct fail *why);
/* Id of a test by token, whoever took it. ERR_NOT_FOUND. */
MUST_USE enum err visitor_quiz_id(struct db *db, const char *token, int64_t *out, struct fail *why);
/* Number of completed tests of all visitors: kept, not counted (counter.h). */
MUST_USE enum err visitor_quiz_count(struct db *db, int64_t *out, struct fail *why);

#endif
