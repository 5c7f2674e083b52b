#include "data/factors_reader.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/text_file.h"
#include "base/vec.h"
#include "data/npy.h"

struct factors_reader {
    const char *path;
    struct csv *csv; /* NULL: an array */
    int film;        /* column of the id */
    struct npy array;
    struct vec ids; /* int64_t: of the array's rows, −1 where none can be read */
    size_t row, width;
    float factors[FACTORS_READER_MOST];
    char reason[200];
};

/* ---- values ---- */

static bool read_id(const char *text, size_t n, int64_t *out)
{
    char *end;
    errno = 0;
    *out = n > 0 && text[0] >= '0' && text[0] <= '9' ? strtoll(text, &end, 10) : -1;
    return *out >= 0 && end == text + n && errno == 0 && *out <= INT32_MAX;
}

static bool reject(struct factors_reader *r, struct factors_row *row, const char *column, const char *text,
                   const char *what)
{
    snprintf(r->reason, sizeof r->reason, "column %.40s: '%.40s' %s", column, text, what);
    row->factors = NULL;
    row->reason = r->reason;
    return true;
}

static const char bad_id[] = "is no film's number from 0 to 2147483647";

/* What is wrong with a factor; NULL: nothing. */
static const char *wrong(double x)
{
    if (!isfinite(x))
        return "is not finite";
    return fabs(x) > FACTORS_READER_LARGEST ? "is larger than 1000000" : NULL;
}

/* ---- CSV ---- */

static bool read_csv_row(struct factors_reader *r, const struct csv_row *from, struct factors_row *row)
{
    int64_t id;
    size_t to = 0;
    const struct csv_field *film = &from->fields[r->film];
    if (!read_id(film->text, film->n, &id))
        return reject(r, row, csv_name(r->csv, (size_t)r->film), film->text, bad_id);
    for (size_t c = 0; c < from->n; c++) {
        const char *text = from->fields[c].text;
        char *end;
        if ((int)c == r->film)
            continue;
        double x = strtod(text, &end);
        const char *what = end == text || *end != '\0' ? "is not a number" : wrong(x);
        if (what != NULL)
            return reject(r, row, csv_name(r->csv, c), text, what);
        r->factors[to++] = (float)x;
    }
    row->film = (int32_t)id;
    row->factors = r->factors;
    return true;
}

static bool next_of_csv(struct factors_reader *r, struct factors_row *row)
{
    struct csv_row from;
    if (!csv_next(r->csv, &from))
        return false;
    *row = (struct factors_row){.line = from.line, .reason = from.reason};
    return from.verdict != CSV_OK || read_csv_row(r, &from, row);
}

static const char *const id_names[] = {"movie_id", "item_id", "id"};
enum { ID_NAMES = sizeof id_names / sizeof *id_names };

/* Row numbers, as pandas writes them, and ids of another list look like factors, and would outweigh all of them. */
static enum err check_columns(const struct factors_reader *r, struct fail *why)
{
    for (size_t c = 0; c < csv_columns(r->csv); c++)
        if (csv_name(r->csv, c)[0] == '\0')
            return fail_set(why, ERR_INVALID,
                            "%s:1: column %zu has no name: row numbers? Leave them out (pandas: "
                            "to_csv(…, index=False))",
                            r->path, c + 1);
    for (size_t i = 0; i < ID_NAMES; i++) {
        int other = csv_column(r->csv, id_names[i]);
        if (other >= 0 && other != r->film)
            return fail_set(why, ERR_INVALID, "%s:1: \"%s\" and \"%s\" are both ids; leave one out", r->path,
                            csv_name(r->csv, (size_t)r->film), csv_name(r->csv, (size_t)other));
    }
    return ERR_OK;
}

static enum err open_csv(struct factors_reader *r, struct fail *why)
{
    enum err rc = csv_open(&r->csv, r->path, why);
    if (rc != ERR_OK)
        return rc;
    r->film = -1;
    for (size_t i = 0; i < ID_NAMES && r->film < 0; i++)
        r->film = csv_column(r->csv, id_names[i]);
    if (r->film < 0)
        return csv_need(r->csv, (const char *const[]){"movie_id", NULL}, why);
    r->width = csv_columns(r->csv) - 1;
    return check_columns(r, why);
}

/* ---- an array, and the ids of its rows ---- */

static bool next_of_array(struct factors_reader *r, struct factors_row *row)
{
    if (r->row == r->array.rows)
        return false;
    size_t at = r->row++;
    char text[40];
    *row = (struct factors_row){.line = at + 1, .reason = ""};
    int64_t id = ((const int64_t *)r->ids.data)[at];
    snprintf(text, sizeof text, "%lld", (long long)id);
    if (id < 0 || id > INT32_MAX)
        return reject(r, row, "of ids", text, bad_id);
    for (size_t c = 0; c < r->width; c++) {
        double x = npy_real(&r->array, at * r->width + c);
        if (wrong(x) != NULL) {
            char column[24], number[40];
            snprintf(column, sizeof column, "%zu", c);
            snprintf(number, sizeof number, "%g", x);
            return reject(r, row, column, number, wrong(x));
        }
        r->factors[c] = (float)x;
    }
    row->film = (int32_t)id;
    row->factors = r->factors;
    return true;
}

