#include "data/row_source.h"

#include <stdio.h>
#include <string.h>

#include "base/text_survey.h"
#include "base/utf8.h"

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

/* GroupLens's movies.dat of 1M and 10M are Latin-1; nothing else is taken for it unasked. */
static bool is_latin1(const struct text_survey *survey)
{
    return survey->look != NULL && strcmp(survey->look->name, "windows-1252") == 0;
}

enum err row_source_open(struct row_source *s, const char *path, const char *dat_columns,
                         const char *encoding, struct fail *why)
{
    *s = (struct row_source){.dat_columns = dat_columns};
    struct text_survey survey;
    bool dat = ends_with(path, ".dat") || ends_with(path, ".dat.gz");
    if (dat && dat_columns == NULL)
        return fail_set(why, ERR_INVALID, "%s: MovieLens has no .dat file of this kind", path);
    enum err rc = text_survey_file(path, &survey, why);
    s->latin1 = rc == ERR_OK && dat && encoding == NULL && is_latin1(&survey);
    if (rc == ERR_OK && !s->latin1)
        rc = text_survey_choose(&survey, path, encoding, &encoding, why);
    struct text_file *text;
    if (rc == ERR_OK)
        rc = text_file_open_as(&text, path, encoding, why);
    if (rc != ERR_OK || !dat)
        return rc == ERR_OK ? csv_open_on(&s->csv, text, why) : rc;
    s->dat = text;
    s->n_columns = 1;
    for (const char *c = dat_columns; *c != '\0'; c++)
        s->n_columns += *c == '|';
    return ERR_OK;
}

void row_source_close(struct row_source *s)
{
    csv_close(s->csv);
    text_file_close(s->dat);
    buf_free(&s->line);
    *s = (struct row_source){0};
}

static int dat_column(const struct row_source *s, const char *name, size_t n)
{
    const char *c = s->dat_columns;
    for (int i = 0;; i++) {
        size_t m = strcspn(c, "|");
        if (m == n && memcmp(c, name, n) == 0)
            return i;
        if (c[m] == '\0')
            return -1;
        c += m + 1;
    }
}

int row_source_column(const struct row_source *s, const char *name, size_t n)
{
    if (s->csv == NULL)
        return dat_column(s, name, n);
    char copy[64];
    if (n >= sizeof copy)
        return -1;
    memcpy(copy, name, n);
    copy[n] = '\0';
    return csv_column(s->csv, copy);
}

/* Latin-1's bytes are the first 256 code points. */
static bool take_line(struct row_source *s, const char *text, size_t n)
{
    bool utf8 = utf8_valid(text, n);
    buf_reset(&s->line);
    if (utf8)
        buf_put(&s->line, text, n);
    else if (s->latin1)
        for (size_t i = 0; i < n; i++)
            utf8_put(&s->line, (unsigned char)text[i]);
    buf_putc(&s->line, '\0');
    return utf8 || s->latin1;
}

static size_t split_line(struct row_source *s)
{
    size_t n = 0;
    char *at = s->line.data;
    for (; at != NULL; n++) {
        char *end = strstr(at, "::");
        if (n < DAT_FIELDS_MAX)
            s->fields[n] = (struct csv_field){.text = at, .n = end != NULL ? (size_t)(end - at) : strlen(at)};
        if (end != NULL)
            *end = '\0';
        at = end != NULL ? end + 2 : NULL;
    }
    return n;
}

static enum csv_verdict judge(struct row_source *s, const struct text_line *line, size_t n)
{
    if (line->too_long)
        return CSV_TOO_LONG;
    if (memchr(line->text, '\0', n) != NULL)
        return CSV_HAS_NUL;
    if (!take_line(s, line->text, n))
        return CSV_WRONG_UTF8;
    size_t fields = split_line(s);
    if (fields == s->n_columns)
        return CSV_OK;
    return !line->ended && fields < s->n_columns ? CSV_CUT : CSV_WRONG_COUNT;
}

static bool dat_next(struct row_source *s, struct csv_row *row)
{
    struct text_line line;
    size_t n = 0;
    while (n == 0) {
        if (!text_file_first(s->dat, &line))
            return false;
        n = line.n;
        while (n > 0 && (line.text[n - 1] == '\n' || line.text[n - 1] == '\r'))
            n--;
    }
    *row = (struct csv_row){.n = s->n_columns, .line = line.number, .verdict = judge(s, &line, n)};
    row->fields = row->verdict == CSV_OK ? s->fields : NULL;
    row->reason = row->verdict == CSV_OK ? "" : csv_verdict_name(row->verdict);
    if (row->verdict == CSV_WRONG_UTF8) {
        snprintf(s->reason, sizeof s->reason, "not valid %s", text_file_encoding(s->dat));
        row->reason = s->reason;
    }
    return !s->line.failed;
}

bool row_source_next(struct row_source *s, struct csv_row *row)
{
    return s->csv != NULL ? csv_next(s->csv, row) : dat_next(s, row);
}

enum err row_source_end(const struct row_source *s, struct fail *why)
{
    if (s->line.failed)
        return fail_set(why, ERR_NOMEM, "out of memory");
    return s->csv != NULL ? csv_end(s->csv, why) : text_file_status(s->dat, why);
}

void row_source_position(const struct row_source *s, uint64_t *done, uint64_t *total)
{
    if (s->csv != NULL)
        csv_position(s->csv, done, total);
    else
        text_file_position(s->dat, done, total);
}
