#include "findings/words.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void say(char *to, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void say(char *to, size_t size, const char *fmt, ...)
{
    size_t n = strlen(to);
    va_list list;
    va_start(list, fmt);
    vsnprintf(to + n, size - n, fmt, list);
    va_end(list);
}

/* To two digits: nobody knows more. */
static double about(double n)
{
    double unit = n >= 100 ? pow(10, floor(log10(n)) - 1) : 1;
    return ceil(n / unit) * unit;
}

static void say_power(const struct findings *f, const struct findings_variant *v, char *to, size_t size)
{
    say(to, size, " So many visitors show a difference of %.1f points in four of five cases.",
        100 * v->cuped.detectable);
    double more = v->needed - (double)f->visitors;
    if (!isfinite(v->needed) || more <= 0)
        return;
    say(to, size, " One of %.1f points, a tenth of the control's rate, takes about %.0f more visitors",
        100 * v->lift, about(more));
    if (f->per_day > 0)
        say(to, size, ", some %.0f days as they come now", ceil(more / f->per_day));
    say(to, size, ".");
}

static void say_difference(const struct findings *f, const struct findings_variant *v, char *to, size_t size)
{
    say(to, size,
        "%.1f %% of its visitors %s, of the control's %.1f %%; the difference is between %+.1f and %+.1f "
        "points.",
        100 * v->cuped.variant, f->goal->did, 100 * v->cuped.control, 100 * v->cuped.low,
        100 * v->cuped.high);
}

void words_of_variant(struct findings *f, size_t i)
{
    struct findings_variant *v = &f->variants[i];
    const char *name = f->experiment.variants[i].name, *control = f->experiment.variants[0].name;
    size_t size = sizeof v->verdict;
    v->verdict[0] = '\0';
    if (f->ratio.refused) {
        say(v->verdict, size, "No verdict, because the groups are not what they should be.");
        return;
    }
    switch (v->cuped.verdict) {
    case DIFFERENCE_EARLY:
        say(v->verdict, size,
            "Too early to say anything about %s: it takes %d visitors of each, and %d who %s and %d who did "
            "not.",
            name, DIFFERENCE_VISITORS, DIFFERENCE_EVENTS, f->goal->did, DIFFERENCE_EVENTS);
        return;
    case DIFFERENCE_OPEN:
        say(v->verdict, size, "Nothing is proven about %s so far: ", name);
        say_difference(f, v, v->verdict, size);
        say_power(f, v, v->verdict, size);
        return;
    case DIFFERENCE_BETTER:
        say(v->verdict, size, "%s is better than %s: ", name, control);
        say_difference(f, v, v->verdict, size);
        say(v->verdict, size, " However often you have looked, this is no chance; %s can be for everybody.",
            name);
        return;
    case DIFFERENCE_WORSE:
        say(v->verdict, size, "%s is worse than %s: ", name, control);
        say_difference(f, v, v->verdict, size);
        say(v->verdict, size, " However often you have looked, this is no chance; stop it.");
        return;
    }
}

static void say_ratio(const struct findings *f, char *to, size_t size)
{
    const struct experiment *e = &f->experiment;
    say(to, size, "No verdict: visitors were not divided as the experiment says (");
    for (size_t i = 0; i < e->n; i++)
        say(to, size, "%s%s %" PRId64 " where %.0f are expected", i > 0 ? ", " : "", e->variants[i].name,
            f->variants[i].visitors, f->variants[i].expected);
    say(to, size,
        "; chance does that once in %.0f times). Something loses or repeats visitors of one variant, so the "
        "groups differ by more "
        "than the variant. Find it, and begin again under another name.",
        fmin(1 / fmax(f->ratio.p, 1e-300), 1e9));
}

/* The variant that is ahead of the control by most, of those that are proven better; 0: none. */
static size_t best_of(const struct findings *f)
{
    size_t best = 0;
    for (size_t i = 1; i < f->experiment.n; i++)
        if (f->variants[i].cuped.verdict == DIFFERENCE_BETTER &&
            (best == 0 || f->variants[i].cuped.by > f->variants[best].cuped.by))
            best = i;
    return best;
}

static size_t count_of(const struct findings *f, enum difference_verdict verdict)
{
    size_t n = 0;
    for (size_t i = 1; i < f->experiment.n; i++)
        n += f->variants[i].cuped.verdict == verdict;
    return n;
}

void words_of_experiment(struct findings *f)
{
    const struct experiment *e = &f->experiment;
    size_t best = best_of(f), size = sizeof f->verdict;
    f->verdict[0] = '\0';
    if (f->visitors == 0)
        say(f->verdict, size, "Nobody has been shown it yet.");
    else if (f->ratio.refused)
        say_ratio(f, f->verdict, size);
    else if (e->n == 2)
        say(f->verdict, size, "%s", f->variants[1].verdict);
    else if (best > 0)
        say(f->verdict, size, "%s is better than %s%s.", e->variants[best].name, e->variants[0].name,
            count_of(f, DIFFERENCE_BETTER) > 1 ? ", and ahead of the others that are" : "");
    else if (count_of(f, DIFFERENCE_WORSE) == e->n - 1)
        say(f->verdict, size, "Every variant is worse than %s: stop it.", e->variants[0].name);
    else if (count_of(f, DIFFERENCE_EARLY) == e->n - 1)
        say(f->verdict, size, "Too early to say anything.");
    else
        say(f->verdict, size, "No variant is proven better than %s so far.", e->variants[0].name);
}
