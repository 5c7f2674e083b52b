#include "app/recommend.h"

#include <stdlib.h>

static int by_index(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

enum err recommend_choose(const struct snapshot *s, const int32_t *movies, size_t n, int32_t *indexes,
                          struct fail *why)
{
    int32_t sorted[RECOMMEND_MAX_MOVIES];
    if (n < RECOMMEND_MIN_MOVIES)
        return fail_set(why, ERR_INVALID, "needs at least %d films", RECOMMEND_MIN_MOVIES);
    if (n > RECOMMEND_MAX_MOVIES)
        return fail_set(why, ERR_INVALID, "takes at most %d films", RECOMMEND_MAX_MOVIES);
    for (size_t i = 0; i < n; i++) {
        int64_t at = snapshot_movie_index(s, movies[i]);
        if (at < 0)
            return fail_set(why, ERR_INVALID, "there is no film %d", movies[i]);
        indexes[i] = sorted[i] = (int32_t)at;
    }
    qsort(sorted, n, sizeof *sorted, by_index);
    for (size_t i = 1; i < n; i++)
        if (sorted[i] == sorted[i - 1])
            return fail_set(why, ERR_INVALID, "names film %d twice", s->movies[sorted[i]].id);
    return ERR_OK;
}
