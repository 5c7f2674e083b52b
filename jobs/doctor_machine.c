/* What a site needs of its machine: room, a key that nobody else reads, a clock; and what dead jobs have left there. */
#include "doctor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "auth/keyring.h"
#include "base/clock.h"
#include "base/state_path.h"

/* ---- disk ---- */

/* Percent as df(1) says it: of what this account could have. */
static double used(uint64_t all, uint64_t free, uint64_t available)
{
    double taken = (double)(all - free), most = taken + (double)available;
    return most > 0 ? 100 * taken / most : 0;
}

static void one_disk(struct doctor *d, const char *path)
{
    long most = d->job->config.watch_disk_percent;
    struct statvfs s;
    if (statvfs(path, &s) != 0)
        return;
    double space = used(s.f_blocks, s.f_bfree, s.f_bavail);
    double files = s.f_files > 0 ? used(s.f_files, s.f_ffree, s.f_favail) : 0;
    double left = (double)s.f_bavail * (double)s.f_frsize / (double)(1 << 30);
    const char *what = arena_printf(&d->job->arena, "disk of %s", path);
    if (what == NULL)
        return;
    if (space > (double)most || files > (double)most)
        doctor_say(d, DOCTOR_WRONG, what,
                   "%.0f %% of its space and %.0f %% of its file entries are used, more than %ld %% "
                   "(watch_disk_percent); %.1f GB are left; " DOCTOR_DO
                   "make room: journalctl --vacuum-size=500M, apt-get clean, mvti publish --keep 3, empty "
                   "%s; or a larger disk",
                   space, files, most, left, d->job->config.picture_cache_dir);
    else
        doctor_say(d, DOCTOR_GOOD, what, "%.0f %% used, %.1f GB are left", space, left);
}

/* The folders that grow; each file system once. */
void doctor_disk(struct doctor *d)
{
    const char *const folders[] = {d->job->config.state_dir, d->installed ? "/var/lib/mysql" : "",
                                   d->installed ? "/var/log" : ""};
    enum { N = sizeof folders / sizeof *folders };
    dev_t seen[N] = {0};
    size_t n = 0;
    for (size_t i = 0; i < N; i++) {
        struct stat st;
        bool known = false;
        if (folders[i][0] == '\0' || stat(folders[i], &st) != 0)
            continue;
        for (size_t k = 0; k < n; k++)
            known |= seen[k] == st.st_dev;
        seen[n++] = st.st_dev;
        if (!known)
            one_disk(d, folders[i]);
    }
}

/* ---- left-overs ---- */

/* NAME.tmp.PID of a process that is gone. */
static bool is_left(const char *name)
{
    const char *at = strstr(name, ".tmp.");
    if (at == NULL)
        return false;
    char *end;
    long pid = strtol(at + 5, &end, 10);
    return *end == '\0' && pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

void doctor_left_overs(struct doctor *d)
{
    static const char *const folders[] = {"ratings", "datasets", "models", "snapshots"};
    int n = 0;
    double bytes = 0;
    const char *one = "";
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[STATE_PATH];
        DIR *dir = config_state_path(&d->job->config, folders[i], path, sizeof path, NULL) == ERR_OK
                       ? opendir(path)
                       : NULL;
        for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
            struct stat st;
            if (!is_left(e->d_name) || fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
                continue;
            const char *name = arena_printf(&d->job->arena, "%s/%s", path, e->d_name);
            one = name != NULL ? name : one;
            bytes += (double)st.st_size;
            n++;
        }
        if (dir != NULL)
            closedir(dir);
    }
    if (n > 0)
        doctor_say(d, DOCTOR_WRONG, "left-overs",
                   "%d unfinished %s of jobs that were killed, %.1f MB, such as %s; " DOCTOR_DO
                   "delete them: rm '%s'%s",
                   n, n == 1 ? "file" : "files", bytes / 1e6, one, one, n > 1 ? " and the others" : "");
    else
        doctor_say(d, DOCTOR_GOOD, "left-overs", "none");
}

/* ---- key ---- */

