#include "base/csv.h"

#include <csv.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text_file.h"
#include "base/utf8.h"

/* CSV_REPALL_NL tells a blank line from a quoted field that goes on. */
enum { OPTIONS = CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL };

struct csv {
    struct text_file *text;
    struct csv_parser parser;
    struct buf cells;                         /* the fields of the row, each with a NUL behind */
    size_t offset[CSV_COLUMNS_MAX];           /* of each field in cells */
    size_t n_fields;                          /* counts on beyond CSV_COLUMNS_MAX */
    size_t longest;                           /* field of the row */
    bool row_done;                            /* libcsv saw the row's end */
    struct csv_field fields[CSV_COLUMNS_MAX]; /* with lengths */
    char *names[CSV_COLUMNS_MAX];             /* [n_columns] */
    size_t n_columns;
    char delimiter;
    uint64_t header_line;
    char reason[160];
    enum err failed; /* ERR_NOMEM, what text_status does not know */
};

static const char *const verdict_names[CSV_N_VERDICTS] = {
    [CSV_OK] = "accepted",
    [CSV_WRONG_COUNT] = "wrong number of columns",
    [CSV_WRONG_UTF8] = "not valid UTF-8",
    [CSV_HAS_NUL] = "NUL byte",
    [CSV_TOO_LONG] = "too long",
    [CSV_WRONG_QUOTE] = "misplaced quote",
    [CSV_CUT] = "the file ends inside the row",
};

const char *csv_verdict_name(enum csv_verdict verdict)
{
    return (unsigned)verdict < CSV_N_VERDICTS ? verdict_names[verdict] : "unknown";
}

/* Rows end with LF only, and CR counts as the blank that libcsv drops around fields: so CRLF works, blanks
 * stay in fields as RFC 4180 wants, and one physical line holds at most one end of a row. */
static int ends_row(unsigned char c)
{
    return c == '\n';
}

static int is_dropped(unsigned char c)
{
    return c == '\r';
}

static void take_field(void *bytes, size_t n, void *arg)
{
    struct csv *r = arg;
    if (n > r->longest)
        r->longest = n;
    if (r->n_fields < CSV_COLUMNS_MAX) {
        r->offset[r->n_fields] = r->cells.len;
        r->fields[r->n_fields].n = n;
        buf_put(&r->cells, bytes, n);
        buf_putc(&r->cells, '\0');
    }
    r->n_fields++;
}

static void take_end(int c, void *arg)
{
    (void)c;
    ((struct csv *)arg)->row_done = true;
}

/* csv_fini alone leaves the parser inside the field when it finds an open quote in strict mode. */
static void parser_reset(struct csv *r)
{
    csv_set_opts(&r->parser, 0);
    csv_fini(&r->parser, NULL, NULL, NULL);
    csv_set_opts(&r->parser, OPTIONS);
}

static enum csv_verdict reject(struct csv *r, enum csv_verdict verdict, const char *detail)
{
    snprintf(r->reason, sizeof r->reason, "%s%s%s", verdict_names[verdict], detail[0] != '\0' ? ": " : "",
             detail);
    return verdict;
}

static enum csv_verdict structure_broken(struct csv *r, enum csv_verdict verdict, const char *detail)
{
    parser_reset(r);
    text_file_back(r->text, true);
    return reject(r, verdict, detail);
}

/* Feeds lines to libcsv until a row is complete. */
static enum csv_verdict split(struct csv *r, struct text_line *line)
{
    while (!r->row_done) {
        if (line->too_long)
            return structure_broken(r, CSV_TOO_LONG, "a line of more than 1 MiB");
        if (csv_parse(&r->parser, line->text, line->n, take_field, take_end, r) != line->n) {
            if (csv_error(&r->parser) == CSV_ENOMEM)
                r->failed = ERR_NOMEM;
            return structure_broken(r, CSV_WRONG_QUOTE, "");
        }
        if (r->row_done)
            break;
        if (line->ended && text_file_more(r->text, line))
            continue;
        size_t n;
        text_file_row(r->text, &n);
        if (n >= TEXT_ROW_MAX)
            return structure_broken(r, CSV_TOO_LONG, "a row of more than 2 MiB; is a quote not closed?");
        if (csv_fini(&r->parser, take_field, take_end, r) != 0)
            return structure_broken(r, CSV_CUT, "a quote is not closed");
        break;
    }
    return CSV_OK;
}

