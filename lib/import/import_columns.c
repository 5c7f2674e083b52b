#include "import/import_columns.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/name.h"
#include "base/text_damage.h"
#include "base/utf8.h"

static int find_column(const struct row_source *s, const char *names)
{
    for (const char *name = names;;) {
        size_t n = strcspn(name, "|");
        int at = row_source_column(s, name, n);
        if (at >= 0 || name[n] == '\0')
            return at;
        name += n + 1;
    }
}

static void add_missing(char *list, size_t size, const char *names, const char *between)
{
    size_t n = strlen(list);
    snprintf(list + n, size - n, "%s%.*s", n > 0 ? between : "", (int)strcspn(names, "|"), names);
}

enum err import_columns_find(struct import *im, const struct row_source *s, struct import_columns *out)
{
    char missing[256] = "", choice[256] = "";
    bool one_found = false, one_wanted = false;
    *out = (struct import_columns){0};
    memset(out->at, -1, sizeof out->at);
    for (int i = 0; im->kind->columns[i].names != NULL; i++) {
        const struct import_column *c = &im->kind->columns[i];
        out->at[i] = find_column(s, c->names);
        if (out->at[i] >= 0)
            out->given |= c->given;
        else if (c->need == IMPORT_REQUIRED)
            add_missing(missing, sizeof missing, c->names, ", ");
        if (c->need == IMPORT_ONE_OF) {
            one_wanted = true;
            one_found = one_found || out->at[i] >= 0;
            add_missing(choice, sizeof choice, c->names, " or ");
        }
    }
    if (one_wanted && !one_found)
        add_missing(missing, sizeof missing, choice, ", ");
    if (missing[0] == '\0')
        return ERR_OK;
    char has[160] = "";
    if (s->csv != NULL)
        csv_names(s->csv, has, sizeof has);
    return fail_set(&im->why, ERR_INVALID, "%s: the file lacks columns that %s need: %s (it has: %s)",
                    im->path, im->kind->name, missing, has);
}

static bool is_used(const struct import_columns *columns, size_t at)
{
    for (int i = 0; i < IMPORT_COLUMNS_MAX; i++)
        if (columns->at[i] == (int)at)
            return true;
    return false;
}

void import_columns_name_unused(const struct import *im, const struct row_source *s,
                                const struct import_columns *columns)
{
    char names[200] = "";
    for (size_t i = 0; s->csv != NULL && i < csv_columns(s->csv); i++)
        if (!is_used(columns, i) && csv_name(s->csv, i)[0] != '\0')
            add_missing(names, sizeof names, csv_name(s->csv, i), ", ");
    if (names[0] == '\0')
        return;
    char known[256] = "";
    for (int i = 0; im->kind->columns[i].names != NULL; i++)
        if (columns->at[i] < 0)
            add_missing(known, sizeof known, im->kind->columns[i].names, ", ");
    progress_note(im->progress, "%s: columns that are not used: %s%s%s", im->path, names,
                  known[0] != '\0' ? "; not in the file: " : "", known);
}

/* Tabs and line breaks, which spreadsheets have inside cells, become one blank. */
static void one_line(struct buf *out, const char *s)
{
    static const char breaks[] = "\t\n\v\f\r";
    while (*s != '\0') {
        size_t plain = strcspn(s, breaks), broken = strspn(s + plain, breaks);
        buf_put(out, s, plain);
        if (broken > 0)
            buf_putc(out, ' ');
        s += plain + broken;
    }
}

/* What MySQL, pandas and Excel write where nothing is. Words that may be a title are none of them. */
static bool is_nothing(const char *text)
{
    static const char *const words[] = {"\\N", "NULL", "NaN", "nan", "<NA>", "#N/A"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i]) == 0)
            return true;
    return false;
}

/* What Excel shows of a formula that failed; nobody knows what was meant. */
static bool is_formula_error(const char *text)
{
    static const char *const words[] = {"#NAME?", "#REF!",  "#VALUE!", "#DIV/0!",
                                        "#NUM!",  "#NULL!", "#SPILL!"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i]) == 0)
            return true;
    return false;
}

