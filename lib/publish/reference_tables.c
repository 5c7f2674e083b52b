#include "publish/reference_tables.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"

/* A table being read: every row must pass `take`, every cell must be there in the end. */
struct table {
    struct snapshot_builder *b;
    struct csv *csv;
    const char *path;
    struct fail *why;
    int columns[ENNEAGRAM_COUNT];
    bool seen[ENNEAGRAM_COUNT * ENNEAGRAM_COUNT];
};

static enum err refuse(struct table *t, const struct csv_row *row, const char *what)
{
    return fail_set(t->why, ERR_INVALID, "%s:%llu: %s", t->path, (unsigned long long)row->line, what);
}

/* A plain decimal number in [0, most]; −1 if it is none. */
static double number(const struct csv_field *f, double most)
{
    char *end;
    double x = strtod(f->text, &end);
    bool plain = f->n > 0 && strspn(f->text, "0123456789.") == f->n && end == f->text + f->n;
    return plain && x <= most ? x : -1;
}

static enum err read_rows(struct table *t, enum err (*take)(struct table *, const struct csv_row *))
{
    enum err rc = ERR_OK;
    struct csv_row row;
    while (rc == ERR_OK && csv_next(t->csv, &row))
        rc = row.verdict == CSV_OK ? take(t, &row) : refuse(t, &row, row.reason);
    return rc == ERR_OK ? csv_end(t->csv, t->why) : rc;
}

static enum err take_grade(struct table *t, const struct csv_row *row)
{
    const struct csv_field *f = row->fields;
    const int *at = t->columns;
    uint8_t mbti = mbti_parse(f[at[0]].text, f[at[0]].n), other = mbti_parse(f[at[1]].text, f[at[1]].n);
    double grade = number(&f[at[2]], 100), partner = number(&f[at[3]], 1);
    if (mbti == MBTI_NONE || other == MBTI_NONE || grade < 0 || (partner != 0 && partner != 1))
        return refuse(t, row, "two types, a grade from 0 to 100 and partner 0 or 1 are wanted");
    size_t cell = (size_t)mbti * MBTI_COUNT + other;
    if (t->seen[cell])
        return refuse(t, row, "this pair of types was there before");
    t->seen[cell] = true;
    t->b->grades[cell] = (float)(grade / 100);
    if (partner == 1) {
        if (t->b->partners[mbti] != MBTI_NONE)
            return refuse(t, row, "this type has a partner already");
        t->b->partners[mbti] = other;
    }
    return ERR_OK;
}

static enum err check_grades(struct table *t)
{
    const struct snapshot_builder *b = t->b;
    for (int i = 0; i < MBTI_COUNT; i++) {
        uint8_t partner = b->partners[i];
        if (partner == MBTI_NONE || b->partners[partner] != i)
            return fail_set(t->why, ERR_INVALID, "%s: %s and its partner are no pair", t->path,
                            mbti_name((uint8_t)i));
        for (int j = 0; j < MBTI_COUNT; j++)
            if (!t->seen[i * MBTI_COUNT + j] ||
                b->grades[i * MBTI_COUNT + j] != b->grades[j * MBTI_COUNT + i])
                return fail_set(t->why, ERR_INVALID, "%s: %s with %s is missing or not symmetric", t->path,
                                mbti_name((uint8_t)i), mbti_name((uint8_t)j));
    }
    return ERR_OK;
}

static enum err take_similarity(struct table *t, const struct csv_row *row)
{
    const struct csv_field *f = row->fields;
    int name = csv_column(t->csv, "enneagram");
    uint8_t type = enneagram_parse(f[name].text, f[name].n);
    if (type == ENNEAGRAM_NONE || t->seen[(size_t)type * ENNEAGRAM_COUNT])
        return refuse(t, row, "each of the 18 types with a wing is wanted once");
    for (size_t j = 0; j < ENNEAGRAM_COUNT; j++) {
        double x = number(&f[t->columns[j]], 1);
        if (x < 0)
            return refuse(t, row, "numbers from 0 to 1 are wanted");
        t->seen[(size_t)type * ENNEAGRAM_COUNT + j] = true;
        t->b->similarity[(size_t)type * ENNEAGRAM_COUNT + j] = (float)x;
    }
    return ERR_OK;
}

static enum err check_similarity(struct table *t)
{
    const float *s = t->b->similarity;
    for (int i = 0; i < ENNEAGRAM_COUNT; i++)
        for (int j = 0; j < ENNEAGRAM_COUNT; j++)
            if (!t->seen[i * ENNEAGRAM_COUNT + j] || s[i * ENNEAGRAM_COUNT + j] != s[j * ENNEAGRAM_COUNT + i])
                return fail_set(t->why, ERR_INVALID, "%s: %s with %s is missing or not symmetric", t->path,
                                enneagram_name((uint8_t)i), enneagram_name((uint8_t)j));
    return ERR_OK;
}

/* A file, its columns, and what is done with each row and in the end. */
struct kind {
    const char *name;
    const char *const *columns; /* ended by NULL */
    enum err (*take)(struct table *, const struct csv_row *);
    enum err (*check)(struct table *);
};

static enum err load(struct snapshot_builder *b, const char *folder, const struct kind *kind,
                     struct fail *why)
{
    char path[1024];
    snprintf(path, sizeof path, "%.900s/%s", folder, kind->name);
    struct table t = {.b = b, .path = path, .why = why};
    enum err rc = csv_open(&t.csv, path, why);
    if (rc == ERR_OK)
        rc = csv_need(t.csv, kind->columns, why);
    if (rc == ERR_OK) {
        for (int i = 0; i < ENNEAGRAM_COUNT && kind->columns[i] != NULL; i++)
            t.columns[i] = csv_column(t.csv, kind->columns[i]);
        rc = read_rows(&t, kind->take);
    }
    if (rc == ERR_OK)
        rc = kind->check(&t);
    csv_close(t.csv);
    return rc;
}

enum err reference_tables_load(struct snapshot_builder *b, const char *folder, struct fail *why)
{
    static const char *const grade_columns[] = {"mbti", "other", "grade", "partner", NULL};
    const char *wing_columns[ENNEAGRAM_COUNT + 1] = {NULL};
    for (int i = 0; i < ENNEAGRAM_COUNT; i++)
        wing_columns[i] = enneagram_name((uint8_t)i);
    const struct kind grades = {"mbti_compatibility.csv", grade_columns, take_grade, check_grades};
    const struct kind similarity = {"enneagram_similarity.csv", wing_columns, take_similarity,
                                    check_similarity};
    memset(b->partners, MBTI_NONE, sizeof b->partners);
    enum err rc = load(b, folder, &grades, why);
    return rc == ERR_OK ? load(b, folder, &similarity, why) : rc;
}
