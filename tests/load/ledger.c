#include "load/ledger.h"

#include <string.h>

static const char half[] = "an account is erased by half";

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
    known->tried |= !acknowledged;
    if (acknowledged)
        known->asked = known->erasing = false;
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

static void drop_test(struct ledger *l, const char *subject, size_t i)
{
    buf_printf(&l->gone, "gone\t%s\t%s\n", subject, l->tests[i].token);
    l->tests[i] = l->tests[--l->n_tests];
}

static void drop_like(struct ledger *l, struct kept_like *like)
{
    *like = l->likes[--l->n_likes];
}

void ledger_delete(struct ledger *l, const char *subject, const char *token, bool acknowledged)
{
    struct kept_quiz *t = (struct kept_quiz *)ledger_find(l, token);
    if (acknowledged)
        drop_test(l, subject, (size_t)(t - l->tests));
    else
        t->kept = KEPT_ASKED;
    l->deleted += acknowledged;
}

void ledger_unlike(struct ledger *l, int32_t character, bool acknowledged)
{
    struct kept_like *like = find_like(l, character);
    if (acknowledged)
        drop_like(l, like);
    else
        *like = (struct kept_like){.character = character, .asked = true};
    l->unliked += acknowledged;
}

/* What is of the account goes with it; of what is not known to be, nothing is known any more. */
static void erase_tests(struct ledger *l, const char *subject, bool acknowledged)
{
    for (size_t i = l->n_tests; i-- > 0;) {
        struct kept_quiz *t = &l->tests[i];
        bool either = t->kept == KEPT_LOOSE || t->kept == KEPT_EITHER || t->kept == KEPT_GUEST;
        if (acknowledged && !either)
            drop_test(l, subject, i);
        else
            t->kept = t->kept == KEPT_OWN ? KEPT_ERASING : KEPT_EITHER;
    }
}

void ledger_erase(struct ledger *l, const char *subject, bool acknowledged)
{
    erase_tests(l, subject, acknowledged);
    for (size_t i = 0; i < l->n_likes; i++) {
        struct kept_like *like = &l->likes[i];
        *like =
            (struct kept_like){.character = like->character, .tried = true, .erasing = like->acknowledged};
    }
    if (acknowledged)
        l->n_likes = 0;
    l->erasure = ERASURE_UNKNOWN;
    l->standing = acknowledged ? ACCOUNT_ERASED : ACCOUNT_PERHAPS;
    l->erased += acknowledged;
}

static bool lists(const char *const *tokens, size_t n, const char *token)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(tokens[i], token) == 0)
            return true;
    return false;
}

/* Whether an erasure without an answer happened, of one thing that it would have taken. */
static bool sees(struct ledger *l, bool listed)
{
    enum erasure seen = listed ? ERASURE_NOT : ERASURE_HAPPENED;
    bool agrees = l->erasure == ERASURE_UNKNOWN || l->erasure == seen;
    l->erasure = seen;
    return agrees;
}

/* "" or what is wrong. */
static const char *settle_test(struct ledger *l, const char *subject, size_t i, bool listed)
{
    struct kept_quiz *t = &l->tests[i];
    if (t->kept == KEPT_OWN && !listed)
        return "an acknowledged test is not listed";
    if (t->kept == KEPT_ERASING && !sees(l, listed))
        return half;
    if (t->kept != KEPT_ASKED && t->kept != KEPT_ERASING)
        return "";
    if (listed)
        t->kept = KEPT_OWN;
    else
        drop_test(l, subject, i);
    return "";
}

const char *ledger_compare_tests(struct ledger *l, const char *subject, const char *const *tokens, size_t n)
{
    size_t unknown = 0;
    for (size_t i = 0; i < n; i++) {
        unknown += ledger_find(l, tokens[i]) == NULL;
        if (lists(tokens, i, tokens[i]))
            return "a test is listed twice";
    }
    if (unknown > (size_t)l->tried_tests)
        return "a test is listed that was not taken, or was deleted";
    const char *wrong = "";
    for (size_t i = l->n_tests; i-- > 0 && *wrong == '\0';)
        wrong = settle_test(l, subject, i, lists(tokens, n, l->tests[i].token));
    return wrong;
}

static const char *settle_like(struct ledger *l, struct kept_like *like, bool listed)
{
    if (like->acknowledged && !listed)
        return "an acknowledged like is not listed";
    if (like->erasing && !sees(l, listed))
        return half;
    if (!like->asked && !like->erasing)
        return "";
    if (listed)
        *like = (struct kept_like){.character = like->character, .acknowledged = true};
    else
        drop_like(l, like);
    return "";
}

static bool has(const int64_t *characters, size_t n, int64_t character)
{
    for (size_t i = 0; i < n; i++)
        if (characters[i] == character)
            return true;
    return false;
}

const char *ledger_compare_likes(struct ledger *l, const int64_t *characters, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (find_like(l, characters[i]) == NULL)
            return "a like is listed that was not given, or was taken back";
        if (has(characters, i, characters[i]))
            return "a like is listed twice";
    }
    const char *wrong = "";
    for (size_t i = l->n_likes; i-- > 0 && *wrong == '\0';)
        wrong = settle_like(l, &l->likes[i], has(characters, n, l->likes[i].character));
    return wrong;
}

void ledger_write(const struct ledger *l, const char *subject, FILE *out)
{
    static const char *const words[] = {"loose", "own", "loose", "either", "either", "either"};
    for (size_t i = 0; i < l->n_tests; i++)
        fprintf(out, "test\t%s\t%s\t%s\n", subject, l->tests[i].token, words[l->tests[i].kept]);
    for (size_t i = 0; i < l->n_likes; i++)
        fprintf(out, "like\t%s\t%d\t%s\n", subject, l->likes[i].character,
                l->likes[i].acknowledged ? "sure" : "tried");
    fputs(buf_str(&l->gone), out);
}
