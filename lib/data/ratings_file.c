#include "data/ratings_file.h"

#include <string.h>

#include "base/secret.h"
#include "data/ratings_private.h"

_Static_assert(sizeof(struct ratings_header) == 128, "the header is a file format");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "files are little-endian");

const char ratings_magic[8] = {'M', 'V', 'T', 'I', 'R', 'A', 'T', 'E'};

enum {
    BYTES_EACH = 4 + 4 + 4 + 1,
    BLOCK_BYTES = RATINGS_BLOCK * BYTES_EACH,
    TABLE_BYTES = RATING_CODES * sizeof(int32_t)
};

size_t ratings_padded(size_t n)
{
    return (n + 63) / 64 * 64;
}

/* Bytes behind the header; n_ratings below 2⁵⁶. */
static uint64_t content_size(const struct ratings_header *h)
{
    uint64_t n = h->n_ratings;
    return n / RATINGS_BLOCK * BLOCK_BYTES + ratings_padded(n % RATINGS_BLOCK) * BYTES_EACH +
           (h->version == RATINGS_VERSION ? TABLE_BYTES : 0);
}

void ratings_checksum(const struct ratings_header *header, const uint8_t content[RATINGS_HASH],
                      uint8_t out[RATINGS_HASH])
{
    struct ratings_header h = *header;
    memset(h.checksum, 0, sizeof h.checksum);
    struct secret_hasher hasher;
    secret_hasher_init(&hasher);
    secret_hasher_add(&hasher, &h, sizeof h);
    secret_hasher_add(&hasher, content, RATINGS_HASH);
    secret_hasher_end(&hasher, out);
}

struct ratings_block ratings_block_at(const unsigned char *bytes, uint64_t n_ratings, size_t k)
{
    uint64_t left = n_ratings - (uint64_t)k * RATINGS_BLOCK;
    size_t n = left < RATINGS_BLOCK ? (size_t)left : RATINGS_BLOCK, s = ratings_padded(n);
    const unsigned char *p = bytes + sizeof(struct ratings_header) + (uint64_t)k * BLOCK_BYTES;
    return (struct ratings_block){.user = (const uint32_t *)(const void *)p,
                                  .movie = (const int32_t *)(const void *)(p + 4 * s),
                                  .time = (const uint32_t *)(const void *)(p + 8 * s),
                                  .code = p + 12 * s,
                                  .n = n};
}

size_t ratings_file_blocks(const struct ratings_file *f)
{
    return (size_t)((f->header->n_ratings + RATINGS_BLOCK - 1) / RATINGS_BLOCK);
}

struct ratings_block ratings_file_block(const struct ratings_file *f, size_t k)
{
    return ratings_block_at((const unsigned char *)f->header, f->header->n_ratings, k);
}

/* Without a branch in the loop: 25 million rows in some 20 ms. */
static bool block_in_range(const struct ratings_block *b, bool first_version)
{
    unsigned wrong = 0;
    uint32_t least = first_version, users = first_version ? INT32_MAX : UINT32_MAX;
    unsigned codes = first_version ? RATING_HALF_STARS : RATING_CODES - 1;
    for (size_t i = 0; i < b->n; i++)
        wrong |= (unsigned)(b->user[i] < least) | (unsigned)(b->user[i] > users) |
                 (unsigned)(b->movie[i] < (int32_t)least) | (unsigned)(b->code[i] - 1u >= codes);
    return wrong == 0;
}

static bool counts_can_be(const struct ratings_header *h)
{
    return h->simulated <= 1 && h->n_users > 0 && h->n_movies > 0 && h->n_users <= h->n_ratings &&
           h->n_movies <= h->n_ratings && h->top >= 0 && (h->version == RATINGS_VERSION || h->top == 0);
}

