#include "auth/session.h"
#include "web/cookie.h"
#include "tests/check.h"

static void cookies_are_found_whole(void)
{
    static const struct {
        const char *header, *value;
    } rows[] = {
        {"mvti=abc", "abc"},
        {"a=1; mvti=abc; b=2", "abc"},
        {"a=1;mvti=abc ;b", "abc"},
        {"mvti=", ""},
        {"xmvti=1", NULL},
        {"mvtix=1", NULL},
        {"mvti", NULL},
        {"", NULL},
        {";;; ", NULL},
        {"MVTI=abc", NULL},
        {"mvti=a; mvti=b", NULL}, /* planted by a sibling domain: trust neither */
        {"mvti=0123456789012345678901234567890123456789", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char value[32];
        bool found = cookie_get(rows[i].header, "mvti", value, sizeof value);
        CHECK_MSG(found == (rows[i].value != NULL), "'%s'", rows[i].header);
        if (found)
            CHECK_STR(value, rows[i].value);
    }
}

static void set_cookie_has_every_protection(void)
{
    struct buf b = {0};
    cookie_put(&b, cookie_session_name(true), "v", SESSION_SECONDS, true);
    CHECK_STR(buf_str(&b), "__Host-mvti=v; Max-Age=15552000; Path=/; HttpOnly; SameSite=Lax; Secure");
    buf_reset(&b);
    cookie_put(&b, cookie_session_name(false), "v", 1, false);
    CHECK_STR(buf_str(&b), "mvti=v; Max-Age=1; Path=/; HttpOnly; SameSite=Lax");
    buf_free(&b);
}

static void sessions_keep_only_a_hash(void)
{
    struct session a, b;
    session_renew(&a);
    session_renew(&b);
    CHECK(a.present && a.fresh && secret_token_valid(a.token, 43));
    CHECK(memcmp(a.token, b.token, 43) != 0 && memcmp(a.hash, b.hash, 32) != 0);
    struct session again;
    session_from_token(&again, a.token);
    CHECK(again.present && !again.fresh && secret_equal(again.hash, a.hash, 32));
    static const char *const bad[] = {NULL, "", "short", "0123456789012345678901234567890123456789/42",
                                      "01234567890123456789012345678901234567890123"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        session_from_token(&again, bad[i]);
        CHECK(!again.present);
    }
    session_forget(&a);
    CHECK(a.token[0] == 0 && !a.present);
}

int main(void)
{
    CHECK(secret_init() == ERR_OK);
    RUN(cookies_are_found_whole);
    RUN(set_cookie_has_every_protection);
    RUN(sessions_keep_only_a_hash);
    return check_done();
}
