/* A batch of random rows as files, for readers that are not ours:
 *     gen_batch SEED FOLDER
 * makes FOLDER/SEED.parquet, .csv and .jsonl. All types; columns without, with some and with nothing but NULL; no rows, one, some thousands;
 * texts that are empty, long, of all planes of Unicode, with whatever CSV quotes; the smallest and the largest numbers. The same seed
 * gives the same bytes. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "export/lines.h"
#include "export/parquet.h"

enum { COLUMNS = 10, TEXT = 400 };

static const struct batch_kind kinds[COLUMNS] = {
    {"a_number", BATCH_INT}, {"b_real", BATCH_REAL},  {"c_text", BATCH_TEXT}, {"d_time", BATCH_TIME},
    {"e_date", BATCH_DATE},  {"f_number", BATCH_INT}, {"g_text", BATCH_TEXT}, {"h_real", BATCH_REAL},
    {"i_time", BATCH_TIME},  {"j_date", BATCH_DATE},
};

static const char *const pieces[] = {"a", "Z", " ",    ",",  "\"", "\n", "\r\n", "\t", "\\",
                                     "'", "0", "NULL", "가", "힣", "é",  "😀",    "ß",  ";"};

static void make_text(struct rng *r, char *out, size_t *n)
{
    size_t words = rng_below(r, 4) == 0 ? 0 : rng_below(r, rng_below(r, 20) == 0 ? 90 : 8);
    *n = 0;
    for (size_t i = 0; i < words; i++) {
        const char *piece = pieces[rng_below(r, sizeof pieces / sizeof *pieces)];
        memcpy(out + *n, piece, strlen(piece));
        *n += strlen(piece);
    }
}

static int64_t make_number(struct rng *r)
{
    static const int64_t corners[] = {0,   1,   -1,        INT64_MAX, INT64_MIN,
                                      127, 128, INT32_MAX, INT32_MIN, (int64_t)1 << 53};
    return rng_below(r, 5) == 0 ? corners[rng_below(r, sizeof corners / sizeof *corners)]
                                : (int64_t)(rng_u64(r) >> rng_below(r, 64));
}

static double make_real(struct rng *r)
{
    static const double corners[] = {0, 1, -1.5, DBL_MAX, -DBL_MAX, DBL_MIN, 1e-300, 0.1, 1.0 / 3};
    return rng_below(r, 5) == 0 ? corners[rng_below(r, sizeof corners / sizeof *corners)]
                                : rng_normal(r) * 1000;
}

/* From 1700 to 2200, which all readers know. */
static int64_t make_day(struct rng *r)
{
    return (int64_t)rng_below(r, 182000) - 98000;
}

static void make_row(struct rng *r, const double nulls[COLUMNS], char texts[COLUMNS][TEXT],
                     struct batch_value row[COLUMNS])
{
    for (int i = 0; i < COLUMNS; i++) {
        row[i] = (struct batch_value){.null = rng_unit(r) < nulls[i], .text = texts[i]};
        switch (kinds[i].type) {
        case BATCH_TEXT:
            make_text(r, texts[i], &row[i].n);
            break;
        case BATCH_REAL:
            row[i].real = make_real(r);
            break;
        case BATCH_DATE:
            row[i].integer = make_day(r);
            break;
        case BATCH_TIME:
            row[i].integer = make_day(r) * 86400000000 + (int64_t)rng_below(r, 86400000000);
            break;
        default:
            row[i].integer = make_number(r);
            break;
        }
    }
}

static bool save(const char *folder, const char *seed, const char *ending, const struct buf *bytes)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s.%s", folder, seed, ending);
    FILE *f = fopen(path, "wb");
    bool fine = f != NULL && fwrite(bytes->data, 1, bytes->len, f) == bytes->len;
    return (f == NULL || fclose(f) == 0) && fine;
}

static bool save_as(const char *folder, const char *seed, const char *ending,
                    enum err (*write)(struct buf *, const struct batch *), const struct batch *b)
{
    struct buf bytes = {0};
    bool fine = write(&bytes, b) == ERR_OK && (bytes.len == 0 || save(folder, seed, ending, &bytes));
    if (fine && bytes.len == 0) /* JSON Lines of no rows */
        fine = save(folder, seed, ending, &(struct buf){.data = (char[]){""}});
    buf_free(&bytes);
    return fine;
}

int main(int argc, char **argv)
{
    static const double shares[] = {0, 0, 0.01, 0.5, 1};
    static const size_t sizes[] = {0, 1, 2, 7, 64, 1000, 5000};
    char texts[COLUMNS][TEXT];
    double nulls[COLUMNS];
    struct batch_value row[COLUMNS];
    struct batch b;
    struct rng r;
    if (argc != 3)
        return 64;
    rng_seed(&r, strtoull(argv[1], NULL, 10));
    if (batch_open(&b, kinds, COLUMNS) != ERR_OK)
        return 1;
    for (int i = 0; i < COLUMNS; i++)
        nulls[i] = shares[rng_below(&r, sizeof shares / sizeof *shares)];
    size_t n = sizes[rng_below(&r, sizeof sizes / sizeof *sizes)];
    bool fine = true;
    for (size_t i = 0; fine && i < n; i++) {
        make_row(&r, nulls, texts, row);
        fine = batch_add(&b, row) == ERR_OK;
    }
    fine = fine && save_as(argv[2], argv[1], "parquet", parquet_file, &b) &&
           save_as(argv[2], argv[1], "csv", lines_csv, &b) &&
           save_as(argv[2], argv[1], "jsonl", lines_json, &b);
    batch_close(&b);
    return fine ? 0 : 1;
}
