/* id_tokens, good and forged. cjose signs here; lib/auth/jwt.c must see through each forgery. */
#include "auth/jwt.h"
#include "base/buf.h"
#include "base/secret.h"
#include "tests/check.h"

#include "fixture/signing.h"

#define GOOD                                                                                                 \
    "\"iss\":\"https://"                                                                                     \
    "i.example\",\"aud\":\"me\",\"exp\":1000600,\"iat\":1000000,\"nonce\":\"n-1\",\"sub\":\"s\""

static const struct jwt_expected expected = {"https://i.example", "i.example", "me", "n-1", 1000000};
static cjose_jwk_t *rsa, *ec, *stranger, *octets;
static struct jwt_keys *keys;

static char *sign(cjose_jwk_t *key, const char *alg, const char *kid, const char *crit, const char *claims)
{
    char *token = signing_token(key, alg, kid, crit, claims, strlen(claims));
    CHECK_MSG(token != NULL, "%s %s", alg, claims);
    return token;
}

static enum err judge(const char *token, struct fail *why)
{
    struct arena a = {0};
    const struct json_value *claims;
    why->text[0] = '\0';
    enum err rc = jwt_verify(keys, &a, token, &claims, why);
    if (rc == ERR_OK)
        rc = jwt_check_claims(claims, &expected, why);
    arena_free(&a);
    return rc;
}

static void judged(char *token, enum err code, const char *sentence)
{
    struct fail why;
    enum err rc = judge(token, &why);
    CHECK_MSG(rc == code && strstr(why.text, sentence) != NULL, "%s: %s (wanted %s)", err_name(rc), why.text,
              sentence);
    free(token);
}

static void claims_judged(const char *claims, enum err code, const char *sentence)
{
    judged(sign(rsa, "RS256", "r", NULL, claims), code, sentence);
}

/* GOOD with members of the same names replaced, because no name may stand twice; "" leaves all as they are.
 * A value of `absent` takes the claim away. */
static void changed_judged(const char *change, enum err code, const char *sentence)
{
    static const char *const names[] = {"iss", "aud", "exp", "iat", "nonce", "sub"};
    static const char *const values[] = {
        "\"https://i.example\"", "\"me\"", "1000600", "1000000", "\"n-1\"", "\"s\""};
    struct buf b = {0};
    char member[16];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(member, sizeof member, "\"%s\":", names[i]);
        if (strstr(change, member) == NULL)
            buf_printf(&b, "%s%s%s", b.len > 0 ? "," : "{", member, values[i]);
    }
    if (strstr(change, ":absent") == NULL && *change != '\0')
        buf_printf(&b, "%s%s", b.len > 0 ? "," : "{", change);
    buf_puts(&b, "}");
    claims_judged(buf_str(&b), code, sentence);
    buf_free(&b);
}

static void good_tokens_pass(void)
{
    claims_judged("{" GOOD "}", ERR_OK, "");
    judged(sign(ec, "ES256", "e", NULL, "{" GOOD "}"), ERR_OK, "");
    judged(sign(ec, "ES256", NULL, NULL, "{" GOOD "}"), ERR_OK, "");
    changed_judged("\"iss\":\"i.example\"", ERR_OK, "");
    changed_judged("\"aud\":[\"me\"]", ERR_OK, "");
    changed_judged("\"aud\":[\"x\",\"me\"],\"azp\":\"me\"", ERR_OK, "");
    changed_judged("\"exp\":1000120,\"iat\":1000119,\"nbf\":1000120", ERR_OK, "");
    changed_judged("\"exp\":999881,\"iat\":999880.5", ERR_OK, "");
    changed_judged("\"iat\":999280,\"exp\":999881", ERR_OK, "");
    changed_judged("\"iat\":1000120,\"address\":{\"a:b\":[{\"c\":\"\\\":\"}]}", ERR_OK, "");
}

