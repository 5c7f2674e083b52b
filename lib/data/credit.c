#include "data/credit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WEEK = 7 };

struct caps {
    double crowd, day, all;
};

/* What guests chose of one film on one day is flow[first, end). */
struct film_day {
    size_t first, end;
    double sum;
};

/* A guest's choice on its way through the sums. */
struct flow {
    struct credit_choice *choice;
    double weight;
};

/* A visitor's choices are choices[first, end). */
struct set {
    uint64_t hash; /* of the films */
    int64_t visitor;
    size_t first, end;
};

/* b and g of the header. */
static double ceiled(double sum, double free_of_charge)
{
    return sum <= free_of_charge ? sum : free_of_charge * (2 - free_of_charge / sum);
}

static double slowed(double sum, double free_of_charge)
{
    return sum <= free_of_charge ? sum : free_of_charge * (1 + log(sum / free_of_charge));
}

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_visitor(const void *a, const void *b)
{
    const struct credit_choice *x = a, *y = b;
    int order = compare(x->visitor, y->visitor);
    return order != 0 ? order : compare(x->movie, y->movie);
}

static int by_films(const void *a, const void *b)
{
    const struct set *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return compare(x->visitor, y->visitor);
}

/* By film, day, crowd and arrival: what step 2 adds up is together; then the same without the crowd, for step 3,
 * and without the day, for step 4. */
static int by_crowd(const void *a, const void *b)
{
    const struct credit_choice *x = ((const struct flow *)a)->choice, *y = ((const struct flow *)b)->choice;
    const int64_t left[] = {x->movie, x->day, x->crowd, x->visitor};
    const int64_t right[] = {y->movie, y->day, y->crowd, y->visitor};
    int order = 0;
    for (size_t i = 0; order == 0 && i < 4; i++)
        order = compare(left[i], right[i]);
    return order;
}

static int by_day(const void *a, const void *b)
{
    const struct credit_choice *x = ((const struct flow *)a)->choice, *y = ((const struct flow *)b)->choice;
    int order = compare(x->movie, y->movie);
    if (order == 0)
        order = compare(x->day, y->day);
    return order != 0 ? order : compare(x->visitor, y->visitor);
}

static bool same_crowd(const struct credit_choice *a, const struct credit_choice *b)
{
    return a->movie == b->movie && a->day == b->day && a->crowd == b->crowd;
}

static bool same_day(const struct credit_choice *a, const struct credit_choice *b)
{
    return a->movie == b->movie && a->day == b->day;
}

static size_t end_of(const struct flow *f, size_t n, size_t first,
                     bool (*together)(const struct credit_choice *, const struct credit_choice *))
{
    size_t end = first + 1;
    while (end < n && together(f[first].choice, f[end].choice))
        end++;
    return end;
}

/* Turns the weights into what each adds to the cut sum. */
static void cut(struct flow *f, size_t n, double free_of_charge)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double before = ceiled(sum, free_of_charge);
        sum += f[i].weight;
        f[i].weight = ceiled(sum, free_of_charge) - before;
    }
}

/* Step 2. */
static void cut_crowds(struct flow *f, size_t n, double free_of_charge)
{
    for (size_t first = 0, end; first < n; first = end) {
        end = end_of(f, n, first, same_crowd);
        cut(f + first, end - first, free_of_charge);
    }
}

static size_t find_days(const struct flow *f, size_t n, struct film_day *days)
{
    size_t n_days = 0;
    for (size_t first = 0, end; first < n; first = end) {
        struct film_day d = {.first = first, .end = end_of(f, n, first, same_day)};
        for (size_t i = first; i < d.end; i++)
            d.sum += f[i].weight;
        days[n_days++] = d;
        end = d.end;
    }
    return n_days;
}

/* What the film had on the other days of the week before and of the week after, by the day of one week. */
static double around(const struct flow *f, const struct film_day *days, size_t n, size_t at)
{
    const struct credit_choice *here = f[days[at].first].choice;
    double sum = 0;
    for (size_t i = at < WEEK ? 0 : at - WEEK; i < n && i <= at + WEEK; i++) {
        const struct credit_choice *c = f[days[i].first].choice;
        bool near = c->movie == here->movie && c->day >= here->day - WEEK && c->day <= here->day + WEEK;
        sum += near && i != at ? days[i].sum : 0;
    }
    return sum / WEEK;
}

/* Step 3. */
static void cut_days(struct flow *f, size_t n, struct film_day *days, double least)
{
    size_t n_days = find_days(f, n, days);
    for (size_t i = 0; i < n_days; i++) {
        double usual = fmin(around(f, days, n_days, i), CREDIT_USUAL * least);
        cut(f + days[i].first, days[i].end - days[i].first, fmax(least, usual));
    }
}

/* Step 4, and the choices at which the sum reaches another whole number. */
static void keep(struct flow *f, size_t n, double free_of_charge)
{
    static const double ROUNDING = 1e-9;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || f[i - 1].choice->movie != f[i].choice->movie)
            sum = 0;
        double before = floor(slowed(sum, free_of_charge) + ROUNDING);
        sum += f[i].weight;
        f[i].choice->kept = floor(slowed(sum, free_of_charge) + ROUNDING) > before;
    }
}

static uint64_t hash_on(uint64_t hash, uint64_t number)
{
    for (int byte = 0; byte < 8; byte++)
        hash = (hash ^ (number >> (8 * byte) & 255)) * 0x100000001b3u;
    return hash;
}

