/* The main use case: a visitor's answers become characters, and both are kept. */
#ifndef MVTI_APP_QUIZ_H
#define MVTI_APP_QUIZ_H

#include "app/experiments.h"
#include "app/recommend.h"
#include "app/visit.h"
#include "store/today.h"

struct quiz_request {
    const struct snapshot *snapshot;
    struct session *session; /* of who takes it; a new guest's is begun */
    struct recommend_request wanted;
    bool surveyed; /* the type comes from the survey: score and answers hold it */
    struct survey_score score;
    const int8_t *answers; /* [n_answers], SURVEY_UNASKED where nothing was asked */
    size_t n_answers;
    int survey_version;
    const char *told; /* in place of answers: those of an earlier test, as they are stored; NULL: none */
    const char *wing_answers[3]; /* the Enneagram questions' answers; all NULL when the type was chosen */
    const char *locale;          /* "ko" or "en" */
    bool rate_limited;           /* LIMITS_TESTS holds */
    const struct experiments *experiments; /* NULL: none */
    struct once once;                      /* its key; without one a test that is sent twice is two */
};

struct quiz_outcome {
    struct recommend_result found;
    struct choice choice; /* variants that made it; none unless saved */
    int64_t created;      /* seconds since 1970 UTC */
    bool saved;           /* committed: it survives a crash of worker and database from here on */
    char token[SHARE_TOKEN_CHARS + 1]; /* "" unless saved */
    enum err unsaved;                  /* why not */
    bool repeated; /* it was saved before, under that token, and nothing else is known here */
};

/* Takes type and answers over from an earlier test of who asks, so that only films are chosen again. ERR_NOT_FOUND: they have no such test. */
MUST_USE enum err quiz_again(struct db *db, const char *token, struct arena *a, struct quiz_request *q,
                             struct fail *why);
/* Recommends, then stores test, films, results and, for a new visitor, guest and session in one transaction.
 * A database that is away does not fail the call: the outcome says saved = false and `why` tells the reason.
 * Of who is under 14 (session) nothing is stored, as if it were away: unsaved is ERR_DENIED.
 * Variants of experiments make the result, and the rows that say so are stored with it; one that is not saved is what the site is.
 * ERR_INVALID: the request (nothing stored), ERR_LIMITED, ERR_UNPROVEN (visit_enter), ERR_CONFLICT
 * (once_seen), ERR_NOMEM. */
MUST_USE enum err quiz_take(struct db *db, const struct quiz_request *q, struct arena *a,
                            struct quiz_outcome *out, struct fail *why);
/* Tests that people have completed: kept, not counted. */
MUST_USE enum err quiz_count(struct db *db, int64_t *out, struct fail *why);
/* What has happened today. */
MUST_USE enum err quiz_today(struct db *db, struct today *out, struct fail *why);

#endif
