#include "cell.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/resource.h>

static const char *const refused[] = {
    "socket",
    "socketpair",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "execve",
    "execveat",
    "fork",
    "vfork",
    "kill",
    "tkill",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "creat",
    "truncate",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "rmdir",
    "mkdir",
    "mkdirat",
    "mknod",
    "mknodat",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "chmod",
    "fchmod",
    "fchmodat",
    "chown",
    "fchown",
    "lchown",
    "fchownat",
    "mount",
    "umount2",
    "chroot",
    "pivot_root",
    "unshare",
    "setns",
    "io_uring_setup",
    "bpf",
    "perf_event_open",
    "keyctl",
    "add_key",
    "request_key",
    "userfaultfd",
    "openat2",
    "pidfd_open",
    "init_module",
};

static int add(scmp_filter_ctx filter, const char *name, unsigned n, struct scmp_arg_cmp at)
{
    int call = seccomp_syscall_resolve_name(name);
    if (call == __NR_SCMP_ERROR)
        return 0; /* this machine has no such call */
    int failed = n == 0 ? seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0)
                        : seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 1, at);
    return failed == -EDOM ? 0 : failed; /* of another architecture */
}

/* Nothing is opened for writing, and what clone makes is a thread. */
static int add_all(scmp_filter_ctx filter)
{
    struct scmp_arg_cmp none = {0};
    int failed = 0;
    for (size_t i = 0; failed == 0 && i < sizeof refused / sizeof *refused; i++)
        failed = add(filter, refused[i], 0, none);
    static const unsigned ways[] = {O_WRONLY, O_RDWR, O_CREAT};
    for (size_t i = 0; failed == 0 && i < sizeof ways / sizeof *ways; i++) {
        failed = add(filter, "open", 1, SCMP_A1(SCMP_CMP_MASKED_EQ, ways[i], ways[i]));
        if (failed == 0)
            failed = add(filter, "openat", 1, SCMP_A2(SCMP_CMP_MASKED_EQ, ways[i], ways[i]));
    }
    if (failed == 0)
        failed = add(filter, "clone", 1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
    if (failed == 0)
        failed =
            add(filter, "ioctl", 1, SCMP_A1(SCMP_CMP_EQ, 0x5412, 0)); /* TIOCSTI: typing into a terminal */
    return failed;
}

enum err cell_enter(struct fail *why)
{
    /* No image of the process in a file. What memory it may have, who starts it says (MemoryMax of the unit): JavaScriptCore reserves far
     * more than it uses, which no limit of a process tells apart. */
    if (setrlimit(RLIMIT_CORE, &(struct rlimit){0}) != 0)
        return fail_errno(why, ERR_FAULT, "setrlimit");
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == NULL)
        return fail_set(why, ERR_FAULT, "seccomp: no filter can be made");
    /* libseccomp sets no_new_privs itself. clone3 hides its flags in memory, where no filter reads: libc then uses clone. */
    int failed = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    if (failed == 0)
        failed = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1); /* threads that are there already */
    if (failed == 0)
        failed = add_all(filter);
    if (failed == 0)
        failed = seccomp_load(filter);
    seccomp_release(filter);
    return failed == 0 ? ERR_OK : fail_set(why, ERR_FAULT, "seccomp: %s", strerror(-failed));
}
