/* Stored tests: shown to whoever has the link, kept and deleted by who took them. */
#ifndef MVTI_APP_SHARE_H
#define MVTI_APP_SHARE_H

#include "app/recommend.h"
#include "app/visit.h"
#include "store/visitor_quiz.h"

enum { SHARE_LIST_MOST = 100 };

/* A test that somebody asks for, and the catalog that it is shown from. */
struct share_asked {
    const struct snapshot *snapshot;
    const struct session *session;
    const char *token;
};

struct share_quiz {
    struct visitor_quiz stored;
    bool mine;
    const uint32_t *movies; /* indexes of the chosen films that the catalog still has */
    size_t n_movies;
    struct recommend_list same,
        compatible; /* as they were shown; characters that left the catalog are left out */
};

/* ERR_NOT_FOUND, ERR_UNAVAILABLE. */
MUST_USE enum err share_load(struct db *db, struct share_asked asked, struct arena *a, struct share_quiz *out,
                             struct fail *why);
/* The newest test of the visitor. ERR_NOT_FOUND if there is none. */
MUST_USE enum err share_newest(struct db *db, const struct snapshot *s, const struct session *session,
                               struct arena *a, struct share_quiz *out, struct fail *why);
/* The visitor's tests; none for an unknown visitor. */
MUST_USE enum err share_list(struct db *db, const struct session *session, struct visitor_quizzes *page,
                             struct arena *a, struct fail *why);
/* ERR_NOT_FOUND unless it is the visitor's own. */
MUST_USE enum err share_delete(struct db *db, const struct session *session, const char *token,
                               struct fail *why);

#endif
