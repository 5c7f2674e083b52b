#include "auth/session.h"
#include "web/cookie.h"
#include "tests/check.h"
#include "tests/fixture/file.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

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
        {"mvti=0123456789012345678901234567890", "0123456789012345678901234567890"},
        {"mvti=01234567890123456789012345678901", NULL}, /* no room for its end */
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
    cookie_put(&b, cookie_session_name(true), "v", SESSION_GUEST_WHOLE, true);
    CHECK_STR(buf_str(&b), "__Host-mvti=v; Max-Age=34560000; Path=/; HttpOnly; SameSite=Lax; Secure");
    buf_reset(&b);
    cookie_put(&b, cookie_session_name(false), "v", 1, false);
    CHECK_STR(buf_str(&b), "mvti=v; Max-Age=1; Path=/; HttpOnly; SameSite=Lax");
    buf_free(&b);
}

static struct keyring ring(int seed)
{
    struct keyring k = {.n = 1};
    memset(k.keys[0], seed, sizeof k.keys[0]);
    return k;
}

static void sessions_keep_only_a_hash(void)
{
    struct keyring k = ring(1), other = ring(2);
    struct session a = {.keys = &k}, b = {.keys = &k}, again;
    session_renew(&a, 7);
    session_renew(&b, 7);
    CHECK(a.present && a.fresh && a.lifetime == 7 && secret_token_valid(a.token, 43));
    CHECK(memcmp(a.token, b.token, 43) != 0 && memcmp(a.hash[0], b.hash[0], 32) != 0);
    session_from_token(&again, &k, a.token);
    CHECK(again.present && !again.fresh && secret_equal(again.hash[0], a.hash[0], 32));
    for (size_t i = 1; i < KEYRING_MOST; i++) /* no hash is looked for that everybody knows */
        CHECK(secret_equal(again.hash[i], a.hash[0], 32) && secret_equal(a.hash[i], a.hash[0], 32));
    uint8_t plain[SECRET_HASH_BYTES];
    secret_hash(plain, a.token, SECRET_TOKEN_CHARS);
    CHECK(!secret_equal(plain, a.hash[0], 32));
    session_from_token(&again, &other, a.token); /* the same cookie under another key is another hash */
    CHECK(!secret_equal(again.hash[0], a.hash[0], 32));
    static const char *const bad[] = {NULL, "", "short", "0123456789012345678901234567890123456789/42",
                                      "01234567890123456789012345678901234567890123"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        session_from_token(&again, &k, bad[i]);
        CHECK(!again.present);
    }
    session_end(&again);
    session_renew(&again, 7);
    CHECK(again.present && again.fresh && !again.ended);
    session_end(&again);
    CHECK(!again.present && !again.fresh && again.ended);
    for (size_t i = 0; i < sizeof again.token; i++)
        CHECK(again.token[i] == 0);
    for (size_t i = 0; i < sizeof again.hash; i++)
        CHECK(((const uint8_t *)again.hash)[i] == 0);
    session_forget(&a);
    CHECK(a.token[0] == 0 && !a.present);
}

static void a_second_key_still_opens(void)
{
    struct keyring old = ring(1), both = ring(2);
    both.n = 2;
    memcpy(both.keys[1], old.keys[0], sizeof both.keys[1]);
    struct session a = {.keys = &old}, b;
    session_renew(&a, 7);
    session_from_token(&b, &both, a.token);
    CHECK(secret_equal(b.hash[1], a.hash[0], 32) && !secret_equal(b.hash[0], a.hash[0], 32));
    char token[SECRET_TOKEN_CHARS + 1];
    session_csrf_token(&a, token);
    CHECK(session_csrf_valid(&a, token) && session_csrf_valid(&b, token));
    token[5] = token[5] == 'A' ? 'B' : 'A';
    CHECK(!session_csrf_valid(&a, token) && !session_csrf_valid(&a, "") && !session_csrf_valid(&a, a.token));
    session_renew(&b, 7); /* another session's token is worth nothing */
    session_link_proof(&a, token);
    CHECK(session_link_valid(&a, token) && !session_csrf_valid(&a, token) && !session_link_valid(&a, ""));
    session_csrf_token(&a, token);
    CHECK(!session_link_valid(&a, token));
    session_link_proof(&b, token);
    CHECK(!session_link_valid(&a, token));
    struct session none;
    session_from_token(&none, &old, NULL);
    session_link_proof(&none, token);
    CHECK(!session_link_valid(&none, token));
    session_csrf_token(&b, token);
    CHECK(!session_csrf_valid(&a, token));
}

