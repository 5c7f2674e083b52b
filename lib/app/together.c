#include "app/together.h"

#include <math.h>
#include <string.h>

#include "app/recommend_private.h"

struct taste {
    struct recommend_request request;
    struct recommend_work work;
};

/* Of the chosen films those that the catalog still has, each once. */
static const int32_t *keep_known(const struct snapshot *s, const struct together_person *p, struct arena *a,
                                 size_t *n)
{
    int32_t *ids = arena_array(a, RECOMMEND_MAX_MOVIES, sizeof *ids);
    *n = 0;
    for (size_t i = 0; ids != NULL && i < p->n_movies && *n < RECOMMEND_MAX_MOVIES; i++) {
        int64_t at = snapshot_movie_index(s, p->movies[i]);
        bool twice = at < 0;
        for (size_t k = 0; k < *n && !twice; k++)
            twice = ids[k] == s->movies[at].id;
        if (!twice)
            ids[(*n)++] = s->movies[at].id;
    }
    return ids;
}

static enum err start(const struct snapshot *s, const struct together_person *p, struct arena *a,
                      struct taste *t, struct fail *why)
{
    t->request = (struct recommend_request){.mbti = p->mbti, .enneagram = p->enneagram, .limit = 1};
    t->request.movies = keep_known(s, p, a, &t->request.n_movies);
    if (t->request.movies == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    return t->request.n_movies >= RECOMMEND_MIN_MOVIES ? recommend_start(&t->work, s, &t->request, a, why)
                                                       : ERR_OK;
}

/* Puts an entry into a list of the n best so far, at most `most`; where it stands, or `most`. Of equals the first stays in front. */
static size_t place(float *scores, size_t *n, size_t most, float score)
{
    size_t at = *n;
    while (at > 0 && scores[at - 1] < score)
        at--;
    if (at == most)
        return most;
    if (*n < most)
        ++*n;
    memmove(scores + at + 1, scores + at, (*n - 1 - at) * sizeof *scores);
    scores[at] = score;
    return at;
}

static void find_movies(const struct snapshot *s, const struct taste t[2], struct together *out)
{
    float best[TOGETHER_MOVIES];
    for (uint32_t j = 0; j < s->n_movies; j++) {
        float f = t[0].work.affinity[j], g = t[1].work.affinity[j];
        if (f * g <= 0)
            continue;
        size_t at = place(best, &out->n_movies, TOGETHER_MOVIES, f * g);
        if (at == TOGETHER_MOVIES)
            continue;
        memmove(&out->movies[at + 1], &out->movies[at], (out->n_movies - 1 - at) * sizeof *out->movies);
        out->movies[at] = (struct together_movie){.movie = j, .affinity = {f, g}, .because = {-1, -1}};
    }
}

/* The chosen film that has the largest share in what the models say of a film. */
static int64_t most_of(const struct taste *t, uint32_t movie)
{
    const struct recommend_work *w = &t->work;
    size_t n = t->request.n_movies, most = 0;
    fusion_shares(w->fusion, w->features, &(struct scorer_person){SCORER_NOBODY, w->chosen, n},
                  (int32_t)movie, w->share);
    for (size_t i = 1; i < n; i++)
        if (w->share[i] > w->share[most])
            most = i;
    return w->share[most] > 0 ? w->chosen[most] : -1;
}

/* What somebody would be in a film: the two best, for the other may be the better one for the first. */
struct role {
    uint32_t character[2];
    float match[2];
    size_t n;
};

static void consider(struct role *r, uint32_t character, float match)
{
    size_t at = place(r->match, &r->n, 2, match);
    if (at == 2)
        return;
    if (at == 0)
        r->character[1] = r->character[0];
    r->character[at] = character;
}

/* How much a character is like somebody: their match, but for types that complete the other, which are not meant here. */
static float like(const struct taste *t, uint32_t character)
{
    const struct recommend_match m = recommend_match_of(&t->work, character);
    int letters = mbti_distance(t->request.mbti, t->work.s->characters[character].mbti);
    return (1 - RECOMMEND_NEAR_STEP / 100.0f * (float)letters) *
           recommend_sum(&t->work.weights, &m, m.enneagram);
}

static void find_roles(const struct snapshot *s, const struct taste t[2], uint32_t movie, struct role r[2])
{
    const struct snapshot_movie *m = &s->movies[movie];
    for (uint32_t i = 0; i < m->cast_count; i++) {
        uint32_t c = s->cast[m->cast_start + i];
        for (int k = 0; k < 2; k++)
            consider(&r[k], c, like(&t[k], c));
    }
}

/* Sum of the matches of two different characters of a film, as great as may be; less than 0 where it has no two. */
static float cast_film(const struct role r[2], uint32_t pair[2])
{
    float best = -1;
    for (size_t i = 0; i < r[0].n; i++)
        for (size_t k = 0; k < r[1].n; k++)
            if (r[0].character[i] != r[1].character[k] && r[0].match[i] + r[1].match[k] > best) {
                best = r[0].match[i] + r[1].match[k];
                pair[0] = r[0].character[i];
                pair[1] = r[1].character[k];
            }
    return best;
}

static void find_pairs(const struct snapshot *s, const struct taste t[2], struct together *out)
{
    float best[TOGETHER_PAIRS];
    for (uint32_t j = 0; j < s->n_movies; j++) {
        struct role r[2] = {{.n = 0}, {.n = 0}};
        uint32_t pair[2] = {0, 0};
        find_roles(s, t, j, r);
        float sum = cast_film(r, pair);
        size_t at = sum >= 0 ? place(best, &out->n_pairs, TOGETHER_PAIRS, sum) : TOGETHER_PAIRS;
        if (at == TOGETHER_PAIRS)
            continue;
        memmove(&out->pairs[at + 1], &out->pairs[at], (out->n_pairs - 1 - at) * sizeof *out->pairs);
        out->pairs[at] = (struct together_pair){{pair[0], pair[1]}, (int)lroundf(50 * sum)};
    }
}

enum err together_find(const struct snapshot *s, const struct together_person who[2], struct arena *a,
                       struct together *out, struct fail *why)
{
    struct taste t[2];
    *out = (struct together){0};
    for (int k = 0; k < 2; k++) {
        enum err rc = start(s, &who[k], a, &t[k], why);
        if (rc != ERR_OK || t[k].request.n_movies < RECOMMEND_MIN_MOVIES)
            return rc;
    }
    find_movies(s, t, out);
    for (size_t i = 0; i < out->n_movies; i++)
        for (int k = 0; k < 2; k++)
            out->movies[i].because[k] = most_of(&t[k], out->movies[i].movie);
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < t[k].request.n_movies; i++)
            t[k].work.affinity[t[k].work.chosen[i]] = 1;
    find_pairs(s, t, out);
    return ERR_OK;
}
