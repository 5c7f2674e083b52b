/* measure COMMAND…: runs it and prints one JSON line on standard output (the command's own goes to standard
 * error): wall-clock seconds, processor seconds and the peak of its resident memory. */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 64;
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(STDERR_FILENO, STDOUT_FILENO);
        execvp(argv[1], argv + 1);
        perror(argv[1]);
        _exit(127);
    }
    int status;
    struct rusage used;
    if (pid < 0 || wait4(pid, &status, 0, &used) != pid)
        return 71;
    clock_gettime(CLOCK_MONOTONIC, &to);
    printf(
        "{\"seconds\":%.3f,\"user_seconds\":%.3f,\"system_seconds\":%.3f,\"peak_mib\":%.1f,\"status\":%d}\n",
        (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) * 1e-9,
        seconds(used.ru_utime), seconds(used.ru_stime), (double)used.ru_maxrss / 1024,
        WIFEXITED(status) ? WEXITSTATUS(status) : 128);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