/* ="007" is how a text of digits is kept from becoming a number in Excel. Moves *text to what is inside. */
static size_t unwrapped(const char **text, size_t n)
{
    const char *s = *text;
    if (n < 3 || s[0] != '=' || s[1] != '"' || memchr(s + 2, '"', n - 2) != s + n - 1)
        return n;
    *text = s + 2;
    return n - 3;
}

/* The field as it is kept: one line, trimmed, in Normalization Form C, without what hides or turns text
 * (base/name.h), "" where it says that there is nothing. NULL when memory is out. */
static char *cleaned(struct arena *a, const struct csv_field *f)
{
    struct buf line = {0}, kept = {0};
    one_line(&line, f->text);
    const char *inside = buf_str(&line);
    size_t n = unwrapped(&inside, line.len);
    enum err rc = line.failed ? ERR_NOMEM : name_clean(&kept, inside, n, SIZE_MAX);
    char *text =
        rc == ERR_OK ? arena_strndup(a, buf_str(&kept), is_nothing(buf_str(&kept)) ? 0 : kept.len) : NULL;
    buf_free(&line);
    buf_free(&kept);
    return text;
}

/* Was the field damaged on its way here? What was encoded twice is rejected, because then a whole file usually is; what is lost is warned of.
 * Asked before cleaned(), which drops the control characters that tell. */
static bool is_whole(struct import *im, const struct import_column *c, const struct import_row *row,
                     const struct csv_field *f)
{
    int name_n = (int)strcspn(c->names, "|");
    struct buf once = {0};
    bool twice = text_damage_twice(f->text, f->n, &once);
    const char *lost = text_damage_lost(f->text, f->n);
    char seen[160];
    if (twice) {
        im->reason = "encoded twice: its UTF-8 was read as Windows-1252 and saved as UTF-8 again";
        snprintf(im->detail, sizeof im->detail, "%.*s '%.60s' was '%.60s'", name_n, c->names, f->text,
                 buf_str(&once));
    } else if (lost != NULL) {
        snprintf(seen, sizeof seen, "%.*s '%.60s' %s", name_n, c->names, f->text, lost);
        import_report_warned(&im->report, row->line, "a text was damaged before it came here", seen);
    }
    buf_free(&once);
    return !twice;
}

/* May the text stand in its column? False with the reason in im. */
static bool fits(struct import *im, const struct import_column *c, const char *text)
{
    int name_n = (int)strcspn(c->names, "|");
    size_t n = utf8_length(text, strlen(text));
    if (is_formula_error(text)) {
        im->reason = "a formula of the spreadsheet failed";
        snprintf(im->detail, sizeof im->detail, "%.*s '%s'", name_n, c->names, text);
        return false;
    }
    if (c->max_chars > 0 && n > c->max_chars) {
        im->reason = "a field is too long";
        snprintf(im->detail, sizeof im->detail, "%.*s has %zu of at most %u characters", name_n, c->names, n,
                 c->max_chars);
        return false;
    }
    return true;
}

bool import_columns_take(struct import *im, const struct import_columns *columns, const struct csv_row *row,
                         struct import_row *out)
{
    *out = (struct import_row){.line = row->line, .given = columns->given};
    for (int i = 0; im->kind->columns[i].names != NULL; i++) {
        if (columns->at[i] < 0)
            continue;
        const struct csv_field *f = &row->fields[columns->at[i]];
        if (!is_whole(im, &im->kind->columns[i], out, f))
            return false;
        out->text[i] = cleaned(&im->row_arena, f);
        if (out->text[i] == NULL) {
            im->rc = fail_set(&im->why, ERR_NOMEM, "out of memory");
            return false;
        }
        if (!fits(im, &im->kind->columns[i], out->text[i]))
            return false;
    }
    return true;
}
