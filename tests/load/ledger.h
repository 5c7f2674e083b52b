/* What one visitor of the load test was told that the site has kept, and what it may have kept without saying
 * so. */
#ifndef MVTI_TESTS_LOAD_LEDGER_H
#define MVTI_TESTS_LOAD_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* As many tests as /api/v1/me/tests lists; more would look lost. */
enum { LEDGER_MOST = 100, TOKEN_CHARS = 22 };

enum kept {
    KEPT_GUEST, /* acknowledged to a guest, who has not logged in yet */
    KEPT_OWN,   /* acknowledged, of the account */
    KEPT_LOOSE, /* acknowledged to a guest whose login broke off: there, of the guest or of the account */
};

struct kept_quiz {
    char token[TOKEN_CHARS + 1];
    enum kept kept;
};

struct kept_like {
    int32_t character;
    bool acknowledged;
};

struct ledger {
    struct kept_quiz tests[LEDGER_MOST];
    struct kept_like likes[LEDGER_MOST];
    size_t n_tests, n_likes;
    int tried_tests;   /* asked for and not acknowledged: each may be there or not */
    int logins;        /* acknowledged */
    int sessions_left; /* at most so many, because a logout or a login was not acknowledged */
};

/* False if there is no room: the run was longer than this program is made for. */
bool ledger_test(struct ledger *l, const char *token, enum kept kept);
bool ledger_like(struct ledger *l, int32_t character, bool acknowledged);
bool ledger_likes(const struct ledger *l, int32_t character);
/* What the guest did is now the account's (KEPT_OWN), or nobody knows whose (KEPT_LOOSE). */
void ledger_settle(struct ledger *l, enum kept kept);
const struct kept_quiz *ledger_find(const struct ledger *l, const char *token);

/* Compares what a page lists with what it must list. Empty text: it is right. `n` tokens or numbers. */
const char *ledger_compare_tests(const struct ledger *l, const char *const *tokens, size_t n);
const char *ledger_compare_likes(const struct ledger *l, const int64_t *characters, size_t n);

/* Lines "test" and "like" of the record. */
void ledger_write(const struct ledger *l, const char *subject, FILE *out);

#endif