static enum err ids_of_array(struct factors_reader *r, const char *path, struct fail *why)
{
    struct npy ids;
    enum err rc = npy_open(&ids, path, why);
    if (rc == ERR_OK && (ids.cols != 1 || (ids.type != NPY_INT32 && ids.type != NPY_INT64)))
        rc = fail_set(why, ERR_INVALID, "%s: not one column of whole numbers", path);
    for (size_t i = 0; rc == ERR_OK && i < ids.rows; i++) {
        int64_t id = npy_whole(&ids, i);
        if (!vec_push(&r->ids, &id))
            rc = fail_set(why, ERR_NOMEM, "%s: out of memory", path);
    }
    npy_close(&ids);
    return rc;
}

/* A line that is no id is kept as −1: the row that it belongs to is rejected, and those behind it keep theirs. */
static enum err ids_of_text(struct factors_reader *r, const char *path, struct fail *why)
{
    struct text_file *text;
    struct text_line line;
    enum err rc = text_file_open(&text, path, why);
    if (rc != ERR_OK)
        return rc;
    while (rc == ERR_OK && text_file_first(text, &line)) {
        char word[32];
        int64_t id = -1;
        size_t n = line.n;
        while (n > 0 && strchr(" \t\r\n", line.text[n - 1]) != NULL)
            n--;
        if (n < sizeof word) {
            memcpy(word, line.text, n);
            word[n] = '\0';
            id = read_id(word, n, &id) ? id : -1;
        }
        if (!vec_push(&r->ids, &id))
            rc = fail_set(why, ERR_NOMEM, "%s: out of memory", path);
    }
    if (rc == ERR_OK)
        rc = text_file_status(text, why);
    text_file_close(text);
    return rc;
}

static enum err open_array(struct factors_reader *r, const char *ids, struct fail *why)
{
    enum err rc = npy_open(&r->array, r->path, why);
    if (rc == ERR_OK && r->array.dimensions != 2)
        rc = fail_set(why, ERR_INVALID, "%s: not a matrix, films × factors", r->path);
    if (rc == ERR_OK)
        rc = npy_is_file(ids) ? ids_of_array(r, ids, why) : ids_of_text(r, ids, why);
    if (rc == ERR_OK && r->ids.len != r->array.rows)
        rc = fail_set(why, ERR_INVALID, "%s: %zu ids for the %zu rows of %s", ids, r->ids.len, r->array.rows,
                      r->path);
    r->width = r->array.cols;
    return rc;
}

/* ---- either ---- */

enum err factors_reader_open(struct factors_reader **out, const char *path, const char *ids, struct fail *why)
{
    struct factors_reader *r = calloc(1, sizeof *r);
    *out = NULL;
    if (r == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    *r = (struct factors_reader){.path = path, .ids = VEC_OF(int64_t)};
    bool array = npy_is_file(path);
    enum err rc = ERR_OK;
    if (array != (ids != NULL))
        rc = fail_set(why, ERR_INVALID, "%s: %s", path,
                      array ? "an array does not name its films: --ids names a file of them"
                            : "--ids belongs to a NumPy array (.npy); this file has a column movie_id");
    if (rc == ERR_OK)
        rc = array ? open_array(r, ids, why) : open_csv(r, why);
    if (rc == ERR_OK && (r->width < 1 || r->width > FACTORS_READER_MOST))
        rc = fail_set(why, ERR_INVALID, "%s: %zu factors a film; from 1 to %d are possible", path, r->width,
                      FACTORS_READER_MOST);
    if (rc == ERR_OK)
        *out = r;
    else
        factors_reader_close(r);
    return rc;
}

void factors_reader_close(struct factors_reader *r)
{
    if (r == NULL)
        return;
    csv_close(r->csv);
    npy_close(&r->array);
    vec_free(&r->ids);
    free(r);
}

size_t factors_reader_width(const struct factors_reader *r)
{
    return r->width;
}

const char *factors_reader_unit(const struct factors_reader *r)
{
    return r->csv != NULL ? "line" : "row";
}

bool factors_reader_next(struct factors_reader *r, struct factors_row *row)
{
    return r->csv != NULL ? next_of_csv(r, row) : next_of_array(r, row);
}

enum err factors_reader_end(const struct factors_reader *r, struct fail *why)
{
    return r->csv != NULL ? csv_end(r->csv, why) : ERR_OK;
}

void factors_reader_position(const struct factors_reader *r, uint64_t *done, uint64_t *total)
{
    if (r->csv != NULL) {
        csv_position(r->csv, done, total);
        return;
    }
    *done = r->row;
    *total = r->array.rows;
}
