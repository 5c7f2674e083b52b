#include "data/audience_private.h"

#include <math.h>
#include <stdlib.h>

/* How much a genre or a country that a fandom has more of than all films counts at most, and less of at least. */
static const double MOST_LIKED = 2, LEAST_LIKED = -1.5;

static bool is_in(const struct audience_traits *f, size_t fandom)
{
    for (size_t i = 0; i < f->fandoms.n; i++)
        if (f->fandoms.word[i] == fandom)
            return true;
    return false;
}

/* Shares of films that have each genre and country; sums of years and tones. */
struct profile {
    double genre[AUDIENCE_WORDS], country[AUDIENCE_WORDS], year, tone, n, n_dated;
};

static void add_film(struct profile *p, const struct audience_traits *f)
{
    for (size_t g = 0; g < f->genres.n; g++)
        p->genre[f->genres.word[g]]++;
    p->country[f->country]++;
    p->tone += f->source->tone;
    p->n++;
    if (f->source->year == 0)
        return;
    p->year += f->source->year;
    p->n_dated++;
}

/* Standard deviations between the two shares, k of n and K of N films. */
static double liked(double k, double n, double all_k, double all_n)
{
    double all = all_k / all_n;
    return fmin(fmax((k / n - all) / sqrt(all * (1 - all) + 0.01), LEAST_LIKED), MOST_LIKED);
}

static void read_taste(struct audience_taste *t, const struct profile *mine, const struct profile *all)
{
    for (size_t i = 0; i < AUDIENCE_WORDS; i++) {
        t->genre[i] = liked(mine->genre[i], mine->n, all->genre[i], all->n);
        t->country[i] = liked(mine->country[i], mine->n, all->country[i], all->n);
    }
    t->era = mine->n_dated > 0 ? mine->year / mine->n_dated : 2000;
    t->tone = mine->tone / mine->n;
}

static double films_of_both(const struct audience_traits *films, size_t n, size_t a, size_t b)
{
    double both = 0;
    for (size_t i = 0; i < n; i++)
        both += is_in(&films[i], a) && is_in(&films[i], b);
    return both;
}

enum err audience_fandoms_make(struct audience_fandoms *out, const struct audience_traits *films,
                               size_t n_films, size_t n_fandoms, struct fail *why)
{
    *out = (struct audience_fandoms){.tastes = calloc(n_fandoms + 1, sizeof *out->tastes),
                                     .size = calloc(n_fandoms + 1, sizeof *out->size),
                                     .n = n_fandoms};
    if (out->tastes == NULL || out->size == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    struct profile all = {.n = 0};
    for (size_t i = 0; i < n_films; i++)
        add_film(&all, &films[i]);
    for (size_t a = 0; a < n_fandoms; a++) {
        struct profile mine = {.n = 0};
        for (size_t i = 0; i < n_films; i++)
            if (is_in(&films[i], a))
                add_film(&mine, &films[i]);
        out->size[a] = mine.n;
        read_taste(&out->tastes[a], &mine, &all);
    }
    for (size_t a = 0; a < n_fandoms; a++)
        for (size_t b = 0; b < n_fandoms; b++)
            out->tastes[a].fandom[b] =
                films_of_both(films, n_films, a, b) / sqrt(out->size[a] * out->size[b]);
    return ERR_OK;
}

void audience_fandoms_free(struct audience_fandoms *f)
{
    free(f->tastes);
    free(f->size);
}

/* beside: the first one, NULL for the first itself. */
static double weight(const struct audience_fandoms *f, size_t i, const struct audience_taste *beside)
{
    return sqrt(f->size[i]) * (beside == NULL ? 1 : 0.05 + beside->fandom[i]);
}

static const struct audience_taste *draw_one(const struct audience_fandoms *f, struct rng *r,
                                             const struct audience_taste *beside)
{
    double all = 0;
    for (size_t i = 0; i < f->n; i++)
        all += weight(f, i, beside);
    double at = all * rng_unit(r);
    size_t i = 0;
    for (; i + 1 < f->n && at >= weight(f, i, beside); i++)
        at -= weight(f, i, beside);
    return &f->tastes[i];
}

void audience_fandoms_draw(const struct audience_fandoms *f, struct rng *r,
                           const struct audience_taste *pair[2])
{
    pair[0] = draw_one(f, r, NULL);
    pair[1] = draw_one(f, r, pair[0]);
}

double audience_fandoms_liking(const struct audience_taste *p, const struct audience_traits *film)
{
    double most = 0;
    for (size_t i = 0; i < film->fandoms.n; i++)
        most = fmax(most, p->fandom[film->fandoms.word[i]]);
    return 2.5 * most + 0.6 * (0.5 - fabs(film->source->tone - p->tone) / 2);
}
