/* The writing half of data/ratings_file.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "data/id_bits.h"
#include "data/newest.h"
#include "data/ratings_private.h"

struct ratings_writer {
    struct out_file out;
    struct secret_hasher hasher;
    struct ratings_header header;
    struct id_bits users, movies;
    uint32_t user[RATINGS_BLOCK];
    int32_t movie[RATINGS_BLOCK];
    uint32_t time[RATINGS_BLOCK];
    uint8_t code[RATINGS_BLOCK];
    size_t n; /* in the block */
    uint32_t last_user;
    bool begun;
    bool plain; /* version 1 holds all rows so far */
    struct rating_values values;
    struct newest_watch watch;
    struct vec fractions; /* uint16_t: milliseconds of each row's time; empty while all are 0 */
    uint64_t given;
    bool out_of_memory;
};

static void put(struct ratings_writer *w, void *column, size_t size)
{
    size_t s = ratings_padded(w->n);
    memset((char *)column + w->n * size, 0, (s - w->n) * size);
    secret_hasher_add(&w->hasher, column, s * size);
    map_file_out_write(&w->out, column, s * size);
}

static void put_block(struct ratings_writer *w)
{
    if (w->n == 0)
        return;
    put(w, w->user, sizeof *w->user);
    put(w, w->movie, sizeof *w->movie);
    put(w, w->time, sizeof *w->time);
    put(w, w->code, sizeof *w->code);
    w->header.n_ratings += w->n;
    w->n = 0;
}

/* An empty file, but for the header's place. */
static enum err start(struct ratings_writer *w, const char *path, struct fail *why)
{
    enum err rc = map_file_out_open(&w->out, path, why);
    if (rc != ERR_OK)
        return rc;
    w->header = (struct ratings_header){0};
    w->plain = true;
    w->begun = false;
    w->n = 0;
    secret_hasher_init(&w->hasher);
    map_file_out_write(&w->out, &w->header, sizeof w->header);
    return ERR_OK;
}

enum err ratings_writer_open(struct ratings_writer **out, const char *path, struct fail *why)
{
    *out = NULL;
    struct ratings_writer *w = calloc(1, sizeof *w);
    if (w == NULL)
        return fail_set(why, ERR_NOMEM, "%s: out of memory", path);
    w->fractions = VEC_OF(uint16_t);
    enum err rc = start(w, path, why);
    if (rc != ERR_OK) {
        free(w);
        return rc;
    }
    *out = w;
    return ERR_OK;
}

static void append(struct ratings_writer *w, uint32_t user, int32_t movie, uint32_t time, uint8_t code)
{
    w->user[w->n] = user;
    w->movie[w->n] = movie;
    w->time[w->n] = time;
    w->code[w->n] = code;
    w->plain = w->plain && user - 1 < INT32_MAX && movie > 0 && code <= RATING_HALF_STARS;
    /* Rows of one user come together: asking the set for every row would be 24 million too many questions. */
    bool good = (w->begun && user == w->last_user) || id_bits_add(&w->users, user);
    w->begun = true;
    w->last_user = user;
    good = id_bits_add(&w->movies, (uint32_t)movie) && good;
    w->out_of_memory = w->out_of_memory || !good;
    if (++w->n == RATINGS_BLOCK)
        put_block(w);
}

/* From the first time with a fraction on, two bytes a row. */
static bool keep_fraction(struct ratings_writer *w, uint16_t fraction)
{
    struct vec *v = &w->fractions;
    if (fraction == 0 && v->len == 0)
        return true;
    if (v->len == 0 && w->given > 0) {
        if (!vec_reserve(v, w->given + 1))
            return false;
        memset(v->data, 0, w->given * sizeof fraction);
        v->len = w->given;
    }
    return vec_push(v, &fraction);
}

void ratings_writer_add(struct ratings_writer *w, const struct rating *r)
{
    uint32_t seconds = (uint32_t)(r->time / 1000);
    bool good = newest_watch_row(&w->watch, r->user, r->movie) &&
                keep_fraction(w, (uint16_t)(r->time - (int64_t)seconds * 1000));
    w->out_of_memory = w->out_of_memory || !good;
    append(w, r->user, r->movie, seconds, (uint8_t)rating_values_add(&w->values, r->value));
    w->given++;
}

/* ---- ratings that were given anew ---- */

/* What was written so far, to be read back. */
struct written {
    struct map_file map;
    uint64_t n;
    const uint16_t *fractions; /* [n] or NULL */
};

typedef void row_fn(void *arg, const struct ratings_block *b, size_t i, uint64_t row, int64_t time);

static void each_row(const struct written *t, row_fn *row, void *arg)
{
    uint64_t at = 0;
    for (size_t k = 0; at < t->n; k++) {
        struct ratings_block b = ratings_block_at(t->map.data, t->n, k);
        for (size_t i = 0; i < b.n; i++, at++)
            row(arg, &b, i, at, (int64_t)b.time[i] * 1000 + (t->fractions != NULL ? t->fractions[at] : 0));
    }
}

static uint64_t key_of(const struct ratings_block *b, size_t i)
{
    return (uint64_t)b->user[i] << 32 | (uint32_t)b->movie[i];
}