/* Where the workers' units take it from, if the settings name a credential. */
static const char *key_path(const struct doctor *d)
{
    const char *file = d->job->config.session_key_file;
    if (strcmp(file, "session.key") == 0 && d->installed)
        return "/etc/mvti/session.key";
    return strchr(file, '/') != NULL ? file : NULL;
}

void doctor_key(struct doctor *d)
{
    const char *path = key_path(d);
    struct keyring keys = {0};
    struct fail why = {0};
    struct stat st;
    if (path == NULL) {
        doctor_say(d, DOCTOR_NOTE, "session key",
                   "not checked: session_key_file names no file that is known here");
        return;
    }
    if (stat(path, &st) != 0) {
        doctor_say(d, DOCTOR_WRONG, "session key",
                   "%s: %s, and no worker starts without it; " DOCTOR_DO
                   "restore it from the back-up, or everybody is signed out: mvti key %s",
                   path, strerror(errno), path);
        return;
    }
    if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        doctor_say(
            d, DOCTOR_WRONG, "session key",
            "%s may be used by others than its owner (mode %03o); " DOCTOR_DO
            "run: chmod 600 %s; if somebody has read it, make a new one (Session key in docs/operating.md)",
            path, (unsigned)st.st_mode & 0777, path);
        return;
    }
    bool ours = st.st_uid == geteuid();
    if (ours && keyring_read(&keys, path, &why) != ERR_OK)
        doctor_say(d, DOCTOR_WRONG, "session key",
                   "%s; " DOCTOR_DO
                   "restore it from the back-up, or everybody is signed out: rm %s && mvti key %s",
                   why.text, path, path);
    else
        doctor_say(d, DOCTOR_GOOD, "session key", "%s, for its owner alone", path);
    keyring_forget(&keys);
}

/* ---- clock ---- */

static const double APART_MOST = 5; /* seconds: an answer of a slow database is no other clock */

static bool clock_of_database(struct doctor *d, double *apart)
{
    static const struct db_sql sql = {"doctor.clock", "SELECT CAST(UNIX_TIMESTAMP() AS SIGNED)"};
    int64_t then = 0;
    if (!d->database || db_number(d->job->db, &sql, DB_NOTHING, &then, NULL) != ERR_OK)
        return false;
    *apart = (double)(then - clock_wall());
    return true;
}

static bool says(const char *command, const char *wanted)
{
    char line[80] = "";
    FILE *p = popen(command, "r");
    if (p == NULL)
        return false;
    bool got = fgets(line, sizeof line, p) != NULL;
    pclose(p);
    line[strcspn(line, "\n")] = '\0';
    return got && strcmp(line, wanted) == 0;
}

void doctor_clock(struct doctor *d)
{
    double apart = 0;
    bool known = clock_of_database(d, &apart);
    if (known && (apart > APART_MOST || apart < -APART_MOST))
        doctor_say(d, DOCTOR_WRONG, "clock",
                   "the database's clock is %.0f s %s this machine's: limits, sessions and logins go "
                   "wrong; " DOCTOR_DO "synchronise both by NTP: timedatectl set-ntp true",
                   apart > 0 ? apart : -apart, apart > 0 ? "ahead of" : "behind");
    else if (d->installed && !says("systemd-detect-virt --container 2>/dev/null", "none"))
        doctor_say(d, DOCTOR_NOTE, "clock", "that of the host of this container; synchronise it there");
    else if (d->installed && says("timedatectl show --property=NTPSynchronized --value 2>/dev/null", "no"))
        doctor_say(d, DOCTOR_WRONG, "clock",
                   "not synchronised: logins fail, and limits and times in logs are wrong, once it is "
                   "off; " DOCTOR_DO "run: apt-get install systemd-timesyncd && timedatectl set-ntp true");
    else if (known)
        doctor_say(d, DOCTOR_GOOD, "clock", "the database's is the same%s",
                   d->installed ? ", and it is synchronised" : "");
    else
        doctor_say(d, DOCTOR_NOTE, "clock", "could not be compared with the database's: it does not answer");
}
