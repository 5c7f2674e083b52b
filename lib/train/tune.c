#include "train/tune.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COVERING_PER_RANGE = 6, REDRAWS = 50 };
static const double FIRST_STEP = 0.25, LEAST_STEP = 0.02, SHORTER = 0.85;

/* ---- one setting ---- */

static double round3(double x)
{
    char text[32];
    snprintf(text, sizeof text, "%.3g", x);
    return strtod(text, NULL);
}

/* "a..b". strtod would take the first point for its own: it gets a copy that ends there. */
static bool read_ends(struct tune_range *r, const char *text)
{
    char least[24], *end;
    const char *dots = strstr(text, "..");
    size_t n = (size_t)(dots - text);
    if (n == 0 || n >= sizeof least)
        return false;
    memcpy(least, text, n);
    least[n] = '\0';
    r->least = strtod(least, &end);
    if (*end != '\0')
        return false;
    r->most = strtod(dots + 2, &end);
    return end != dots + 2 && *end == '\0';
}

static bool read_choices(struct tune_range *r, const char *text)
{
    for (const char *at = text;; at++) {
        char *end;
        double x = strtod(at, &end);
        bool ascends = r->n_choices == 0 || x > r->choice[r->n_choices - 1];
        if (end == at || (*end != ',' && *end != '\0') || r->n_choices == TUNE_CHOICES || !ascends)
            return false;
        r->choice[r->n_choices++] = x;
        at = end;
        if (*end == '\0')
            break;
    }
    r->least = r->choice[0];
    r->most = r->choice[r->n_choices - 1];
    return r->n_choices > 1;
}

enum err tune_range_read(struct tune_range *out, const struct trainer_setting *s, struct fail *why)
{
    *out = (struct tune_range){.log = strncmp(s->tune, "log ", 4) == 0};
    const char *text = s->tune + (out->log ? 4 : 0);
    bool ok = strstr(text, "..") != NULL ? read_ends(out, text) : !out->log && read_choices(out, text);
    if (ok && out->least < out->most && out->least >= s->least && out->most <= s->most &&
        (!out->log || out->least > 0))
        return ERR_OK;
    return fail_set(why, ERR_FAULT, "%s: '%s' is not a search range within %g to %g", s->name, s->tune,
                    s->least, s->most);
}

double tune_range_value(const struct tune_range *r, double u)
{
    if (r->n_choices > 0) {
        size_t i = (size_t)(u * (double)r->n_choices);
        return r->choice[i < r->n_choices ? i : r->n_choices - 1];
    }
    double x = r->log ? r->least * pow(r->most / r->least, u) : r->least + u * (r->most - r->least);
    return fmin(fmax(round3(x), r->least), r->most);
}

double tune_range_place(const struct tune_range *r, double value)
{
    double x = fmin(fmax(value, r->least), r->most);
    if (r->n_choices == 0)
        return r->log ? log(x / r->least) / log(r->most / r->least) : (x - r->least) / (r->most - r->least);
    size_t nearest = 0;
    for (size_t i = 1; i < r->n_choices; i++)
        if (fabs(r->choice[i] - x) < fabs(r->choice[nearest] - x))
            nearest = i;
    return ((double)nearest + 0.5) / (double)r->n_choices;
}

/* ---- the search ---- */

enum err tune_start(struct tune *t, const struct trainer *trainer, const struct trainer_values *given,
                    size_t budget, uint64_t seed, struct fail *why)
{
    *t = (struct tune){.trainer = trainer,
                       .given = *given,
                       .step = FIRST_STEP,
                       .tried = {.size = sizeof(double[TRAINER_MAX_SETTINGS])}};
    for (size_t i = 0; i < trainer->n_settings; i++) {
        if (trainer->settings[i].tune == NULL || given->given[i])
            continue;
        enum err rc = tune_range_read(&t->range[t->n_ranges], &trainer->settings[i], why);
        if (rc != ERR_OK)
            return rc;
        t->range[t->n_ranges++].setting = i;
    }
    if (t->n_ranges == 0)
        return fail_set(why, ERR_INVALID, "%s has no settings to search; see mvti train --help",
                        trainer->name);
    t->n_covering = budget > 0 ? (budget + 1) / 2 : 4 + COVERING_PER_RANGE * t->n_ranges;
    rng_seed(&t->rng, seed);
    for (size_t i = 0; i < t->n_ranges; i++)
        t->shift[i] = rng_unit(&t->rng);
    return ERR_OK;
}

