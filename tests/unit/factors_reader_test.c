/* data/factors_reader.h and data/npy.h: what people have from Spark and NumPy, and what is wrong with it, by line and column. */
#include "data/factors_reader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "data/npy.h"
#include "tests/check.h"

static char folder[] = "/tmp/mvti-factors-XXXXXX";
static char paths[4][80];

static const char *file(int i, const char *name, const void *bytes, size_t n)
{
    snprintf(paths[i], sizeof paths[i], "%s/%s", folder, name);
    FILE *f = fopen(paths[i], "wb");
    CHECK(f != NULL && fwrite(bytes, 1, n, f) == n && fclose(f) == 0);
    return paths[i];
}

static const char *text(int i, const char *name, const char *bytes)
{
    return file(i, name, bytes, strlen(bytes));
}

/* As numpy.save writes it: the header is padded to a multiple of 64. */
static const char *array(int i, const char *name, const char *header, const void *data, size_t n)
{
    struct buf out = {0};
    size_t padded = (10 + strlen(header) + 1 + 63) / 64 * 64 - 10;
    const unsigned char length[2] = {(unsigned char)(padded & 255), (unsigned char)(padded >> 8)};
    buf_put(&out, "\x93NUMPY\x01\x00", 8);
    buf_put(&out, length, 2);
    buf_puts(&out, header);
    while (out.len < 10 + padded - 1)
        buf_putc(&out, ' ');
    buf_putc(&out, '\n');
    buf_put(&out, data, n);
    const char *path = file(i, name, out.data, out.len);
    buf_free(&out);
    return path;
}

/* All rows as text: "film: factors; " and "line! reason; ". */
static const char *read_all(const char *path, const char *ids, struct buf *out)
{
    struct factors_reader *r;
    struct factors_row row;
    struct fail why = {0};
    buf_reset(out);
    if (factors_reader_open(&r, path, ids, &why) != ERR_OK) {
        buf_puts(out, why.text);
        return buf_str(out);
    }
    while (factors_reader_next(r, &row)) {
        if (row.factors == NULL)
            buf_printf(out, "%llu! %s; ", (unsigned long long)row.line, row.reason);
        else
            buf_printf(out, "%d:", row.film);
        for (size_t i = 0; row.factors != NULL && i < factors_reader_width(r); i++)
            buf_printf(out, " %g%s", (double)row.factors[i], i + 1 == factors_reader_width(r) ? "; " : "");
    }
    CHECK_MSG(factors_reader_end(r, &why) == ERR_OK, "%s", why.text);
    factors_reader_close(r);
    return buf_str(out);
}

static void csv_as_it_comes(void)
{
    struct buf out = {0};
    CHECK_STR(read_all(text(0, "a.csv", "movie_id,f0,f1\n7,1.5,-2\n0,1e-3,3\n"), NULL, &out),
              "7: 1.5 -2; 0: 0.001 3; ");
    CHECK_STR(read_all(text(0, "a.tsv", "f0\tmovieId\tf1\r\n1\t7\t2\r\n"), NULL, &out), "7: 1 2; ");
    CHECK_STR(read_all(text(0, "a.csv", "id;x\n2147483647;4\n"), NULL, &out), "2147483647: 4; ");
    buf_free(&out);
}

static void wrong_rows_are_named_by_line_and_column(void)
{
    struct buf out = {0};
    const char *bytes =
        "movie_id,f0,f1\n1,1,2\n2,x,2\n3,1,nan\n4,-inf,1\n-5,1,1\n6,1\n2147483648,1,1\n8,1,2e6\n9,,1\n"
        "1.5,1,1\n10,1,2,3\n11,3,4\n";
    CHECK_STR(read_all(text(0, "a.csv", bytes), NULL, &out),
              "1: 1 2; 3! column f0: 'x' is not a number; 4! column f1: 'nan' is not finite; "
              "5! column f0: '-inf' is not finite; 6! column movie_id: '-5' is no film's number from 0 to "
              "2147483647; "
              "7! wrong number of columns: 2 of 3 columns; "
              "8! column movie_id: '2147483648' is no film's number from 0 to 2147483647; "
              "9! column f1: '2e6' is larger than 1000000; 10! column f0: '' is not a number; "
              "11! column movie_id: '1.5' is no film's number from 0 to 2147483647; "
              "12! wrong number of columns: 4 of 3 columns; 11: 3 4; ");
    buf_free(&out);
}

static void a_pipe_is_read_from_its_beginning(void)
{
    struct buf out = {0};
    static const char bytes[] = "movie_id,f0,f1\n7,1.5,-2\n";
    char path[40];
    int ends[2];
    CHECK(pipe(ends) == 0 && write(ends[1], bytes, sizeof bytes - 1) == (ssize_t)sizeof bytes - 1);
    CHECK(close(ends[1]) == 0);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    CHECK_STR(read_all(path, NULL, &out), "7: 1.5 -2; ");
    CHECK(close(ends[0]) == 0);
    buf_free(&out);
}

