#include "backup/dump.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/secret.h"

/* Instead of the machine's own defaults, and first of the words. */
#define DEFAULTS "--defaults-file=/dev/fd/3"
enum { DEFAULTS_FILENO = 3, WORDS = 24, WORD = CONFIG_TEXT + 40, SAID = 400 };

static const char *const dumps[2] = {"mariadb-dump", "mysqldump"}, *const clients[2] = {"mariadb", "mysql"},
                         *const gzips[2] = {"gzip", NULL};

/* A program, its words, and what it reads and writes. */
struct stage {
    const char *const *names; /* [2]: the first that there is */
    char words[WORDS][WORD];
    int n;
    int in, out; /* owned; closed when it runs */
    int said;    /* what it says on stderr, in memory */
    pid_t pid;
    const char *name; /* what it is called here */
};

static void say(struct stage *s, const char *fmt, const char *value) __attribute__((format(printf, 2, 0)));
static void say(struct stage *s, const char *fmt, const char *value)
{
    if (s->n < WORDS - 1)
        snprintf(s->words[s->n++], WORD, fmt, value);
}

/* ---- programs ---- */

/* The program of the first of two names that there is. 0 or the reason why not. */
static int spawn_named(struct stage *s, const posix_spawn_file_actions_t *files, char *const environment[])
{
    char *argv[WORDS + 2] = {NULL};
    for (int i = 0; i < s->n; i++)
        argv[i + 1] = s->words[i];
    int failed = ENOENT;
    for (int i = 0; i < 2 && failed == ENOENT && s->names[i] != NULL; i++) {
        s->name = s->names[i];
        argv[0] = (char *)s->names[i];
        failed = posix_spawnp(&s->pid, s->names[i], files, NULL, argv, environment);
    }
    return failed;
}

/* A file in memory of what the clients read before their words; −1 with errno. A password is in no word and no variable: those are for others
 * to see. */