static void forged_signatures_are_refused(void)
{
    judged(sign(stranger, "RS256", "r", NULL, "{" GOOD "}"), ERR_DENIED, "signature");
    judged(sign(rsa, "RS256", "other", NULL, "{" GOOD "}"), ERR_NOT_FOUND, "does not publish");
    judged(sign(rsa, "RS384", "r", NULL, "{" GOOD "}"), ERR_DENIED, "algorithm is neither");
    judged(sign(rsa, "PS256", "r", NULL, "{" GOOD "}"), ERR_DENIED, "algorithm is neither");
    judged(sign(octets, "HS256", "r", NULL, "{" GOOD "}"), ERR_DENIED, "algorithm is neither");
    judged(sign(rsa, "RS256", "e", NULL, "{" GOOD "}"), ERR_DENIED, "does not match its algorithm");
    judged(sign(rsa, "RS256", "r", "[\"b64\"]", "{" GOOD "}"), ERR_DENIED, "crit");
    judged(sign(rsa, "RS256", "r", NULL, "[]"), ERR_DENIED, "not a JSON object");
    judged(strdup("eyJhbGciOiJub25lIn0.e30."), ERR_DENIED, "id_token");
    static const char *const no_tokens[] = {"",
                                            ".",
                                            "..",
                                            "...",
                                            "e30.e30",
                                            "e30=.e30.e30",
                                            "e30.e3=0.e30",
                                            "e30.e30.A",
                                            "e30.e30.A===",
                                            "e30.e30.A=AA",
                                            "e30.e30.AA+A"};
    for (size_t i = 0; i < sizeof no_tokens / sizeof *no_tokens; i++)
        judged(strdup(no_tokens[i]), ERR_DENIED, "not a signed token");
    char *token = sign(rsa, "RS256", "r", NULL, "{" GOOD "}");
    char *claims = strchr(token, '.') + 9;
    *claims = *claims == 'A' ? 'B' : 'A';
    judged(token, ERR_DENIED, "id_token");
    for (size_t n = JWT_MAX_BYTES; n <= JWT_MAX_BYTES + 1; n++) {
        token = malloc(n + 1);
        memset(token, 'a', n);
        token[n] = '\0';
        judged(token, ERR_DENIED, n > JWT_MAX_BYTES ? "larger than" : "not a signed token");
    }
}

