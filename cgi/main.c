/* mvti-worker: one single-threaded process of the pool that answers HTTP requests over FastCGI. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "app/storage.h"
#include "app/visit.h"
#include "base/log.h"
#include "base/version.h"
#include "fcgi.h"
#include "instruments.h"
#include "restarts.h"
#include "routes.h"

static bool in_journal(void)
{
    return log_is_journal(getenv("JOURNAL_STREAM"), STDERR_FILENO);
}

static void to_stderr(void *arg, enum log_level level, const char *line, size_t len)
{
    const bool *journal = arg;
    char text[2048]; /* one write a line, so that the lines of several workers do not mix */
    int n = snprintf(text, sizeof text - 1, "%s%.*s", *journal ? log_priority(level) : "", (int)len, line);
    size_t whole = (size_t)n < sizeof text - 2 ? (size_t)n : sizeof text - 2;
    text[whole] = '\n';
    if (write(STDERR_FILENO, text, whole + 1) < 0)
        return; /* nobody left to tell */
}

static int usage(FILE *out, int status)
{
    fputs("usage: mvti-worker [--pool login|export|picture|admin] [--config FILE] [--set NAME=VALUE]...\n"
          "       mvti-worker --check-config [--pool ...] [--config FILE] [--set NAME=VALUE]...\n"
          "       mvti-worker --routes [admin|kept] | --version\n"
          "Answers FastCGI requests on the listening socket from systemd, or on file descriptor 0\n"
          "(spawn-fcgi).\n"
          "  --pool login      serve /auth/; the only workers that connect to other servers\n"
          "  --pool export     serve exports of everything about a visitor, which may take seconds\n"
          "  --pool picture    draw pictures of results and pages, about 0.1 s each\n"
          "  --pool admin      serve /admin, the owner's console\n"
          "  --config FILE     settings file (default: the one that MVTI_CONFIG names)\n"
          "  --set NAME=VALUE  override one setting\n"
          "  --check-config    read all that a worker reads when it starts, say what is wrong, and end\n"
          "  --routes          list the routes that workers answer, those of the owner's console, or those\n"
          "                    whose answers a server in front may give to other guests\n"
          "  --version         print the version\n"
          "SIGHUP: settings and program are read anew after the request at hand, by the same process; "
          "settings\n"
          "that are wrong leave everything as it is. Files handed over by systemd (LoadCredential=) want a "
          "restart.\n"
          "settings (in the section [mvti] of the file): see mvti --help\n",
          out);
    return status;
}

/* Of all that workers answer (""), of the owner's console ("admin"), or of what a server in front may give to other guests ("kept"). Addresses of the
 * picture pool are the main pool's too. */
static bool is_listed(const struct route *route, const char *which)
{
    if (strcmp(which, "kept") == 0)
        return route->kept > 0 && route->pool == POOL_MAIN;
    return (route->pool == POOL_ADMIN) == (strcmp(which, "admin") == 0) && route->pool != POOL_PICTURE;
}

/* A line for each row of the route table, for the test that compares it with www/openapi.json, or with docs/admin.openapi.json, and for nginx
 * (tools/pages, tools/kept). Addresses of /auth/ are no API: a browser is sent through them. */
static int print_routes(const char *which)
{
    for (size_t i = 0; i < route_count; i++)
        if (is_listed(&route_table[i], which))
            printf("%s %s\n", request_method_name(route_table[i].method), route_table[i].pattern);
    return 0;
}

static enum err set_pair(struct config *config, const char *pair, struct fail *why)
{
    const char *equals = pair == NULL ? NULL : strchr(pair, '=');
    if (equals == NULL || equals - pair > 60)
        return fail_set(why, ERR_INVALID, "--set: not NAME=VALUE");
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)(equals - pair), pair);
    return config_set(config, name, equals + 1, why);
}

/* The file first, then single settings in their order. */
static enum err read_settings(int argc, char **argv, struct config *config, struct fail *why)
{
    const char *file = getenv("MVTI_CONFIG");
    for (int i = 1; i + 1 < argc; i += 2)
        if (strcmp(argv[i], "--config") == 0)
            file = argv[i + 1];
    enum err rc = file != NULL ? config_read(config, file, why) : ERR_OK;
    for (int i = 1; i < argc && rc == ERR_OK; i += 2) {
        if (i + 1 == argc)
            rc = fail_set(why, ERR_INVALID, "%s needs a value", argv[i]);
        else if (strcmp(argv[i], "--set") == 0)
            rc = set_pair(config, argv[i + 1], why);
        else if (strcmp(argv[i], "--config") != 0 && strcmp(argv[i], "--pool") != 0)
            rc = fail_set(why, ERR_INVALID, "unknown option %s", argv[i]);
    }
    return rc;
}

