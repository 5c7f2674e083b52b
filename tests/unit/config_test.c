/* The configuration: sections [provider NAME], what is refused and where, and the paths it gives. */
#include "base/config.h"
#include "tests/check.h"

#include <unistd.h>

static struct config config;
static struct fail why;

static enum err read_text(const char *text)
{
    char path[] = "/tmp/mvti-config-XXXXXX";
    int fd = mkstemp(path);
    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    config_init(&config);
    why.text[0] = '\0';
    enum err rc = config_read(&config, path, &why);
    close(fd);
    unlink(path);
    return rc;
}

static void sections_become_providers(void)
{
    CHECK_MSG(read_text("[mvti]\ndb_name = x\n[provider google]\nclient_id = a\nclient_secret_file = /s/g\n"
                        "[provider naver]\nclient_id = b\nprotocol = oauth2\nissuer = https://i.example\n"
                        "authorization_endpoint = https://i.example/a\n"
                        "token_endpoint = https://i.example/t\nprofile_endpoint = https://i.example/p\n"
                        "[mvti]\ndb_user = y\n") == ERR_OK,
              "%s", why.text);
    CHECK_STR(config.db_name, "x");
    CHECK_STR(config.db_user, "y");
    CHECK_INT(config.n_providers, 2);
    CHECK_STR(config.providers[0].id, "google");
    CHECK_STR(config.providers[0].client_id, "a");
    CHECK_STR(config.providers[0].client_secret_file, "/s/g");
    CHECK_STR(config.providers[0].issuer, "");
    CHECK_STR(config.providers[1].id, "naver");
    CHECK_STR(config.providers[1].protocol, "oauth2");
    CHECK_STR(config.providers[1].issuer, "https://i.example");
    CHECK_STR(config.providers[1].authorization_endpoint, "https://i.example/a");
    CHECK_STR(config.providers[1].token_endpoint, "https://i.example/t");
    CHECK_STR(config.providers[1].profile_endpoint, "https://i.example/p");
}

static void refused_at_line(const char *text, int line, const char *sentence)
{
    char at[32];
    snprintf(at, sizeof at, ":%d: ", line);
    CHECK(read_text(text) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, at) != NULL && strstr(why.text, sentence) != NULL, "%s", why.text);
}

static void mistakes_name_the_line(void)
{
    refused_at_line("[mvti]\n[provider google]\nclient = a\n", 3, "unknown key 'client'");
    refused_at_line("[provider Google]\nclient_id = a\n", 2, "lower-case letters");
    refused_at_line("[provider ]\nclient_id = a\n", 2, "lower-case letters");
    refused_at_line("[provider abcdefghijklmnopq]\nclient_id = a\n", 2, "lower-case letters");
    refused_at_line("[provider google]\nclient_id = a\n\nclient_id = b\n", 4, "duplicate key client_id");
    refused_at_line("[provider google]\nprotocol = aaaaaaaaaaaaaaaa\n", 2,
                    "protocol is longer than 15 bytes");
    refused_at_line("[providers]\nclient_id = a\n", 2, "neither [mvti] nor [provider NAME]");
}

static void there_is_room_for_eight(void)
{
    char text[400] = "";
    for (int i = 0; i < CONFIG_PROVIDERS; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "[provider %c]\nclient_id = x\n", 'a' + i);
    CHECK_MSG(read_text(text) == ERR_OK, "%s", why.text);
    CHECK_INT(config.n_providers, CONFIG_PROVIDERS);
    snprintf(text + strlen(text), sizeof text - strlen(text), "[provider z]\nclient_id = x\n");
    refused_at_line(text, 2 * CONFIG_PROVIDERS + 2, "more than 8 providers");
}

static void what_is_no_setting_names_the_line(void)
{
    char text[CONFIG_TEXT + 64], longest[CONFIG_TEXT];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    snprintf(text, sizeof text, "[mvti]\ndb_name = %.100s\n", longest);
    CHECK(read_text(text) == ERR_OK && strlen(config.db_name) == 100);
    CHECK(config_set(&config, "db_name", longest, &why) == ERR_OK);
    CHECK_STR(config.db_name, longest);
    snprintf(text, sizeof text, "%sx", longest);
    CHECK(config_set(&config, "db_name", text, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "setting db_name: longer than") != NULL, "%s", why.text);
    CHECK_STR(config.db_name, longest);
    refused_at_line("[mvti]\ndb_name = x\nlog_level\n", 3, "not a 'name = value' line");
    CHECK(config_read(&config, "/nonexistent/mvti.conf", &why) == ERR_NOT_FOUND);
}

static long number_of(const struct config_row *row)
{
    long n;
    memcpy(&n, (const char *)&config + row->offset, sizeof n);
    return n;
}