static void wrong_claims_are_refused(void)
{
    static const struct {
        const char *change, *claim;
    } bad[] = {
        {"\"iss\":\"https://j.example\"", "iss"},
        {"\"iss\":\"https://i.example/\"", "iss"},
        {"\"iss\":null", "iss"},
        {"\"aud\":\"you\"", "aud"},
        {"\"aud\":[]", "aud"},
        {"\"aud\":[\"me\",1],\"azp\":\"me\"", "aud"},
        {"\"aud\":[\"me\",\"you\"]", "azp"},
        {"\"aud\":[\"me\",\"you\"],\"azp\":\"you\"", "azp"},
        {"\"azp\":\"you\"", "azp"},
        {"\"azp\":null", "azp"},
        {"\"exp\":999880", "exp"},
        {"\"exp\":\"1000600\"", "exp"},
        {"\"exp\":null", "exp"},
        {"\"exp\":absent", "exp"},
        {"\"exp\":1000000", "exp"},
        {"\"exp\":1000050,\"iat\":1000100", "exp"},
        {"\"exp\":999990,\"iat\":999999", "exp"},
        {"\"iat\":1000121", "iat"},
        {"\"iat\":null", "iat"},
        {"\"iat\":absent", "iat"},
        {"\"iat\":0", "iat"},
        {"\"iat\":-1", "iat"},
        {"\"iat\":-1000000", "iat"},
        {"\"iat\":999279", "iat"},
        {"\"iat\":4000000000,\"exp\":4000003600", "iat"},
        {"\"iat\":1e400,\"exp\":1e401", "iat"},
        {"\"iat\":\"1000000\"", "iat"},
        {"\"sub\":\"a\",\"sub\":\"s\"", "duplicate name"},
        {"\"address\":{\"a\":1,\"\\u0061\":1}", "duplicate name"},
        {"\"nbf\":1000121", "nbf"},
        {"\"nbf\":\"x\"", "nbf"},
        {"\"nonce\":\"n-2\"", "nonce"},
        {"\"nonce\":\"n-\"", "nonce"},
        {"\"nonce\":null", "nonce"},
        {"\"sub\":\"\"", "sub"},
        {"\"sub\":7", "sub"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        changed_judged(bad[i].change, ERR_DENIED, bad[i].claim);
    }
    char text[800];
    for (int n = 255; n <= 256; n++) {
        snprintf(text, sizeof text, "\"sub\":\"%0*d\"", n, 0);
        changed_judged(text, n == 255 ? ERR_OK : ERR_DENIED, n == 255 ? "" : "sub");
    }
}

static void a_set_without_usable_keys_is_refused(void)
{
    static const char *const sets[] = {"",
                                       "[]",
                                       "{}",
                                       "{\"keys\":[]}",
                                       "{\"keys\":7}",
                                       "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}",
                                       "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"\\\"\",\"e\":\"AQAB\"}]}",
                                       "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"A=AA\",\"e\":\"AQAB\"}]}",
                                       "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"A\"}]}",
                                       "{\"keys\":[{\"kty\":\"RSA\",\"e\":\"AQAB\"}]}",
                                       "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"AQAB\"}]}",
                                       "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AAAA\",\"e\":\"AQAB\"}]}",
                                       "{\"keys\":[{\"kty\":\"RSA\",\"n\":7,\"e\":\"AQAB\"}]}"};
    struct jwt_keys *none;
    struct fail why;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        CHECK_MSG(jwt_keys_read(sets[i], strlen(sets[i]), &none, &why) == ERR_DENIED, "%s", sets[i]);
}

static const char *set_of(struct buf *b, const char *first, const char *second, const char *third)
{
    buf_reset(b);
    buf_printf(b, "{\"keys\":[%s", first);
    buf_printf(b, "%s%s%s%s]}", second != NULL ? "," : "", second != NULL ? second : "",
               third != NULL ? "," : "", third != NULL ? third : "");
    return buf_str(b);
}

/* The public half with other members besides; to be freed. extra may be "". */
static char *published(cjose_jwk_t *key, const char *kid, const char *extra)
{
    cjose_err err;
    struct arena a = {0};
    const struct json_value *v;
    char *json = cjose_jwk_to_json(key, false, &err), *out = malloc(4000);
    CHECK(json_read(&a, json, strlen(json), &v, NULL) == ERR_OK);
    size_t n = (size_t)snprintf(out, 4000, "{\"kty\":\"%s\"", json_text(v, "kty"));
    static const char *const names[] = {"n", "e", "crv", "x", "y"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (json_text(v, names[i]) != NULL)
            n += (size_t)snprintf(out + n, 4000 - n, ",\"%s\":\"%s\"", names[i], json_text(v, names[i]));
    if (kid != NULL)
        n += (size_t)snprintf(out + n, 4000 - n, ",\"kid\":\"%s\"", kid);
    snprintf(out + n, 4000 - n, "%s}", extra);
    arena_free(&a);
    free(json);
    return out;
}

/* A token of `key` with this kid against a set of keys. */
static void set_judged(const char *set, cjose_jwk_t *key, const char *alg, const char *kid, enum err code,
                       const char *sentence)
{
    struct arena a = {0};
    struct fail why = {0};
    struct jwt_keys *ours;
    const struct json_value *claims;
    char *token = sign(key, alg, kid, NULL, "{" GOOD "}");
    enum err rc = jwt_keys_read(set, strlen(set), &ours, &why);
    if (rc == ERR_OK)
        rc = jwt_verify(ours, &a, token, &claims, &why);
    CHECK_MSG(rc == code && strstr(why.text, sentence) != NULL, "%s: %s (wanted %s %s)\n%s", err_name(rc),
              why.text, err_name(code), sentence, set);
    jwt_keys_free(ours);
    arena_free(&a);
    free(token);
}

static void keys_are_found_by_what_there_is(void)
{
    struct buf b = {0};
    char *r = published(rsa, NULL, ""), *r_named = published(rsa, "a", ""),
         *s = published(stranger, NULL, ""), *s_named = published(stranger, "a", ""),
         *e = published(ec, NULL, ""), *e_named = published(ec, "a", ""),
         *r_other = published(rsa, "a", ",\"alg\":\"RS512\""),
         *r_enc = published(rsa, "a", ",\"use\":\"enc\""), *s_b = published(stranger, "b", "");
    /* no kid anywhere, or on one side only: whatever fits is tried, wherever it stands */
    set_judged(set_of(&b, s, r, e), rsa, "RS256", NULL, ERR_OK, "");
    set_judged(set_of(&b, r, s, e), rsa, "RS256", NULL, ERR_OK, "");
    set_judged(set_of(&b, e, s, r), ec, "ES256", NULL, ERR_OK, "");
    set_judged(set_of(&b, s_named, r_named, NULL), rsa, "RS256", NULL, ERR_OK, "");
    set_judged(set_of(&b, s, r, NULL), rsa, "RS256", "a", ERR_OK, "");
    set_judged(set_of(&b, s_b, r, NULL), rsa, "RS256", "a", ERR_OK, "");
    /* the same kid twice, of one type and of two */
    set_judged(set_of(&b, s_named, r_named, NULL), rsa, "RS256", "a", ERR_OK, "");
    set_judged(set_of(&b, r_named, s_named, NULL), rsa, "RS256", "a", ERR_OK, "");
    set_judged(set_of(&b, e_named, r_named, NULL), rsa, "RS256", "a", ERR_OK, "");
    set_judged(set_of(&b, r_named, e_named, NULL), ec, "ES256", "a", ERR_OK, "");
    /* the same key twice, once for something else */
    set_judged(set_of(&b, r_other, r_enc, r_named), rsa, "RS256", "a", ERR_OK, "");
    set_judged(set_of(&b, r_named, r_other, r_named), rsa, "RS256", NULL, ERR_OK, "");
    /* a name that is there is believed: the key without one is not tried then */
    set_judged(set_of(&b, s_named, r, NULL), rsa, "RS256", "a", ERR_DENIED, "signature");
    set_judged(set_of(&b, e_named, r, NULL), rsa, "RS256", "a", ERR_DENIED, "does not match its algorithm");
    set_judged(set_of(&b, r_named, s_b, NULL), rsa, "RS256", "b", ERR_DENIED, "signature");
    /* new keys may help */
    set_judged(set_of(&b, s, e, NULL), rsa, "RS256", NULL, ERR_NOT_FOUND, "does not publish");
    set_judged(set_of(&b, s, e, NULL), rsa, "RS256", "a", ERR_NOT_FOUND, "does not publish");
    set_judged(set_of(&b, r_named, s_b, NULL), rsa, "RS256", "c", ERR_NOT_FOUND, "does not publish");
    set_judged(set_of(&b, e, NULL, NULL), rsa, "RS256", NULL, ERR_NOT_FOUND, "does not publish");
    char *all[] = {r, r_named, s, s_named, e, e_named, r_other, r_enc, s_b};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    buf_free(&b);
}

static void a_set_keeps_so_many_keys(void)
{
    struct buf b = {0};
    char *s = published(stranger, NULL, ""), *r = published(rsa, NULL, "");
    for (int n = JWT_MAX_KEYS - 1; n <= JWT_MAX_KEYS; n++) {
        buf_reset(&b);
        buf_puts(&b, "{\"keys\":[");
        for (int i = 0; i < n; i++)
            buf_printf(&b, "{\"kty\":\"oct\"},%s,", s);
        buf_printf(&b, "%s]}", r);
        set_judged(buf_str(&b), rsa, "RS256", NULL, n < JWT_MAX_KEYS ? ERR_OK : ERR_NOT_FOUND, "");
    }
    free(s);
    free(r);
    buf_free(&b);
}

static void what_a_key_says_of_itself_counts(void)
{
    static const struct {
        const char *extra;
        bool fits;
    } cases[] = {
        {",\"use\":\"sig\",\"alg\":\"RS256\",\"key_ops\":[\"verify\"]", true},
        {",\"key_ops\":[\"sign\",\"verify\"],\"x5t\":7", true},
        {",\"kid\":\"\\u0001 \\\" \\\\\"", true},
        {",\"use\":\"enc\"", false},
        {",\"use\":1", false},
        {",\"alg\":\"RS384\"", false},
        {",\"alg\":\"PS256\"", false},
        {",\"alg\":\"ES256\"", false},
        {",\"alg\":\"HS256\"", false},
        {",\"alg\":null", false},
        {",\"key_ops\":[\"encrypt\"]", false},
        {",\"key_ops\":[]", false},
        {",\"key_ops\":[7]", false},
        {",\"key_ops\":\"verify\"", false},
        {",\"kid\":7", false},
        {",\"d\":\"AQAB\"", false},
    };
    struct buf b = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *r = published(rsa, NULL, cases[i].extra);
        set_judged(set_of(&b, r, NULL, NULL), rsa, "RS256", NULL, cases[i].fits ? ERR_OK : ERR_DENIED,
                   cases[i].fits ? "" : "no key");
        free(r);
    }
    char *e = published(ec, NULL, ",\"alg\":\"RS256\"");
    set_judged(set_of(&b, e, NULL, NULL), ec, "ES256", NULL, ERR_DENIED, "no key");
    free(e);
    buf_free(&b);
}

/* n with so many bits, as base64url; its other bytes say nothing. */
static const char *modulus(int bits, bool odd, int zeros, char *out)
{
    uint8_t bytes[1100] = {0};
    int n = (bits + 7) / 8 + zeros;
    bytes[zeros] = (uint8_t)(1 << ((bits - 1) % 8));
    bytes[n - 1] |= odd;
    for (int i = zeros + 1; i < n - 1; i++)
        bytes[i] = (uint8_t)(i * 37);
    secret_base64url(out, bytes, (size_t)n);
    return out;
}

static void weak_keys_are_none(void)
{
    static const struct {
        int bits;
        bool odd;
        int zeros;
        const char *e;
        bool fine;
    } cases[] = {
        {2048, true, 0, "AQAB", true},        {2048, true, 1, "AQAB", true},
        {2048, true, 0, "AAEAAQ", true},      {4096, true, 0, "AQAB", true},
        {8192, true, 0, "AQAB", true},        {8192, true, 0, "AQAAAAAAAAAB", false},
        {2048, true, 0, "f_____8AAQE", true}, {2047, true, 0, "AQAB", false},
        {2047, true, 2, "AQAB", false},       {1024, true, 0, "AQAB", false},
        {512, true, 128, "AQAB", false},      {8193, true, 0, "AQAB", false},
        {8200, true, 0, "AQAB", false},       {2048, false, 0, "AQAB", false},
        {2048, true, 0, "AQ", false},         {2048, true, 0, "AA", false},
        {2048, true, 0, "Aw", false},         {2048, true, 0, "EQ", false},
        {2048, true, 0, "AQAA", false},       {2048, true, 0, "AQAC", false},
        {2048, true, 0, "__8", false},        {2048, true, 0, "AAEC", false},
        {2048, true, 0, "", false},           {2048, true, 0, "AQAB=", false},
        {2048, true, 0, "AQAA\\nB", false},
    };
    char set[2000], n[1500];
    struct jwt_keys *ours;
    struct fail why;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int length = snprintf(set, sizeof set, "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}]}",
                              modulus(cases[i].bits, cases[i].odd, cases[i].zeros, n), cases[i].e);
        enum err rc = jwt_keys_read(set, (size_t)length, &ours, &why);
        CHECK_MSG((rc == ERR_OK) == cases[i].fine, "%zu: %d bits, e %s: %s", i, cases[i].bits, cases[i].e,
                  err_name(rc));
        jwt_keys_free(ours);
    }
}