static void browsers_have_short_names(void)
{
    static const struct {
        const char *agent, *name;
    } rows[] = {
        {"Mozilla/5.0 (Linux; Android 14; SM-S911N) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
         "Chrome, Android"},
        {"Firefox", "Firefox"},
        {"Something for Windows", "Windows"},
        {"curl/8.0", ""},
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Mobile KAKAOTALK 10.4",
         "KakaoTalk, iPhone"},
        {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/17 Safari/605",
         "Safari, macOS"},
        {"curl/8", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char name[SESSION_CLIENT_CHARS + 1];
        session_client_name(rows[i].agent, name);
        CHECK_STR(name, rows[i].name);
    }
}

static void write_file(const char *path, const char *text, int mode)
{
    CHECK(file_put_text(path, text) && chmod(path, (mode_t)mode) == 0);
}

static void key_files_are_read_or_refused(void)
{
    char folder[] = "/tmp/mvti-key-XXXXXX", path[64];
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/key", folder);
    struct keyring k;
    struct fail why = {0};
    CHECK(keyring_make(path, &why) == ERR_OK && keyring_make(path, &why) == ERR_CONFLICT);
    CHECK(keyring_read(&k, path, &why) == ERR_OK && k.n == 1);
    CHECK(chmod(path, 0640) == 0 && keyring_read(&k, path, &why) == ERR_INVALID);
    CHECK(strstr(why.text, "chmod 600") != NULL);
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"", "no key"},
        {"short\n", ":1: a key has 43"},
        {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+AA\n",
         ":2: not base64url"},
        {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
         "more than 2"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        write_file(path, bad[i].text, 0600);
        CHECK(keyring_read(&k, path, &why) == ERR_INVALID && k.n == 0);
        CHECK_MSG(strstr(why.text, bad[i].says) != NULL, "%s", why.text);
    }
    write_file(
        path,
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n\r\nBAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n\n",
        0600); /* blank lines are none */
    CHECK(keyring_read(&k, path, &why) == ERR_OK && k.n == 2 && k.keys[0][0] == 0 && k.keys[1][0] == 4);
    CHECK(unlink(path) == 0 && keyring_read(&k, path, &why) == ERR_NOT_FOUND && rmdir(folder) == 0);
    CHECK(keyring_read(&k, "", &why) == ERR_INVALID);
}

/* A disk that is full after ten bytes. */
static void a_key_is_written_whole_or_not_at_all(void)
{
    char folder[] = "/tmp/mvti-key-XXXXXX", path[64];
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/key", folder);
    struct rlimit whole;
    struct fail why = {0};
    CHECK(getrlimit(RLIMIT_FSIZE, &whole) == 0);
    struct rlimit ten = {10, whole.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    CHECK(setrlimit(RLIMIT_FSIZE, &ten) == 0);
    enum err rc = keyring_make(path, &why);
    CHECK(setrlimit(RLIMIT_FSIZE, &whole) == 0);
    CHECK(rc == ERR_IO && access(path, F_OK) != 0 && rmdir(folder) == 0);
}

int main(void)
{
    CHECK(secret_init() == ERR_OK);
    RUN(cookies_are_found_whole);
    RUN(set_cookie_has_every_protection);
    RUN(sessions_keep_only_a_hash);
    RUN(a_second_key_still_opens);
    RUN(browsers_have_short_names);
    RUN(key_files_are_read_or_refused);
    RUN(a_key_is_written_whole_or_not_at_all);
    return check_done();
}
