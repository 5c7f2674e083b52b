/* patience measure                      how many times slower than the reference this machine is at the moment
 * patience SECONDS FOLDER COMMAND…      runs COMMAND for at most SECONDS of the reference
 *
 * Both as tests/fixture/patience.h has it: a command goes on as long as the machine gives it less than SECONDS.
 * Status: the command's, 128 + its signal, or 124 after the limit. Nothing that the command started outlives
 * it, sessions and process groups of its own notwithstanding, but for processes that work in FOLDER: those
 * belong to the stack, which somebody else stops. */
#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/fixture/patience.h"

enum { GRACE_SECONDS = 10 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void die(const char *what)
{
    perror(what);
    exit(125);
}

/* ---- running ---- */

static pid_t command;

static bool works_in(pid_t pid, const char *folder)
{
    char link[64], cwd[4096];
    snprintf(link, sizeof link, "/proc/%d/cwd", (int)pid);
    ssize_t n = readlink(link, cwd, sizeof cwd - 1);
    size_t length = strlen(folder);
    cwd[n > 0 ? n : 0] = '\0';
    return length > 0 && strncmp(cwd, folder, length) == 0 && (cwd[length] == '\0' || cwd[length] == '/');
}

static pid_t parent_of(const char *pid)
{
    char path[64], text[512], *end;
    int parent = 0;
    snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    FILE *f = fopen(path, "r");
    if (f == NULL)
        return 0;
    size_t n = fread(text, 1, sizeof text - 1, f);
    text[n] = '\0';
    fclose(f);
    end = strrchr(text, ')'); /* a program's name may hold blanks and brackets */
    return end != NULL && sscanf(end + 1, " %*c %d", &parent) == 1 ? parent : 0;
}

/* One round over our children, orphans of the command among them: kills those that do not work in folder. How
 * many. */
static int kill_children(const char *folder)
{
    int killed = 0;
    DIR *all = opendir("/proc");
    if (all == NULL)
        return 0;
    for (struct dirent *e = readdir(all); e != NULL; e = readdir(all)) {
        pid_t pid = (pid_t)strtol(e->d_name, NULL, 10);
        if (pid > 0 && parent_of(e->d_name) == getpid() && !works_in(pid, folder)) {
            kill(pid, SIGKILL);
            waitpid(pid, NULL, 0);
            killed++;
        }
    }
    closedir(all);
    return killed;
}

/* Whoever loses his parent becomes our child (PR_SET_CHILD_SUBREAPER), so this ends with nobody left. */
static int end_everything(const char *folder)
{
    int ended = 0;
    for (int n; (n = kill_children(folder)) > 0;)
        ended += n;
    return ended;
}

static sigset_t waited_for(void)
{
    sigset_t s;
    sigemptyset(&s);
    sigaddset(&s, SIGCHLD);
    sigaddset(&s, SIGTERM);
    sigaddset(&s, SIGINT);
    sigaddset(&s, SIGHUP);
    return s;
}

static void start(char **argv)
{
    sigset_t signals = waited_for();
    sigprocmask(SIG_BLOCK, &signals, NULL);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    command = fork();
    if (command < 0)
        die("patience: fork");
    if (command > 0)
        return;
    setpgid(0, 0);
    signal(SIGINT, SIG_DFL); /* a shell makes what it starts in the background deaf to it */
    sigprocmask(SIG_UNBLOCK, &signals, NULL);
    execvp(argv[0], argv);
    perror(argv[0]);
    _exit(127);
}

/* Until the command ends (true, with its status), a signal comes (true, status as of that signal) or `end`
 * passes. */
static bool wait_until(double end, int *status)
{
    sigset_t signals = waited_for();
    for (;;) {
        int wait = 0;
        pid_t pid = waitpid(-1, &wait, WNOHANG);
        if (pid == command) {
            *status = WIFEXITED(wait) ? WEXITSTATUS(wait) : 128 + WTERMSIG(wait);
            return true;
        }
        if (pid > 0)
            continue;
        double left = end - now();
        if (left <= 0)
            return false;
        struct timespec t = {(time_t)left, (long)((left - (double)(time_t)left) * 1e9)};
        int signal = sigtimedwait(&signals, NULL, &t);
        if (signal > 0 && signal != SIGCHLD) {
            *status = 128 + signal;
            return true;
        }
    }
}

/* The command has used up its time. */
static int stop(double began, double seconds)
{
    int status = 0;
    printf("stopped after %.0f seconds, which were %g of the reference (the machine is %.1f times slower "
           "just now)\n",
           now() - began, seconds, patience_slowness());
    fflush(stdout);
    kill(-command, SIGTERM);
    (void)wait_until(now() + GRACE_SECONDS * patience_slowness(), &status);
    return 124;
}

static int run(double seconds, const char *folder)
{
    int status = 0;
    double began = now();
    struct patience p;
    patience_begin(&p, seconds, command);
    while (!wait_until(now() + patience_stretch(&p), &status))
        if (!patience_lasts(&p)) {
            status = stop(began, seconds);
            break;
        }
    int ended = end_everything(folder);
    if (ended > 0)
        printf("%d processes were left behind and have been killed\n", ended);
    return status;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "measure") == 0) {
        printf("%.2f\n", patience_measure());
        return 0;
    }
    double seconds = argc > 3 ? strtod(argv[1], NULL) : 0;
    if (!(seconds > 0)) {
        fprintf(stderr, "usage: patience measure | patience SECONDS FOLDER COMMAND…\n");
        return 64;
    }
    start(argv + 3);
    return run(seconds, argv[2]);
}
