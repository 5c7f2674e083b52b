#include "app/search.h"

#include <stdlib.h>
#include <string.h>

#include "text/hangul.h"

struct hit {
    uint32_t movie;
    float popularity;
    bool inside; /* not at the beginning of a title */
};

/* Best (smallest) offset of the query in the Korean and in the English line: −1 nowhere. */
static long best_offset(const char *search, const char *query, size_t query_n)
{
    size_t ko_n = strcspn(search, "\n");
    const char *en = search + ko_n + (search[ko_n] == '\n');
    long ko_at = hangul_find(search, ko_n, query, query_n);
    if (ko_at == 0)
        return 0;
    long en_at = hangul_find(en, strcspn(en, "\n"), query, query_n);
    return ko_at < 0 ? en_at : en_at < 0 || ko_at < en_at ? ko_at : en_at;
}

static int by_place(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;
    if (x->inside != y->inside)
        return x->inside ? 1 : -1;
    if (x->popularity != y->popularity)
        return x->popularity > y->popularity ? -1 : 1;
    return (x->movie > y->movie) - (x->movie < y->movie);
}

static size_t find_all(const struct snapshot *s, const struct buf *query, struct hit *hits)
{
    size_t n = 0;
    for (uint32_t i = 0; i < s->n_movies && query->len > 0; i++) {
        long at = best_offset(snapshot_text(s, s->movies[i].search), query->data, query->len);
        if (at >= 0)
            hits[n++] = (struct hit){i, s->movies[i].popularity, at > 0};
    }
    return n;
}

enum err search_movies(const struct snapshot *s, const char *query, size_t offset, size_t limit,
                       struct arena *a, struct search_result *out)
{
    *out = (struct search_result){0};
    struct buf normal = {0};
    hangul_normalise(&normal, query, strlen(query));
    struct hit *hits = arena_array(a, s->n_movies + 1, sizeof *hits);
    uint32_t *movies = arena_array(a, limit + 1, sizeof *movies);
    enum err rc = hits == NULL || movies == NULL || normal.failed ? ERR_NOMEM : ERR_OK;
    if (rc == ERR_OK) {
        size_t n = find_all(s, &normal, hits);
        qsort(hits, n, sizeof *hits, by_place);
        while (out->n < limit && offset + out->n < n) {
            movies[out->n] = hits[offset + out->n].movie;
            out->n++;
        }
        out->movies = movies;
        out->found = n;
    }
    buf_free(&normal);
    return rc;
}
