#include "base/config.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(field, fallback, help)                                                                          \
    {                                                                                                        \
#field, false, offsetof(struct config, field), fallback, 0, 0, help, false                           \
    }
#define FOLDER(field, fallback, help)                                                                        \
    {                                                                                                        \
#field, false, offsetof(struct config, field), fallback, 0, 0, help, true                            \
    }
#define NUMBER(field, fallback, min, max, help)                                                              \
    {                                                                                                        \
#field, true, offsetof(struct config, field), fallback, min, max, help, false                        \
    }

static const struct config_row rows[] = {
    TEXT(db_socket, "/run/mysqld/mysqld.sock", "Unix socket of the database server"),
    TEXT(db_host, "",
         "host name or IP address of a database server on another machine; empty: db_socket on this one"),
    NUMBER(db_port, "3306", 1, 65535, "TCP port of that host"),
    TEXT(db_tls, "verify",
         "how db_host is spoken to: verify: in TLS, and its certificate must name db_host; off: unencrypted"),
    TEXT(db_ca_file, "",
         "PEM file of the authorities that may vouch for db_host; empty: those that this system trusts"),
    TEXT(db_cert_file, "", "PEM file with a certificate of our own that db_host asks for"),
    TEXT(db_key_file, "", "PEM file with its key, or the name of a systemd credential"),
    TEXT(db_name, "mvti", "name of the database"),
    TEXT(db_user, "mvti_worker", "database account"),
    TEXT(db_password_file, "",
         "file with that account's password, or the name of a systemd credential; empty for unix_socket "
         "authentication"),
    FOLDER(state_dir, "/var/lib/mvti", "directory of ratings, datasets, models and snapshots"),
    TEXT(reference_dir, "/usr/share/mvti/sql/reference", "directory of personality tables and texts"),
    TEXT(migrations_dir, "/usr/share/mvti/sql/migrations", "directory of schema migrations"),
    TEXT(shell_file, "/usr/share/mvti/www/index.html",
         "HTML file that pages rendered by the worker start from"),
    TEXT(picture_program, "/usr/bin/mvti-draw", "program that draws pictures"),
    TEXT(picture_dir, "/usr/share/mvti/picture", "directory of the script and fonts that it draws with"),
    FOLDER(picture_cache_dir, "/var/cache/mvti", "directory where the picture workers keep pictures"),
    NUMBER(picture_cache_mb, "512", 1, 1000000, "maximum size of that directory in megabytes"),
    TEXT(bert_en_dir, "", "BERT encoder for English plots, a Hugging Face directory; empty: TF-IDF only"),
    TEXT(bert_ko_dir, "", "BERT encoder for Korean plots"),
    TEXT(metrics_dir, "/run/mvti-metrics",
         "directory where workers keep what they count, in a folder for each pool"),
    TEXT(public_url, "http://127.0.0.1:8080", "public URL of the site, without a trailing slash"),
    TEXT(session_key_file, "session.key",
         "key file that hashes session cookies, created by `mvti key FILE`, or the name of a systemd "
         "credential"),
    NUMBER(db_timeout_ms, "2000", 50, 60000,
           "database timeout for connecting, reading and writing, in milliseconds"),
    NUMBER(
        db_patience_ms, "0", 0, 30000,
        "milliseconds that a request waits, once in an outage, for a database that has gone, such as until a "
        "cluster works with another node; 0: none does"),
    TEXT(replica_host, "",
         "host name or IP address of a replica of the database, whose lag doctor and metrics tell; asked as "
         "db_host is, with db_port "
         "and all of db_user, db_tls and db_ca_file; empty: none"),
    NUMBER(db_slow_ms, "1000", 0, 3600000,
           "milliseconds from which a worker's statement is logged, with its request and connection; 0: none "
           "is"),
    TEXT(source_weights, "",
         "weights of imported ratings relative to visitors, such as audience=0.25 ml-25m=0.5: the share of a "
         "source's users to train on; sources that are not listed have 1"),
    NUMBER(rate_limits, "1", 0, 1, "1: the worker enforces its rate limits; 0: off, for load tests"),
    NUMBER(guest_work, "15", 0, 24,
           "proof of work before a new visitor's first write, in bits: 2^N hashes; 0: none"),
    TEXT(experiment_force, "",
         "for tests only: variants that every visitor gets, without being counted, such as "
         "taste-first=taste,other=control"),
    NUMBER(guest_counted, "40", 0, 1000000,
           "new guests per network and day whose likes count; the others' count once they sign in"),
    NUMBER(keep_guest_days, "180", 1, 180,
           "days after a guest's last visit until their data is deleted (mvti sessions)"),
    NUMBER(keep_event_days, "400", 1, 36500, "days until events are deleted; daily totals stay"),
    NUMBER(keep_change_days, "30", 1, 3650,
           "days that mvti export remembers changes; an older copy gets a full export"),
    NUMBER(secure_cookies, "1", 0, 1,
           "1: Secure cookies with the __Host- prefix; 0: for plain HTTP on loopback"),
    TEXT(admins, "",
         "who may open the owner's console: PROVIDER:SUBJECT or account:NUMBER, separated by spaces (mvti "
         "admin "
         "says which)"),
    TEXT(time_zone, "+09:00",
         "time zone of the days that analysts see: an offset, or a name such as Asia/Seoul that the database "
         "server knows; applied by mvti migrate"),
    TEXT(mlflow_uri, "", "MLflow server that receives training runs, such as http://127.0.0.1:5000"),
    TEXT(mlflow_experiment, "",
         "MLflow experiment of all runs; empty: one for each model, such as EASE; created if missing"),
    TEXT(mlflow_model, "mvti",
         "registered model at MLflow whose alias `live` is what the site serves; empty: none"),
    TEXT(mlflow_username, "", "name for MLflow's Basic authentication"),
    TEXT(mlflow_password_file, "", "file with its password, or the name of a systemd credential"),
    TEXT(mlflow_token_file, "", "file with a token for MLflow, in place of name and password"),
    NUMBER(mlflow_later, "0", 0, 1,
           "1: runs wait in the database until `mvti runs send`; 0: each command sends its own"),
    NUMBER(mlflow_file_mb, "64", 0, 4096,
           "largest model file that is sent to MLflow, in megabytes; 0: none is"),
    NUMBER(mlflow_timeout_ms, "5000", 100, 600000, "timeout of one MLflow request in milliseconds"),
    TEXT(analytics_id, "",
         "measurement ID of Google Analytics 4, such as G-ABC123DEF4, that receives the events of visitors "
         "who agree to "
         "it; empty: nothing is sent"),
    TEXT(analytics_secret_file, "",
         "file with its Measurement Protocol API secret, or the name of a systemd credential"),
    TEXT(analytics_url, "https://www.google-analytics.com",
         "server that receives them; https://region1.google-analytics.com stays in the European Union"),
    NUMBER(analytics_months, "14", 1, 50,
           "months that the property retains them (Data retention in Google Analytics); visitors are told"),
    NUMBER(analytics_timeout_ms, "5000", 100, 60000, "timeout of one request to it in milliseconds"),
    TEXT(kakao_js_key, "",
         "JavaScript key of an app at Kakao Developers: pages then offer to send a result to KakaoTalk; "
         "empty: they do "
         "not"),
    TEXT(kakao_sdk, "2.7.5 sha384-dok87au0gKqJdxs7msEdBPNnKSRT+/mhTVzq+qOhcL464zXwvcrpjeWvyj1kCdq6",
         "version of Kakao's JavaScript SDK and its integrity, as Kakao's download page says them"),
    NUMBER(publish_margin, "10", 0, 1000,
           "thousandths of NDCG@10 that a new snapshot may lose on held-out users"),
    TEXT(offer_dir, "",
         "directory where what this host publishes is kept for other hosts to pull; empty: nothing is "
         "offered"),
    TEXT(offer_key_file, "", "key file that signs it, created by `mvti key --signing FILE`"),
    NUMBER(offer_lead_s, "0", 0, 86400,
           "seconds from the offer to the moment when all hosts that pull switch to it together; 0: each as "
           "soon as it has it"),
    TEXT(
        canary_metrics, "",
        "addresses of /metrics of the hosts that pull, the canary's first, separated by spaces: mvti publish "
        "--judge also compares what fails there; empty: only what visitors open"),
    TEXT(pull_url, "",
         "where mvti pull gets snapshots: the https:// or http:// address of another host's offer_dir, or a "
         "directory"),
    TEXT(pull_key_file, "",
         "file with the public key, or an old and a new one, that may have signed them (FILE.pub of the "
         "signing host)"),
    TEXT(
        pull_ca_file, "",
        "PEM file of the authorities that may vouch for that https:// address; empty: those that this system "
        "trusts"),
    NUMBER(pull_canary, "0", 0, 1,
           "1: this host does not wait for offer_lead_s, so that it is seen first what comes to all"),
    NUMBER(track_runs, "1", 0, 1, "1: record training and evaluation runs; 0: do not"),
    NUMBER(progress_seconds, "10", 0, 3600, "seconds between progress lines when there is no terminal"),
    TEXT(access_log, "/var/log/nginx/mvti.log",
         "nginx's access log, in which doctor and notify count errors; empty: they do not"),
    NUMBER(watch_disk_percent, "90", 1, 100, "doctor and notify find a disk too full above this"),
    NUMBER(watch_error_percent, "5", 0, 100, "and more than this share of failed requests in ten minutes"),
    NUMBER(watch_certificate_days, "14", 0, 90, "and a TLS certificate that ends in fewer days"),
    TEXT(notify_email, "", "whom mvti notify writes to, separated by commas; empty: nobody"),
    TEXT(notify_sendmail, "/usr/sbin/sendmail", "program that takes its e-mails (sendmail -t -i)"),
    TEXT(notify_webhooks_file, "",
         "file of webhooks that it tells, lines of slack, discord, kakaowork or generic and an address, or "
         "the name of a "
         "systemd credential; empty: none"),
    NUMBER(notify_timeout_ms, "5000", 100, 6000,
           "time for a webhook to answer; six times that for an e-mail"),
    NUMBER(notify_repeat_hours, "6", 1, 720, "hours until it says again what is still wrong"),
    TEXT(notify_dir, "/run/mvti-notify", "directory where it remembers what it has said"),
    NUMBER(log_sample, "20", 1, 1000000,
           "workers log one of so many reads that succeeded; errors, writes and slow requests always"),
    NUMBER(log_level, "1", 0, 3, "lowest level to log: 0 debug, 1 info, 2 warning, 3 error"),
    {0},
};