/* The root above 1 of x^(d+1) = x + 1: the golden ratio for one dimension. */
static double ratio(size_t d)
{
    double x = 2;
    for (int i = 0; i < 60; i++)
        x = pow(1 + x, 1 / (double)(d + 1));
    return x;
}

/* Additive recurrence with powers of 1/ratio (Roberts' R_d): point k is frac(shift + k/ratio^i) in the i-th setting, and however many are tried, they
 * lie evenly in all settings at once. */
static void cover(struct tune *t, double u[TRAINER_MAX_SETTINGS])
{
    double g = ratio(t->n_ranges), a = 1;
    t->at++;
    for (size_t i = 0; i < t->n_ranges; i++) {
        a /= g;
        double x = t->shift[i] + a * (double)t->at;
        u[i] = x - floor(x);
    }
}

static double reflect(double u)
{
    u = fabs(u);
    u = u > 1 ? 2 - u : u;
    return fmin(fmax(u, 0), 1);
}

/* A choice moves to its neighbour: a step shorter than its cell would never leave it. */
static double moved(const struct tune_range *r, double u, double by)
{
    double cell = r->n_choices > 0 ? 1 / (double)r->n_choices : 0;
    return reflect(u + (fabs(by) < cell ? copysign(cell, by) : by));
}

static void step(struct tune *t, double u[TRAINER_MAX_SETTINGS])
{
    size_t always = rng_below(&t->rng, t->n_ranges);
    for (size_t i = 0; i < t->n_ranges; i++) {
        bool moves = rng_below(&t->rng, 2) == 0 || i == always;
        double by = t->step * rng_normal(&t->rng);
        u[i] = tune_range_place(&t->range[i], t->value[t->range[i].setting]);
        if (moves)
            u[i] = moved(&t->range[i], u[i], by);
    }
}

static bool is_new(const struct tune *t, const double value[TRAINER_MAX_SETTINGS])
{
    const double(*tried)[TRAINER_MAX_SETTINGS] = t->tried.data;
    for (size_t k = 0; k < t->tried.len; k++) {
        bool same = true;
        for (size_t i = 0; i < t->n_ranges; i++)
            same = same && tried[k][t->range[i].setting] == value[t->range[i].setting];
        if (same)
            return false;
    }
    return true;
}

bool tune_next(struct tune *t, struct trainer_values *out)
{
    *out = t->given;
    if (t->n_asked == 0) {
        t->n_asked++;
        return true;
    }
    for (int i = 0; i < REDRAWS; i++) {
        double u[TRAINER_MAX_SETTINGS];
        if (t->n_asked < t->n_covering || !t->found)
            cover(t, u);
        else
            step(t, u);
        for (size_t k = 0; k < t->n_ranges; k++) {
            size_t s = t->range[k].setting;
            out->value[s] = tune_range_value(&t->range[k], u[k]);
            out->given[s] = true;
        }
        if (is_new(t, out->value)) {
            t->n_asked++;
            return vec_push(&t->tried, out->value);
        }
    }
    return false;
}

bool tune_tell(struct tune *t, const double value[TRAINER_MAX_SETTINGS], double figure)
{
    bool first = t->n_told++ == 0, better = !isnan(figure) && (!t->found || figure > t->best);
    if (first && !vec_push(&t->tried, value))
        return false;
    if (!better) {
        if (t->n_told > t->n_covering)
            t->step = fmax(t->step * SHORTER, LEAST_STEP);
        return false;
    }
    t->found = true;
    t->best = figure;
    memcpy(t->value, value, sizeof t->value);
    return true;
}

void tune_free(struct tune *t)
{
    vec_free(&t->tried);
}
