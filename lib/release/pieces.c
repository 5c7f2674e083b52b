#include "release/pieces.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/section_file.h"
#include "base/vec.h"

#define HEAD "mvti-pieces 1\n"

enum { HEX = PIECE_NAME - 1, LEVEL = 6 };
enum form { PLAIN = 1, PLANES = 2 };

/* ---- cutting ---- */

static bool add(struct vec *v, uint64_t from, uint64_t to, const uint8_t *bytes)
{
    while (from < to) {
        struct piece p = {.offset = from,
                          .size = to - from < PIECE_MOST ? (uint32_t)(to - from) : PIECE_MOST};
        secret_hash(p.hash, bytes + from, p.size);
        if (!vec_push(v, &p))
            return false;
        from += p.size;
    }
    return true;
}

/* Where section i of the file begins; `from` if that is no place behind it, as in a file of another kind. */
static uint64_t section_start(const uint8_t *bytes, size_t size, uint32_t i, uint64_t from)
{
    struct section_entry e;
    size_t at = sizeof(struct section_header) + i * sizeof e;
    if (at + sizeof e > size)
        return from;
    memcpy(&e, bytes + at, sizeof e);
    return e.offset > from && e.offset < size ? e.offset : from;
}

static uint32_t section_count(const uint8_t *bytes, size_t size)
{
    struct section_header h;
    if (size < sizeof h)
        return 0;
    memcpy(&h, bytes, sizeof h);
    return h.n_sections < SECTION_MAX ? h.n_sections : 0;
}

enum err pieces_of(struct pieces *out, const uint8_t *bytes, size_t size, struct fail *why)
{
    struct vec v = VEC_OF(struct piece);
    uint64_t from = 0;
    bool ok = true;
    for (uint32_t i = 0, n = section_count(bytes, size); ok && i < n; i++) {
        uint64_t to = section_start(bytes, size, i, from);
        ok = add(&v, from, to, bytes);
        from = to;
    }
    ok = ok && add(&v, from, size, bytes);
    *out = (struct pieces){v.data, v.len};
    if (ok)
        return ERR_OK;
    pieces_free(out);
    return fail_set(why, ERR_NOMEM, "out of memory");
}

void pieces_free(struct pieces *p)
{
    free(p->items);
    *p = (struct pieces){0};
}

void piece_name(const struct piece *p, char name[PIECE_NAME])
{
    secret_hex(name, p->hash, sizeof p->hash);
}

/* ---- the index ---- */

void pieces_write(const struct pieces *p, struct buf *out)
{
    char name[PIECE_NAME];
    buf_puts(out, HEAD);
    for (size_t i = 0; i < p->n; i++) {
        piece_name(&p->items[i], name);
        buf_printf(out, "%" PRIu32 " %s\n", p->items[i].size, name);
    }
}

/* One line: digits without a zero before them, a blank, the hash. NULL if it is none. */
static const char *read_line(const char *at, struct piece *p)
{
    size_t n = strspn(at, "0123456789");
    unsigned long size = strtoul(at, NULL, 10);
    if (n == 0 || n > 7 || at[0] == '0' || size > PIECE_MOST || at[n] != ' ')
        return NULL;
    p->size = (uint32_t)size;
    return secret_from_hex(p->hash, sizeof p->hash, at + n + 1) && at[n + 1 + HEX] == '\n' ? at + n + HEX + 2
                                                                                           : NULL;
}

static enum err read_lines(struct vec *v, const char *at, uint64_t size, struct fail *why)
{
    struct piece p = {0};
    bool head = strncmp(at, HEAD, strlen(HEAD)) == 0;
    at += head ? strlen(HEAD) : 0;
    while (head && *at != '\0' && (at = read_line(at, &p)) != NULL) {
        if (!vec_push(v, &p))
            return fail_set(why, ERR_NOMEM, "out of memory");
        p.offset += p.size;
    }
    return head && at != NULL && p.offset == size
               ? ERR_OK
               : fail_set(why, ERR_CORRUPT, "the index of pieces is damaged, or of another file");
}

enum err pieces_read(struct pieces *out, const char *text, uint64_t size, struct fail *why)
{
    struct vec v = VEC_OF(struct piece);
    enum err rc = read_lines(&v, text, size, why);
    *out = (struct pieces){v.data, v.len};
    if (rc != ERR_OK)
        pieces_free(out);
    return rc;
}

/* ---- packing ---- */

/* All first bytes of each four, then all second ones…; what is left over stays at the end. */
static void to_planes(uint8_t *out, const uint8_t *bytes, size_t n)
{
    size_t quarter = n / 4;
    for (size_t i = 0; i < quarter; i++)
        for (size_t plane = 0; plane < 4; plane++)
            out[plane * quarter + i] = bytes[4 * i + plane];
    memcpy(out + 4 * quarter, bytes + 4 * quarter, n - 4 * quarter);
}

static void from_planes(uint8_t *out, const uint8_t *planes, size_t n)
{
    size_t quarter = n / 4;
    for (size_t i = 0; i < quarter; i++)
        for (size_t plane = 0; plane < 4; plane++)
            out[4 * i + plane] = planes[plane * quarter + i];
    memcpy(out + 4 * quarter, planes + 4 * quarter, n - 4 * quarter);
}

size_t piece_packed_most(void)
{
    return 1 + ZSTD_compressBound(PIECE_MOST);
}

static size_t pack_as(enum form form, uint8_t *out, const uint8_t *bytes, size_t n)
{
    size_t room = ZSTD_compressBound(n), size = ZSTD_compress(out + 1, room, bytes, n, LEVEL);
    out[0] = (uint8_t)form;
    return ZSTD_isError(size) ? 0 : size + 1; /* only if memory is out */
}

void piece_pack(struct buf *out, const uint8_t *bytes, size_t n)
{
    size_t most = 1 + ZSTD_compressBound(n);
    uint8_t *work = malloc(n + 2 * most);
    if (work == NULL) {
        out->failed = true;
        return;
    }
    to_planes(work, bytes, n);
    size_t plain = pack_as(PLAIN, work + n, bytes, n), planes = pack_as(PLANES, work + n + most, work, n);
    if (plain == 0 || planes == 0)
        out->failed = true;
    else
        buf_put(out, plain <= planes ? work + n : work + n + most, plain <= planes ? plain : planes);
    free(work);
}

static bool unpack(uint8_t *out, uint8_t *work, const struct piece *p, const uint8_t *packed, size_t n)
{
    bool planes = n > 0 && packed[0] == PLANES;
    if (n == 0 || (packed[0] != PLAIN && !planes) ||
        ZSTD_decompress(planes ? work : out, p->size, packed + 1, n - 1) != p->size)
        return false;
    if (planes)
        from_planes(out, work, p->size);
    return true;
}

enum err piece_unpack(uint8_t *out, const struct piece *p, const uint8_t *packed, size_t n, struct fail *why)
{
    uint8_t hash[SECRET_HASH_BYTES], *work = malloc(p->size);
    if (work == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    bool whole = unpack(out, work, p, packed, n);
    free(work);
    if (whole) {
        secret_hash(hash, out, p->size);
        whole = memcmp(hash, p->hash, sizeof hash) == 0;
    }
    return whole ? ERR_OK : fail_set(why, ERR_CORRUPT, "a piece is not what the manifest names");
}