static void points_off_the_curve_are_none(void)
{
    static const char *const points[] = {
        /* the fixture's point with another y, swapped, at infinity, of one coordinate, too short */
        "\"x\":\"HazevtxCgYvxoxFlTcOb5RZkbZ6reO0qxKzmgonBSIY\",\"y\":\"JaCvoGdST_"
        "4Bm5bS31iuxkEQwPvqmlYxHplKFtar73s\"",
        "\"y\":\"HazevtxCgYvxoxFlTcOb5RZkbZ6reO0qxKzmgonBSIY\",\"x\":\"JaCvoGdST_"
        "4Bm5bS31iuxkEQwPvqmlYxHplKFtar73w\"",
        "\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"y\":"
        "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"",
        "\"x\":\"HazevtxCgYvxoxFlTcOb5RZkbZ6reO0qxKzmgonBSIY\"",
        "\"y\":\"JaCvoGdST_4Bm5bS31iuxkEQwPvqmlYxHplKFtar73w\"",
        "\"x\":\"HazevtxCgYvxoxFlTcOb5RZkbZ6reO0qxKzmgonBSI\",\"y\":\"JaCvoGdST_"
        "4Bm5bS31iuxkEQwPvqmlYxHplKFtar73w\"",
        "\"x\":\"HazevtxCgYvxoxFlTcOb5RZkbZ6reO0qxKzmgonBSIY\",\"y\":\"JaCvoGdST_"
        "4Bm5bS31iuxkEQwPvqmlYxHplKFtar73\"",
        "\"x\":\"HazevtxCgYvxoxFlTcOb5RZkbZ6reO0qxKzmgonBSI=\",\"y\":\"JaCvoGdST_"
        "4Bm5bS31iuxkEQwPvqmlYxHplKFtar73w\"",
        "\"x\":\"HazevtxCgYvxoxFlTcOb5RZkbZ6reO0qxKzmgonBSIY\",\"y\":\"JaCvoGdST_"
        "4Bm5bS31iuxkEQwPvqmlYxHplKFtar73=\"",
        /* what cjose must not see */
        "\"x\":\"Haze=txCgYvxoxFlTcOb5RZkbZ6reO0qxKzmgonBSIY\",\"y\":\"JaCvoGdST_"
        "4Bm5bS31iuxkEQwPvqmlYxHplKFtar73w\"",
        "\"x\":\"HazevtxCgYvxoxFlTcOb5RZkbZ6reO0qxKzmgonBSIY\",\"y\":\"JaCvoGdST_"
        "4Bm5=S31iuxkEQwPvqmlYxHplKFtar73w\"",
    };
    char set[400];
    struct jwt_keys *ours;
    struct fail why;
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        int n = snprintf(set, sizeof set, "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",%s}]}", points[i]);
        CHECK_MSG(jwt_keys_read(set, (size_t)n, &ours, &why) == ERR_DENIED, "%s", points[i]);
    }
}