static const char *what_is_wrong(const struct ratings_file *f, size_t n)
{
    const struct ratings_header *h = f->header;
    if (n < sizeof *h)
        return "too short for its header";
    if (memcmp(h->magic, ratings_magic, sizeof h->magic) != 0)
        return "not a ratings file";
    if (h->version != RATINGS_VERSION && h->version != RATINGS_FIRST_VERSION)
        return "of a version that this program does not know; import its ratings again";
    if (h->file_size != n)
        return "not as long as its header says; truncated or appended to";
    if (h->n_ratings == 0 || h->n_ratings > h->file_size || content_size(h) != h->file_size - sizeof *h)
        return "its size does not fit its number of ratings";
    uint8_t content[RATINGS_HASH], sum[RATINGS_HASH];
    secret_hash(content, h + 1, n - sizeof *h);
    ratings_checksum(h, content, sum);
    if (memcmp(sum, h->checksum, sizeof sum) != 0)
        return "its checksum does not match";
    if (!counts_can_be(h))
        return "its counts cannot be";
    for (size_t k = 0; k < ratings_file_blocks(f); k++) {
        struct ratings_block b = ratings_file_block(f, k);
        if (!block_in_range(&b, h->version == RATINGS_FIRST_VERSION))
            return "an id or a rating out of range";
    }
    return NULL;
}

static void read_table(struct ratings_file *f)
{
    static const struct rating_values none;
    rating_values_table(&none, f->value);
    if (f->header->version == RATINGS_VERSION)
        memcpy(f->value, (const unsigned char *)f->header + f->header->file_size - TABLE_BYTES, TABLE_BYTES);
}

enum err ratings_file_parse(struct ratings_file *f, const struct named_bytes *from, struct fail *why)
{
    *f = (struct ratings_file){.header = from->at};
    const char *wrong = what_is_wrong(f, from->n);
    if (wrong == NULL) {
        read_table(f);
        return ERR_OK;
    }
    f->header = NULL;
    return fail_set(why, ERR_CORRUPT, "%s: %s", from->name, wrong);
}

enum err ratings_file_open(struct ratings_file *f, const char *path, struct fail *why)
{
    struct map_file map;
    *f = (struct ratings_file){0};
    enum err rc = map_file_open(&map, path, why);
    if (rc != ERR_OK)
        return rc;
    rc = ratings_file_parse(f, &(struct named_bytes){map.data, map.size, path}, why);
    if (rc == ERR_OK)
        f->map = map;
    else
        map_file_close(&map);
    return rc;
}

void ratings_file_close(struct ratings_file *f)
{
    map_file_close(&f->map);
    f->header = NULL;
}

int32_t ratings_file_least(const struct ratings_file *f, double threshold)
{
    if (f->header->version == RATINGS_FIRST_VERSION)
        return rating_scale_least_of(5 * RATING_ONE, threshold);
    return f->header->top == 0 ? RATING_ONE : rating_scale_least_of(f->header->top, threshold);
}

/* ---- the same ratings ---- */

/* A number of a row, such that sums over different sets of rows differ (SplitMix64's finaliser). */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static void sum_up(const struct ratings_file *f, bool with_value, uint64_t sum[2])
{
    sum[0] = sum[1] = 0;
    for (size_t k = 0; k < ratings_file_blocks(f); k++) {
        struct ratings_block b = ratings_file_block(f, k);
        for (size_t i = 0; i < b.n; i++) {
            uint32_t value = with_value ? (uint32_t)f->value[b.code[i]] : 0;
            uint64_t pair = (uint64_t)b.user[i] << 32 | (uint32_t)b.movie[i];
            uint64_t row = mix(pair + 0x9e3779b97f4a7c15u) + mix((uint64_t)b.time[i] << 32 | value);
            sum[0] += mix(row);
            sum[1] += mix(row ^ 0x6a09e667f3bcc909u);
        }
    }
}

bool ratings_file_same(const struct ratings_file *a, const struct ratings_file *b)
{
    const struct ratings_header *x = a->header, *y = b->header;
    if (x->n_ratings != y->n_ratings || x->n_users != y->n_users || x->n_movies != y->n_movies)
        return false;
    uint64_t of_a[2], of_b[2];
    bool one_scale = ratings_file_least(a, 5) == ratings_file_least(b, 5);
    sum_up(a, one_scale, of_a);
    sum_up(b, one_scale, of_b);
    return of_a[0] == of_b[0] && of_a[1] == of_b[1];
}
