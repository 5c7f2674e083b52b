/* Properties: whatever the bytes, as a MovieLens file they give rows in range or reasons, and the accepted
 * rows, written again with quotes (which the fast scanner does not take), are accepted again with the same
 * values. As a .mvr file (input begins with MVTIRATE; its checksum is repaired first, so that the fuzzer gets
 * past it) they are refused, or every value in every block is in range. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/secret.h"
#include "tests/fixture/guarded.h"
#include "tests/fuzz/property.h"
#include "train/ratings_file.h"
#include "train/ratings_reader.h"

static int as_file(const void *bytes, size_t size, char path[64])
{
    int fd = memfd_create("ratings", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
        abort();
    snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

/* ---- text ---- */

static void check_row(const struct ratings_row *row)
{
    const struct rating *r = &row->rating;
    if ((row->verdict == RATINGS_OK) != (row->reason[0] == '\0') || row->verdict >= RATINGS_N_VERDICTS)
        abort();
    if (row->verdict == RATINGS_OK &&
        (r->user < 1 || r->user > INT32_MAX || r->movie < 1 || r->half_stars < 1 || r->half_stars > 10))
        abort();
}

/* The number of rejected rows; accepted ones go to out in quotes. */
static size_t read_text(const void *bytes, size_t size, struct buf *out)
{
    char path[64];
    struct ratings_reader *reader;
    struct ratings_row row;
    size_t rejected = 0;
    int fd = as_file(bytes, size, path);
    buf_puts(out, "userId,movieId,rating,timestamp\n");
    if (ratings_open(&reader, path, NULL) == ERR_OK) {
        for (uint64_t line = 0; ratings_next(reader, &row); line = row.line) {
            check_row(&row);
            if (row.line <= line)
                abort();
            rejected += row.verdict != RATINGS_OK;
            if (row.verdict == RATINGS_OK)
                buf_printf(out, "\"%u\",\"%d\",\"%u.%u\",\"%u\"\n", row.rating.user, row.rating.movie,
                           row.rating.half_stars / 2u, row.rating.half_stars % 2u * 5, row.rating.time);
        }
        ratings_close(reader);
    }
    close(fd);
    return rejected;
}

static void fuzz_text(const uint8_t *data, size_t size)
{
    struct buf once = {0}, twice = {0};
    (void)read_text(data, size, &once);
    if (read_text(once.data, once.len, &twice) != 0 || strcmp(once.data, twice.data) != 0)
        abort();
    buf_free(&once);
    buf_free(&twice);
}

/* ---- .mvr ---- */

static void repair(uint8_t *bytes, size_t size)
{
    struct ratings_header h;
    uint8_t content[RATINGS_HASH];
    struct secret_hasher hasher;
    memcpy(&h, bytes, sizeof h);
    memset(h.checksum, 0, sizeof h.checksum);
    secret_hash(content, bytes + sizeof h, size - sizeof h);
    secret_hasher_init(&hasher);
    secret_hasher_add(&hasher, &h, sizeof h);
    secret_hasher_add(&hasher, content, sizeof content);
    secret_hasher_end(&hasher, h.checksum);
    memcpy(bytes, &h, sizeof h);
}

static void check_file(const struct ratings_file *f)
{
    uint64_t n = 0;
    for (size_t k = 0; k < ratings_file_blocks(f); k++) {
        struct ratings_block b = ratings_file_block(f, k);
        for (size_t i = 0; i < b.n; i++, n++)
            if (b.user[i] < 1 || b.user[i] > INT32_MAX || b.movie[i] < 1 || b.half_stars[i] < 1 ||
                b.half_stars[i] > 10)
                abort();
    }
    if (n != f->header->n_ratings)
        abort();
}

static void read_file(const uint8_t *bytes, size_t size)
{
    struct guarded
        g; /* columns of a block are whole multiples of 64 values: no end is closer than the file's */
    struct ratings_file f;
    guarded_make(&g, bytes, size, 64);
    if (ratings_file_parse(&f, g.bytes, size, "input", NULL) == ERR_OK)
        check_file(&f);
    ratings_file_close(&f);
    guarded_free(&g);
}

static void fuzz_file(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size);
    if (copy == NULL)
        abort();
    memcpy(copy, data, size);
    read_file(copy, size);
    repair(copy, size);
    read_file(copy, size);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (secret_init() != ERR_OK)
        abort();
    if (size >= sizeof(struct ratings_header) && memcmp(data, "MVTIRATE", 8) == 0)
        fuzz_file(data, size);
    else
        fuzz_text(data, size);
    return 0;
}