const struct config_row *config_rows(void)
{
    return rows;
}

static enum err set_row(struct config *c, const struct config_row *row, const char *value, struct fail *why)
{
    char *field = (char *)c + row->offset;
    if (!row->is_number) {
        if (strlen(value) >= CONFIG_TEXT)
            return fail_set(why, ERR_INVALID, "setting %s: longer than %d bytes", row->name, CONFIG_TEXT - 1);
        if (row->absolute && *value != '/')
            return fail_set(why, ERR_INVALID, "setting %s: '%.60s' is not an absolute path", row->name,
                            value);
        snprintf(field, CONFIG_TEXT, "%s", value);
        return ERR_OK;
    }
    char *end;
    errno = 0;
    long n = strtol(value, &end, 10);
    if (*value == '\0' || *end != '\0' || errno != 0 || n < row->min || n > row->max)
        return fail_set(why, ERR_INVALID, "setting %s: '%.60s' is not a whole number from %ld to %ld",
                        row->name, value, row->min, row->max);
    memcpy(field, &n, sizeof n);
    return ERR_OK;
}

enum err config_set(struct config *c, const char *name, const char *value, struct fail *why)
{
    for (const struct config_row *row = rows; row->name != NULL; row++)
        if (strcmp(row->name, name) == 0)
            return set_row(c, row, value, why);
    return fail_set(why, ERR_INVALID, "unknown setting '%.60s'", name);
}

