#include "data/ratings_likes.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/newest.h"
#include "data/ratings_file.h"

enum { REPORT_ROWS = 1 << 18 };

/* One rating of a text file, until all of them are known. */
struct like {
    uint64_t key;      /* user << 32 | movie */
    int64_t time : 62; /* milliseconds */
    uint64_t liked : 1;
};

struct collection {
    struct vec rows; /* struct like */
    struct newest_watch watch;
    struct newest newest;
};

static bool collect(struct collection *c, const struct rating *r, bool liked)
{
    const struct like row = {(uint64_t)r->user << 32 | (uint32_t)r->movie, r->time, liked};
    return newest_watch_row(&c->watch, r->user, r->movie) && vec_push(&c->rows, &row);
}

static enum err read_all(struct collection *c, struct ratings_reader *reader, const struct ratings_likes *of,
                         struct ratings_count *count, struct fail *why)
{
    struct ratings_row row;
    int32_t least = rating_scale_least(ratings_reader_scale(reader), of->threshold);
    while (ratings_reader_next(reader, &row)) {
        if (row.verdict != RATINGS_OK) {
            count->rejected++;
            continue;
        }
        if (!collect(c, &row.rating, row.rating.value >= least))
            return fail_set(why, ERR_NOMEM, "out of memory for %zu ratings", c->rows.len);
        if (c->rows.len % REPORT_ROWS == 0) {
            uint64_t done, total;
            ratings_reader_position(reader, &done, &total);
            progress_report(of->progress, "ratings", done, total);
        }
    }
    return ratings_reader_end(reader, why);
}

static enum err find_newest(struct collection *c, struct fail *why)
{
    const struct like *rows = c->rows.data;
    size_t n = c->rows.len;
    if (!c->watch.again)
        return ERR_OK;
    uint64_t *keys = malloc((n + 1) * sizeof *keys);
    if (keys == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for %zu ratings", n);
    for (size_t i = 0; i < n; i++)
        keys[i] = rows[i].key;
    enum err rc = newest_start(&c->newest, keys, n, why);
    free(keys);
    for (size_t i = 0; i < n && rc == ERR_OK; i++)
        newest_offer(&c->newest, rows[i].key, rows[i].time, i);
    return rc;
}

/* Both or neither: there are as many times as keys. */
static bool keep(struct interactions *out, uint64_t key, int64_t time)
{
    if (!vec_push(&out->keys, &key))
        return false;
    bool kept = vec_push(&out->times, &time);
    out->keys.len -= !kept;
    return kept;
}

static enum err give(struct interactions *out, const struct collection *c, struct ratings_count *count,
                     struct fail *why)
{
    const struct like *rows = c->rows.data;
    for (size_t i = 0; i < c->rows.len; i++) {
        if (c->newest.n > 0 && newest_is_old(&c->newest, rows[i].key, i))
            continue;
        count->rows++;
        if (rows[i].liked && !keep(out, rows[i].key, rows[i].time))
            return fail_set(why, ERR_NOMEM, "out of memory for %zu likes", out->keys.len);
    }
    return ERR_OK;
}

enum err ratings_likes_text(struct interactions *out, const struct ratings_likes *of,
                            struct ratings_count *count, struct fail *why)
{
    struct ratings_reader *reader = NULL;
    struct collection c = {.rows = VEC_OF(struct like)};
    *count = (struct ratings_count){0};
    enum err rc = ratings_reader_open(&reader, of->path, of->rules, why);
    if (rc != ERR_OK)
        return rc;
    count->timed = ratings_reader_have_times(reader);
    rc = read_all(&c, reader, of, count, why);
    (void)ratings_reader_remark(reader, count->remark);
    if (rc == ERR_OK)
        rc = find_newest(&c, why);
    if (rc == ERR_OK)
        rc = give(out, &c, count, why);
    ratings_reader_close(reader);
    newest_watch_free(&c.watch);
    newest_free(&c.newest);
    vec_free(&c.rows);
    return rc;
}

/* Room for all of it was reserved. */
static void add_block(struct interactions *out, const struct ratings_block *b, const bool liked[RATING_CODES])
{
    uint64_t *keys = out->keys.data;
    size_t n = out->keys.len;
    for (size_t i = 0; i < b->n; i++) {
        keys[n] = (uint64_t)b->user[i] << 32 | (uint32_t)b->movie[i];
        n += liked[b->code[i]];
    }
    out->keys.len = n;
}

enum err ratings_likes_file(struct interactions *out, const struct ratings_likes *of,
                            struct dataset_source *record, struct fail *why)
{
    struct ratings_file file;
    enum err rc = ratings_file_open(&file, of->path, why);
    if (rc != ERR_OK)
        return rc;
    memcpy(record->hash, file.header->checksum, sizeof record->hash);
    record->n_rows = file.header->n_ratings;
    record->simulated = file.header->simulated != 0;
    /* One place more: add_block writes before it knows whether to keep. */
    if (!vec_reserve(&out->keys, out->keys.len + file.header->n_ratings + 1))
        rc = fail_set(why, ERR_NOMEM, "%s: out of memory for %llu ratings", of->path,
                      (unsigned long long)file.header->n_ratings);
    size_t n = ratings_file_blocks(&file);
    bool liked[RATING_CODES];
    int32_t least = ratings_file_least(&file, of->threshold);
    for (int code = 0; code < RATING_CODES; code++)
        liked[code] = file.value[code] >= least;
    for (size_t k = 0; k < n && rc == ERR_OK; k++) {
        struct ratings_block block = ratings_file_block(&file, k);
        add_block(out, &block, liked);
        progress_report(of->progress, "ratings", k + 1, n);
    }
    ratings_file_close(&file);
    return rc;
}

bool ratings_likes_is_file(const char *path)
{
    char magic[8] = {0};
    struct stat st;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t n = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? read(fd, magic, sizeof magic) : -1;
    close(fd);
    return n == (ssize_t)sizeof magic && memcmp(magic, "MVTIRATE", sizeof magic) == 0;
}
