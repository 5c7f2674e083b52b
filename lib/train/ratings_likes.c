#include "train/ratings_likes.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "train/ratings_file.h"
#include "train/ratings_reader.h"

enum { REPORT_ROWS = 1 << 18 };

/* The least number of half stars that is a like. */
static int least_half_stars(double threshold)
{
    return (int)fmin(fmax(ceil(2 * threshold), 0), 255);
}

enum err ratings_likes_text(struct interactions *out, const char *path, double threshold,
                            struct ratings_count *count, const struct progress *progress, struct fail *why)
{
    struct ratings_reader *reader = NULL;
    struct ratings_row row;
    int least = least_half_stars(threshold);
    *count = (struct ratings_count){0};
    enum err rc = ratings_open(&reader, path, why);
    if (rc != ERR_OK)
        return rc;
    while (rc == ERR_OK && ratings_next(reader, &row)) {
        if (row.verdict != RATINGS_OK) {
            count->rejected++;
            continue;
        }
        if (row.rating.half_stars >= least && !interactions_add(out, row.rating.user, row.rating.movie))
            rc = fail_set(why, ERR_NOMEM, "%s: out of memory", path);
        if (++count->rows % REPORT_ROWS == 0) {
            uint64_t done, total;
            ratings_position(reader, &done, &total);
            progress_report(progress, "ratings", done, total);
        }
    }
    if (rc == ERR_OK)
        rc = ratings_end(reader, why);
    ratings_close(reader);
    return rc;
}

/* Room for all of it was reserved. */
static void add_block(struct interactions *out, const struct ratings_block *b, int least)
{
    uint64_t *keys = out->keys.data;
    size_t n = out->keys.len;
    for (size_t i = 0; i < b->n; i++) {
        keys[n] = (uint64_t)b->user[i] << 32 | (uint32_t)b->movie[i];
        n += b->half_stars[i] >= least;
    }
    out->keys.len = n;
}

enum err ratings_likes_file(struct interactions *out, const char *path, double threshold,
                            struct dataset_source *record, const struct progress *progress, struct fail *why)
{
    struct ratings_file file;
    enum err rc = ratings_file_open(&file, path, why);
    if (rc != ERR_OK)
        return rc;
    memcpy(record->hash, file.header->checksum, sizeof record->hash);
    record->n_rows = file.header->n_ratings;
    record->simulated = file.header->simulated != 0;
    /* One place more: add_block writes before it knows whether to keep. */
    if (!vec_reserve(&out->keys, out->keys.len + file.header->n_ratings + 1))
        rc = fail_set(why, ERR_NOMEM, "%s: out of memory for %llu ratings", path,
                      (unsigned long long)file.header->n_ratings);
    size_t n = ratings_file_blocks(&file);
    for (size_t k = 0; k < n && rc == ERR_OK; k++) {
        struct ratings_block block = ratings_file_block(&file, k);
        add_block(out, &block, least_half_stars(threshold));
        progress_report(progress, "ratings", k + 1, n);
    }
    ratings_file_close(&file);
    return rc;
}

bool ratings_likes_is_file(const char *path)
{
    char magic[8] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t n = read(fd, magic, sizeof magic);
    close(fd);
    return n == (ssize_t)sizeof magic && memcmp(magic, "MVTIRATE", sizeof magic) == 0;
}