void config_init(struct config *c)
{
    *c = (struct config){0};
    for (const struct config_row *row = rows; row->name != NULL; row++)
        (void)set_row(c, row, row->fallback,
                      NULL); /* tests/unit/base_test.c holds every default to its range */
}

#define KEY(field)                                                                                           \
    {                                                                                                        \
#field, offsetof(struct config_provider, field), sizeof((struct config_provider *)0)->field          \
    }

static const struct {
    const char *name;
    size_t offset, size;
} provider_keys[] = {
    KEY(client_id),        KEY(client_secret_file),     KEY(issuer),
    KEY(protocol),         KEY(authorization_endpoint), KEY(token_endpoint),
    KEY(profile_endpoint), KEY(admin_key_file),
};

/* The provider of that name, made when it is new. */
static enum err provider_of(struct config *c, const char *id, struct config_provider **out, struct fail *why)
{
    size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyz");
    if (n == 0 || id[n] != '\0' || n >= sizeof c->providers[0].id)
        return fail_set(why, ERR_INVALID, "section [provider %.40s]: a name is 1 to %zu lower-case letters",
                        id, sizeof c->providers[0].id - 1);
    for (size_t i = 0; i < c->n_providers; i++)
        if (strcmp(c->providers[i].id, id) == 0) {
            *out = &c->providers[i];
            return ERR_OK;
        }
    if (c->n_providers == CONFIG_PROVIDERS)
        return fail_set(why, ERR_INVALID, "more than %d providers", CONFIG_PROVIDERS);
    *out = &c->providers[c->n_providers++];
    memset(*out, 0, sizeof **out);
    memcpy((*out)->id, id, n);
    return ERR_OK;
}