static void files_that_are_none(void)
{
    struct buf out = {0};
    CHECK(strstr(read_all(text(0, "a.csv", "film,f0\n1,2\n"), NULL, &out), "lacks: movie_id") != NULL);
    CHECK(strstr(read_all(text(0, "a.csv", "movie_id\n1\n"), NULL, &out), "0 factors a film") != NULL);
    CHECK(strstr(read_all(text(0, "a.csv", ",movie_id,f0\n0,1,2\n"), NULL, &out),
                 ":1: column 1 has no name") != NULL);
    CHECK(strstr(read_all(text(0, "a.csv", "f0,id,movie_id\n0,1,2\n"), NULL, &out),
                 "\"movie_id\" and \"id\" are both ids") != NULL);
    CHECK(strstr(read_all("/nonexistent.csv", NULL, &out), "/nonexistent.csv") != NULL);
    CHECK(strstr(read_all(text(0, "a.csv", "movie_id,f0\n"), text(1, "ids", "1\n"), &out),
                 "--ids belongs to") != NULL);
    buf_free(&out);
}

#define HEADER(descr, shape) "{'descr': '" descr "', 'fortran_order': False, 'shape': " shape ", }"

static void arrays_and_their_ids(void)
{
    struct buf out = {0};
    const float f[] = {1, 2, 3, 4, NAN, 6};
    const double g[] = {1, 2, 3, INFINITY, 5, 6};
    const int64_t ids[] = {7, 0, 9};
    const int32_t small[] = {7, -1, 9};
    const char *a = array(0, "f.npy", HEADER("<f4", "(3, 2)"), f, sizeof f);
    const char *of = array(1, "ids.npy", HEADER("<i8", "(3,)"), ids, sizeof ids);
    CHECK_STR(read_all(a, of, &out), "7: 1 2; 0: 3 4; 3! column 0: 'nan' is not finite; ");
    CHECK_STR(
        read_all(a, text(1, "ids", "7\r\nx\n9"), &out),
        "7: 1 2; 2! column of ids: '-1' is no film's number from 0 to 2147483647; 3! column 0: 'nan' is not "
        "finite; ");
    a = array(0, "g.npy", HEADER("<f8", "(3, 2)"), g, sizeof g);
    of = array(1, "ids.npy", HEADER("<i4", "(3,)"), small, sizeof small);
    CHECK_STR(read_all(a, of, &out),
              "7: 1 2; 2! column of ids: '-1' is no film's number from 0 to 2147483647; 9: 5 6; ");
    CHECK(strstr(read_all(a, NULL, &out), "--ids names a file") != NULL);
    CHECK(strstr(read_all(a, text(1, "ids", "1\n2\n"), &out), "2 ids for the 3 rows") != NULL);
    CHECK(strstr(read_all(a, a, &out), "not one column of whole numbers") != NULL);
    buf_free(&out);
}

static void arrays_that_are_not_read(void)
{
    struct buf out = {0};
    const float f[6] = {0};
    const char *ids = text(1, "ids", "1\n2\n3\n");
    static const char *const headers[][2] = {
        {"{'descr': '>f4', 'fortran_order': False, 'shape': (3, 2), }", "of ids array.astype('<i8')"},
        {"{'descr': '<f4', 'fortran_order': True, 'shape': (3, 2), }", "ascontiguousarray"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1, 2), }", "one or two dimensions"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (4, 2), }", "not the 4 × 2 that the header says"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }", "not a matrix"},
        {"{'descr': '<f4', 'shape': (3, 2), }", "ascontiguousarray"},
        {"{'descr': '<f4', 'fortran_order': False}", "one or two dimensions"},
    };
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        CHECK_MSG(strstr(read_all(array(0, "f.npy", headers[i][0], f, sizeof f), ids, &out), headers[i][1]) !=
                      NULL,
                  "%s: %s", headers[i][0], buf_str(&out));
    CHECK(strstr(read_all(file(0, "f.npy", "\x93NUMPY\x01\x00\xff\xff{", 11), ids, &out),
                 "cut or too long") != NULL);
    CHECK(strstr(read_all(file(0, "f.npy", "\x93NUMPY\x02", 7), ids, &out), "not a NumPy array") != NULL);
    CHECK(strstr(read_all(array(0, "f.npy", HEADER("<f4", "(0, 257)"), f, 0), text(1, "ids", ""), &out),
                 "257 factors a film; from 1 to 256 are possible") != NULL);
    buf_free(&out);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    RUN(csv_as_it_comes);
    RUN(wrong_rows_are_named_by_line_and_column);
    RUN(a_pipe_is_read_from_its_beginning);
    RUN(files_that_are_none);
    RUN(arrays_and_their_ids);
    RUN(arrays_that_are_not_read);
    char command[80];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    CHECK(system(command) == 0);
    return check_done();
}