static enum csv_verdict judge(struct csv *r, bool ended)
{
    size_t n;
    const char *row = text_file_row(r->text, &n);
    if (memchr(row, '\0', n) != NULL)
        return reject(r, CSV_HAS_NUL, "");
    if (!utf8_valid(row, n)) {
        snprintf(r->reason, sizeof r->reason, "not valid %s", text_file_encoding(r->text));
        return CSV_WRONG_UTF8;
    }
    if (r->longest > CSV_FIELD_MAX)
        return reject(r, CSV_TOO_LONG, "a field of more than 64 KiB");
    if (r->n_columns == 0 || r->n_fields == r->n_columns)
        return CSV_OK;
    char detail[80];
    snprintf(detail, sizeof detail, "%zu of %zu columns", r->n_fields, r->n_columns);
    return reject(r, !ended && r->n_fields < r->n_columns ? CSV_CUT : CSV_WRONG_COUNT, detail);
}

static void forget_row(struct csv *r)
{
    buf_reset(&r->cells);
    r->n_fields = 0;
    r->longest = 0;
    r->row_done = false;
    r->reason[0] = '\0';
}

static bool give(struct csv *r, struct csv_row *row)
{
    row->reason = r->reason;
    if (r->cells.failed)
        r->failed = ERR_NOMEM;
    if (r->failed != ERR_OK)
        return false;
    row->n = r->n_columns;
    row->fields = row->verdict == CSV_OK ? r->fields : NULL;
    for (size_t i = 0; i < r->n_fields && i < CSV_COLUMNS_MAX; i++)
        r->fields[i].text = r->cells.data + r->offset[i];
    return true;
}

bool csv_next(struct csv *r, struct csv_row *row)
{
    struct text_line line;
    while (r->failed == ERR_OK && text_file_first(r->text, &line)) {
        forget_row(r);
        *row = (struct csv_row){.line = line.number};
        row->verdict = split(r, &line);
        if (row->verdict == CSV_OK && r->n_fields == 0)
            continue; /* a blank line */
        if (text_file_status(r->text, NULL) != ERR_OK && !r->row_done)
            return false; /* the rest of the row could not be read; csv_end says why */
        if (row->verdict == CSV_OK)
            row->verdict = judge(r, line.ended);
        return give(r, row);
    }
    return false;
}

enum err csv_end(const struct csv *r, struct fail *why)
{
    if (r->failed != ERR_OK)
        return fail_set(why, r->failed, "%s: out of memory", text_file_path(r->text));
    return text_file_status(r->text, why);
}

size_t csv_columns(const struct csv *r)
{
    return r->n_columns;
}

/* Are two names one, whatever their case, "_", "-" and blanks? movieId, movie_id, "Movie ID". */
static bool same_name(const char *a, const char *b)
{
    static const char ignored[] = "_- ";
    for (;; a++, b++) {
        while (*a != '\0' && strchr(ignored, *a) != NULL)
            a++;
        while (*b != '\0' && strchr(ignored, *b) != NULL)
            b++;
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
            return false;
        if (*a == '\0')
            return true;
    }
}

int csv_column(const struct csv *r, const char *name)
{
    for (size_t i = 0; i < r->n_columns; i++)
        if (strcmp(r->names[i], name) == 0)
            return (int)i;
    for (size_t i = 0; i < r->n_columns; i++)
        if (same_name(r->names[i], name))
            return (int)i;
    return -1;
}

char csv_delimiter(const struct csv *r)
{
    return r->delimiter;
}

const char *csv_name(const struct csv *r, size_t column)
{
    return r->names[column];
}

void csv_names(const struct csv *r, char *text, size_t size)
{
    size_t len = 0;
    text[0] = '\0';
    for (size_t i = 0; i < r->n_columns; i++) {
        const char *name = r->names[i];
        if (len + strlen(name) + sizeof ", …" > size) {
            snprintf(text + len, size - len, "…");
            return;
        }
        len += (size_t)snprintf(text + len, size - len, "%s%s", name, i + 1 < r->n_columns ? ", " : "");
    }
}

enum err csv_need(const struct csv *r, const char *const *names, struct fail *why)
{
    char missing[300] = "";
    size_t len = 0;
    for (; *names != NULL; names++)
        if (csv_column(r, *names) < 0 && len < sizeof missing)
            len += (size_t)snprintf(missing + len, sizeof missing - len, "%s%s", len > 0 ? ", " : "", *names);
    if (len == 0)
        return ERR_OK;
    char has[160];
    csv_names(r, has, sizeof has);
    return fail_set(why, ERR_INVALID, "%s:%llu: the header row lacks: %s (it has: %s)",
                    text_file_path(r->text), (unsigned long long)r->header_line, missing, has);
}

void csv_position(const struct csv *r, uint64_t *done, uint64_t *total)
{
    text_file_position(r->text, done, total);
}

/* ---- the header row ---- */

/* "sep=;" in the first line tells Excel what separates the columns; the header row stands behind it. Excel
 * itself, when it saves such a file, quotes the line or puts empty columns behind it. */
