#include "train/benchmark.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "train/inter_reader.h"
#include "train/lists_reader.h"
#include "train/ratings_likes.h"

/* ---- formats ---- */

typedef enum err read_fn(struct interactions *out, const char *path, float threshold,
                         const struct progress *progress, struct fail *why);

static enum err read_lists(struct interactions *out, const char *path, float threshold,
                           const struct progress *progress, struct fail *why)
{
    (void)threshold;
    (void)progress;
    return lists_read(out, path, LISTS_LISTS, why);
}

static enum err read_pairs(struct interactions *out, const char *path, float threshold,
                           const struct progress *progress, struct fail *why)
{
    (void)threshold;
    (void)progress;
    return lists_read(out, path, LISTS_PAIRS, why);
}

static enum err read_rows(struct interactions *out, const char *path, float threshold,
                          const struct progress *progress, struct fail *why)
{
    (void)threshold;
    (void)progress;
    return lists_read(out, path, LISTS_ROWS, why);
}

static enum err read_inter(struct interactions *out, const char *path, float threshold,
                           const struct progress *progress, struct fail *why)
{
    (void)progress;
    return inter_read(out, path, (double)threshold, why);
}

/* Benchmarks must be exact: a row that is no rating ends it. */
static enum err read_movielens(struct interactions *out, const char *path, float threshold,
                               const struct progress *progress, struct fail *why)
{
    struct ratings_count count;
    enum err rc = ratings_likes_text(out, path, (double)threshold, &count, progress, why);
    if (rc == ERR_OK && count.rejected > 0)
        rc = fail_set(why, ERR_INVALID, "%s: %llu of %llu rows are no ratings", path,
                      (unsigned long long)count.rejected, (unsigned long long)(count.rows + count.rejected));
    return rc;
}

static const char *const names[] = {"lists", "pairs", "rows", "movielens", "inter", NULL};
static read_fn *const readers[] = {read_lists, read_pairs, read_rows, read_movielens, read_inter};

const char *const *benchmark_formats(void)
{
    return names;
}

