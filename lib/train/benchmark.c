#include "train/benchmark.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "data/genre_bits.h"
#include "data/lists_reader.h"
#include "data/ratings_likes.h"
#include "train/cold.h"

/* ---- formats ---- */

struct format {
    const char *name;
    bool rated; /* a ratings file, data/ratings_reader.h; else a list of this shape */
    bool inter;
    enum lists_shape shape;
};

static const struct format formats[] = {{"lists", false, false, LISTS_LISTS},
                                        {"pairs", false, false, LISTS_PAIRS},
                                        {"rows", false, false, LISTS_ROWS},
                                        {"movielens", true, false, 0},
                                        {"inter", true, true, 0}};
enum { FORMATS = sizeof formats / sizeof *formats };

static const struct format *find_format(const char *name)
{
    for (int i = 0; i < FORMATS; i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}

/* ---- reading ---- */

enum input { TRAIN, TEST, VALID, FOLD_IN, MASK, NEGATIVE, INPUTS };

static enum err read_catalog(struct id_table *items, const char *path, struct fail *why)
{
    struct interactions ids = INTERACTIONS_NONE;
    struct csv *csv;
    struct csv_row row;
    enum err rc = csv_open(&csv, path, why);
    if (rc != ERR_OK)
        return rc;
    int column = csv_column(csv, "movie_id");
    if (column < 0 && (column = csv_column(csv, "movieId")) < 0)
        rc = csv_need(csv, (const char *const[]){"movie_id", NULL}, why);
    while (rc == ERR_OK && csv_next(csv, &row)) {
        char *end = NULL;
        long id = row.verdict == CSV_OK ? strtol(row.fields[column].text, &end, 10) : 0;
        bool digits = end != NULL && end != row.fields[column].text && *end == '\0';
        if (!digits || id < 0 || id > INT32_MAX)
            rc = fail_set(why, ERR_INVALID, "%s:%llu: %s", path, (unsigned long long)row.line,
                          row.verdict == CSV_OK ? "the film's id is not a number from 0 to 2147483647"
                                                : row.reason);
        else if (!interactions_add(&ids, 0, (int32_t)id))
            rc = fail_set(why, ERR_NOMEM, "%s: out of memory", path);
    }
    if (rc == ERR_OK)
        rc = csv_end(csv, why);
    csv_close(csv);
    const struct interactions *const sets[] = {&ids};
    if (rc == ERR_OK)
        rc = id_table_items(items, sets, 1, why);
    interactions_free(&ids);
    return rc;
}

/* Drops what is not of the catalog's items. */
static void keep_items(struct interactions *in, const struct id_table *items)
{
    uint64_t *keys = in->keys.data;
    int64_t *times = in->times.len > 0 ? in->times.data : NULL;
    size_t n = 0;
    for (size_t i = 0; i < in->keys.len; i++) {
        if (id_table_find(items, (uint32_t)keys[i]) < 0)
            continue;
        if (times != NULL)
            times[n] = times[i];
        keys[n++] = keys[i];
    }
    in->keys.len = n;
    in->times.len = times != NULL ? n : 0;
}

struct source {
    const struct benchmark_files *files;
    const struct format *format;
    struct id_tokens *ids;
    const struct progress *progress;
};

/* Films of a catalog are numbers, so that 007 is its 7; without one, any text. */
static enum err read_one(struct interactions *out, const struct source *s, const char *path, bool all,
                         struct fail *why)
{
    const struct benchmark_files *f = s->files;
    struct ratings_count count;
    double threshold = all ? 0 : (double)f->threshold;
    struct ratings_rules rules = {.scale = f->scale,
                                  .tolerate = f->tolerate,
                                  .encoding = f->encoding,
                                  .inter = s->format->inter,
                                  .users = &s->ids->users,
                                  .items = f->catalog == NULL ? &s->ids->items : NULL};
    if (!s->format->rated)
        return lists_reader_read(out, s->ids, path, s->format->shape, why);
    bool every_row = all || (threshold <= 0 && !f->scale.has_like_at);
    if (every_row && f->scale.kind != SCALE_LIKES)
        rules.scale = (struct rating_scale){.kind = SCALE_ANY};
    enum err rc =
        ratings_likes_text(out, &(struct ratings_likes){path, &rules, threshold, s->progress}, &count, why);
    if (rc == ERR_OK && f->protocol == BENCHMARK_TIME && !count.timed)
        rc = fail_set(why, ERR_INVALID, "%s: has no timestamps to split by: a column timestamp is needed",
                      path);
    return rc;
}

static enum err read_inputs(struct interactions in[INPUTS], const struct benchmark_files *f,
                            const struct id_table *catalog, struct id_tokens *ids,
                            const struct progress *progress, struct fail *why)
{
    const char *const paths[INPUTS] = {[TRAIN] = f->data != NULL ? f->data : f->train,
                                       [TEST] = f->candidates != NULL ? f->candidates : f->test,
                                       [VALID] = f->valid,
                                       [FOLD_IN] = f->fold_in,
                                       [MASK] = f->mask};
    struct source source = {f, find_format(f->format), ids, progress};
    if (source.format == NULL)
        return fail_set(why, ERR_INVALID, "unknown format '%s': lists, pairs, rows, movielens or inter",
                        f->format);
    for (int i = 0; i < INPUTS; i++) {
        if (paths[i] == NULL)
            continue;
        enum err rc = i == TEST && f->candidates != NULL
                          ? lists_reader_read_candidates(&in[TEST], &in[NEGATIVE], ids, paths[i], why)
                          : read_one(&in[i], &source, paths[i], i == MASK, why);
        if (rc == ERR_OK && f->catalog != NULL)
            keep_items(&in[i], catalog);
        if (rc == ERR_OK && in[i].keys.len == 0 && i != MASK)
            rc = fail_set(why, ERR_INVALID, "%s: holds no interactions%s", paths[i],
                          f->catalog != NULL ? " with items of the catalog" : "");
        if (rc != ERR_OK)
            return rc;
    }
    if (f->catalog != NULL)
        keep_items(&in[NEGATIVE], catalog);
    return ERR_OK;
}

/* ---- matrices ---- */

static enum err check_files(const struct benchmark_files *f, struct fail *why)
{
    bool apart = f->train != NULL || f->test != NULL || f->valid != NULL || f->mask != NULL ||
                 f->fold_in != NULL || f->candidates != NULL;
    if (f->data != NULL)
        return apart ? fail_set(why, ERR_INVALID,
                                "give one file to split, or separate files for training and test: not both")
                     : ERR_OK;
    if (f->train == NULL || (f->test == NULL && f->valid == NULL && f->candidates == NULL))
        return fail_set(why, ERR_INVALID, "a training file and a test file are needed, or one file to split");
    if (f->candidates != NULL && (f->test != NULL || f->mask != NULL || f->fold_in != NULL))
        return fail_set(why, ERR_INVALID,
                        "a candidates file holds what is to be found, and nothing is masked: neither test "
                        "nor mask nor fold-in goes with it");
    if (f->fold_in != NULL && ((f->test != NULL) == (f->valid != NULL) || f->mask != NULL))
        return fail_set(why, ERR_INVALID,
                        "a fold-in file goes with either a test or a validation file, and with no mask");
    return ERR_OK;
}

static enum err no_common_user(const struct id_table *train, const struct id_table *unseen,
                               const struct id_tokens *ids, struct fail *why)
{
    char text[TOKEN_TEXT];
    for (size_t i = 0; i < unseen->n; i++)
        if (id_table_find(train, unseen->ids[i]) >= 0)
            return fail_set(why, ERR_INVALID,
                            "user %s is in the training file: with a fold-in file, test users "
                            "must not be",
                            token_ids_text(&ids->users, unseen->ids[i], text));
    return ERR_OK;
}

/* The matrices of users that training does not see. */
static enum err make_unseen(struct benchmark *out, struct interactions in[INPUTS],
                            const struct id_table *train_users, const struct id_tokens *ids, struct fail *why)
{
    const struct interactions *const sets[] = {&in[TEST], &in[VALID], &in[FOLD_IN]};
    enum split_part part = in[TEST].keys.len > 0 ? SPLIT_TEST : SPLIT_VALID;
    struct id_table users = {0};
    enum err rc = id_table_users(&users, sets, 3, why);
    if (rc == ERR_OK)
        rc = no_common_user(train_users, &users, ids, why);
    if (rc == ERR_OK)
        rc = interactions_matrix(&out->known[part], &in[FOLD_IN], &users, &out->items, why);
    if (rc == ERR_OK)
        rc = interactions_matrix(&out->held[part], &in[part == SPLIT_TEST ? TEST : VALID], &users,
                                 &out->items, why);
    out->n_users = train_users->n + users.n;
    id_table_free(&users);
    return rc;
}

static enum err make_matrices(struct benchmark *out, struct interactions in[INPUTS], bool unseen,
                              const struct id_tokens *ids, struct fail *why)
{
    const struct interactions *const all[INPUTS] = {&in[TRAIN],   &in[TEST], &in[VALID],
                                                    &in[FOLD_IN], &in[MASK], &in[NEGATIVE]};
    struct csr *const to[INPUTS] = {[TEST] = &out->held[SPLIT_TEST],
                                    [VALID] = &out->held[SPLIT_VALID],
                                    [MASK] = &out->mask,
                                    [NEGATIVE] = &out->candidates};
    struct id_table users = {0};
    enum err rc = id_table_users(&users, all, unseen ? 1 : INPUTS, why);
    out->n_users = users.n;
    if (rc == ERR_OK && out->items.n == 0)
        rc = id_table_items(&out->items, all, INPUTS, why);
    if (rc == ERR_OK)
        rc = interactions_matrix(&out->train, &in[TRAIN], &users, &out->items, why);
    if (rc == ERR_OK && unseen)
        rc = make_unseen(out, in, &users, ids, why);
    for (int i = 0; i < INPUTS && rc == ERR_OK && !unseen; i++)
        if (to[i] != NULL && in[i].keys.len > 0)
            rc = interactions_matrix(to[i], &in[i], &users, &out->items, why);
    id_table_free(&users);
    return rc;
}

/* ---- dividing ---- */

static void take(struct csr *to, struct csr *from)
{
    *to = *from;
    *from = (struct csr){0};
}

static enum err keep_in(struct csr *x, const uint8_t *is_new, bool those, struct fail *why)
{
    struct csr kept;
    enum err rc = cold_keep(&kept, x, is_new, those, why);
    if (rc != ERR_OK)
        return rc;
    csr_free(x);
    take(x, &kept);
    return ERR_OK;
}

/* After people are divided: films that are as if nobody had liked them yet. */
static enum err hide_new_films(struct benchmark *b, const struct benchmark_files *f, const uint8_t *is_new,
                               struct fail *why)
{
    enum err rc = keep_in(&b->train, is_new, false, why);
    for (int p = SPLIT_VALID; p < SPLIT_PARTS && rc == ERR_OK; p++) {
        rc = keep_in(&b->known[p], is_new, false, why);
        if (rc == ERR_OK && f->find_new)
            rc = keep_in(&b->held[p], is_new, true, why);
    }
    return rc;
}

static enum err divide_users(struct benchmark *b, const struct benchmark_files *f, struct fail *why)
{
    struct split_users_rule rule = f->users;
    struct cold cold = {0};
    struct split_users s;
    rule.seed = f->seed;
    enum err rc = f->new_films > 0 ? cold_split(&cold, &b->train, f->new_films, f->seed, why) : ERR_OK;
    if (rc == ERR_OK)
        rc = split_by_users(&s, &b->train, &rule, why);
    if (rc != ERR_OK) {
        cold_free(&cold);
        return rc;
    }
    csr_free(&b->train);
    take(&b->train, &s.train);
    for (int p = SPLIT_VALID; p < SPLIT_PARTS; p++) {
        take(&b->known[p], &s.known[p]);
        take(&b->held[p], &s.held[p]);
    }
    if (f->new_films > 0)
        rc = hide_new_films(b, f, cold.is_cold, why);
    cold_free(&cold);
    return rc;
}

/* Moves what is of part p to `out`. */
static bool take_part(struct interactions *out, const struct interactions *in, const int64_t until[2], int p)
{
    const uint64_t *keys = in->keys.data;
    const int64_t *times = in->times.data;
    for (size_t i = 0; i < in->keys.len; i++)
        if ((times[i] >= until[0]) + (times[i] >= until[1]) == p && !vec_push(&out->keys, &keys[i]))
            return false;
    return true;
}

/* Drops people whom training does not know: a model has nothing to say to them. */
static void keep_users(struct interactions *in, const struct id_table *users)
{
    uint64_t *keys = in->keys.data;
    size_t n = 0;
    for (size_t i = 0; i < in->keys.len; i++)
        if (id_table_find(users, (uint32_t)(keys[i] >> 32)) >= 0)
            keys[n++] = keys[i];
    in->keys.len = n;
}

/* One file becomes three by time, before there are matrices: parts TRAIN, VALID and TEST of `in`. */
static enum err divide_by_time(struct interactions in[INPUTS], const struct benchmark_files *f,
                               struct fail *why)
{
    static const enum input to[SPLIT_PARTS] = {
        [SPLIT_TRAIN] = TRAIN, [SPLIT_VALID] = VALID, [SPLIT_TEST] = TEST};
    struct interactions all = in[TRAIN];
    struct id_table users = {0};
    const struct interactions *const train[] = {&in[TRAIN]};
    int64_t until[2], *times = malloc((all.keys.len + 1) * sizeof *times);
    if (times == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for the split");
    memcpy(times, all.times.data, all.keys.len * sizeof *times);
    enum err rc = split_times(until, times, all.keys.len, f->ratio, why);
    free(times);
    if (rc != ERR_OK)
        return rc;
    in[TRAIN] = INTERACTIONS_NONE;
    for (int p = 0; p < SPLIT_PARTS && rc == ERR_OK; p++)
        if (!take_part(&in[to[p]], &all, until, p))
            rc = fail_set(why, ERR_NOMEM, "out of memory for the split");
    interactions_free(&all);
    if (rc == ERR_OK)
        rc = id_table_users(&users, train, 1, why);
    for (int p = SPLIT_VALID; p < SPLIT_PARTS && rc == ERR_OK; p++)
        keep_users(&in[to[p]], &users);
    id_table_free(&users);
    return rc;
}

static enum err divide(struct benchmark *b, const struct benchmark_files *f, struct fail *why)
{
    struct split_three s;
    b->divided = true;
    b->strong = f->protocol == BENCHMARK_STRONG;
    if (f->protocol == BENCHMARK_TIME)
        return ERR_OK; /* divide_by_time did it */
    if (b->strong)
        return divide_users(b, f, why);
    enum err rc = f->protocol == BENCHMARK_WEAK ? split_by_ratio(&s, &b->train, f->ratio, f->seed, why)
                                                : split_leave_one_out(&s, &b->train, f->seed, why);
    if (rc != ERR_OK)
        return rc;
    csr_free(&b->train);
    take(&b->train, &s.part[SPLIT_TRAIN]);
    take(&b->held[SPLIT_VALID], &s.part[SPLIT_VALID]);
    take(&b->held[SPLIT_TEST], &s.part[SPLIT_TEST]);
    split_three_free(&s);
    return ERR_OK;
}

enum err benchmark_load(struct benchmark *out, const struct benchmark_files *files,
                        const struct progress *progress, struct fail *why)
{
    struct interactions in[INPUTS];
    struct id_tokens ids = {0};
    for (int i = 0; i < INPUTS; i++)
        in[i] = INTERACTIONS_NONE;
    *out = (struct benchmark){.strong = files->fold_in != NULL};
    enum err rc = check_files(files, why);
    if (rc == ERR_OK && files->catalog != NULL)
        rc = read_catalog(&out->items, files->catalog, why);
    if (rc == ERR_OK && files->catalog != NULL)
        rc = genre_bits_read(&out->genres, files->catalog, &out->items, why);
    if (rc == ERR_OK)
        rc = read_inputs(in, files, &out->items, &ids, progress, why);
    if (rc == ERR_OK && files->data != NULL && files->protocol == BENCHMARK_TIME)
        rc = divide_by_time(in, files, why);
    if (rc == ERR_OK)
        rc = make_matrices(out, in, files->fold_in != NULL, &ids, why);
    if (rc == ERR_OK && files->data != NULL)
        rc = divide(out, files, why);
    if (rc == ERR_OK && files->content != NULL)
        rc = ensemble_content_read(&out->content, files->content, (const int32_t *)out->items.ids,
                                   out->items.n, why);
    for (int i = 0; i < INPUTS; i++)
        interactions_free(&in[i]);
    id_tokens_free(&ids);
    if (rc != ERR_OK)
        benchmark_free(out);
    return rc;
}

enum err benchmark_task(const struct benchmark *b, enum split_part part, struct evaluate_task *out,
                        struct fail *why)
{
    const struct csr *held = &b->held[part], *valid = &b->held[SPLIT_VALID];
    if (csr_count(held) == 0)
        return fail_set(why, ERR_INVALID,
                        "there is nothing held out for %s: %zu interactions to learn from are all",
                        part == SPLIT_TEST ? "test" : "validation", csr_count(&b->train));
    *out = (struct evaluate_task){.history = b->strong ? &b->known[part] : &b->train,
                                  .held = held,
                                  .unseen = b->strong,
                                  .genres = b->genres,
                                  .candidates = csr_count(&b->candidates) > 0 ? &b->candidates : NULL};
    if (csr_count(&b->mask) > 0)
        out->mask = &b->mask;
    else if (part == SPLIT_TEST && b->divided && !b->strong && csr_count(valid) > 0)
        out->mask = valid;
    return ERR_OK;
}

void benchmark_free(struct benchmark *b)
{
    csr_free(&b->train);
    csr_free(&b->mask);
    csr_free(&b->candidates);
    for (int p = 0; p < SPLIT_PARTS; p++) {
        csr_free(&b->known[p]);
        csr_free(&b->held[p]);
    }
    id_table_free(&b->items);
    free(b->genres);
    b->genres = NULL;
    ensemble_content_close(&b->content);
}