static bool says_separator(const struct text_line *line, char *delimiter)
{
    const char *s = line->text, *end = line->text + line->n;
    s += s < end && *s == '"';
    if (end - s < 5 || strncasecmp(s, "sep=", 4) != 0 || strchr(",;\t|:", s[4]) == NULL)
        return false;
    char found = s[4];
    for (s += 5; s < end; s++)
        if (*s != '\r' && *s != '\n' && *s != '"' && *s != found && *s != ',' && *s != ';')
            return false;
    *delimiter = found;
    return true;
}

/* What the header row has most of outside quotes; a comma where it has none. */
static char commonest(const struct text_line *line)
{
    static const char delimiters[] = ",;\t|";
    size_t count[sizeof delimiters] = {0}, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < line->n; i++) {
        quoted = quoted != (line->text[i] == '"');
        const char *found = quoted || line->text[i] == '\0' ? NULL : strchr(delimiters, line->text[i]);
        if (found != NULL)
            count[found - delimiters]++;
    }
    for (size_t i = 1; delimiters[i] != '\0'; i++)
        if (count[i] > count[best])
            best = i;
    return delimiters[best];
}

static void find_delimiter(struct csv *r)
{
    struct text_line line;
    bool found;
    r->delimiter = ',';
    do
        found = text_file_first(r->text, &line);
    while (found && line.n <= 2 && (line.text[0] == '\n' || line.text[0] == '\r'));
    if (found && !says_separator(&line, &r->delimiter)) {
        r->delimiter = commonest(&line);
        text_file_back(r->text, false);
    }
    csv_set_delim(&r->parser, (unsigned char)r->delimiter);
}

/* Blanks around the name, and marks that are no letters, are nobody's intention. */
static char *copy_name(const char *name)
{
    while (strncmp(name, "\xef\xbb\xbf", 3) == 0)
        name += 3;
    name += strspn(name, " \t\r\n");
    size_t n = strlen(name);
    while (n > 0 && strchr(" \t\r\n", name[n - 1]) != NULL)
        n--;
    return strndup(name, n);
}

static bool has_name(const struct csv *r, const char *name)
{
    for (size_t i = 0; i < r->n_columns; i++)
        if (strcasecmp(r->names[i], name) == 0)
            return true;
    return false;
}

static enum err read_header(struct csv *r, struct fail *why)
{
    const char *path = text_file_path(r->text);
    struct csv_row row;
    if (!csv_next(r, &row)) {
        enum err rc = csv_end(r, why);
        return rc != ERR_OK ? rc : fail_set(why, ERR_INVALID, "%s:1: empty, not even a header row", path);
    }
    r->header_line = row.line;
    unsigned long long line = row.line;
    if (row.verdict != CSV_OK)
        return fail_set(why, ERR_INVALID, "%s:%llu: header row: %s", path, line, row.reason);
    if (r->n_fields > CSV_COLUMNS_MAX)
        return fail_set(why, ERR_TOO_LARGE,
                        "%s:%llu: %zu columns, and at most %d are read; leave out those that are not needed",
                        path, line, r->n_fields, CSV_COLUMNS_MAX);
    size_t n = r->n_fields;
    for (r->n_columns = 0; r->n_columns < n;) {
        char *name = copy_name(r->fields[r->n_columns].text);
        if (name == NULL)
            return fail_set(why, ERR_NOMEM, "%s: out of memory", path);
        bool twice = name[0] != '\0' && has_name(r, name);
        r->names[r->n_columns++] = name;
        if (twice)
            return fail_set(why, ERR_INVALID, "%s:%llu: two columns are called \"%.100s\"", path, line, name);
    }
    return ERR_OK;
}

enum err csv_open_on(struct csv **out, struct text_file *text, struct fail *why)
{
    *out = NULL;
    struct csv *r = calloc(1, sizeof *r);
    if (r == NULL) {
        text_file_close(text);
        return fail_set(why, ERR_NOMEM, "out of memory");
    }
    r->text = text;
    csv_init(&r->parser, OPTIONS);
    csv_set_term_func(&r->parser, ends_row);
    csv_set_space_func(&r->parser, is_dropped);
    csv_set_blk_size(&r->parser, 4096);
    csv_set_realloc_func(&r->parser, realloc);
    csv_set_free_func(&r->parser, free);
    find_delimiter(r);
    enum err rc = read_header(r, why);
    if (rc != ERR_OK) {
        csv_close(r);
        return rc;
    }
    *out = r;
    return ERR_OK;
}

enum err csv_open(struct csv **out, const char *path, struct fail *why)
{
    struct text_file *text;
    *out = NULL;
    enum err rc = text_file_open(&text, path, why);
    return rc != ERR_OK ? rc : csv_open_on(out, text, why);
}

void csv_close(struct csv *r)
{
    if (r == NULL)
        return;
    csv_free(&r->parser);
    text_file_close(r->text);
    buf_free(&r->cells);
    for (size_t i = 0; i < r->n_columns; i++)
        free(r->names[i]);
    free(r);
}
