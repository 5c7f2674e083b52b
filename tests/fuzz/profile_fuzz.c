/* Property: of what a provider says about a person (Naver's profile, the claims of an id_token, the answer to
 * a code; all three are read from the same bytes) either nothing is taken, or a subject of 1 … 255 bytes just
 * as it was sent, a name in NFC of at most 40 code points that turns no text around and has no space at its
 * ends, and tokens that may stand in a header. */
#include <string.h>

#include "auth/answer.h"
#include "auth/profile.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "tests/fuzz/property.h"

static const char ISSUER[] = "https://nid.naver.com";

/* Unicode's Cc; Cf as far as it hides or turns text (Bidi_Control, U+200B …), but for joiners between
 * letters; Zl and Zp. */
static bool may_stand_in_a_name(uint32_t c)
{
    return c >= ' ' && !(c >= 0x7f && c <= 0x9f) && c != 0x061c && c != 0x200b && c != 0x200e &&
           c != 0x200f && !(c >= 0x2028 && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069) && c != 0xfeff;
}

static void check(enum err rc, const struct oidc_identity *who, const struct json_value *from,
                  const char *subject, const struct fail *why)
{
    must(rc == ERR_OK || (rc == ERR_DENIED && why->text[0] != '\0'));
    if (rc != ERR_OK)
        return;
    must(strcmp(who->issuer, ISSUER) == 0 && who->subject[0] != '\0' &&
         strcmp(who->subject, json_text(from, subject)) == 0);
    size_t left = strnlen(who->name, sizeof who->name), characters = 0;
    must(left < sizeof who->name && utf8_valid(who->name, left));
    for (const char *at = who->name; left > 0; characters++) {
        uint32_t c;
        size_t n = utf8_decode(at, left, &c);
        must(may_stand_in_a_name(c));
        at += n;
        left -= n;
    }
    must(characters <= 40);
    struct buf composed = {0};
    must(unicode_nfc(&composed, who->name, strlen(who->name)) == ERR_OK);
    must(strcmp(buf_str(&composed), who->name) == 0);
    buf_free(&composed);
    must(characters == 0 || (who->name[0] != ' ' && who->name[strlen(who->name) - 1] != ' '));
}

static void check_token(enum err rc, const char *token, const struct fail *why)
{
    must(rc == ERR_OK || (rc == ERR_DENIED && why->text[0] != '\0'));
    for (; rc == ERR_OK && *token != '\0'; token++)
        must(*token > ' ' && *token < 0x7f && strchr("\"\\,;:", *token) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct provider_row row = {.id = "naver"};
    static const struct provider naver = {.row = &row};
    struct arena a = {0};
    const struct json_value *v;
    struct oidc_identity who;
    struct fail why = {0};
    const char *token = NULL;
    if (answer_read(&a, 200, (const char *)data, size, &v, &why) == ERR_OK) {
        enum err rc = profile_read_naver(ISSUER, v, &who, &why);
        must(rc != ERR_OK || strcmp(json_text(v, "resultcode"), "00") == 0);
        check(rc, &who, json_member(v, "response"), "id", &why);
        check(profile_read_claims(ISSUER, v, &who, &why), &who, v, "sub", &why);
        rc = answer_read_access_token(&naver, v, &token, &why);
        check_token(rc, token, &why);
        rc = answer_read_id_token(&naver, v, &token, &why);
        must(rc == ERR_OK ? token == json_text(v, "id_token") : rc == ERR_DENIED);
    }
    arena_free(&a);
    return 0;
}