static enum err set_provider(struct config *c, const char *id, const char *name, const char *value,
                             struct fail *why)
{
    struct config_provider *p = NULL;
    enum err rc = provider_of(c, id, &p, why);
    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < sizeof provider_keys / sizeof *provider_keys; i++) {
        if (strcmp(provider_keys[i].name, name) != 0)
            continue;
        char *field = (char *)p + provider_keys[i].offset;
        if (*field != '\0')
            return fail_set(why, ERR_INVALID, "provider %s: duplicate key %s", id, name);
        if (strlen(value) >= provider_keys[i].size)
            return fail_set(why, ERR_INVALID, "provider %s: %s is longer than %zu bytes", id, name,
                            provider_keys[i].size - 1);
        memcpy(field, value, strlen(value) + 1);
        return ERR_OK;
    }
    return fail_set(why, ERR_INVALID, "provider %s: unknown key '%.60s'", id, name);
}

struct reading {
    struct config *config;
    struct fail *why;
    enum err rc;
};

static int on_pair(void *arg, const char *section, const char *name, const char *value)
{
    struct reading *r = arg;
    if (strncmp(section, "provider ", 9) == 0) {
        r->rc = set_provider(r->config, section + 9, name, value, r->why);
        return r->rc == ERR_OK;
    }
    if (strcmp(section, "mvti") != 0) {
        r->rc =
            fail_set(r->why, ERR_INVALID, "section [%.40s] is neither [mvti] nor [provider NAME]", section);
        return 0;
    }
    r->rc = config_set(r->config, name, value, r->why);
    return r->rc == ERR_OK;
}

enum err config_read(struct config *c, const char *path, struct fail *why)
{
    struct fail inner = {0};
    struct reading r = {.config = c, .why = &inner};
    errno = 0;
    int line = ini_parse(path, on_pair, &r);
    if (line == 0)
        return ERR_OK;
    if (line < 0)
        return fail_errno(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s", path);
    if (r.rc != ERR_OK)
        return fail_set(why, r.rc, "%.200s:%d: %.250s", path, line, inner.text);
    return fail_set(why, ERR_INVALID, "%.200s:%d: not a 'name = value' line", path, line);
}

enum err config_secret_path(const struct config *c, const char *name, char *out, size_t size,
                            struct fail *why)
{
    if (*name == '\0')
        return fail_set(why, ERR_INVALID, "no file given");
    if (strchr(name, '/') == NULL && c->credentials_dir[0] == '\0')
        return fail_set(why, ERR_INVALID, "'%.100s' is not a path, and systemd has passed no credentials",
                        name);
    int n = strchr(name, '/') != NULL ? snprintf(out, size, "%s", name)
                                      : snprintf(out, size, "%s/%s", c->credentials_dir, name);
    if (n < 0 || (size_t)n >= size)
        return fail_set(why, ERR_TOO_LARGE, "path too long: %.200s", name);
    return ERR_OK;
}

bool config_analytics(const struct config *c)
{
    const char *id = c->analytics_id;
    size_t n = strncmp(id, "G-", 2) == 0 ? strspn(id + 2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") : 0;
    return n >= 4 && n <= 20 && id[2 + n] == '\0';
}

static size_t letters_and_digits(const char *text, const char *more)
{
    size_t n = 0;
    while ((text[n] >= '0' && text[n] <= '9') || (text[n] >= 'a' && text[n] <= 'z') ||
           (text[n] >= 'A' && text[n] <= 'Z') || (text[n] != '\0' && strchr(more, text[n]) != NULL))
        n++;
    return n;
}

bool config_kakao(const struct config *c)
{
    size_t key = letters_and_digits(c->kakao_js_key, "");
    size_t version = letters_and_digits(c->kakao_sdk, ".");
    const char *integrity = c->kakao_sdk + version;
    if (key < 8 || key > 64 || c->kakao_js_key[key] != '\0' || version == 0 || version > 20 ||
        strncmp(integrity, " sha384-", 8) != 0)
        return false;
    size_t hash = letters_and_digits(integrity + 8, "+/");
    return hash == 64 && integrity[8 + hash] == '\0'; /* 48 bytes: base64 without padding */
}

enum err config_state_path(const struct config *c, const char *rest, char *out, size_t size, struct fail *why)
{
    int n = snprintf(out, size, "%s/%s", c->state_dir, rest);
    if (n < 0 || (size_t)n >= size)
        return fail_set(why, ERR_TOO_LARGE, "path too long: %.200s/%.100s", c->state_dir, rest);
    return ERR_OK;
}