/* Every number of the table: both ends are taken; beyond them, and what is no number, changes nothing. */
static void numbers_keep_to_their_range(void)
{
    static const char *const wrong[] = {"",   " ",   "-",   "x",   "1x",
                                        "1 ", "0x1", "1.0", "1e0", "99999999999999999999"};
    int n = 0;
    config_init(&config);
    for (const struct config_row *row = config_rows(); row->name != NULL; row++) {
        const long ends[] = {row->min, row->max}, beyond[] = {row->min - 1, row->max + 1};
        char text[32];
        n += row->is_number;
        for (int i = 0; i < 2 && row->is_number; i++) {
            snprintf(text, sizeof text, "%ld", ends[i]);
            CHECK_MSG(config_set(&config, row->name, text, &why) == ERR_OK, "%s", why.text);
            CHECK_INT(number_of(row), ends[i]);
            snprintf(text, sizeof text, "%ld", beyond[i]);
            CHECK_MSG(config_set(&config, row->name, text, &why) == ERR_INVALID, "%s = %s", row->name, text);
            CHECK_MSG(strstr(why.text, row->name) != NULL, "%s", why.text);
        }
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong && row->is_number; i++)
            CHECK_MSG(config_set(&config, row->name, wrong[i], &why) == ERR_INVALID, "%s = '%s'", row->name,
                      wrong[i]);
        CHECK(!row->is_number || number_of(row) == row->max);
    }
    CHECK(n > 5);
}

static void texts_keep_to_their_length(void)
{
    char text[CONFIG_TEXT + 1];
    memset(text, 'x', sizeof text);
    text[CONFIG_TEXT] = '\0';
    config_init(&config);
    CHECK(config_set(&config, "db_name", text, &why) == ERR_INVALID);
    CHECK_STR(config.db_name, "mvti");
    text[CONFIG_TEXT - 1] = '\0';
    CHECK(config_set(&config, "db_name", text, &why) == ERR_OK);
    CHECK_STR(config.db_name, text);
}

static void where_secrets_and_state_are(void)
{
    char out[64], longest[100];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    config_init(&config);
    CHECK(config_secret_path(&config, "", out, sizeof out, &why) == ERR_INVALID);
    CHECK_STR(why.text, "no file given");
    CHECK(config_secret_path(&config, "/etc/k", out, sizeof out, &why) == ERR_OK);
    CHECK_STR(out, "/etc/k");
    CHECK(config_secret_path(&config, "k", out, sizeof out, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "'k' is not a path") != NULL, "%s", why.text);
    snprintf(config.credentials_dir, sizeof config.credentials_dir, "/run/c");
    CHECK(config_secret_path(&config, "k", out, sizeof out, &why) == ERR_OK);
    CHECK_STR(out, "/run/c/k");
    CHECK(config_secret_path(&config, longest, out, sizeof out, &why) == ERR_TOO_LARGE);
    CHECK(config_state_path(&config, "models", out, sizeof out, &why) == ERR_OK);
    CHECK_STR(out, "/var/lib/mvti/models");
    CHECK(config_state_path(&config, "models", out, sizeof "/var/lib/mvti/models", &why) == ERR_OK);
    CHECK(config_state_path(&config, "models", out, sizeof "/var/lib/mvti/models" - 1, &why) ==
          ERR_TOO_LARGE);
    CHECK(config_secret_path(&config, "/etc/k", out, sizeof "/etc/k", &why) == ERR_OK);
    CHECK(config_secret_path(&config, "/etc/k", out, sizeof "/etc/k" - 1, &why) == ERR_TOO_LARGE);
    CHECK(config_state_path(&config, longest, out, sizeof out, &why) == ERR_TOO_LARGE);
    CHECK_MSG(strstr(why.text, "path too long: /var/lib/mvti/xxx") != NULL, "%s", why.text);
}

static void a_key_of_kakao_has_a_form(void)
{
    static const char *const sdk =
        "2.7.5 sha384-dok87au0gKqJdxs7msEdBPNnKSRT+/mhTVzq+qOhcL464zXwvcrpjeWvyj1kCdq6";
    static const struct {
        const char *key, *sdk;
        bool good;
    } rows[] = {{"0123456789abcdef", NULL, true},
                {"0123456789abcdef", sdk, true},
                {"", NULL, false},
                {"short", NULL, false},
                {"0123 6789abcdef", NULL, false},
                {"0123\"6789abcdef", NULL, false},
                {"0123456789abcdef", "", false},
                {"0123456789abcdef", "2.7.5", false},
                {"0123456789abcdef", sdk + 5, false},
                {"0123456789abcdef",
                 "2.7.5/../x sha384-dok87au0gKqJdxs7msEdBPNnKSRT+/mhTVzq+qOhcL464zXwvcrpjeWvyj1kCdq6", false},
                {"0123456789abcdef", "2.7.5 sha384-dok87au0gKqJdxs7msEdBPNnKSRT", false},
                {"0123456789abcdef",
                 "2.7.5 sha256-dok87au0gKqJdxs7msEdBPNnKSRT+/mhTVzq+qOhcL464zXwvcrpjeWvyj1kCdq6", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config c;
        config_init(&c);
        CHECK(config_set(&c, "kakao_js_key", rows[i].key, NULL) == ERR_OK);
        CHECK(rows[i].sdk == NULL || config_set(&c, "kakao_sdk", rows[i].sdk, NULL) == ERR_OK);
        CHECK_MSG(config_kakao(&c) == rows[i].good, "%zu", i);
    }
}

int main(void)
{
    RUN(sections_become_providers);
    RUN(mistakes_name_the_line);
    RUN(there_is_room_for_eight);
    RUN(what_is_no_setting_names_the_line);
    RUN(numbers_keep_to_their_range);
    RUN(texts_keep_to_their_length);
    RUN(where_secrets_and_state_are);
    RUN(a_key_of_kakao_has_a_form);
    return check_done();
}
