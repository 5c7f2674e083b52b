#include "table.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/buf.h"

void table_start(struct table *t, struct job *job, size_t n_columns)
{
    *t = (struct table){.job = job, .cells = VEC_OF(const char *), .n_columns = n_columns};
}

void table_text(struct table *t, const char *text)
{
    const char *copy = arena_strdup(&t->job->arena, text);
    if (copy == NULL)
        copy = "";
    (void)vec_push(&t->cells, &copy); /* without memory the table is shorter */
}

void table_real(struct table *t, double x, int decimals)
{
    const char *text = isfinite(x) ? arena_printf(&t->job->arena, "%.*f", decimals, x) : "-";
    table_text(t, text != NULL ? text : "");
}

static size_t width(const char *s)
{
    size_t n = 0;
    for (; *s != '\0'; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

static bool is_number(const char *s)
{
    return isdigit((unsigned char)s[s[0] == '-']) || strcmp(s, "-") == 0;
}

/* A column is to the right if all its cells but the head are numbers or empty. */
static void measure(const struct table *t, size_t widths[TABLE_COLUMNS], bool right[TABLE_COLUMNS])
{
    const char *const *cells = t->cells.data;
    for (size_t c = 0; c < t->n_columns; c++) {
        widths[c] = 0;
        right[c] = true;
        for (size_t i = c; i < t->cells.len; i += t->n_columns) {
            size_t n = width(cells[i]);
            widths[c] = n > widths[c] ? n : widths[c];
            right[c] = right[c] && (i < t->n_columns || cells[i][0] == '\0' || is_number(cells[i]));
        }
    }
}

static void put_blanks(struct buf *b, size_t n)
{
    while (n-- > 0)
        buf_putc(b, ' ');
}

void table_say(struct table *t)
{
    size_t widths[TABLE_COLUMNS];
    bool right[TABLE_COLUMNS];
    const char *const *cells = t->cells.data;
    measure(t, widths, right);
    for (size_t row = 0; row < t->cells.len; row += t->n_columns) {
        struct buf line = {0};
        for (size_t c = 0; c < t->n_columns && row + c < t->cells.len; c++) {
            const char *cell = cells[row + c];
            size_t blanks = widths[c] - width(cell);
            put_blanks(&line, (c > 0 ? 2 : 0) + (right[c] ? blanks : 0));
            buf_puts(&line, cell);
            put_blanks(&line, right[c] ? 0 : blanks);
        }
        while (line.len > 0 && line.data[line.len - 1] == ' ')
            line.data[--line.len] = '\0';
        job_say(t->job, "%s", buf_str(&line));
        buf_free(&line);
    }
    vec_free(&t->cells);
}