static const struct pool {
    const char *name;
    unsigned routes;
} pools[] = {{"main", POOL_MAIN},
             {"login", POOL_LOGIN},
             {"export", POOL_EXPORT},
             {"admin", POOL_ADMIN},
             {"picture", POOL_PICTURE}};

static enum err read_pool(int argc, char **argv, const struct pool **pool, struct fail *why)
{
    enum { N = sizeof pools / sizeof *pools };
    *pool = pools;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--pool") != 0)
            continue;
        size_t n = 1;
        while (n < N && strcmp(argv[i + 1], pools[n].name) != 0)
            n++;
        if (n == N)
            return fail_set(why, ERR_INVALID,
                            "--pool %.40s: the pool is 'login', 'export', 'picture', 'admin' or not named",
                            argv[i + 1]);
        *pool = &pools[n];
    }
    return ERR_OK;
}

/* Settings and pool of a command line, from the file as it is now. */
static enum err read_command(int argc, char **argv, struct config *config, const struct pool **pool,
                             struct fail *why)
{
    config_init(config);
    enum err rc = read_settings(argc, argv, config, why);
    if (rc == ERR_OK)
        rc = read_pool(argc, argv, pool, why);
    if (rc == ERR_OK && (*pool)->routes == POOL_ADMIN)
        rc = console_admins_check(config->admins, why);
    return rc;
}

static enum err read_keys(struct config *config, struct keyring *keys, struct fail *why)
{
    char path[CONFIG_TEXT * 2];
    const char *credentials = getenv("CREDENTIALS_DIRECTORY");
    snprintf(config->credentials_dir, sizeof config->credentials_dir, "%s",
             credentials != NULL ? credentials : "");
    struct fail inner = {0};
    enum err rc = config_secret_path(config, config->session_key_file, path, sizeof path, &inner);
    if (rc == ERR_OK)
        rc = keyring_read(keys, path, &inner);
    return rc == ERR_OK
               ? ERR_OK
               : fail_set(why, rc, "session_key_file: %.300s (`mvti key FILE` creates one)", inner.text);
}

/* systemd hands the socket over as descriptor 3, and with it what the process before asked it to keep; spawn-fcgi as 0. */
static enum err take_socket(double *waited, struct fail *why)
{
    char **names = NULL;
    int n = sd_listen_fds_with_names(1, &names), socket = -1, kept = -1, sockets = 0;
    for (int i = 0; i < n; i++) {
        bool is_kept = strcmp(names[i], RESTARTS_NAME) == 0;
        *(is_kept ? &kept : &socket) = SD_LISTEN_FDS_START + i;
        sockets += !is_kept;
        free(names[i]);
    }
    free(names);
    if (n < 0 || sockets > 1)
        return fail_set(why, ERR_INVALID, "systemd passed %d sockets, expected one", n < 0 ? n : sockets);
    if (socket >= 0 && (dup2(socket, 0) != 0 || close(socket) != 0))
        return fail_errno(why, ERR_IO, "socket from systemd");
    *waited = sockets == 1 ? restarts_begin(kept) : 0; /* one that begins anew by itself has not ended */
    return ERR_OK;
}

/* The main pool knows the providers for the buttons; only the login pool reads their secrets and may ask
 * them. */
static enum err open_providers(struct site *site, struct fail *why)
{
    bool login = (site->pool & POOL_LOGIN) != 0;
    enum err rc = provider_load(site->config, login, &site->providers, why);
    if (rc == ERR_OK && login && (site->oidc = oidc_new(&site->providers)) == NULL)
        rc = fail_set(why, ERR_NOMEM, "out of memory");
    return rc;
}

/* The picture pool draws, and has no key: whose results it draws does not matter. */
static enum err open_gallery(struct site *site, struct fail *why)
{
    static struct gallery gallery;
    if (site->pool != POOL_PICTURE)
        return ERR_OK;
    site->gallery = &gallery;
    return gallery_open(&gallery, site->config, why);
}

/* Reads all that a worker reads when it starts, and drops it. By hand (starts: false) credentials of a unit are not there. */
static enum err check_config(int argc, char **argv, bool starts, struct fail *why)
{
    static struct config config;
    static struct provider_set providers;
    struct keyring keys = {0};
    const struct pool *pool;
    enum err rc = read_command(argc, argv, &config, &pool, why);
    bool given =
        starts || strchr(config.session_key_file, '/') != NULL || getenv("CREDENTIALS_DIRECTORY") != NULL;
    if (rc == ERR_OK && given && pool->routes != POOL_PICTURE)
        rc = read_keys(&config, &keys, why);
    keyring_forget(&keys);
    if (rc == ERR_OK)
        rc = provider_load(&config, given && (pool->routes & POOL_LOGIN) != 0, &providers, why);
    return rc;
}

