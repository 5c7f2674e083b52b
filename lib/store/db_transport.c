#include "store/db_transport.h"

#include <stdio.h>
#include <string.h>

static const char *or_none(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

/* First line of the file into out, "" for no file. */
static enum err read_password(const struct config *c, char *out, size_t size, struct fail *why)
{
    char path[CONFIG_TEXT * 2];
    struct fail inner = {0};
    out[0] = '\0';
    if (c->db_password_file[0] == '\0')
        return ERR_OK;
    if (config_secret_path(c, c->db_password_file, path, sizeof path, &inner) != ERR_OK)
        return fail_set(why, ERR_UNAVAILABLE, "database password file: %s", inner.text);
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return fail_errno(why, ERR_UNAVAILABLE, "database password file %s", path);
    if (fgets(out, (int)size, f) == NULL)
        out[0] = '\0';
    fclose(f);
    out[strcspn(out, "\r\n")] = '\0';
    return ERR_OK;
}

/* A server that knows no TLS, or somebody in between who takes the offer out of its greeting, gets no password: "enforce" ends the
 * connection there. The name is compared by the library, with db_host as it is written. */
static enum err set_tls(MYSQL *conn, const struct config *c, struct fail *why)
{
    char key[CONFIG_TEXT * 2] = "";
    struct fail inner = {0};
    my_bool on = 1;
    if (c->db_key_file[0] != '\0' && config_secret_path(c, c->db_key_file, key, sizeof key, &inner) != ERR_OK)
        return fail_set(why, ERR_UNAVAILABLE, "database: db_key_file: %s", inner.text);
    mysql_ssl_set(conn, or_none(key), or_none(c->db_cert_file), or_none(c->db_ca_file), NULL, NULL);
    mysql_optionsv(conn, MARIADB_OPT_TLS_VERSION, "TLSv1.2,TLSv1.3");
    mysql_optionsv(conn, MYSQL_OPT_SSL_ENFORCE, &on);
    mysql_optionsv(conn, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &on);
    return ERR_OK;
}

static enum err set_network(MYSQL *conn, const struct config *c, struct fail *why)
{
    unsigned tcp = MYSQL_PROTOCOL_TCP; /* else "localhost" would mean a socket */
    mysql_optionsv(conn, MYSQL_OPT_PROTOCOL, &tcp);
    if (strcmp(c->db_tls, "off") == 0)
        return ERR_OK;
    if (strcmp(c->db_tls, "verify") != 0)
        return fail_set(why, ERR_UNAVAILABLE, "database: db_tls is 'verify' or 'off', not '%.40s'",
                        c->db_tls);
    return set_tls(conn, c, why);
}

static enum err dial(MYSQL *conn, const struct config *c, const char *password, struct fail *why)
{
    bool remote = c->db_host[0] != '\0';
    if (mysql_real_connect(conn, remote ? c->db_host : "localhost", c->db_user, or_none(password), c->db_name,
                           remote ? (unsigned)c->db_port : 0, remote ? NULL : or_none(c->db_socket),
                           0) == NULL)
        return fail_set(why, ERR_UNAVAILABLE, "database: cannot connect: %s (%u)", mysql_error(conn),
                        mysql_errno(conn));
    if (remote && strcmp(c->db_tls, "off") != 0 && mysql_get_ssl_cipher(conn) == NULL)
        return fail_set(why, ERR_UNAVAILABLE, "database: %s answers unencrypted", c->db_host);
    return ERR_OK;
}

enum err db_transport_connect(MYSQL *conn, const struct config *c, struct fail *why)
{
    char password[CONFIG_TEXT];
    enum err rc = read_password(c, password, sizeof password, why);
    if (rc == ERR_OK && c->db_host[0] != '\0')
        rc = set_network(conn, c, why);
    if (rc == ERR_OK)
        rc = dial(conn, c, password, why);
    explicit_bzero(password, sizeof password);
    return rc;
}
