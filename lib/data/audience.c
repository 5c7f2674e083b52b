#include "data/audience_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/joined.h"

enum { FIRST_TIME = 1577836800 };

/* Streams of random numbers that do not disturb one another. */
enum stream { STREAM_FILM = 1, STREAM_ARCHETYPE, STREAM_PERSON };

struct pick {
    double key;
    double liking;
    uint32_t film;
};

struct world {
    const struct audience_plan *plan;
    struct audience_words genres, countries, fandoms;
    struct audience_traits *films; /* [n] by id */
    size_t n;
    struct audience_taste archetypes[AUDIENCE_ARCHETYPES];
    struct audience_fandoms written; /* n 0: no film has a fandom, and archetypes are drawn */
    struct pick *picks;              /* [n] scratch of one person */
};

static void seed_stream(struct rng *r, uint64_t seed, enum stream stream, uint64_t number)
{
    rng_seed(r, seed * 0x9e3779b97f4a7c15u + (uint64_t)stream * 0xd1342543de82ef95u + number);
}

/* The word's number; the last place takes what does not fit. */
static size_t word_number(struct audience_words *w, const char *text, size_t len)
{
    if (len >= sizeof w->text[0])
        len = sizeof w->text[0] - 1;
    for (size_t i = 0; i < w->n; i++)
        if (strncmp(w->text[i], text, len) == 0 && w->text[i][len] == '\0')
            return i;
    if (w->n == w->most)
        return w->most - 1;
    memcpy(w->text[w->n], text, len);
    return w->n++;
}

static void read_words(struct audience_words *words, const char *text, struct audience_set *out)
{
    for (struct joined word; out->n < AUDIENCE_FILM_WORDS && joined_next(&text, &word);)
        out->word[out->n++] = (uint8_t)word_number(words, word.text, word.n);
}

static int by_id(const void *a, const void *b)
{
    int32_t x = ((const struct audience_traits *)a)->source->id,
            y = ((const struct audience_traits *)b)->source->id;
    return (x > y) - (x < y);
}

static int by_renown(const void *a, const void *b)
{
    const struct audience_traits *x = *(struct audience_traits *const *)a,
                                 *y = *(struct audience_traits *const *)b;
    if (x->renown != y->renown)
        return x->renown > y->renown ? -1 : 1;
    return by_id(x, y);
}

/* What is written of a film takes the place of what was drawn. */
static void know_film(struct audience_traits *f)
{
    f->appeal = 0.4 * (f->source->fame - 7) + 0.3 * f->appeal;
    for (int t = 0; t < AUDIENCE_TRAITS; t++)
        f->traits[t] *= 0.3;
}

static void draw_film(struct world *w, struct audience_traits *f)
{
    struct rng r;
    seed_stream(&r, w->plan->seed, STREAM_FILM, (uint64_t)f->source->id);
    f->appeal = rng_normal(&r);
    f->renown = f->appeal + rng_normal(&r);
    for (int t = 0; t < AUDIENCE_TRAITS; t++)
        f->traits[t] = rng_normal(&r);
    read_words(&w->genres, f->source->genres, &f->genres);
    if (f->source->fandoms != NULL)
        read_words(&w->fandoms, f->source->fandoms, &f->fandoms);
    f->country = word_number(&w->countries, f->source->country, strlen(f->source->country));
    if (f->source->fame > 0)
        know_film(f);
}

static double fame_of(const struct audience_film *f, size_t rank)
{
    return f->fame > 0 ? 0.35 * f->fame - 5.6 : -0.9 * log((double)rank + 10);
}