/* A worker at work, and how it was called. */
struct running {
    struct site *site;
    int argc;
    char **argv;
    bool again; /* SIGHUP: it begins anew */
};

static bool renew(void *arg)
{
    struct running *r = arg;
    struct fail why = {0};
    if (check_config(r->argc, r->argv, true, &why) == ERR_OK)
        return r->again = true;
    log_event(LOG_ERROR, "reload.refused", "%s; settings stay as they were", why.text);
    return false;
}

static void tick(void *arg, double now)
{
    struct running *r = arg;
    serving_refresh(&r->site->serving, now);
    denying_refresh(&r->site->denying, r->site->config, now);
    sd_notify(0, "WATCHDOG=1");
}

static void busy(void *arg)
{
    (void)arg;
    sd_notify(0, "WATCHDOG=1");
}

/* A worker holds the session key, cookies and, at the login pool, secrets of providers: its memory goes into
 * no file when it crashes, and to no other process of its account (prctl(2), PR_SET_DUMPABLE), however it was
 * started. The leak checker of AddressSanitizer reads its own process that way. */
static enum err keep_memory_private(struct fail *why)
{
    (void)why;
#ifndef __SANITIZE_ADDRESS__
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return fail_errno(why, ERR_FAULT, "PR_SET_DUMPABLE");
#endif
    return ERR_OK;
}

static int fail_with(const struct fail *why, enum err rc)
{
    fprintf(stderr, "%smvti-worker: %s\n", in_journal() ? log_priority(LOG_ERROR) : "", why->text);
    return err_exit_status(rc);
}

/* The program once more, with the listening socket and nothing else that is open: libraries do not close everything. Where that fails,
 * the process ends, and systemd starts another. */
static void begin_anew(char **argv)
{
    (void)close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    execvp(argv[0], argv);
}

static int say_check(int argc, char **argv)
{
    struct fail why = {0};
    enum err rc = check_config(argc, argv, false, &why);
    if (rc != ERR_OK)
        return fail_with(&why, rc);
    puts("the settings are right");
    return 0;
}

int main(int argc, char **argv)
{
    static struct config config;
    static struct site site;
    struct fail why = {0};
    struct keyring keys = {0};
    const struct pool *pool;
    double waited = 0;
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return usage(stdout, 0);
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        printf("mvti-worker %s\n", version_text());
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "--routes") == 0)
        return print_routes("");
    if (argc == 3 && strcmp(argv[1], "--routes") == 0 &&
        (strcmp(argv[2], "admin") == 0 || strcmp(argv[2], "kept") == 0))
        return print_routes(argv[2]);
    if (argc > 1 && strcmp(argv[1], "--check-config") == 0)
        return say_check(argc - 1, argv + 1);
    enum err rc = take_socket(&waited, &why); /* first: an end for any other cause counts */
    if (rc == ERR_OK)
        rc = read_command(argc, argv, &config, &pool, &why);
    if (rc == ERR_OK)
        rc = keep_memory_private(&why);
    if (rc == ERR_OK)
        rc = secret_init();
    if (rc == ERR_OK && pool->routes != POOL_PICTURE)
        rc = read_keys(&config, &keys, &why);
    if (rc != ERR_OK)
        return fail_with(&why, rc);
    static bool journal;
    journal = in_journal();
    log_set_sink(to_stderr, &journal, (enum log_level)config.log_level);
    struct db *db = storage_open(&config);
    if (db == NULL)
        return fail_with(&why, ERR_NOMEM);
    instruments_open(&config, pool->name);
    site_init(&site, &config, &keys, pool->routes, db);
    rc = open_providers(&site, &why);
    if (rc == ERR_OK)
        rc = open_gallery(&site, &why);
    if (rc != ERR_OK)
        return fail_with(&why, rc);
    keyring_forget(&keys);
    serving_refresh(&site.serving, 0);
    sd_notify(0, "READY=1\nSTATUS=");
    log_event(LOG_INFO, "worker.started", "pid %d, snapshot %s, after a wait of %.2f s", getpid(),
              site.serving.ready ? site.serving.snapshot.id : "none", waited);
    struct running running = {&site, argc, argv, false};
    rc = fcgi_run(&site, &(struct fcgi_hooks){tick, busy, renew, &running}, &why);
    if (!running.again)
        sd_notify(0, "STOPPING=1");
    log_event(LOG_INFO, running.again ? "worker.reloaded" : "worker.stopped", "pid %d", getpid());
    if (site.gallery != NULL)
        gallery_close(site.gallery);
    site_close(&site);
    if (running.again)
        begin_anew(argv);
    return rc == ERR_OK ? 0 : fail_with(&why, rc);
}
