#include "train/benchmark.h"

#include <string.h>

#include "train/lists_reader.h"
#include "train/ratings_likes.h"

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

static const char *const names[] = {"lists", "pairs", "movielens", NULL};
static read_fn *const readers[] = {read_lists, read_pairs, read_movielens};

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

enum { TRAIN, TEST, MASK, PARTS };

static enum err read_parts(struct interactions parts[PARTS], const struct benchmark_files *files,
                           const struct progress *progress, struct fail *why)
{
    const char *const paths[PARTS] = {files->train, files->test, files->mask};
    read_fn *read = find_reader(files->format);
    if (read == NULL)
        return fail_set(why, ERR_INVALID, "format '%s' is not known: lists, pairs or movielens",
                        files->format);
    for (int i = 0; i < PARTS; i++) {
        if (paths[i] == NULL)
            continue;
        enum err rc = read(&parts[i], paths[i], i == MASK ? 0 : files->threshold, progress, why);
        if (rc == ERR_OK && parts[i].keys.len == 0 && i != MASK)
            rc = fail_set(why, ERR_INVALID, "%s: holds no interactions", paths[i]);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

static enum err make_matrices(struct benchmark *out, struct interactions parts[PARTS], struct fail *why)
{
    const struct interactions *all[PARTS] = {&parts[TRAIN], &parts[TEST], &parts[MASK]};
    enum err rc = id_table_users(&out->users, all, PARTS, why);
    if (rc == ERR_OK)
        rc = id_table_items(&out->items, all, PARTS, why);
    if (rc == ERR_OK)
        rc = interactions_matrix(&out->train, &parts[TRAIN], &out->users, &out->items, why);
    if (rc == ERR_OK)
        rc = interactions_matrix(&out->held, &parts[TEST], &out->users, &out->items, why);
    if (rc == ERR_OK)
        rc = interactions_matrix(&out->mask, &parts[MASK], &out->users, &out->items, why);
    return rc;
}

enum err benchmark_load(struct benchmark *out, const struct benchmark_files *files,
                        const struct progress *progress, struct fail *why)
{
    struct interactions parts[PARTS] = {INTERACTIONS_NONE, INTERACTIONS_NONE, INTERACTIONS_NONE};
    *out = (struct benchmark){0};
    enum err rc = read_parts(parts, files, progress, why);
    if (rc == ERR_OK)
        rc = make_matrices(out, parts, why);
    for (int i = 0; i < PARTS; i++)
        interactions_free(&parts[i]);
    if (rc != ERR_OK)
        benchmark_free(out);
    return rc;
}

void benchmark_free(struct benchmark *b)
{
    csr_free(&b->train);
    csr_free(&b->held);
    csr_free(&b->mask);
    id_table_free(&b->users);
    id_table_free(&b->items);
}