static void take_key(void *arg, const struct ratings_block *b, size_t i, uint64_t row, int64_t time)
{
    uint64_t *keys = arg;
    (void)time;
    keys[row] = key_of(b, i);
}

static void offer_row(void *arg, const struct ratings_block *b, size_t i, uint64_t row, int64_t time)
{
    newest_offer(arg, key_of(b, i), time, row);
}

struct again {
    struct ratings_writer *w;
    const struct newest *newest;
};

static void append_newest(void *arg, const struct ratings_block *b, size_t i, uint64_t row, int64_t time)
{
    const struct again *a = arg;
    (void)time;
    if (!newest_is_old(a->newest, key_of(b, i), row))
        append(a->w, b->user[i], b->movie[i], b->time[i], b->code[i]);
}

static enum err find_pairs(const struct written *t, struct newest *out, struct fail *why)
{
    *out = (struct newest){0};
    uint64_t *keys = malloc(t->n * sizeof *keys);
    if (keys == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for %llu ratings", (unsigned long long)t->n);
    each_row(t, take_key, keys);
    enum err rc = newest_start(out, keys, (size_t)t->n, why);
    free(keys);
    return rc;
}

/* The file begins again, with the newest rows of the old one: the map keeps that alive. */
static enum err write_newest(struct ratings_writer *w, const struct written *t, struct newest *newest,
                             struct fail *why)
{
    char path[sizeof w->out.path];
    memcpy(path, w->out.path, sizeof path);
    each_row(t, offer_row, newest);
    map_file_out_abort(&w->out);
    id_bits_free(&w->users);
    id_bits_free(&w->movies);
    enum err rc = start(w, path, why);
    if (rc == ERR_OK)
        each_row(t, append_newest, &(struct again){w, newest});
    return rc;
}

static enum err drop_old(struct ratings_writer *w, struct fail *why)
{
    struct written t = {.fractions = w->fractions.len > 0 ? w->fractions.data : NULL};
    struct newest newest;
    put_block(w);
    map_file_out_patch(&w->out, 0, &w->header, sizeof w->header); /* which writes out what was kept back */
    enum err rc = map_file_out_status(&w->out, why);
    if (rc == ERR_OK)
        rc = map_file_open(&t.map, w->out.tmp, why);
    t.n = w->header.n_ratings;
    if (rc != ERR_OK)
        return rc;
    rc = find_pairs(&t, &newest, why);
    if (rc == ERR_OK && newest.n > 0)
        rc = write_newest(w, &t, &newest, why);
    newest_free(&newest);
    map_file_close(&t.map);
    return rc;
}

/* ---- the end ---- */

static void put_table(struct ratings_writer *w)
{
    int32_t value[RATING_CODES];
    rating_values_table(&w->values, value);
    secret_hasher_add(&w->hasher, value, sizeof value);
    map_file_out_write(&w->out, value, sizeof value);
}

static enum err check(const struct ratings_writer *w, struct fail *why)
{
    if (w->out_of_memory)
        return fail_set(why, ERR_NOMEM, "%s: out of memory", w->out.path);
    if (w->given == 0)
        return fail_set(why, ERR_INVALID, "no rating to write");
    if (w->values.count[0] > 0)
        return fail_set(why, ERR_INVALID,
                        "more than %d different ratings cannot be stored; give the lowest value "
                        "that is a like with --like-at X",
                        RATING_CODES - 1);
    return ERR_OK;
}

enum err ratings_writer_finish(struct ratings_writer *w, int32_t top, bool simulated,
                               struct ratings_header *out, struct fail *why)
{
    enum err rc = check(w, why);
    if (rc == ERR_OK && w->watch.again)
        rc = drop_old(w, why);
    if (rc != ERR_OK)
        return rc;
    put_block(w);
    struct ratings_header *h = &w->header;
    bool first = w->plain && top == 5 * RATING_ONE;
    if (!first)
        put_table(w);
    memcpy(h->magic, ratings_magic, sizeof h->magic);
    h->version = first ? RATINGS_FIRST_VERSION : RATINGS_VERSION;
    h->top = first ? 0 : top;
    h->simulated = simulated;
    h->file_size = w->out.size;
    h->n_users = w->users.n;
    h->n_movies = w->movies.n;
    uint8_t content[RATINGS_HASH];
    secret_hasher_end(&w->hasher, content);
    ratings_checksum(h, content, h->checksum);
    map_file_out_patch(&w->out, 0, h, sizeof *h);
    *out = *h;
    rc = check(w, why);
    return rc == ERR_OK ? map_file_out_status(&w->out, why) : rc; /* it is read before it is committed */
}

const char *ratings_writer_path(const struct ratings_writer *w)
{
    return w->out.tmp;
}

uint64_t ratings_writer_dropped(const struct ratings_writer *w)
{
    return w->given - w->header.n_ratings;
}

enum err ratings_writer_commit(struct ratings_writer *w, struct fail *why)
{
    return map_file_out_commit(&w->out, why);
}

void ratings_writer_close(struct ratings_writer *w)
{
    if (w == NULL)
        return;
    map_file_out_abort(&w->out);
    id_bits_free(&w->users);
    id_bits_free(&w->movies);
    newest_watch_free(&w->watch);
    vec_free(&w->fractions);
    free(w);
}
