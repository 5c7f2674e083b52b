#include "evaluate_each.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum err evaluate_each_open(FILE **out, const char *path, struct fail *why)
{
    *out = path == NULL ? NULL : fopen(path, "we");
    if (path != NULL && *out == NULL)
        return fail_set(why, ERR_IO, "%s: %s", path, strerror(errno));
    if (*out != NULL)
        fputs("model,seed,person,ndcg,raters,given\n", *out);
    return ERR_OK;
}

static void write_person(FILE *out, const struct evaluate_each *e, size_t person, const uint64_t *likes)
{
    const struct csr *given = e->measured->history;
    double raters = 0, n = (double)csr_row_count(given, person);
    for (uint64_t p = given->start[person]; p < given->start[person + 1]; p++)
        raters += (double)likes[given->col[p]] / n;
    fprintf(out, "%s,%llu,%zu,%.6f,%.2f,", e->model, (unsigned long long)e->seed, person,
            e->measured->each[person], raters);
    for (uint64_t p = given->start[person]; p < given->start[person + 1]; p++)
        fprintf(out, "%s%u", p > given->start[person] ? " " : "", e->ids[given->col[p]]);
    fputc('\n', out);
}

enum err evaluate_each_add(FILE *out, const struct evaluate_each *e, struct fail *why)
{
    if (out == NULL)
        return ERR_OK;
    const struct evaluate_task *m = e->measured;
    uint64_t *likes = calloc(m->history->n_cols + 1, sizeof *likes);
    if (likes == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    csr_column_counts(m->learnt, likes);
    for (size_t u = 0; u < m->history->n_rows; u++)
        if (!isnan(m->each[u]))
            write_person(out, e, u, likes);
    free(likes);
    return ERR_OK;
}

enum err evaluate_each_close(FILE *out, const char *path, struct fail *why)
{
    bool failed = out != NULL && ferror(out);
    if (out != NULL && (fclose(out) != 0 || failed))
        return fail_set(why, ERR_IO, "%s: not all of it could be written", path);
    return ERR_OK;
}
