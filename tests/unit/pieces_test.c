/* How a file is cut into pieces, how their index is read, and that a piece is what was cut or refused. */
#include "release/pieces.h"
#include "tests/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/section_file.h"
#include "base/rng.h"

enum { ROOM = 3 * PIECE_MOST };

static uint8_t *bytes;
static struct fail why;

/* Floats as a matrix of weights has them, in steps. */
static void fill(size_t n, uint64_t seed)
{
    struct rng r;
    rng_seed(&r, seed);
    for (size_t i = 0; i + 4 <= n; i += 4) {
        float x = (float)round(rng_normal(&r) * 60) / 65536;
        memcpy(bytes + i, &x, sizeof x);
    }
}

static void put_section(uint32_t i, uint64_t offset)
{
    struct section_entry e = {.tag = i + 1, .item_size = 1, .offset = offset, .count = 1};
    memcpy(bytes + sizeof(struct section_header) + i * sizeof e, &e, sizeof e);
}

static void put_header(uint32_t n)
{
    struct section_header h = {.n_sections = n};
    memcpy(bytes, &h, sizeof h);
}

static void it_is_cut_where_sections_begin(void)
{
    struct pieces p;
    fill(ROOM, 1);
    put_header(2);
    put_section(0, 256);
    put_section(1, PIECE_MOST + 1000);
    CHECK(pieces_of(&p, bytes, ROOM, &why) == ERR_OK);
    static const uint64_t starts[] = {0, 256, PIECE_MOST + 256, PIECE_MOST + 1000, 2 * PIECE_MOST + 1000};
    CHECK_INT(p.n, sizeof starts / sizeof *starts);
    for (size_t i = 0; i < p.n && i < sizeof starts / sizeof *starts; i++) {
        uint64_t end = i + 1 < p.n ? p.items[i + 1].offset : ROOM;
        CHECK_INT(p.items[i].offset, starts[i]);
        CHECK_INT(p.items[i].size, end - starts[i]);
    }
    pieces_free(&p);
}

/* Sections that lie nowhere, or in no order, cut nothing: all of the file is in one piece or another. */
static void any_bytes_can_be_cut(void)
{
    static const size_t sizes[] = {0, 1, 127, 128, 129, 200, 5000};
    struct pieces p;
    fill(5000, 2);
    put_header(3);
    put_section(0, 4000);
    put_section(1, UINT64_MAX);
    put_section(2, 100);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint64_t sum = 0;
        CHECK(pieces_of(&p, bytes, sizes[i], &why) == ERR_OK);
        for (size_t k = 0; k < p.n; k++) {
            CHECK_INT(p.items[k].offset, sum);
            sum += p.items[k].size;
        }
        CHECK_INT(sum, sizes[i]);
        pieces_free(&p);
    }
    put_header(UINT32_MAX);
    CHECK(pieces_of(&p, bytes, 5000, &why) == ERR_OK && p.n == 1);
    pieces_free(&p);
}

static enum err read(const char *text, uint64_t size)
{
    struct pieces p;
    enum err rc = pieces_read(&p, text, size, &why);
    pieces_free(&p);
    return rc;
}

static void an_index_is_read_as_written_or_refused(void)
{
    static const char *const wrong[] = {"", "mvti-pieces 2\n", "mvti-pieces 1", "mvti-pieces 1\n12"};
    struct pieces p, again;
    struct buf text = {0};
    fill(ROOM, 3);
    put_header(1);
    put_section(0, 512);
    CHECK(pieces_of(&p, bytes, ROOM, &why) == ERR_OK);
    pieces_write(&p, &text);
    CHECK(pieces_read(&again, buf_str(&text), ROOM, &why) == ERR_OK && again.n == p.n);
    CHECK(memcmp(p.items, again.items, p.n * sizeof *p.items) == 0);
    CHECK(read(buf_str(&text), ROOM - 1) == ERR_CORRUPT && read(buf_str(&text), 0) == ERR_CORRUPT);
    CHECK(read("mvti-pieces 1\n", 0) == ERR_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_MSG(read(wrong[i], 12) == ERR_CORRUPT, "%s", wrong[i]);
    for (size_t i = 0; i < text.len; i++) { /* no byte of it may be another */
        char was = text.data[i];
        text.data[i] = was == 'a' ? 'Z' : (char)(was + 64);
        CHECK_MSG(read(buf_str(&text), ROOM) == ERR_CORRUPT, "byte %zu", i);
        text.data[i] = was;
    }
    pieces_free(&p);
    pieces_free(&again);
    buf_free(&text);
}

static void a_piece_comes_back_or_is_refused(void)
{
    static const size_t sizes[] = {1, 3, 4, 4097, PIECE_MOST};
    uint8_t *out = malloc(PIECE_MOST);
    struct buf packed = {0};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct piece p = {.size = (uint32_t)sizes[i]};
        fill(PIECE_MOST, 4 + i);
        bytes[0] ^= 1;
        secret_hash(p.hash, bytes, p.size);
        buf_reset(&packed);
        piece_pack(&packed, bytes, p.size);
        CHECK(!packed.failed && packed.len <= piece_packed_most());
        const uint8_t *data = (const uint8_t *)packed.data;
        CHECK(piece_unpack(out, &p, data, packed.len, &why) == ERR_OK && memcmp(out, bytes, p.size) == 0);
        CHECK(piece_unpack(out, &p, data, packed.len - 1, &why) == ERR_CORRUPT);
        CHECK(piece_unpack(out, &p, data, 0, &why) == ERR_CORRUPT);
        p.hash[31] ^= 1;
        CHECK(piece_unpack(out, &p, data, packed.len, &why) == ERR_CORRUPT);
    }
    free(out);
    buf_free(&packed);
}

/* Whatever a frame claims to hold, no more than the piece is written. */
static void a_frame_of_more_than_the_piece_is_refused(void)
{
    struct piece p = {.size = 100};
    struct buf packed = {0};
    uint8_t *out = malloc(p.size); /* exact, for sanitizers */
    fill(PIECE_MOST, 9);
    piece_pack(&packed, bytes, PIECE_MOST);
    CHECK(piece_unpack(out, &p, (const uint8_t *)packed.data, packed.len, &why) == ERR_CORRUPT);
    free(out);
    buf_free(&packed);
}

/* Why planes: the weights of a night take less than a third. */
static void weights_are_packed_to_less_than_a_third(void)
{
    struct buf packed = {0};
    fill(1 << 20, 5);
    piece_pack(&packed, bytes, 1 << 20);
    CHECK_MSG(packed.len * 3 < 1 << 20, "%zu", packed.len);
    buf_free(&packed);
}

int main(void)
{
    CHECK(secret_init() == ERR_OK);
    bytes = malloc(ROOM);
    if (bytes == NULL)
        return 1;
    RUN(it_is_cut_where_sections_begin);
    RUN(any_bytes_can_be_cut);
    RUN(an_index_is_read_as_written_or_refused);
    RUN(a_piece_comes_back_or_is_refused);
    RUN(a_frame_of_more_than_the_piece_is_refused);
    RUN(weights_are_packed_to_less_than_a_third);
    free(bytes);
    return check_done();
}