static enum err make_films(struct world *w, struct fail *why)
{
    struct audience_traits **order = malloc(w->n * sizeof *order);
    if (order == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    for (size_t i = 0; i < w->n; i++)
        w->films[i] = (struct audience_traits){.source = &w->plan->films[i]};
    qsort(w->films, w->n, sizeof *w->films, by_id);
    enum err rc = ERR_OK;
    for (size_t i = 0; i < w->n && rc == ERR_OK; i++) {
        if (i > 0 && w->films[i].source->id == w->films[i - 1].source->id)
            rc = fail_set(why, ERR_INVALID, "duplicate movie %d", w->films[i].source->id);
        draw_film(w, &w->films[i]);
        order[i] = &w->films[i];
    }
    if (rc == ERR_OK) {
        qsort(order, w->n, sizeof *order, by_renown);
        for (size_t rank = 0; rank < w->n; rank++)
            order[rank]->log_fame = fame_of(order[rank]->source, rank);
    }
    free(order);
    return rc;
}

static void make_archetypes(struct world *w)
{
    for (uint64_t a = 0; a < AUDIENCE_ARCHETYPES; a++) {
        struct audience_taste *t = &w->archetypes[a];
        struct rng r;
        seed_stream(&r, w->plan->seed, STREAM_ARCHETYPE, a);
        t->era = 1975 + 45 * rng_unit(&r);
        for (int i = 0; i < AUDIENCE_TRAITS; i++)
            t->trait[i] = rng_normal(&r);
        for (int i = 0; i < AUDIENCE_WORDS; i++) {
            t->genre[i] = rng_normal(&r);
            t->country[i] = rng_normal(&r);
        }
    }
}

static double blend(double share, double a, double b)
{
    return share * a + (1 - share) * b;
}

static void draw_pair(const struct world *w, struct rng *r, const struct audience_taste *pair[2])
{
    if (w->written.n > 0) {
        audience_fandoms_draw(&w->written, r, pair);
        return;
    }
    pair[0] = &w->archetypes[rng_below(r, AUDIENCE_ARCHETYPES)];
    pair[1] = &w->archetypes[rng_below(r, AUDIENCE_ARCHETYPES)];
}

static void draw_person(const struct world *w, struct rng *r, struct audience_taste *p)
{
    const struct audience_taste *pair[2];
    draw_pair(w, r, pair);
    const struct audience_taste *a = pair[0], *b = pair[1];
    double share = 0.6 + 0.4 * rng_unit(r);
    p->era = blend(share, a->era, b->era);
    p->tone = blend(share, a->tone, b->tone);
    for (size_t i = 0; i < AUDIENCE_FANDOMS; i++)
        p->fandom[i] = blend(share, a->fandom[i], b->fandom[i]);
    for (int i = 0; i < AUDIENCE_TRAITS; i++)
        p->trait[i] = blend(share, a->trait[i], b->trait[i]);
    for (int i = 0; i < AUDIENCE_WORDS; i++) {
        p->genre[i] = blend(share, a->genre[i], b->genre[i]) + 0.4 * rng_normal(r);
        p->country[i] = blend(share, a->country[i], b->country[i]);
    }
}

static double liking(const struct audience_taste *p, const struct audience_traits *f)
{
    double genres = 0, traits = 0, era = 0;
    for (size_t g = 0; g < f->genres.n; g++)
        genres += p->genre[f->genres.word[g]] / (double)f->genres.n;
    for (int t = 0; t < AUDIENCE_TRAITS; t++)
        traits += p->trait[t] * f->traits[t];
    if (f->source->year != 0)
        era = fmax(-0.5, 0.5 - fabs(f->source->year - p->era) / 25);
    double drawn = 0.8 * genres + 0.5 * p->country[f->country] + era + 0.45 * traits + 0.4 * f->appeal;
    return drawn + (f->fandoms.n > 0 ? audience_fandoms_liking(p, f) : 0);
}

static int by_key(const void *a, const void *b)
{
    const struct pick *x = a, *y = b;
    if (x->key != y->key)
        return x->key > y->key ? -1 : 1;
    return (x->film > y->film) - (x->film < y->film);
}

static int by_film(const void *a, const void *b)
{
    uint32_t x = ((const struct pick *)a)->film, y = ((const struct pick *)b)->film;
    return (x > y) - (x < y);
}

static size_t draw_activity(const struct world *w, struct rng *r)
{
    double n = exp(log(0.8 * w->plan->mean) + 0.65 * rng_normal(r));
    size_t most = w->n / 2;
    return (size_t)fmin(fmax(n, 8), (double)most);
}

static uint8_t stars(double x)
{
    return (uint8_t)fmin(fmax(nearbyint(2 * x), 1), 10);
}

/* u = 0 stands for a film that neither attracts nor repels. */
static void simulate_person(struct world *w, uint32_t user)
{
    struct rng r;
    struct audience_taste p;
    seed_stream(&r, w->plan->seed, STREAM_PERSON, user);
    draw_person(w, &r, &p);
    size_t n = draw_activity(w, &r);
    double mean = 3.05 + 0.3 * rng_normal(&r);
    for (size_t i = 0; i < w->n; i++) {
        double u = liking(&p, &w->films[i]), gumbel = -log(-log(1 - rng_unit(&r) * (1 - 1e-12)) + 1e-300);
        w->picks[i] =
            (struct pick){.key = w->films[i].log_fame + 1.1 * u + gumbel, .liking = u, .film = (uint32_t)i};
    }
    qsort(w->picks, w->n, sizeof *w->picks, by_key);
    qsort(w->picks, n, sizeof *w->picks, by_film);
    for (size_t i = 0; i < n; i++) {
        const struct pick *k = &w->picks[i];
        const struct audience_rating rating = {.user = user,
                                               .movie = w->films[k->film].source->id,
                                               .time = (uint32_t)(FIRST_TIME + user % 2000 * 86400 + i * 60),
                                               .half_stars =
                                                   stars(mean + 0.55 * k->liking + 0.45 * rng_normal(&r))};
        w->plan->rate(w->plan->arg, &rating);
    }
}

static enum err check_plan(const struct audience_plan *plan, struct fail *why)
{
    if (plan->n_films < AUDIENCE_MIN_FILMS)
        return fail_set(why, ERR_INVALID, "an audience needs at least %d films, not %zu", AUDIENCE_MIN_FILMS,
                        plan->n_films);
    if (plan->users < 1 || plan->users > AUDIENCE_MAX_USERS)
        return fail_set(why, ERR_INVALID, "users: from 1 to %d", AUDIENCE_MAX_USERS);
    if (!(plan->mean >= 8 && plan->mean <= 1000))
        return fail_set(why, ERR_INVALID, "mean: from 8 to 1000 ratings a person");
    return ERR_OK;
}

enum err audience_simulate(const struct audience_plan *plan, const struct progress *progress,
                           struct fail *why)
{
    enum err rc = check_plan(plan, why);
    if (rc != ERR_OK)
        return rc;
    struct world *w = calloc(1, sizeof *w);
    if (w == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    *w = (struct world){.plan = plan,
                        .genres.most = AUDIENCE_WORDS,
                        .countries.most = AUDIENCE_WORDS,
                        .fandoms.most = AUDIENCE_FANDOMS,
                        .n = plan->n_films,
                        .films = malloc(plan->n_films * sizeof(struct audience_traits)),
                        .picks = malloc(plan->n_films * sizeof(struct pick))};
    rc =
        w->films != NULL && w->picks != NULL ? make_films(w, why) : fail_set(why, ERR_NOMEM, "out of memory");
    if (rc == ERR_OK)
        rc = audience_fandoms_make(&w->written, w->films, w->n, w->fandoms.n, why);
    if (rc == ERR_OK) {
        make_archetypes(w);
        for (uint32_t user = 1; user <= plan->users; user++) {
            simulate_person(w, user);
            if (user % 64 == 0 || user == plan->users)
                progress_report(progress, "audience", user, plan->users);
        }
    }
    audience_fandoms_free(&w->written);
    free(w->films);
    free(w->picks);
    free(w);
    return rc;
}
