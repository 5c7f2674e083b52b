#include "metrics/metrics.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "metrics/metrics_slot.h"

const struct metrics_row metrics_table[METRICS_FAMILIES] = {
    [METRICS_REQUESTS] = {"mvti_http_requests_total", METRICS_COUNTER,
                          "Requests that workers answered, by pattern of the route and status."},
    [METRICS_REQUEST_SECONDS] = {"mvti_http_request_duration_seconds", METRICS_SECONDS,
                                 "Time from the request's arrival at a worker until its answer was made."},
    [METRICS_DATABASE_SECONDS] = {"mvti_http_request_database_seconds", METRICS_SECONDS,
                                  "Time that requests waited for the database, of those that asked it."},
    [METRICS_STATEMENTS] = {"mvti_database_statements_total", METRICS_COUNTER,
                            "Statements that requests sent to the database."},
    [METRICS_DATABASE_FAILURES] = {"mvti_database_failures_total", METRICS_COUNTER,
                                   "Statements for which the database was not there."},
    [METRICS_BREAKER] = {"mvti_database_breaker_open", METRICS_UNTIL,
                         "Workers that leave a database alone that did not answer them."},
    [METRICS_WORKERS] = {"mvti_workers", METRICS_ALIVE, "Workers that are running."},
    [METRICS_WORKERS_BUSY] = {"mvti_workers_busy", METRICS_BUSY, "Workers that are answering a request."},
    [METRICS_WORKER_STARTS] = {"mvti_worker_starts_total", METRICS_STARTS,
                               "Processes that have begun to work in a slot of the pool."},
    [METRICS_SNAPSHOT] = {"mvti_worker_snapshot", METRICS_WORD, "Workers that serve a snapshot, by its ID."},
    [METRICS_SNAPSHOT_REFUSED] = {"mvti_snapshot_refused_total", METRICS_COUNTER,
                                  "Snapshots that workers could not use."},
    [METRICS_SNAPSHOT_REFUSING] = {"mvti_workers_refusing_snapshot", METRICS_BUSY,
                                   "Workers that cannot use the published snapshot and serve another, or "
                                   "none."},
    [METRICS_LOGINS] = {"mvti_logins_total", METRICS_COUNTER,
                        "Logins that ended, by provider and outcome (login_cause_name)."},
    [METRICS_LIMITS] = {"mvti_limit_reached_total", METRICS_COUNTER,
                        "Requests refused because of a limit of the workers, by its name."},
};

const double metrics_bounds[METRICS_BUCKETS - 1] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                    0.1,    0.25,  0.5,    1,     2.5,  5};

static struct metrics_slot *slot;     /* NULL: none is open */
static struct metrics_series nowhere; /* what is counted then */

bool metrics_slot_path(const char *folder, int n, char *out, size_t size)
{
    int length = snprintf(out, size, "%s/%d", folder, n);
    return length > 0 && (size_t)length < size;
}

/* Held by the open file, so that it ends with the process and no other thing that closes the file ends it. */
static bool lock(int fd)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(fd, F_OFD_SETLK, &whole) == 0;
}

/* The descriptor of the first slot that nobody has. */
static int take_slot(const char *folder)
{
    char path[1200];
    for (int n = 0; n < METRICS_SLOTS && metrics_slot_path(folder, n, path, sizeof path); n++) {
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
        if (fd < 0)
            return -1;
        if (lock(fd))
            return fd;
        close(fd);
    }
    errno = EBUSY;
    return -1;
}

static bool is_whole(const struct metrics_slot *s)
{
    uint64_t n = atomic_load_explicit(&s->n, memory_order_relaxed);
    if (memcmp(s->magic, METRICS_MAGIC, sizeof s->magic) != 0 || n > METRICS_SERIES)
        return false;
    for (uint64_t i = 0; i < n; i++)
        if (s->series[i].name[METRICS_NAME - 1] != '\0' || s->series[i].labels[METRICS_LABELS - 1] != '\0')
            return false;
    return true;
}

/* Its pages are there before they are written: a full disk is an error here, and no SIGBUS later. */
static struct metrics_slot *map_slot(int fd)
{
    int rc = posix_fallocate(fd, 0, sizeof(struct metrics_slot));
    if (rc != 0 || fchmod(fd, 0640) != 0) {
        errno = rc != 0 ? rc : errno;
        return NULL;
    }
    struct metrics_slot *map = mmap(NULL, sizeof *map, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        map = NULL;
    return map;
}

enum err metrics_open(const char *folder, struct fail *why)
{
    int fd = take_slot(folder);
    if (fd < 0)
        return fail_errno(why, errno == EBUSY ? ERR_BUSY : ERR_IO, "%s", folder);
    struct metrics_slot *map = map_slot(fd); /* the descriptor stays open: it holds the lock */
    if (map == NULL) {
        enum err rc = fail_errno(why, ERR_IO, "%s", folder);
        close(fd);
        return rc;
    }
    if (!is_whole(map)) {
        memset(map, 0, sizeof *map);
        memcpy(map->magic, METRICS_MAGIC, sizeof map->magic);
    }
    slot = map;
    return ERR_OK;
}

/* Name and labels are written before the number that says that they are there, with release; a reader takes it with acquire, so it sees no half
 * series. Nobody else writes: the slot is locked to this process. */
static struct metrics_series *add_series(const char *name, const char *labels)
{
    uint64_t n = atomic_load_explicit(&slot->n, memory_order_relaxed);
    if (n == METRICS_SERIES || strlen(labels) >= METRICS_LABELS)
        return &nowhere;
    struct metrics_series *s = &slot->series[n];
    memset(s, 0, sizeof *s);
    snprintf(s->name, METRICS_NAME, "%s", name);
    snprintf(s->labels, METRICS_LABELS, "%s", labels);
    atomic_store_explicit(&slot->n, n + 1, memory_order_release);
    return s;
}

struct metrics_series *metrics_find(enum metrics_family family, const char *labels)
{
    const char *name = metrics_table[family].name;
    if (slot == NULL)
        return &nowhere;
    uint64_t n = atomic_load_explicit(&slot->n, memory_order_relaxed);
    for (uint64_t i = 0; i < n; i++)
        if (strcmp(slot->series[i].labels, labels) == 0 && strcmp(slot->series[i].name, name) == 0)
            return &slot->series[i];
    return add_series(name, labels);
}

/* No read-modify-write, for this process alone writes its slot: readers need each number whole, which an atomic store gives, and no order among
 * numbers, for a scrape is of no single moment anyway. */
static void add_to(_Atomic uint64_t *value, uint64_t n)
{
    uint64_t before = atomic_load_explicit(value, memory_order_relaxed);
    atomic_store_explicit(value, before + n, memory_order_relaxed);
}

void metrics_add(struct metrics_series *s, uint64_t n)
{
    add_to(&s->values[0], n);
}

void metrics_observe(struct metrics_series *s, double seconds)
{
    size_t i = 0;
    while (i < METRICS_BUCKETS - 1 && seconds > metrics_bounds[i])
        i++;
    add_to(&s->values[i], 1);
    add_to(&s->values[METRICS_BUCKETS], seconds > 0 ? (uint64_t)(1e9 * seconds) : 0);
}

void metrics_set(struct metrics_series *s, uint64_t value)
{
    atomic_store_explicit(&s->values[0], value, memory_order_relaxed);
}