static read_fn *find_reader(const char *format)
{
    for (size_t i = 0; names[i] != NULL; i++)
        if (strcmp(names[i], format) == 0)
            return readers[i];
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
        if (id < 1 || id > INT32_MAX || *end != '\0')
            rc = fail_set(why, ERR_INVALID, "%s:%llu: %s", path, (unsigned long long)row.line,
                          row.verdict == CSV_OK ? "the film's id is not a number from 1 to 2147483647"
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
    size_t n = 0;
    for (size_t i = 0; i < in->keys.len; i++)
        if (id_table_find(items, (uint32_t)keys[i]) >= 0)
            keys[n++] = keys[i];
    in->keys.len = n;
}

static enum err read_inputs(struct interactions in[INPUTS], const struct benchmark_files *f,
                            const struct id_table *catalog, const struct progress *progress, struct fail *why)
{
    const char *const paths[INPUTS] = {[TRAIN] = f->data != NULL ? f->data : f->train,
                                       [TEST] = f->candidates != NULL ? f->candidates : f->test,
                                       [VALID] = f->valid,
                                       [FOLD_IN] = f->fold_in,
                                       [MASK] = f->mask};
    read_fn *read = find_reader(f->format);
    if (read == NULL)
        return fail_set(why, ERR_INVALID, "format '%s' is not known: lists, pairs, rows, movielens or inter",
                        f->format);
    for (int i = 0; i < INPUTS; i++) {
        if (paths[i] == NULL)
            continue;
        enum err rc = i == TEST && f->candidates != NULL
                          ? lists_read_candidates(&in[TEST], &in[NEGATIVE], paths[i], why)
                          : read(&in[i], paths[i], i == MASK ? 0 : f->threshold, progress, why);
        if (f->catalog != NULL)
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
                                "one file to divide, or train, test and so on apart: not both")
                     : ERR_OK;
    if (f->train == NULL || (f->test == NULL && f->valid == NULL && f->candidates == NULL))
        return fail_set(why, ERR_INVALID,
                        "a file to learn from and one to be found are needed, or one file to divide");
    if (f->candidates != NULL && (f->test != NULL || f->mask != NULL || f->fold_in != NULL))
        return fail_set(why, ERR_INVALID,
                        "a candidates file holds what is to be found, and nothing is masked: neither test "
                        "nor mask nor fold-in goes with it");
    if (f->fold_in != NULL && ((f->test != NULL) == (f->valid != NULL) || f->mask != NULL))
        return fail_set(why, ERR_INVALID,
                        "a fold-in file goes with either a test or a validation file, and with no mask");
    return ERR_OK;
}

static enum err no_common_user(const struct id_table *train, const struct id_table *unseen, struct fail *why)
{
    for (size_t i = 0; i < unseen->n; i++)
        if (id_table_find(train, unseen->ids[i]) >= 0)
            return fail_set(why, ERR_INVALID,
                            "user %u is in the file to learn from: with a fold-in file, users to be measured "
                            "are not",
                            unseen->ids[i]);
    return ERR_OK;
}

/* The matrices of users that training does not see. */
static enum err make_unseen(struct benchmark *out, struct interactions in[INPUTS],
                            const struct id_table *train_users, struct fail *why)
{
    const struct interactions *const sets[] = {&in[TEST], &in[VALID], &in[FOLD_IN]};
    enum split_part part = in[TEST].keys.len > 0 ? SPLIT_TEST : SPLIT_VALID;
    struct id_table users = {0};
    enum err rc = id_table_users(&users, sets, 3, why);
    if (rc == ERR_OK)
        rc = no_common_user(train_users, &users, why);
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
                              struct fail *why)
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
        rc = make_unseen(out, in, &users, why);
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

static enum err divide_users(struct benchmark *b, const struct benchmark_files *f, struct fail *why)
{
    struct split_users_rule rule = f->users;
    struct split_users s;
    rule.seed = f->seed;
    enum err rc = split_by_users(&s, &b->train, &rule, why);
    if (rc != ERR_OK)
        return rc;
    csr_free(&b->train);
    take(&b->train, &s.train);
    for (int p = SPLIT_VALID; p < SPLIT_PARTS; p++) {
        take(&b->known[p], &s.known[p]);
        take(&b->held[p], &s.held[p]);
    }
    return ERR_OK;
}

static enum err divide(struct benchmark *b, const struct benchmark_files *f, struct fail *why)
{
    struct split_three s;
    b->divided = true;
    b->strong = f->protocol == BENCHMARK_STRONG;
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
    return ERR_OK;
}

enum err benchmark_load(struct benchmark *out, const struct benchmark_files *files,
                        const struct progress *progress, struct fail *why)
{
    struct interactions in[INPUTS];
    for (int i = 0; i < INPUTS; i++)
        in[i] = INTERACTIONS_NONE;
    *out = (struct benchmark){.strong = files->fold_in != NULL};
    enum err rc = check_files(files, why);
    if (rc == ERR_OK && files->catalog != NULL)
        rc = read_catalog(&out->items, files->catalog, why);
    if (rc == ERR_OK)
        rc = read_inputs(in, files, &out->items, progress, why);
    if (rc == ERR_OK)
        rc = make_matrices(out, in, files->fold_in != NULL, why);
    if (rc == ERR_OK && files->data != NULL)
        rc = divide(out, files, why);
    for (int i = 0; i < INPUTS; i++)
        interactions_free(&in[i]);
    if (rc != ERR_OK)
        benchmark_free(out);
    return rc;
}

enum err benchmark_task(const struct benchmark *b, enum split_part part, struct evaluate_task *out,
                        struct fail *why)
{
    const struct csr *held = &b->held[part], *valid = &b->held[SPLIT_VALID];
    if (csr_count(held) == 0)
        return fail_set(why, ERR_INVALID, "there is nothing held out for %s",
                        part == SPLIT_TEST ? "test" : "validation");
    *out = (struct evaluate_task){.history = b->strong ? &b->known[part] : &b->train,
                                  .held = held,
                                  .unseen = b->strong,
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
}
