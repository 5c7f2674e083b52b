/* Properties: whatever the bytes, base/csv ends; lines only grow; an accepted row has as many fields as the
 * header, all valid UTF-8 without NUL; a rejected one has a reason; and the accepted rows, written again with
 * every field quoted, are read back as they were. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/csv.h"
#include "base/utf8.h"
#include "tests/fuzz/property.h"

static void put_quoted(struct buf *out, const struct csv_row *row)
{
    for (size_t i = 0; i < row->n; i++) {
        buf_puts(out, i == 0 ? "\"" : ",\"");
        for (size_t k = 0; k < row->fields[i].n; k++) {
            if (row->fields[i].text[k] == '"')
                buf_putc(out, '"');
            buf_putc(out, row->fields[i].text[k]);
        }
        buf_putc(out, '"');
    }
    buf_putc(out, '\n');
}

static void put_header(struct buf *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s\"column %zu\"", i == 0 ? "" : ",", i);
    buf_putc(out, '\n');
}

/* Reads bytes and checks every row; the accepted ones, quoted, go to out. The number of rejected ones. */
static size_t read_all(const void *bytes, size_t size, struct buf *out)
{
    int fd = memfd_create("csv", MFD_CLOEXEC);
    char path[64];
    struct csv *r;
    struct csv_row row;
    struct fail why = {0};
    size_t rejected = 0;
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (csv_open(&r, path, &why) == ERR_OK) {
        put_header(out, csv_columns(r));
        for (uint64_t line = 1; csv_next(r, &row); line = row.line) {
            if (row.line <= line || (row.verdict == CSV_OK) != (row.reason[0] == '\0'))
                abort();
            rejected += row.verdict != CSV_OK;
            if (row.verdict != CSV_OK)
                continue;
            if (row.n != csv_columns(r))
                abort();
            for (size_t i = 0; i < row.n; i++)
                if (row.fields[i].n > CSV_FIELD_MAX || strlen(row.fields[i].text) != row.fields[i].n ||
                    !utf8_valid(row.fields[i].text, row.fields[i].n))
                    abort();
            put_quoted(out, &row);
        }
        if (csv_end(r, &why) != ERR_OK && why.text[0] == '\0')
            abort();
        csv_close(r);
    } else if (why.text[0] == '\0') {
        abort();
    }
    close(fd);
    return rejected;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf once = {0}, twice = {0};
    (void)read_all(data, size, &once);
    if (once.len > 0) {
        if (read_all(once.data, once.len, &twice) != 0 || once.len != twice.len ||
            memcmp(once.data, twice.data, once.len) != 0)
            abort();
    }
    buf_free(&once);
    buf_free(&twice);
    return 0;
}
