#include "data/ratings_known.h"

#include <stdio.h>
#include <stdlib.h>

#include "data/id_bits.h"
#include "data/rating_scale.h"

struct sets {
    struct id_bits catalog, seen; /* seen: of the catalog's */
};

static bool take_catalog(struct sets *s, const int32_t *catalog, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!id_bits_add(&s->catalog, (uint32_t)catalog[i]))
            return false;
    return true;
}

static bool take_block(struct sets *s, const struct ratings_block *b, uint64_t *ratings)
{
    for (size_t i = 0; i < b->n; i++) {
        if (!id_bits_has(&s->catalog, (uint32_t)b->movie[i]))
            continue;
        ++*ratings;
        if (!id_bits_add(&s->seen, (uint32_t)b->movie[i]))
            return false;
    }
    return true;
}

enum err ratings_known_count(struct ratings_known *out, const struct ratings_file *f, const int32_t *catalog,
                             size_t n, struct fail *why)
{
    struct sets *s = calloc(1, sizeof *s);
    bool stored = s != NULL && take_catalog(s, catalog, n);
    *out = (struct ratings_known){
        .of_films = f->header->n_movies, .of_ratings = f->header->n_ratings, .catalog = n};
    for (size_t k = 0; stored && k < ratings_file_blocks(f); k++) {
        struct ratings_block b = ratings_file_block(f, k);
        stored = take_block(s, &b, &out->ratings);
    }
    if (s != NULL) {
        out->films = s->seen.n;
        id_bits_free(&s->catalog);
        id_bits_free(&s->seen);
        free(s);
    }
    return stored ? ERR_OK : fail_set(why, ERR_NOMEM, "out of memory");
}

bool ratings_known_none(const struct ratings_known *k)
{
    return k->catalog > 0 && k->films == 0;
}

bool ratings_known_few(const struct ratings_known *k)
{
    uint64_t could = k->catalog < k->of_films ? k->catalog : k->of_films;
    return 2 * k->films < could;
}

const char *ratings_known_text(const struct ratings_known *k, char out[RATINGS_KNOWN_TEXT])
{
    char films[32], of_films[32], ratings[32], of_ratings[32];
    rating_scale_count_text(k->of_films, of_films);
    if (k->films == 0)
        snprintf(out, RATINGS_KNOWN_TEXT, "none of its %s films is in the catalog", of_films);
    else
        snprintf(out, RATINGS_KNOWN_TEXT, "%s of its %s films %s in the catalog, with %s of its %s ratings",
                 rating_scale_count_text(k->films, films), of_films, k->films == 1 ? "is" : "are",
                 rating_scale_count_text(k->ratings, ratings),
                 rating_scale_count_text(k->of_ratings, of_ratings));
    return out;
}