/* A token with any header: what cjose would not sign is put together by hand, with a signature of nobody. */
static void header_judged(const char *header, const char *sentence)
{
    char token[600], coded[300];
    secret_base64url(coded, header, strlen(header));
    snprintf(token, sizeof token, "%s.e30.%086d", coded, 0);
    judged(strdup(token), ERR_DENIED, sentence);
}

static void what_a_header_says_is_understood_or_refused(void)
{
    header_judged("{\"alg\":\"RS256\",\"kid\":\"r\"}", "signature");
    header_judged("{\"alg\":\"RS256\",\"b64\":true,\"kid\":\"r\"}", "signature");
    header_judged("{\"alg\":\"RS256\",\"b64\":false,\"kid\":\"r\"}", "b64");
    header_judged("{\"alg\":\"RS256\",\"b64\":null,\"kid\":\"r\"}", "b64");
    header_judged("{\"alg\":\"RS256\",\"crit\":[],\"kid\":\"r\"}", "crit");
    header_judged("{\"alg\":\"RS256\",\"crit\":null,\"kid\":\"r\"}", "crit");
    header_judged("{\"alg\":\"RS256\",\"kid\":7}", "kid");
    header_judged("{\"alg\":\"RS256\",\"kid\":null}", "kid");
    header_judged("{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"r\"}", "duplicate name");
    header_judged("{\"alg\":\"RS256\",\"kid\":\"r\",\"\\u006bid\":\"r\"}", "duplicate name");
    header_judged("{\"alg\":\"RS256\",\"kid\":\"r\",\"jwk\":{\"kty\":1,\"kty\":2}}", "duplicate name");
    header_judged("{\"alg\":\"rs256\",\"kid\":\"r\"}", "id_token");
    header_judged("{\"alg\":\"none\"}", "id_token");
    header_judged("{\"alg\":[\"RS256\"]}", "id_token");
    header_judged("{\"kid\":\"r\"}", "id_token");
    header_judged("[]", "id_token");
    header_judged("7", "id_token");
    /* Bits that are left over in its last character are zeros: it has one spelling. */
    char *token = sign(rsa, "RS256", "r", NULL, "{" GOOD "}"), *dot = strchr(token, '.');
    CHECK((dot - token) % 4 != 0);
    dot[-1]++;
    judged(token, ERR_DENIED, "not a signed token");
}

