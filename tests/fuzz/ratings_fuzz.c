/* Properties: whatever the bytes, as a ratings file they give rows in range or reasons, and the accepted
 * rows, written again with quotes (which the fast scanner does not take), are accepted again with the same
 * values; its end has a word for every file. As a .mvr file (input begins with MVTIRATE; its checksum is
 * repaired first, so that the fuzzer gets past it) they are refused, or every value in every block is in
 * range. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/secret.h"
#include "data/ratings_file.h"
#include "data/ratings_reader.h"
#include "tests/fixture/guarded.h"
#include "tests/fuzz/property.h"

static int as_file(const void *bytes, size_t size, char path[64])
{
    int fd = memfd_create("ratings", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
        abort();
    snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

/* ---- text ---- */

/* Any number, so that what is accepted does not hang on the rest of the file. */
static const struct ratings_rules any = {.scale = {.kind = SCALE_ANY}, .tolerate = 100};
static struct ratings_rules rules;
static struct token_ids people;

/* As in CSV: with quotes around and doubled inside. */
static void put_id(struct buf *out, uint32_t user)
{
    char text[TOKEN_TEXT];
    buf_putc(out, '"');
    for (const char *s = token_ids_text(&people, user, text); *s != '\0'; s++) {
        if (*s == '"')
            buf_putc(out, '"');
        buf_putc(out, *s);
    }
    buf_putc(out, '"');
}

static void check_row(const struct ratings_row *row)
{
    const struct rating *r = &row->rating;
    if ((row->verdict == RATINGS_OK) != (row->reason[0] == '\0') || row->verdict >= RATINGS_N_VERDICTS)
        abort();
    if (row->verdict == RATINGS_OK && (r->movie < 0 || r->time < 0 || r->time / 1000 > UINT32_MAX ||
                                       !rating_scale_holds(&rules.scale, r->value)))
        abort();
}

/* A time with a fraction is of any kind: written as ISO 8601 would be too, it is given as seconds. */
static void put_row(struct buf *out, const struct rating *r)
{
    char value[RATING_TEXT];
    put_id(out, r->user);
    buf_printf(out, ",\"%d\",\"%s\",\"%lld.%03d\"\n", r->movie, rating_scale_text(r->value, value),
               (long long)(r->time / 1000), (int)(r->time % 1000));
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
    rules = any;
    rules.users = &people;
    if (ratings_reader_open(&reader, path, &rules, NULL) == ERR_OK) {
        struct fail why = {0};
        for (uint64_t line = 0; ratings_reader_next(reader, &row); line = row.line) {
            check_row(&row);
            if (row.line <= line)
                abort();
            rejected += row.verdict != RATINGS_OK;
            if (row.verdict == RATINGS_OK)
                put_row(out, &row.rating);
        }
        if ((ratings_reader_end(reader, &why) == ERR_OK) != (why.text[0] == '\0'))
            abort();
        ratings_reader_close(reader);
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
    token_ids_free(&people);
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
            if (b.movie[i] < 0 || b.code[i] == 0 || (f->header->version == 1 && f->value[b.code[i]] > 50000))
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
    if (ratings_file_parse(&f, &(struct named_bytes){g.bytes, size, "input"}, NULL) == ERR_OK)
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
