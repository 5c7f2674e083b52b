#include "job_record.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

/* The commands of the timers (systemd/), by their first words. */
static const struct {
    const char *name;
    const char *words[2];
} jobs[] = {
    {"sessions", {"sessions"}},
    {"rollup", {"rollup"}},
    {"recount", {"recount"}},
    {"dataset build", {"dataset", "build"}},
    {"train bts", {"train", "bts"}},
    {"train blend", {"train", "blend"}},
    {"train popularity", {"train", "popularity"}},
    {"publish", {"publish"}},
    {"pictures", {"pictures"}},
    {"experiment refresh", {"experiment", "refresh"}},
    {"runs send", {"runs", "send"}},
    {"analytics send", {"analytics", "send"}},
    {"admin work", {"admin", "--work"}},
    {"backup", {"backup"}},
    {"pull", {"pull"}},
    {"notify", {"notify", "--watch"}},
};
enum { N_JOBS = sizeof jobs / sizeof *jobs, PATH_MOST = 1200, TEXT_MOST = 256 };

/* With these a command does something else than the timer's. */
static const char *const other_work[] = {"--help",  "--rollback", "--forward", "--pin",
                                         "--unpin", "--judge",    "--end",     "--end-all"};

/* One command a process. */
static struct {
    int fd; /* 0: nothing is recorded */
    double began;
    struct job_record record;
} own;

static bool does_other_work(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        for (size_t j = 0; j < sizeof other_work / sizeof *other_work; j++)
            if (strcmp(argv[i], other_work[j]) == 0)
                return true;
    return false;
}

static int job_of(int argc, char **argv)
{
    for (int i = 0; i < N_JOBS; i++)
        if (strcmp(jobs[i].words[0], argv[0]) == 0 &&
            (jobs[i].words[1] == NULL || (argc > 1 && strcmp(jobs[i].words[1], argv[1]) == 0)))
            return does_other_work(argc, argv) ? -1 : i;
    return -1;
}

const char *job_record_name(int n)
{
    return n < N_JOBS ? jobs[n].name : NULL;
}

/* "train blend" is in jobs/train-blend. */
static bool path_of(const struct config *config, int n, char path[PATH_MOST])
{
    char rest[64];
    snprintf(rest, sizeof rest, "jobs/%s", jobs[n].name);
    for (char *space = rest; (space = strchr(space, ' ')) != NULL;)
        *space = '-';
    return config_state_path(config, rest, path, PATH_MOST, NULL) == ERR_OK;
}

/* Of the folder's owner, also where root has run the command by hand. */
static void give_away(int fd, int at, const char *folder)
{
    struct stat st, file;
    if (geteuid() == 0 && fstat(at, &st) == 0 && fstat(fd, &file) == 0 && file.st_uid != st.st_uid &&
        fchown(fd, st.st_uid, st.st_gid) != 0)
        log_event(LOG_WARNING, "job.unrecorded", "%s: cannot be given to its owner", folder);
}

static int open_file(const struct config *config, int n)
{
    char path[PATH_MOST], folder[PATH_MOST];
    if (!path_of(config, n, path) || config_state_path(config, "jobs", folder, sizeof folder, NULL) != ERR_OK)
        return -1;
    (void)mkdir(folder, 0770);
    /* A back-up does this as root, in a folder of the jobs': no part of theirs may be a link. */
    int at = open(folder, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int fd =
        at < 0 ? -1 : openat(at, strrchr(path, '/') + 1, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660);
    if (fd >= 0)
        give_away(fd, at, folder);
    if (at >= 0)
        close(at);
    return fd;
}

static bool read_file(int fd, struct job_record *r)
{
    char text[TEXT_MOST] = "";
    ssize_t n = pread(fd, text, sizeof text - 1, 0);
    *r = (struct job_record){0};
    return n > 0 && sscanf(text,
                           "%" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64
                           " %" SCNd64,
                           &r->started, &r->finished, &r->succeeded, &r->failed, &r->milliseconds, &r->status,
                           &r->successes, &r->failures) == 8;
}

/* Always as long, so that half of it is never another's end. */
static void write_file(void)
{
    const struct job_record *r = &own.record;
    char text[TEXT_MOST];
    int n = snprintf(text, sizeof text,
                     "%20" PRId64 " %20" PRId64 " %20" PRId64 " %20" PRId64 " %20" PRId64 " %20" PRId64
                     " %20" PRId64 " %20" PRId64 "\n",
                     r->started, r->finished, r->succeeded, r->failed, r->milliseconds, r->status,
                     r->successes, r->failures);
    if (pwrite(own.fd, text, (size_t)n, 0) != n)
        log_event(LOG_WARNING, "job.unrecorded", "the record of this run cannot be written");
}

static void count_killed(struct job_record *r)
{
    r->failed = r->started;
    r->status = JOB_RECORD_KILLED;
    r->failures++;
}

void job_record_begin(const struct config *config, int argc, char **argv)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int n = job_of(argc, argv);
    if (n < 0)
        return;
    int fd = open_file(config, n);
    if (fd < 0) {
        log_event(LOG_WARNING, "job.unrecorded", "%s: no record of it in %s/jobs", jobs[n].name,
                  config->state_dir);
        return;
    }
    if (fcntl(fd, F_OFD_SETLK, &whole) != 0) {
        close(fd);
        return;
    }
    own.fd = fd;
    own.began = clock_monotonic();
    if (read_file(fd, &own.record) && own.record.finished == 0)
        count_killed(&own.record);
    own.record.started = clock_wall();
    own.record.finished = 0;
    write_file();
}

void job_record_end(int status)
{
    struct job_record *r = &own.record;
    if (own.fd == 0)
        return;
    r->finished = clock_wall();
    r->milliseconds = (int64_t)(1000 * (clock_monotonic() - own.began));
    if (status == 0) {
        r->succeeded = r->finished;
        r->successes++;
    } else {
        r->failed = r->finished;
        r->status = status;
        r->failures++;
    }
    write_file();
    close(own.fd);
    own.fd = 0;
}

bool job_record_read(const struct config *config, int n, struct job_record *out, bool *running)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char path[PATH_MOST];
    int fd = path_of(config, n, path) ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    if (fd < 0)
        return false;
    *running = fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
    bool known = read_file(fd, out);
    close(fd);
    if (known && !*running && out->finished == 0)
        count_killed(out);
    return known;
}
