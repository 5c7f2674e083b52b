/* The database on another machine: TCP in TLS on loopback, by certificates that openssl makes here. */
#include "store/db.h"
#include "tests/check.h"

#include <stdlib.h>
#include <unistd.h>

#include "fixture/mariadb.h"
#include "fixture/shell.h"

static struct mariadb server;
static char port[16], port_option[32], ca_option[400], cert_option[400], key_option[400];
static const char *const encrypted[] = {
    "--bind-address=127.0.0.1", port_option, ca_option, cert_option, key_option, NULL};
static const char *const plain[] = {"--bind-address=127.0.0.1", port_option, "--skip-ssl", NULL};

static bool free_port(void)
{
    const char *build = getenv("BUILD");
    char command[600];
    snprintf(command, sizeof command, "'%s/tools/free_port'", build != NULL ? build : "build");
    FILE *f = popen(command, "r");
    bool ok = f != NULL && fgets(port, sizeof port, f) != NULL;
    port[strcspn(port, "\n")] = '\0';
    return f != NULL && pclose(f) == 0 && ok;
}

static bool authority(const char *name)
{
    return shell("cd \"$D\" && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
                 "-keyout %s.key "
                 "-out %s.pem -subj /CN=%s 2>openssl.log",
                 name, name, name);
}

/* Vouched for by the authority "ca". */
static bool certificate(const char *name, const char *names)
{
    return shell("cd \"$D\" && openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %s.key "
                 "-out %s.csr "
                 "-subj /CN=%s 2>openssl.log && printf 'subjectAltName=%s\n' >%s.ext && openssl x509 -req "
                 "-in %s.csr -CA ca.pem "
                 "-CAkey ca.key -CAcreateserial -days 2 -extfile %s.ext -out %s.pem 2>>openssl.log && chmod "
                 "600 %s.key",
                 name, name, name, names, name, name, name, name, name);
}

static bool restart(const char *const *options, const char *name)
{
    snprintf(port_option, sizeof port_option, "--port=%s", port);
    snprintf(ca_option, sizeof ca_option, "--ssl-ca=%s/ca.pem", server.folder);
    snprintf(cert_option, sizeof cert_option, "--ssl-cert=%s/%s.pem", server.folder, name);
    snprintf(key_option, sizeof key_option, "--ssl-key=%s/%s.key", server.folder, name);
    mariadb_kill(&server);
    server.network = options;
    return mariadb_again(&server);
}

static void sql(const char *text)
{
    struct db *db = db_new(&server.config, 20000);
    struct fail why = {0};
    CHECK_MSG(db_exec_text(db, text, strlen(text), &why) == ERR_OK, "%s", why.text);
    db_free(db);
}

/* As a worker of another machine has it. */
static struct config remote(const char *user)
{
    struct config c = server.config;
    c.db_socket[0] = '\0';
    snprintf(c.db_host, CONFIG_TEXT, "localhost");
    c.db_port = atol(port);
    snprintf(c.db_user, CONFIG_TEXT, "%s", user);
    snprintf(c.db_password_file, CONFIG_TEXT, "%s/password", server.folder);
    snprintf(c.db_ca_file, CONFIG_TEXT, "%s/ca.pem", server.folder);
    return c;
}

static enum err ping(const struct config *c, struct fail *why)
{
    struct db *db = db_new(c, 5000);
    enum err rc = db_ping(db, why);
    db_free(db);
    return rc;
}

static void refused(const struct config *c, const char *sentence)
{
    struct fail why = {0};
    CHECK(ping(c, &why) == ERR_UNAVAILABLE);
    CHECK_MSG(strstr(why.text, sentence) != NULL, "%s", why.text);
}

static void what_it_says_is_encrypted(void)
{
    static const struct db_sql cipher = {"cipher", "SHOW SESSION STATUS LIKE 'Ssl_version'"};
    static const struct db_sql me = {"me", "SELECT CONNECTION_ID()"};
    struct config c = remote("far");
    struct db *db = db_new(&c, 5000);
    struct db_rows rows;
    struct fail why = {0};
    int64_t first = 0, last = 0;
    CHECK_MSG(db_first(db, &cipher, DB_NOTHING, &rows, &why) == ERR_OK, "%s", why.text);
    CHECK_STR(db_get_text(&rows, 1), "TLSv1.3");
    CHECK(db_end(&rows, &why) == ERR_OK);
    CHECK(db_number(db, &me, DB_NOTHING, &first, &why) == ERR_OK);
    for (int i = 0; i < 20;
         i++) /* an idle TLS connection that has something to read would be taken for one that ended */
        CHECK(db_number(db, &me, DB_NOTHING, &last, &why) == ERR_OK);
    CHECK_INT(last, first);
    db_free(db);
}

static void the_certificate_must_name_the_host(void)
{
    struct config c = remote("far");
    struct fail why = {0};
    snprintf(c.db_host, CONFIG_TEXT, "127.0.0.1");
    CHECK_MSG(ping(&c, &why) == ERR_OK, "%s", why.text); /* an address that it names too */
    CHECK(restart(encrypted, "stranger"));
    c = remote("far");
    refused(&c, "cannot connect");
    snprintf(c.db_host, CONFIG_TEXT, "127.0.0.1");
    refused(&c, "cannot connect");
    CHECK(restart(encrypted, "server"));
}

