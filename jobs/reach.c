#include "reach.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RIGHT(name) (1u << (name))

/* LANDLOCK_ACCESS_FS_REFER, for links from one folder to another, is of its second version: without it they are refused everywhere. */
enum { LANDLOCK_LEAST = 2 };

static const uint64_t of_files = LANDLOCK_ACCESS_FS_WRITE_FILE;
static const uint64_t writing =
    LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
    LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
    LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
    LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER;

static const struct config *held;

/* capset(2), of which glibc has no function. */
static bool set_rights(uint32_t effective, uint32_t permitted)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {
        {.effective = effective, .permitted = permitted}};
    return syscall(SYS_capset, &head, data) == 0;
}

void reach_hold(const struct config *settings)
{
    uint32_t two = RIGHT(CAP_DAC_OVERRIDE) | RIGHT(CAP_SYS_ADMIN);
    held = set_rights(0, two) || set_rights(0, 0) ? settings : NULL;
}

static bool allow(int rules, int at, uint64_t access)
{
    struct stat st;
    if (at < 0 || fstat(at, &st) != 0)
        return false;
    struct landlock_path_beneath_attr below = {.parent_fd = at,
                                               .allowed_access = S_ISDIR(st.st_mode) ? access : of_files};
    bool ok = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0) == 0;
    close(at);
    return ok;
}

/* Folders of the settings belong to the jobs, but what is above them is root's. */
static void allow_settings(int rules, const struct config *c)
{
    const char *const folders[] = {c->state_dir, c->picture_cache_dir, c->metrics_dir,
                                   c->offer_dir, c->notify_dir,        "/dev/null"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (folders[i][0] != '\0')
            (void)allow(rules, open(folders[i], O_PATH | O_CLOEXEC), writing);
}

/* Whether nobody but root could have put a link into this path, so that it leads where the person who typed it believes. */
static bool is_roots(const char *path)
{
    char part[PATH_MAX];
    struct stat st;
    for (size_t n = 0; path[n] != '\0';) {
        n += strspn(path + n, "/") + strcspn(path + n + strspn(path + n, "/"), "/");
        if (snprintf(part, sizeof part, "%.*s", (int)n, path) >= (int)sizeof part || lstat(part, &st) != 0 ||
            st.st_uid != 0 ||
            (S_ISDIR(st.st_mode) && (st.st_mode & S_IWOTH) != 0 && (st.st_mode & S_ISVTX) == 0))
            return false;
    }
    return true;
}

static int open_straight(const char *path)
{
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS};
    int at = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
    return at < 0 && is_roots(path) ? open(path, O_PATH | O_CLOEXEC) : at;
}

/* A file is written beside its place and then renamed, so its folder has to be open too; but the whole machine is not, for the sake of one file in "/". */
static void allow_written(int rules, const char *path)
{
    char folder[PATH_MAX];
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    while (n > 0 && path[n - 1] != '/')
        n--;
    (void)allow(rules, open_straight(path), writing);
    int written = snprintf(folder, sizeof folder, "%.*s", (int)n, n > 0 ? path : ".");
    if (written < (int)sizeof folder && strspn(folder, "/") != strlen(folder))
        (void)allow(rules, open_straight(n > 0 ? folder : "."), writing);
}

static bool confine(const char *const *written, size_t n)
{
    struct landlock_ruleset_attr attr = {.handled_access_fs = writing};
    if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) < LANDLOCK_LEAST)
        return false;
    int rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (rules < 0)
        return false;
    allow_settings(rules, held);
    for (size_t i = 0; i < n; i++)
        allow_written(rules, written[i]);
    bool ok = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    close(rules);
    return ok;
}

void reach_open(const char *const *written, size_t n)
{
    uint32_t files = RIGHT(CAP_DAC_OVERRIDE), both = files | RIGHT(CAP_SYS_ADMIN);
    if (held == NULL)
        return;
    bool confined = set_rights(both, both) && confine(written, n);
    held = NULL;
    if (!confined || !set_rights(files, files))
        (void)set_rights(0, 0);
}
