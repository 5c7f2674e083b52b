#include "metrics/metrics_read.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/vec.h"
#include "metrics/exposition.h"
#include "metrics/metrics_slot.h"

enum { POOL = 24 };

/* A series of a slot as it was read; those of one family and labels are added up. */
struct sample {
    enum metrics_family family;
    char pool[POOL];
    char labels[METRICS_LABELS]; /* without the pool */
    uint64_t values[METRICS_VALUES];
};

/* What is being read. */
struct reading {
    struct vec samples; /* struct sample */
    const char *pool;
    int n; /* of the slot */
    bool alive;
    uint64_t now; /* milliseconds of the monotonic clock */
    bool failed;
};

static bool push(struct reading *r, enum metrics_family family, const char *labels,
                 const uint64_t values[METRICS_VALUES])
{
    struct sample s = {.family = family};
    snprintf(s.pool, sizeof s.pool, "%s", r->pool);
    snprintf(s.labels, sizeof s.labels, "%s", labels);
    memcpy(s.values, values, sizeof s.values);
    r->failed |= !vec_push(&r->samples, &s);
    return !r->failed;
}

/* -1: of another release. */
static int family_named(const char *name)
{
    for (int i = 0; i < METRICS_FAMILIES; i++)
        if (strcmp(metrics_table[i].name, name) == 0)
            return i;
    return -1;
}

/* The number that a slot contributes, and the labels that its own value makes. */
static void read_series(struct reading *r, const struct metrics_series *s)
{
    int family = family_named(s->name);
    uint64_t v[METRICS_VALUES];
    char labels[METRICS_LABELS];
    if (family < 0)
        return;
    for (size_t i = 0; i < METRICS_VALUES; i++)
        v[i] = atomic_load_explicit(&s->values[i], memory_order_relaxed);
    enum metrics_kind kind = metrics_table[family].kind;
    bool of_a_process = kind == METRICS_BUSY || kind == METRICS_UNTIL || kind == METRICS_WORD;
    if (of_a_process && (!r->alive || (kind == METRICS_WORD && v[0] == 0)))
        v[0] = 0;
    else if (kind == METRICS_UNTIL)
        v[0] = v[0] > r->now;
    snprintf(labels, sizeof labels, "%s", s->labels);
    if (kind == METRICS_STARTS)
        snprintf(labels, sizeof labels, "slot=\"%d\"", r->n);
    if (kind == METRICS_WORD) {
        snprintf(labels, sizeof labels, "id=\"%016llx\"", (unsigned long long)v[0]);
        if (v[0] == 0)
            return;
        v[0] = 1;
    }
    push(r, (enum metrics_family)family, labels, v);
}

/* With acquire: the series below n are whole (add_series of metrics.c). A file of anybody else's making is bounded and checked for its ends. */
static void read_slot(struct reading *r, const struct metrics_slot *s)
{
    uint64_t n = atomic_load_explicit(&s->n, memory_order_acquire);
    const uint64_t alive[METRICS_VALUES] = {r->alive};
    if (memcmp(s->magic, METRICS_MAGIC, sizeof s->magic) != 0 || n > METRICS_SERIES)
        return;
    push(r, METRICS_WORKERS, "", alive);
    for (uint64_t i = 0; i < n; i++)
        if (s->series[i].name[METRICS_NAME - 1] == '\0' && s->series[i].labels[METRICS_LABELS - 1] == '\0')
            read_series(r, &s->series[i]);
}

/* Asked without taking it: a process that starts now must find it free. */
static bool is_held(int fd)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
}

static void read_file(struct reading *r, const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size >= (off_t)sizeof(struct metrics_slot)) {
        void *map = mmap(NULL, sizeof(struct metrics_slot), PROT_READ, MAP_SHARED, fd, 0);
        r->alive = is_held(fd);
        if (map != MAP_FAILED) {
            read_slot(r, map);
            munmap(map, sizeof(struct metrics_slot));
        }
    }
    close(fd);
}

static void read_pool(struct reading *r, const char *folder)
{
    char pool[1200], path[1240];
    if (snprintf(pool, sizeof pool, "%s/%s", folder, r->pool) >= (int)sizeof pool)
        return;
    for (r->n = 0; r->n < METRICS_SLOTS; r->n++)
        if (metrics_slot_path(pool, r->n, path, sizeof path))
            read_file(r, path);
}