/* FNV-1a of the numbers of the films chosen. Few films are the same by chance: then it is of the visitor as well. */
static uint64_t hash_films(const struct credit_choice *c, size_t n)
{
    uint64_t hash = 0xcbf29ce484222325u;
    size_t chosen = 0;
    for (size_t i = 0; i < n; i++)
        if (c[i].like == 0) {
            hash = hash_on(hash, (uint32_t)c[i].movie);
            chosen++;
        }
    return chosen < CREDIT_SET ? hash_on(hash, (uint64_t)c[0].visitor) : hash;
}

/* How many likes of a visitor speak for their films. */
static int32_t likes_of(const struct credit_choice *c, size_t n)
{
    int32_t chosen = 0;
    for (size_t i = 0; i < n; i++)
        chosen += c[i].like == 0;
    return chosen > CREDIT_LIKES ? chosen : CREDIT_LIKES;
}

static size_t find_sets(const struct credit_choice *choices, size_t n, struct set *sets)
{
    size_t n_sets = 0;
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && choices[end].visitor == choices[first].visitor;)
            end++;
        sets[n_sets++] = (struct set){.hash = hash_films(choices + first, end - first),
                                      .visitor = choices[first].visitor,
                                      .first = first,
                                      .end = end};
    }
    qsort(sets, n_sets, sizeof *sets, by_films);
    return n_sets;
}

/* A like has no test of its own: it gets crowd and haste of what else the visitor chose. */
static void settle_likes(struct credit_choice *c, size_t n)
{
    int64_t crowd = (int64_t)1 << 32 | c[0].visitor; /* none of those that are known */
    bool hasty = false;
    for (size_t i = 0; i < n; i++) {
        crowd = c[i].crowd != CREDIT_NO_CROWD ? c[i].crowd : crowd;
        hasty = hasty || c[i].hasty;
    }
    for (size_t i = 0; i < n; i++) {
        c[i].crowd = c[i].crowd == CREDIT_NO_CROWD ? crowd : c[i].crowd;
        c[i].hasty = c[i].like > 0 ? hasty : c[i].hasty;
    }
}

/* A day's films beyond CREDIT_FILMS weigh nothing. */
static size_t flow_of(struct credit_choice *c, size_t n, double weight, struct flow *out)
{
    size_t added = 0;
    int32_t likes = likes_of(c, n);
    settle_likes(c, n);
    for (size_t i = 0; i < n; i++) {
        size_t before = 0;
        for (size_t k = 0; k < i && before < CREDIT_FILMS; k++)
            before += c[k].day == c[i].day;
        c[i].kept = false;
        if (before < CREDIT_FILMS && c[i].like <= likes)
            out[added++] = (struct flow){&c[i], c[i].hasty ? weight * CREDIT_HASTY : weight};
    }
    return added;
}

/* Step 1. */
static size_t weigh(struct credit_choice *choices, const struct set *sets, size_t n_sets, struct flow *flow,
                    struct credit_tally *tally)
{
    size_t n = 0, same = 0;
    for (size_t i = 0; i < n_sets; i++) {
        const struct set *s = &sets[i];
        struct credit_choice *c = choices + s->first;
        size_t films = s->end - s->first;
        same = i > 0 && sets[i - 1].hash == s->hash ? same + 1 : 1;
        if (c->account) {
            const int32_t likes = likes_of(c, films);
            for (size_t k = 0; k < films; k++)
                c[k].kept = c[k].like <= likes;
            continue;
        }
        tally->guests++;
        tally->choices += films;
        n += flow_of(c, films, (c->counted ? 1 : CREDIT_UNCOUNTED) / (double)(same * same), flow + n);
    }
    return n;
}

static void count(const struct credit_choice *choices, const struct set *sets, size_t n_sets,
                  struct credit_tally *tally)
{
    for (size_t i = 0; i < n_sets; i++) {
        size_t kept = 0;
        for (size_t k = sets[i].first; k < sets[i].end; k++)
            kept += choices[k].kept && !choices[k].account;
        tally->kept += kept;
        tally->heard += kept > 0;
    }
}

static struct caps caps_of(size_t people, size_t guests)
{
    double p = (double)people + (double)guests / 4;
    return (struct caps){.crowd = fmax(1, p / 4000), .day = fmax(1.5, p / 2000), .all = fmax(50, p / 20)};
}

enum err credit_give(struct credit_choice *choices, size_t n, size_t people, struct credit_tally *tally,
                     struct fail *why)
{
    struct set *sets = malloc((n + 1) * sizeof *sets);
    struct flow *flow = malloc((n + 1) * sizeof *flow);
    struct film_day *days = malloc((n + 1) * sizeof *days);
    *tally = (struct credit_tally){0};
    bool room = sets != NULL && flow != NULL && days != NULL;
    if (room && n > 0) {
        qsort(choices, n, sizeof *choices, by_visitor);
        size_t n_sets = find_sets(choices, n, sets);
        size_t n_flow = weigh(choices, sets, n_sets, flow, tally);
        const struct caps caps = caps_of(people, tally->guests);
        qsort(flow, n_flow, sizeof *flow, by_crowd);
        cut_crowds(flow, n_flow, caps.crowd);
        qsort(flow, n_flow, sizeof *flow, by_day);
        cut_days(flow, n_flow, days, caps.day);
        keep(flow, n_flow, caps.all);
        count(choices, sets, n_sets, tally);
    }
    free(days);
    free(sets);
    free(flow);
    return room ? ERR_OK : fail_set(why, ERR_NOMEM, "out of memory for what visitors chose");
}
