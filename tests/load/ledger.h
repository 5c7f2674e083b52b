/* What one visitor of the load test was told that the site has kept, and what it may have kept without saying
 * so. */
#ifndef MVTI_TESTS_LOAD_LEDGER_H
#define MVTI_TESTS_LOAD_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"

/* As many tests as /api/v1/me/tests lists; more would look lost. Who has MANY of them erases the account and begins anew. */
enum { LEDGER_MOST = 100, LEDGER_MANY = 80, TOKEN_CHARS = 22 };

enum kept {
    KEPT_GUEST,   /* acknowledged to a guest, who has not logged in yet */
    KEPT_OWN,     /* acknowledged, of the account */
    KEPT_LOOSE,   /* acknowledged to a guest whose login broke off: there, of the guest or of the account */
    KEPT_ASKED,   /* asked to be deleted, without an answer: until the next look nobody knows */
    KEPT_ERASING, /* likewise, with the whole account: all of these are there, or none is */
    KEPT_EITHER   /* there or not, for good: LOOSE, and then the account was erased */
};

struct kept_quiz {
    char token[TOKEN_CHARS + 1];
    enum kept kept;
};

struct kept_like {
    int32_t character;
    bool tried;                        /* asked for once without an answer: it may come late */
    bool acknowledged, asked, erasing; /* as KEPT_OWN, KEPT_ASKED, KEPT_ERASING; none of them: there or not */
};

enum standing { ACCOUNT_STANDS, ACCOUNT_ERASED, ACCOUNT_PERHAPS };
enum erasure { ERASURE_UNKNOWN, ERASURE_HAPPENED, ERASURE_NOT };

struct ledger {
    struct kept_quiz tests[LEDGER_MOST];
    struct kept_like likes[LEDGER_MOST];
    size_t n_tests, n_likes;
    struct buf gone; /* lines "gone" of tests whose deletion was acknowledged, or seen */
    enum standing standing;
    enum erasure erasure;         /* of the last one that was not answered: what was seen of it since */
    int tried_tests;              /* asked for and not acknowledged: each may be there or not */
    int logins;                   /* acknowledged */
    int sessions_left;            /* at most so many, because a logout or a login was not acknowledged */
    int deleted, unliked, erased; /* acknowledged */
};

/* False if there is no room: the run was longer than this program is made for. */
bool ledger_test(struct ledger *l, const char *token, enum kept kept);
bool ledger_like(struct ledger *l, int32_t character, bool acknowledged);
bool ledger_likes(const struct ledger *l, int32_t character);
/* What the guest did is now the account's (KEPT_OWN), or nobody knows whose (KEPT_LOOSE). */
void ledger_settle(struct ledger *l, enum kept kept);
const struct kept_quiz *ledger_find(const struct ledger *l, const char *token);

/* One test, one like, or the account with everything of it is deleted; not acknowledged: perhaps it is. `subject` is whose they are. */
void ledger_delete(struct ledger *l, const char *subject, const char *token, bool acknowledged);
void ledger_unlike(struct ledger *l, int32_t character, bool acknowledged);
void ledger_erase(struct ledger *l, const char *subject, bool acknowledged);

/* Compares what a page lists with what it must list. Empty text: it is right. `n` tokens or numbers. What was not known of deletions is
 * known from then on: what is listed stays, and what is not is gone. */
const char *ledger_compare_tests(struct ledger *l, const char *subject, const char *const *tokens, size_t n);
const char *ledger_compare_likes(struct ledger *l, const int64_t *characters, size_t n);

/* Lines "test", "like" and "gone" of the record. */
void ledger_write(const struct ledger *l, const char *subject, FILE *out);

#endif
