/* How the pictures look that people send: each line of pictures.jsonl is drawn and compared with what was looked at when pictures.txt was written, as
 * the mean colours of GRID × GRID cells. Another way of smoothing edges moves these by a shade; a word, a portrait or a colour that is missing or
 * stands elsewhere moves some by many.
 *
 * After a change that is meant: MVTI_GOLDEN=/tmp/look build/tests/unit/golden_test draws all into that folder, to be looked at, and writes pictures.txt. */
#include "tests/check.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/buf.h"
#include "picture/painter.h"

#define FACTS "tests/unit/fixtures/pictures.jsonl"
#define LOOKS "tests/unit/fixtures/pictures.txt"

enum { GRID = 16, CELLS = GRID * GRID * 3, LINE = 16384 };
/* Of 255: how far one cell may be, and all in the mean. */
static const double FAR_CELL = 14, FAR_ALL = 1.2;

static const uint8_t *chunk(const struct buf *png, size_t *at, uint32_t *n)
{
    const uint8_t *p = (const uint8_t *)png->data + *at;
    *n = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    *at += 12 + *n;
    return p + 4;
}

static int paeth(int a, int b, int c)
{
    int p = a + b - c, pa = abs(p - a), pb = abs(p - b), pc = abs(p - c);
    return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

/* PNG (third edition), 9.2, in place; rows of 1 + stride bytes. */
static void unfilter(uint8_t *rows, size_t height, size_t stride)
{
    for (size_t y = 0; y < height; y++) {
        uint8_t *row = rows + y * (stride + 1) + 1, *above = y > 0 ? row - stride - 1 : NULL;
        for (size_t x = 0; x < stride; x++) {
            int a = x >= 3 ? row[x - 3] : 0, b = above != NULL ? above[x] : 0;
            int c = x >= 3 && above != NULL ? above[x - 3] : 0;
            const int added[] = {0, a, b, (a + b) / 2, paeth(a, b, c)};
            row[x] = (uint8_t)(row[x] + added[row[-1] % 5]);
        }
    }
}

/* Of 8 bits a channel, red, green and blue, as mvti-draw writes them; rows with their filter's byte in front, by malloc. */
static uint8_t *decode(const struct buf *png, size_t *width, size_t *height)
{
    uint8_t *packed = malloc(png->len), *rows = NULL;
    size_t at = 8, n_packed = 0;
    while (at < png->len) {
        uint32_t n;
        const uint8_t *c = chunk(png, &at, &n);
        if (memcmp(c, "IHDR", 4) == 0) {
            *width = (size_t)c[6] << 8 | c[7];
            *height = (size_t)c[10] << 8 | c[11];
            CHECK(c[12] == 8 && c[13] == 2 && c[16] == 0);
        } else if (memcmp(c, "IDAT", 4) == 0) {
            memcpy(packed + n_packed, c + 4, n);
            n_packed += n;
        }
    }
    uLongf size = (uLongf)(*height * (3 * *width + 1));
    rows = malloc(size);
    CHECK(uncompress(rows, &size, packed, (uLong)n_packed) == Z_OK && size == *height * (3 * *width + 1));
    unfilter(rows, *height, 3 * *width);
    free(packed);
    return rows;
}

static void look(const struct buf *png, uint8_t cells[CELLS])
{
    static double sum[CELLS];
    static size_t n[CELLS];
    size_t width = 0, height = 0;
    uint8_t *rows = decode(png, &width, &height);
    memset(sum, 0, sizeof sum);
    memset(n, 0, sizeof n);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            for (size_t k = 0; k < 3; k++) {
                size_t cell = (y * GRID / height * GRID + x * GRID / width) * 3 + k;
                sum[cell] += rows[y * (3 * width + 1) + 1 + 3 * x + k];
                n[cell]++;
            }
    for (size_t i = 0; i < CELLS; i++)
        cells[i] = (uint8_t)(sum[i] / (double)n[i] + 0.5);
    free(rows);
}

static bool read_look(FILE *f, uint8_t cells[CELLS])
{
    unsigned x;
    for (size_t i = 0; i < CELLS; i++) {
        if (fscanf(f, "%2x", &x) != 1)
            return false;
        cells[i] = (uint8_t)x;
    }
    return true;
}

static void compare(int line, const uint8_t drawn[CELLS], const uint8_t wanted[CELLS])
{
    double most = 0, all = 0;
    size_t where = 0;
    for (size_t i = 0; i < CELLS; i++) {
        double far = abs(drawn[i] - wanted[i]);
        all += far / CELLS;
        if (far > most) {
            most = far;
            where = i / 3;
        }
    }
    CHECK_MSG(most <= FAR_CELL && all <= FAR_ALL,
              "line %d of " FACTS ": %.2f in the mean, %.0f in column %zu, row %zu of %d", line, all, most,
              where % GRID, where / GRID, GRID);
}

static void write_look(FILE *out, const char *folder, int line, const struct buf *png,
                       const uint8_t cells[CELLS])
{
    char path[400];
    snprintf(path, sizeof path, "%s/%02d.png", folder, line);
    FILE *f = fopen(path, "w");
    CHECK(f != NULL && fwrite(png->data, 1, png->len, f) == png->len && fclose(f) == 0);
    for (size_t i = 0; i < CELLS; i++)
        fprintf(out, "%02x", cells[i]);
    fputc('\n', out);
}

static void pictures_look_as_they_did(void)
{
    const char *build = getenv("BUILD"), *folder = getenv("MVTI_GOLDEN");
    static char program[400], scripts[400], line[LINE];
    snprintf(program, sizeof program, "%s/mvti-draw", build != NULL ? build : "build");
    snprintf(scripts, sizeof scripts, "%s/picture", build != NULL ? build : "build");
    struct painter *painter = painter_new(program, scripts);
    if (folder != NULL)
        (void)mkdir(folder, 0755);
    FILE *facts = fopen(FACTS, "r"), *looks = fopen(LOOKS, folder != NULL ? "w" : "r");
    CHECK(facts != NULL && looks != NULL);
    int n = 0;
    while (fgets(line, sizeof line, facts) != NULL) {
        struct buf asked = {0}, png = {0};
        struct fail why = {0};
        uint8_t cells[CELLS], wanted[CELLS];
        n++;
        buf_put(&asked, line, strcspn(line, "\n"));
        CHECK_MSG(painter_draw(painter, &asked, 60, &png, &why) == ERR_OK, "line %d: %s", n, why.text);
        look(&png, cells);
        if (folder != NULL)
            write_look(looks, folder, n, &png, cells);
        else if (read_look(looks, wanted))
            compare(n, cells, wanted);
        else
            CHECK_MSG(false, "line %d of " FACTS " has no look", n);
        buf_free(&asked);
        buf_free(&png);
    }
    CHECK(n >= 24);
    fclose(facts);
    fclose(looks);
    painter_close(painter);
}

int main(void)
{
    RUN(pictures_look_as_they_did);
    return check_done();
}
