/* filtered PROGRAM WORD…: runs a program with the system calls alone that are named on standard input, one a line; others fail with EPERM, as
 * under SystemCallFilter= with SystemCallErrorNumber=EPERM. */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    char name[100];
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (argc < 2 || filter == NULL)
        return 64;
    while (fgets(name, sizeof name, stdin) != NULL) {
        name[strcspn(name, "\n")] = '\0';
        int call = seccomp_syscall_resolve_name(name);
        if (call != __NR_SCMP_ERROR && seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) != 0 && call > 0)
            return fprintf(stderr, "filtered: %s: no rule\n", name), 70;
    }
    int failed = seccomp_load(filter);
    if (failed != 0)
        return fprintf(stderr, "filtered: %s\n", strerror(-failed)), 70;
    execv(argv[1], argv + 1);
    perror(argv[1]);
    return 70;
}
