#include "load/ledger.h"

#include <string.h>

bool ledger_test(struct ledger *l, const char *token, enum kept kept)
{
    if (l->n_tests == LEDGER_MOST || strlen(token) != TOKEN_CHARS)
        return false;
    struct kept_quiz *t = &l->tests[l->n_tests++];
    memcpy(t->token, token, sizeof t->token);
    t->kept = kept;
    return true;
}

static struct kept_like *find_like(const struct ledger *l, int64_t character)
{
    for (size_t i = 0; i < l->n_likes; i++)
        if (l->likes[i].character == character)
            return (struct kept_like *)&l->likes[i];
    return NULL;
}

bool ledger_likes(const struct ledger *l, int32_t character)
{
    return find_like(l, character) != NULL;
}

bool ledger_like(struct ledger *l, int32_t character, bool acknowledged)
{
    struct kept_like *known = find_like(l, character);
    if (known == NULL && l->n_likes == LEDGER_MOST)
        return false;
    if (known == NULL) {
        known = &l->likes[l->n_likes++];
        *known = (struct kept_like){.character = character};
    }
    known->acknowledged |= acknowledged;
    return true;
}

void ledger_settle(struct ledger *l, enum kept kept)
{
    for (size_t i = 0; i < l->n_tests; i++)
        if (l->tests[i].kept == KEPT_GUEST)
            l->tests[i].kept = kept;
}

const struct kept_quiz *ledger_find(const struct ledger *l, const char *token)
{
    for (size_t i = 0; i < l->n_tests; i++)
        if (strcmp(l->tests[i].token, token) == 0)
            return &l->tests[i];
    return NULL;
}

const char *ledger_compare_tests(const struct ledger *l, const char *const *tokens, size_t n)
{
    size_t own = 0, listed = 0, unknown = 0;
    for (size_t i = 0; i < l->n_tests; i++)
        own += l->tests[i].kept == KEPT_OWN;
    for (size_t i = 0; i < n; i++) {
        const struct kept_quiz *t = ledger_find(l, tokens[i]);
        listed += t != NULL && t->kept == KEPT_OWN;
        unknown += t == NULL;
        for (size_t j = 0; j < i; j++)
            if (strcmp(tokens[i], tokens[j]) == 0)
                return "a test is listed twice";
    }
    if (listed != own)
        return "an acknowledged test is not listed";
    return unknown > (size_t)l->tried_tests ? "a test is listed that was not taken" : "";
}

const char *ledger_compare_likes(const struct ledger *l, const int64_t *characters, size_t n)
{
    size_t own = 0, listed = 0;
    for (size_t i = 0; i < l->n_likes; i++)
        own += l->likes[i].acknowledged;
    for (size_t i = 0; i < n; i++) {
        const struct kept_like *k = find_like(l, characters[i]);
        if (k == NULL)
            return "a like is listed that was not given";
        listed += k->acknowledged;
        for (size_t j = 0; j < i; j++)
            if (characters[i] == characters[j])
                return "a like is listed twice";
    }
    return listed != own ? "an acknowledged like is not listed" : "";
}

void ledger_write(const struct ledger *l, const char *subject, FILE *out)
{
    for (size_t i = 0; i < l->n_tests; i++)
        fprintf(out, "test\t%s\t%s\t%s\n", subject, l->tests[i].token,
                l->tests[i].kept == KEPT_OWN ? "own" : "loose");
    for (size_t i = 0; i < l->n_likes; i++)
        fprintf(out, "like\t%s\t%d\t%s\n", subject, l->likes[i].character,
                l->likes[i].acknowledged ? "sure" : "tried");
}