static bool is_pool(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz");
    return n > 0 && n < POOL && name[n] == '\0';
}

static int in_order(const void *left, const void *right)
{
    const struct sample *a = left, *b = right;
    if (a->family != b->family)
        return a->family < b->family ? -1 : 1;
    int by_pool = strcmp(a->pool, b->pool);
    return by_pool != 0 ? by_pool : strcmp(a->labels, b->labels);
}

/* Neighbours of one family, pool and labels become one. */
static void add_up(struct vec *samples)
{
    struct sample *s = samples->data;
    size_t n = 0;
    for (size_t i = 0; i < samples->len; i++) {
        if (n == 0 || in_order(&s[n - 1], &s[i]) != 0) {
            s[n++] = s[i];
            continue;
        }
        for (size_t j = 0; j < METRICS_VALUES; j++)
            s[n - 1].values[j] += s[i].values[j];
    }
    samples->len = n;
}

/* Cumulative, as the format has them; the last bucket is the count, whatever came in between. */
static void put_histogram(struct buf *out, const struct sample *s, const char *labels)
{
    char name[METRICS_NAME + 16], le[32];
    uint64_t count = 0;
    struct buf with = {0};
    snprintf(name, sizeof name, "%s_bucket", metrics_table[s->family].name);
    for (size_t i = 0; i < METRICS_BUCKETS; i++) {
        count += s->values[i];
        snprintf(le, sizeof le, "%g", i < METRICS_BUCKETS - 1 ? metrics_bounds[i] : 0);
        buf_reset(&with);
        buf_puts(&with, labels);
        exposition_label(&with, "le", i < METRICS_BUCKETS - 1 ? le : "+Inf");
        exposition_line(out, name, buf_str(&with), (double)count);
    }
    out->failed |= with.failed;
    buf_free(&with);
    snprintf(name, sizeof name, "%s_sum", metrics_table[s->family].name);
    exposition_line(out, name, labels, 1e-9 * (double)s->values[METRICS_BUCKETS]);
    snprintf(name, sizeof name, "%s_count", metrics_table[s->family].name);
    exposition_line(out, name, labels, (double)count);
}

static void put_sample(struct buf *out, const struct sample *s)
{
    const struct metrics_row *row = &metrics_table[s->family];
    struct buf labels = {0};
    exposition_label(&labels, "pool", s->pool);
    if (s->labels[0] != '\0')
        buf_printf(&labels, ",%s", s->labels);
    if (row->kind == METRICS_SECONDS)
        put_histogram(out, s, buf_str(&labels));
    else
        exposition_line(out, row->name, buf_str(&labels), (double)s->values[0]);
    out->failed |= labels.failed;
    buf_free(&labels);
}

static void put_all(struct buf *out, const struct vec *samples)
{
    const struct sample *s = samples->data;
    for (size_t i = 0; i < samples->len; i++) {
        const struct metrics_row *row = &metrics_table[s[i].family];
        bool counts = row->kind == METRICS_COUNTER || row->kind == METRICS_STARTS;
        if (i == 0 || s[i].family != s[i - 1].family)
            exposition_begin(out, row->name,
                             counts                         ? "counter"
                             : row->kind == METRICS_SECONDS ? "histogram"
                                                            : "gauge",
                             row->help);
        put_sample(out, &s[i]);
    }
}

enum err metrics_read(const char *folder, struct buf *out, struct fail *why)
{
    struct reading r = {.samples = VEC_OF(struct sample), .now = (uint64_t)(1000 * clock_monotonic())};
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;)
        if (is_pool(e->d_name)) {
            r.pool = e->d_name;
            read_pool(&r, folder);
        }
    if (dir != NULL)
        closedir(dir);
    if (r.samples.len > 0) {
        qsort(r.samples.data, r.samples.len, sizeof(struct sample), in_order);
        add_up(&r.samples);
        put_all(out, &r.samples);
    }
    vec_free(&r.samples);
    return r.failed || out->failed ? fail_set(why, ERR_NOMEM, "out of memory") : ERR_OK;
}
