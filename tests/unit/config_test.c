/* Sections [provider NAME] of the configuration. */
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
    refused_at_line("[provider google]\nclient_id = a\n\nclient_id = b\n", 4, "client_id is there twice");
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

int main(void)
{
    RUN(sections_become_providers);
    RUN(mistakes_name_the_line);
    RUN(there_is_room_for_eight);
    return check_done();
}