static int open_defaults(const char *password)
{
    int fd = memfd_create("defaults", MFD_CLOEXEC);
    bool ok = fd >= 0 && fchmod(fd, 0600) == 0;
    if (ok && *password != '\0')
        ok = dprintf(fd, "[client]\npassword=\"") > 0;
    for (const char *c = password; ok && *c != '\0';
         c++) /* of the file's own escapes these two matter in quotes */
        ok = dprintf(fd, *c == '\\' || *c == '"' ? "\\%c" : "%c", *c) > 0;
    if (ok && (*password == '\0' || dprintf(fd, "\"\n") > 0))
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Starts it and gives away its ends. */
static enum err start(struct stage *s, const char *password, struct fail *why)
{
    static char *const environment[] = {"LANG=C.UTF-8", NULL};
    posix_spawn_file_actions_t files;
    int defaults = open_defaults(password);
    s->said = memfd_create("said", MFD_CLOEXEC);
    int failed = s->said < 0 || defaults < 0 ? errno : posix_spawn_file_actions_init(&files);
    if (failed == 0) {
        posix_spawn_file_actions_adddup2(&files, s->in, STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&files, s->out, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&files, s->said, STDERR_FILENO);
        posix_spawn_file_actions_adddup2(&files, defaults, DEFAULTS_FILENO);
        failed = spawn_named(s, &files, environment);
        posix_spawn_file_actions_destroy(&files);
    }
    close(s->in);
    close(s->out);
    if (defaults >= 0)
        close(defaults);
    errno = failed;
    return failed == 0
               ? ERR_OK
               : fail_errno(why, ERR_UNAVAILABLE, "%s (Debian's package mariadb-client)", s->names[0]);
}

/* Waits for its end; what it said is the sentence. */
static enum err end(struct stage *s, struct fail *why)
{
    char text[SAID + 1] = "";
    int status = -1;
    if (s->pid > 0)
        while (waitpid(s->pid, &status, 0) < 0 && errno == EINTR)
            ;
    ssize_t n = s->said >= 0 ? pread(s->said, text, SAID, 0) : 0;
    text[n > 0 ? n : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    if (s->said >= 0)
        close(s->said);
    if (s->pid <= 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 0))
        return ERR_OK;
    enum err rc = strstr(text, strerror(ENOSPC)) != NULL ? ERR_IO : ERR_UNAVAILABLE;
    return fail_set(why, rc, "%s: %s", s->name, text[0] != '\0' ? text : "ended before its time");
}

/* Over TCP, in TLS as store/db_transport.c has it. */
static void add_host(struct stage *s, const struct config *c)
{
    char port[24];
    snprintf(port, sizeof port, "%ld", c->db_port);
    say(s, "--host=%s", c->db_host);
    say(s, "--port=%s", port);
    say(s, "%s", "--protocol=TCP");
    if (strcmp(c->db_tls, "off") == 0) {
        say(s, "%s", "--skip-ssl");
        return;
    }
    say(s, "%s", "--ssl-verify-server-cert");
    if (c->db_ca_file[0] != '\0')
        say(s, "--ssl-ca=%s", c->db_ca_file);
}

/* How it reaches the database of c. */
static void add_connection(struct stage *s, const struct config *c)
{
    say(s, "%s", DEFAULTS);
    if (c->db_host[0] != '\0')
        add_host(s, c);
    else if (c->db_socket[0] != '\0')
        say(s, "--socket=%s", c->db_socket);
    say(s, "--user=%s", c->db_user);
    say(s, "%s", "--default-character-set=utf8mb4");
}

static enum err read_password(const struct config *c, char out[CONFIG_TEXT], struct fail *why)
{
    char path[CONFIG_TEXT * 2];
    out[0] = '\0';
    if (c->db_password_file[0] == '\0')
        return ERR_OK;
    enum err rc = config_secret_path(c, c->db_password_file, path, sizeof path, why);
    if (rc == ERR_OK)
        rc = secret_file_read(path, out, CONFIG_TEXT, why);
    out[strcspn(out, "\r\n")] = '\0';
    return rc;
}

static int open_nothing(int flags)
{
    return open("/dev/null", flags | O_CLOEXEC);
}

/* Both at once, the second reading what the first writes. The second's end is the better reason. */
static enum err run_both(struct stage *first, struct stage *second, const struct config *c, struct fail *why)
{
    char password[CONFIG_TEXT];
    int ends[2] = {-1, -1};
    struct fail other = {0};
    first->said = second->said = -1;
    enum err rc = read_password(c, password, why);
    if (rc == ERR_OK && pipe2(ends, O_CLOEXEC) != 0)
        rc = fail_errno(why, ERR_IO, "pipe");
    first->out = ends[1];
    second->in = ends[0];
    if (rc != ERR_OK) {
        close(first->in);
        close(second->out);
        return rc;
    }
    rc = start(first, password, why);
    enum err last = start(second, password, rc == ERR_OK ? why : NULL);
    rc = rc == ERR_OK ? last : rc;
    enum err one = end(first, &other), two = end(second, rc == ERR_OK ? why : NULL);
    if (rc == ERR_OK)
        rc = two;
    if (rc == ERR_OK && one != ERR_OK)
        rc = fail_set(why, one, "%s", other.text);
    return rc;
}

/* ---- the database ---- */

enum err dump_write(const struct config *c, const char *path, struct fail *why)
{
    /* A table is read as it was when the first one was: one transaction. Nobody waits. */
    static const char *const words[] = {"--single-transaction", "--quick",    "--skip-lock-tables",
                                        "--no-tablespaces",     "--hex-blob", "--triggers",
                                        "--skip-dump-date"};
    struct stage dump = {.names = dumps, .in = open_nothing(O_RDONLY)};
    struct stage gzip = {.names = gzips, .out = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (gzip.out < 0 || dump.in < 0)
        return fail_errno(why, ERR_IO, "%s", path);
    int file = dup(gzip.out);
    add_connection(&dump, c);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        say(&dump, "%s", words[i]);
    say(&dump, "%s", c->db_name);
    say(&gzip, "%s", "-1");
    struct fail inner = {0};
    enum err rc = run_both(&dump, &gzip, c, &inner);
    if (rc != ERR_OK)
        rc = fail_set(why, rc, "%s: %s", path, inner.text);
    else if (fsync(file) != 0)
        rc = fail_errno(why, ERR_IO, "%s", path);
    close(file);
    return rc;
}

enum err dump_read(const struct config *c, const char *path, struct fail *why)
{
    struct stage gzip = {.names = gzips, .in = open(path, O_RDONLY | O_CLOEXEC)},
                 client = {.names = clients, .out = open_nothing(O_WRONLY)};
    if (gzip.in < 0 || client.out < 0)
        return fail_errno(why, ERR_IO, "%s", path);
    say(&gzip, "%s", "-dc");
    add_connection(&client, c);
    say(&client, "%s", c->db_name);
    struct fail inner = {0};
    enum err rc = run_both(&gzip, &client, c, &inner);
    return rc == ERR_OK ? ERR_OK : fail_set(why, rc, "%s: %s", path, inner.text);
}

/* ---- rights ---- */

enum err dump_rights(const struct config *c, const char *account, const char *path, struct fail *why)
{
    char statements[WORD - 40];
    char password[CONFIG_TEXT];
    struct stage client = {.names = clients,
                           .said = -1,
                           .in = open_nothing(O_RDONLY),
                           .out = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
    if (client.in < 0 || client.out < 0)
        return fail_errno(why, ERR_IO, "%s", path);
    add_connection(&client, c);
    say(&client, "%s", "--batch");
    say(&client, "%s", "--skip-column-names");
    say(&client, "%s", "--raw");
    snprintf(statements, sizeof statements, "SHOW CREATE USER %.200s; SHOW GRANTS FOR %.200s", account,
             account);
    say(&client, "--execute=%s", statements);
    enum err rc = read_password(c, password, why);
    if (rc == ERR_OK)
        rc = start(&client, password, why);
    enum err ended = end(&client, rc == ERR_OK ? why : NULL);
    return rc == ERR_OK ? ended : rc;
}
