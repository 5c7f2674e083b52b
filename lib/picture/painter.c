#include "picture/painter.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "picture/frame.h"

struct painter {
    char *program, *folder;
    pid_t pid; /* 0: none runs */
    int socket;
};

struct painter *painter_new(const char *program, const char *folder)
{
    struct painter *p = calloc(1, sizeof *p);
    if (p == NULL)
        return NULL;
    p->program = strdup(program);
    p->folder = strdup(folder);
    if (p->program != NULL && p->folder != NULL)
        return p;
    painter_close(p);
    return NULL;
}

static void stop(struct painter *p)
{
    if (p->pid == 0)
        return;
    close(p->socket);
    kill(p->pid, SIGKILL);
    while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    p->pid = 0;
}

/* With the signals that its parent blocks or ignores as they are by default, and `end` as standard input and output. */
static int spawn(struct painter *p, int end)
{
    char *const argv[] = {p->program, p->folder, NULL};
    char *const environment[] = {"LANG=C.UTF-8", "HOME=/nonexistent", NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int failed = posix_spawn_file_actions_init(&files);
    if (failed != 0)
        return failed;
    failed = posix_spawnattr_init(&how);
    if (failed == 0) {
        posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        posix_spawnattr_setsigmask(&how, &none);
        posix_spawnattr_setsigdefault(&how, &all);
        failed = posix_spawn_file_actions_adddup2(&files, end, STDIN_FILENO);
        if (failed == 0)
            failed = posix_spawn_file_actions_adddup2(&files, end, STDOUT_FILENO);
        if (failed ==
            0) /* also what libraries open without saying that it is theirs alone: libfcgi's connection */
            failed = posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
        if (failed == 0)
            failed = posix_spawn(&p->pid, p->program, &files, &how, argv, environment);
        posix_spawnattr_destroy(&how);
    }
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

static enum err start(struct painter *p, struct fail *why)
{
    int pair[2];
    if (p->pid != 0)
        return ERR_OK;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return fail_errno(why, ERR_UNAVAILABLE, "socketpair");
    if (fcntl(pair[0], F_SETFL, O_NONBLOCK) != 0)
        errno = EINVAL;
    else
        errno = spawn(p, pair[1]);
    close(pair[1]);
    if (errno == 0) {
        p->socket = pair[0];
        return ERR_OK;
    }
    fail_errno(why, ERR_UNAVAILABLE, "%s", p->program);
    p->pid = 0;
    close(pair[0]);
    return ERR_UNAVAILABLE;
}

static enum err ask(struct painter *p, const struct buf *facts, double deadline, struct buf *png,
                    struct fail *why)
{
    uint32_t word = 0;
    enum err rc = start(p, why);
    if (rc != ERR_OK)
        return rc;
    rc = frame_write(p->socket, 0, facts, &deadline, why);
    if (rc == ERR_OK)
        rc = frame_read(p->socket, &word, png, &deadline, why);
    if (rc != ERR_OK) {
        stop(p);
        return rc;
    }
    if (word == ERR_OK)
        return ERR_OK;
    return fail_set(why, word < ERR_COUNT ? (enum err)word : ERR_FAULT, "%.400s", buf_str(png));
}

enum err painter_draw(struct painter *p, const struct buf *facts, double seconds, struct buf *png,
                      struct fail *why)
{
    double deadline = clock_monotonic() + seconds;
    enum err rc = ask(p, facts, deadline, png, why);
    if (rc == ERR_PEER_GONE) /* it died, perhaps while it waited: another one */
        rc = ask(p, facts, deadline, png, why);
    return rc == ERR_PEER_GONE || rc == ERR_IO || rc == ERR_CORRUPT
               ? fail_set(why, ERR_UNAVAILABLE, "mvti-draw died")
               : rc;
}

void painter_close(struct painter *p)
{
    if (p == NULL)
        return;
    stop(p);
    free(p->program);
    free(p->folder);
    free(p);
}