static cjose_jwk_t *named(cjose_jwk_t *key, const char *kid)
{
    cjose_err err;
    CHECK(key != NULL && cjose_jwk_set_kid(key, kid, strlen(kid), &err));
    return key;
}

int main(void)
{
    cjose_err err;
    const uint8_t three[] = {1, 0, 1};
    rsa = named(cjose_jwk_create_RSA_random(2048, three, sizeof three, &err), "r");
    stranger = named(cjose_jwk_create_RSA_random(2048, three, sizeof three, &err), "r");
    ec = named(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &err), "e");
    octets = named(cjose_jwk_create_oct_random(256, &err), "r");
    char *r = cjose_jwk_to_json(rsa, false, &err), *e = cjose_jwk_to_json(ec, false, &err);
    char set[4000];
    struct fail why = {0};
    int n = snprintf(set, sizeof set, "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"},%s,%s]}", r, e);
    CHECK_MSG(jwt_keys_read(set, (size_t)n, &keys, &why) == ERR_OK, "%s", why.text);
    free(r);
    free(e);
    RUN(good_tokens_pass);
    RUN(forged_signatures_are_refused);
    RUN(wrong_claims_are_refused);
    RUN(a_set_without_usable_keys_is_refused);
    RUN(keys_are_found_by_what_there_is);
    RUN(a_set_keeps_so_many_keys);
    RUN(what_a_key_says_of_itself_counts);
    RUN(weak_keys_are_none);
    RUN(points_off_the_curve_are_none);
    RUN(what_a_header_says_is_understood_or_refused);
    jwt_keys_free(keys);
    cjose_jwk_release(rsa);
    cjose_jwk_release(stranger);
    cjose_jwk_release(ec);
    cjose_jwk_release(octets);
    return check_done();
}
