#include "evaluate_each.h"

#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/buf.h"

enum err evaluate_each_check(const char *path, const struct benchmark_files *files, struct fail *why)
{
    const char *const read[] = {files->train,   files->test, files->valid,   files->mask,   files->candidates,
                                files->fold_in, files->data, files->catalog, files->content};
    struct stat each, other;
    if (stat(path, &each) != 0)
        return ERR_OK;
    if (!S_ISREG(each.st_mode))
        return fail_set(why, ERR_INVALID, "--each %s: not a regular file", path);
    for (size_t i = 0; i < sizeof read / sizeof *read; i++)
        if (read[i] != NULL && stat(read[i], &other) == 0 && other.st_dev == each.st_dev &&
            other.st_ino == each.st_ino)
            return fail_set(why, ERR_INVALID, "--each %s: is also the input %s, and would be overwritten",
                            path, read[i]);
    return ERR_OK;
}

enum err evaluate_each_open(struct out_file *out, const char *path, struct fail *why)
{
    static const char head[] = "model,seed,person,ndcg,raters,given\n";
    enum err rc = map_file_out_open(out, path, why);
    if (rc == ERR_OK)
        map_file_out_write(out, head, sizeof head - 1);
    return rc;
}

static void put_person(struct buf *row, const struct evaluate_each *e, size_t person, const uint64_t *likes)
{
    const struct csr *given = e->measured->history;
    double raters = 0, n = (double)csr_row_count(given, person);
    for (uint64_t p = given->start[person]; p < given->start[person + 1]; p++)
        raters += (double)likes[given->col[p]] / n;
    buf_printf(row, "%s,%llu,%zu,%.6f,%.2f,", e->model, (unsigned long long)e->seed, person,
               e->measured->each[person], raters);
    for (uint64_t p = given->start[person]; p < given->start[person + 1]; p++)
        buf_printf(row, "%s%u", p > given->start[person] ? " " : "", e->ids[given->col[p]]);
    buf_putc(row, '\n');
}

enum err evaluate_each_add(struct out_file *out, const struct evaluate_each *e, struct fail *why)
{
    const struct evaluate_task *m = e->measured;
    struct buf row = {0};
    uint64_t *likes = calloc(m->history->n_cols + 1, sizeof *likes);
    if (likes == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    csr_column_counts(m->learnt, likes);
    for (size_t u = 0; u < m->history->n_rows; u++)
        if (!isnan(m->each[u])) {
            buf_reset(&row);
            put_person(&row, e, u, likes);
            map_file_out_write(out, row.data, row.len);
        }
    bool failed = row.failed;
    buf_free(&row);
    free(likes);
    return failed ? fail_set(why, ERR_NOMEM, "out of memory") : ERR_OK;
}