static void another_authority_is_not_believed(void)
{
    struct config c = remote("far");
    snprintf(c.db_ca_file, CONFIG_TEXT, "%s/other.pem", server.folder);
    refused(&c, "certificate");
    c.db_ca_file[0] = '\0'; /* those of the system */
    refused(&c, "certificate");
    snprintf(c.db_ca_file, CONFIG_TEXT, "%s/nothing.pem", server.folder);
    refused(&c, "cannot connect");
}

static void our_own_certificate_is_shown(void)
{
    struct config c = remote("shown");
    struct fail why = {0};
    refused(&c, "cannot connect");
    snprintf(c.db_cert_file, CONFIG_TEXT, "%s/client.pem", server.folder);
    snprintf(c.db_key_file, CONFIG_TEXT, "client.key");
    refused(&c, "db_key_file: 'client.key' is not a path");
    snprintf(c.credentials_dir, CONFIG_TEXT, "%s", server.folder);
    CHECK_MSG(ping(&c, &why) == ERR_OK, "%s", why.text);
}

static void a_password_may_be_a_credential(void)
{
    struct config c = remote("far");
    struct fail why = {0};
    snprintf(c.db_password_file, CONFIG_TEXT, "password");
    refused(&c, "'password' is not a path, and systemd has passed no credentials");
    snprintf(c.credentials_dir, CONFIG_TEXT, "%s", server.folder);
    CHECK_MSG(ping(&c, &why) == ERR_OK, "%s", why.text);
}

static void unencrypted_only_when_told(void)
{
    struct config c = remote("far");
    struct fail why = {0};
    CHECK(restart(plain, "server"));
    refused(&c, "cannot connect");
    snprintf(c.db_tls, CONFIG_TEXT, "maybe");
    refused(&c, "db_tls is 'verify' or 'off', not 'maybe'");
    snprintf(c.db_tls, CONFIG_TEXT, "off");
    CHECK_MSG(ping(&c, &why) == ERR_OK, "%s", why.text);
    CHECK(restart(encrypted, "server"));
}

/* The other end of a TLS connection is gone: the write raises no signal that would end the program. */
static void a_server_that_dies_is_found_again(void)
{
    struct config c = remote("far");
    struct db *db = db_new(&c, 5000);
    struct fail why = {0};
    CHECK_MSG(db_begin(db, &why) == ERR_OK, "%s", why.text);
    mariadb_kill(&server);
    CHECK(db_exec_text(db, "SELECT 1", 8, &why) == ERR_UNAVAILABLE);
    CHECK(db_exec_text(db, "SELECT 1", 8, &why) == ERR_UNAVAILABLE);
    db_rollback(db);
    CHECK(mariadb_again(&server));
    CHECK_MSG(db_ping(db, &why) == ERR_OK, "%s", why.text);
    db_free(db);
}

/* The files of sql/ for accounts that come from elsewhere. */
static void grants_are_for_their_host(void)
{
    CHECK(!shell("sql/for-host \"10.0.0.1'\" sql/database.sql >\"$D/said\" 2>&1"));
    CHECK(!shell("sql/for-host >\"$D/said\" 2>&1"));
    CHECK(shell("sql/for-host 127.0.0.%% sql/database.sql sql/grants.sql >\"$D/said\""));
    CHECK(shell("! grep -q localhost \"$D/said\" && grep -q \"TO mvti_worker@'127.0.0.%%';\" \"$D/said\""));
    sql("CREATE USER mvti_jobs@'127.0.0.%' IDENTIFIED BY 'geheim'");
    CHECK(shell("sql/for-host 127.0.0.%% sql/database.sql | mariadb --no-defaults --socket=\"$D/s\""));
    struct config c = remote("mvti_jobs");
    snprintf(c.db_host, CONFIG_TEXT, "127.0.0.1");
    snprintf(c.db_name, CONFIG_TEXT, "mvti");
    struct db *db = db_new(&c, 5000);
    struct fail why = {0};
    CHECK_MSG(db_exec_text(db, "CREATE TABLE t (id INT)", 23, &why) == ERR_OK, "%s", why.text);
    db_free(db);
}

int main(void)
{
    unsetenv("MVTI_TEST_DB_SOCKET"); /* a server of its own */
    if (!mariadb_start(&server, "db_tls_test") || setenv("D", server.folder, 1) != 0 || !free_port() ||
        !authority("ca") || !authority("other") || !certificate("server", "DNS:localhost,IP:127.0.0.1") ||
        !certificate("stranger", "DNS:db.example,IP:127.0.0.2") ||
        !certificate("client", "DNS:web1.example") || !mariadb_write(&server, "password", "geheim\n") ||
        !restart(encrypted, "server"))
        return 1;
    sql("CREATE USER far@'%' IDENTIFIED BY 'geheim'");
    sql("GRANT ALL ON *.* TO far@'%'");
    sql("CREATE USER shown@'%' IDENTIFIED BY 'geheim' REQUIRE X509");
    sql("GRANT ALL ON *.* TO shown@'%'");
    RUN(what_it_says_is_encrypted);
    RUN(the_certificate_must_name_the_host);
    RUN(another_authority_is_not_believed);
    RUN(our_own_certificate_is_shown);
    RUN(a_password_may_be_a_credential);
    RUN(unencrypted_only_when_told);
    RUN(a_server_that_dies_is_found_again);
    RUN(grants_are_for_their_host);
    mariadb_stop(&server);
    return check_done();
}
