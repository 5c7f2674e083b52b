/* activation KEY COMMAND…, KEY being the file of the session key: plays the part of systemd for one worker. Gives it a listening socket and a notify
 * socket as Type=notify with WatchdogSec would, and checks what the unit relies on: READY=1, WATCHDOG=1 again
 * and again while nobody asks anything, a new beginning after SIGHUP, a clean end after SIGTERM that says STOPPING=1, and no core file
 * after a crash. */
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/fixture/patience.h"

enum { WATCHDOG_SECONDS = 4, PATIENCE_MS = 5000, END_SECONDS = 5 };

static int passed, failed;

static void check(bool good, const char *what)
{
    if (good) {
        passed++;
        return;
    }
    failed++;
    printf("FAILED activation: %s\n", what);
}

static int unix_socket(int type, const char *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
    unlink(path);
    int fd = socket(AF_UNIX, type, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) != 0 ||
        (type == SOCK_STREAM && listen(fd, 8) != 0)) {
        perror(path);
        exit(71);
    }
    return fd;
}

/* Whether there is a message. */
static bool comes(int notify, int ms)
{
    struct pollfd p = {.fd = notify, .events = POLLIN};
    struct patience patience;
    int n = 0;
    patience_begin(&patience, ms * 1e-3, 0);
    do
        n = poll(&p, 1, (int)(1000 * patience_stretch(&patience)) + 1);
    while (n == 0 && patience_lasts(&patience));
    return n > 0;
}

/* Waits for a message that contains `word`. */
static bool heard(int notify, const char *word, int ms)
{
    char text[512];
    while (comes(notify, ms)) {
        ssize_t n = recv(notify, text, sizeof text - 1, 0);
        text[n > 0 ? n : 0] = '\0';
        if (strstr(text, word) != NULL)
            return true;
    }
    return false;
}

static void become_worker(int listening, const char *notify_path, char **argv)
{
    char number[32];
    if (listening != 3)
        dup2(listening, 3);
    snprintf(number, sizeof number, "%d", (int)getpid());
    setenv("LISTEN_PID", number, 1);
    setenv("LISTEN_FDS", "1", 1);
    setenv("WATCHDOG_PID", number, 1);
    snprintf(number, sizeof number, "%d", WATCHDOG_SECONDS * 1000000);
    setenv("WATCHDOG_USEC", number, 1);
    setenv("NOTIFY_SOCKET", notify_path, 1);
    execvp(argv[0], argv);
    perror(argv[0]);
    _exit(127);
}

static bool ended_well(pid_t pid)
{
    int status = 0;
    struct patience p;
    for (patience_begin(&p, END_SECONDS, pid); patience_lasts(&p);) {
        if (waitpid(pid, &status, WNOHANG) == pid)
            return WIFEXITED(status) && WEXITSTATUS(status) == 0;
        nanosleep(&(struct timespec){0, 50000000}, NULL);
    }
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return false;
}

/* A crash of a worker leaves no picture of its memory behind, whatever the limits and the system allow. */
static bool crashed_without_core(pid_t pid)
{
    int status = 0;
    kill(pid, SIGABRT);
    return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT &&
           !WCOREDUMP(status);
}

static pid_t start_worker(int listening, const char *notify_path, char **argv)
{
    pid_t pid = fork();
    if (pid == 0)
        become_worker(listening, notify_path, argv);
    return pid;
}

/* Lives for two signs of life more, and does not say that it is ready anew. */
static bool goes_on(int notify)
{
    char text[512];
    int lived = 0;
    while (lived < 2 && comes(notify, PATIENCE_MS)) {
        ssize_t n = recv(notify, text, sizeof text - 1, 0);
        text[n > 0 ? n : 0] = '\0';
        if (strstr(text, "READY=1") != NULL)
            return false;
        lived += strstr(text, "WATCHDOG=1") != NULL;
    }
    return lived == 2;
}

static int open_files(pid_t pid)
{
    char path[40];
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *d = opendir(path);
    int n = 0;
    while (d != NULL && readdir(d) != NULL)
        n++;
    if (d != NULL)
        closedir(d);
    return n;
}

static void write_settings(const char *key, const char *more)
{
    FILE *f = fopen(getenv("MVTI_CONFIG"), "w");
    if (f == NULL || fprintf(f, "[mvti]\nsession_key_file = %s\n%s", key, more) < 0 || fclose(f) != 0)
        exit(71);
}

/* SIGHUP: the same process begins anew, as often as it is asked, and keeps nothing open; wrong settings leave it as it is. */
static void reloads(pid_t pid, int notify, const char *key)
{
    int files = goes_on(notify) ? open_files(pid) : 0; /* of a worker that waits for requests */
    for (int i = 0; i < 3; i++) {
        kill(pid, SIGHUP);
        check(heard(notify, "READY=1", PATIENCE_MS), "says READY=1 again after SIGHUP");
    }
    check(files > 2 && goes_on(notify) && open_files(pid) <= files, "keeps no file open when it begins anew");
    write_settings(key, "guest_work = much\n");
    kill(pid, SIGHUP);
    check(goes_on(notify), "wrong settings leave it as it was");
    write_settings("session.key", ""); /* of a unit, which this is not: it could not begin */
    kill(pid, SIGHUP);
    check(goes_on(notify), "settings without a key leave it as it was");
    write_settings(key, "");
}

int main(int argc, char **argv)
{
    char settings[80];
    char folder[] = "/tmp/mvti-activation-XXXXXX", listen_path[64], notify_path[64];
    if (argc < 3 || mkdtemp(folder) == NULL)
        return 64;
    snprintf(listen_path, sizeof listen_path, "%s/worker.sock", folder);
    snprintf(notify_path, sizeof notify_path, "%s/notify", folder);
    snprintf(settings, sizeof settings, "%s/mvti.conf", folder);
    setenv("MVTI_CONFIG", settings, 1);
    write_settings(argv[1], "");
    int listening = unix_socket(SOCK_STREAM, listen_path), notify = unix_socket(SOCK_DGRAM, notify_path);
    pid_t pid = start_worker(listening, notify_path, argv + 2);
    check(heard(notify, "READY=1", PATIENCE_MS), "says READY=1");
    /* The manual asks for half the watchdog's time or less. */
    check(heard(notify, "WATCHDOG=1", WATCHDOG_SECONDS * 500), "an idle worker feeds the watchdog");
    check(heard(notify, "WATCHDOG=1", WATCHDOG_SECONDS * 500), "and again");
    reloads(pid, notify, argv[1]);
    kill(pid, SIGTERM);
    check(heard(notify, "STOPPING=1", PATIENCE_MS), "says STOPPING=1 after SIGTERM");
    check(ended_well(pid), "ends with status 0 after SIGTERM");
    setrlimit(RLIMIT_CORE, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY});
    pid = start_worker(listening, notify_path, argv + 2);
    check(heard(notify, "READY=1", PATIENCE_MS) && crashed_without_core(pid), "a crash leaves no core file");
    unlink(listen_path);
    unlink(notify_path);
    unlink(settings);
    rmdir(folder);
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
