#include "data/rating_scale.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HALF = RATING_ONE / 2, FIVE = 5 * RATING_ONE, SLOTS = 2 * RATING_CODES };

/* A file of so many rows that never reaches the top of its scale has another one; one of a few is enough
 * where not even a like is among them. */
enum { MANY_ROWS = 1000, SOME_ROWS = 20, LEAST_LIKE = 35000 };

/* ---- what a person says ---- */

static bool read_number(const char *text, double least, int32_t *out)
{
    char *end;
    double x = strtod(text, &end);
    bool good = end != text && *end == '\0' && x >= least && x <= (double)RATING_MOST / RATING_ONE;
    *out = good ? (int32_t)lround(x * RATING_ONE) : 0;
    return good;
}

enum err rating_scale_read(struct rating_scale *out, const char *scale, const char *like_at, struct fail *why)
{
    *out = (struct rating_scale){.kind = like_at != NULL ? SCALE_ANY : SCALE_GUESS};
    if (scale != NULL && strcmp(scale, "thumbs") == 0)
        out->kind = SCALE_THUMBS;
    else if (scale != NULL && strcmp(scale, "likes") == 0)
        out->kind = SCALE_LIKES;
    else if (scale != NULL && read_number(scale, 1, &out->top))
        out->kind = SCALE_TOP;
    else if (scale != NULL)
        return fail_set(
            why, ERR_INVALID,
            "--scale %s: the highest rating there can be, such as 5, 10 or 100, or thumbs, or likes", scale);
    out->has_like_at = like_at != NULL;
    if (like_at != NULL && (out->kind == SCALE_THUMBS || out->kind == SCALE_LIKES))
        return fail_set(why, ERR_INVALID, "--like-at cannot be combined with --scale %s", scale);
    if (like_at != NULL && !read_number(like_at, -(double)RATING_MOST / RATING_ONE, &out->like_at))
        return fail_set(why, ERR_INVALID, "--like-at %s: not a number", like_at);
    if (like_at != NULL && out->kind == SCALE_TOP && out->like_at > out->top)
        return fail_set(why, ERR_INVALID,
                        "--like-at %s: above the maximum of --scale %s, so nothing would be a like", like_at,
                        scale);
    return ERR_OK;
}

bool rating_scale_is_own(const struct rating_scale *s)
{
    return s->has_like_at || s->kind == SCALE_THUMBS || s->kind == SCALE_LIKES;
}

int32_t rating_scale_top(const struct rating_scale *s)
{
    return s->kind == SCALE_TOP ? s->top : FIVE;
}

int32_t rating_scale_least_of(int32_t top, double threshold)
{
    if (threshold <= 0)
        return INT32_MIN;
    return (int32_t)fmin(ceil(threshold * top / 5 - 1e-6), INT32_MAX);
}

int32_t rating_scale_least(const struct rating_scale *s, double threshold)
{
    if (s->has_like_at)
        return s->like_at;
    if (s->kind == SCALE_LIKES || (s->kind == SCALE_ANY && threshold <= 0))
        return INT32_MIN;
    return s->kind == SCALE_THUMBS ? RATING_ONE : rating_scale_least_of(rating_scale_top(s), threshold);
}

bool rating_scale_holds(const struct rating_scale *s, int32_t value)
{
    if (s->kind == SCALE_GUESS)
        return value >= HALF && value <= FIVE;
    if (s->kind == SCALE_TOP)
        return value >= 0 && value <= s->top;
    return s->kind != SCALE_THUMBS || value == 0 || value == RATING_ONE || value == -RATING_ONE;
}

/* ---- the values of a file ---- */

static void count_kind(struct rating_values *v, int32_t value)
{
    bool first = v->count[0] == 0 && v->n_more == 0;
    v->least = first || value < v->least ? value : v->least;
    v->most = first || value > v->most ? value : v->most;
    v->n_below += value < 0;
    v->n_minus_one += value == -RATING_ONE;
    v->n_zero += value == 0;
    v->n_small += value > 0 && value < HALF;
    v->n_above_5 += value > FIVE;
    v->n_above_10 += value > 2 * FIVE;
    v->n_above_100 += value > 20 * FIVE;
}

static unsigned add_other(struct rating_values *v, int32_t value)
{
    count_kind(v, value);
    size_t i = (uint32_t)value * 2654435769u % SLOTS; /* Knuth 6.4 */
    while (v->slots[i] != 0 && v->value[v->slots[i]] != value)
        i = (i + 1) % SLOTS;
    unsigned code = v->slots[i];
    if (code == 0 && RATING_HALF_STARS + v->n_more + 1 < RATING_CODES) {
        code = RATING_HALF_STARS + ++v->n_more;
        v->slots[i] = (uint8_t)code;
        v->value[code] = value;
    }
    v->count[code]++;
    return code;
}

unsigned rating_values_add(struct rating_values *v, int32_t value)
{
    if (value < HALF || value > FIVE || value % HALF != 0)
        return add_other(v, value);
    unsigned code = (unsigned)(value / HALF);
    v->count[code]++;
    return code;
}

void rating_values_table(const struct rating_values *v, int32_t out[RATING_CODES])
{
    memcpy(out, v->value, sizeof v->value);
    out[0] = 0;
    for (int code = 1; code <= RATING_HALF_STARS; code++)
        out[code] = code * HALF;
}

/* ---- judging ---- */

const char *rating_scale_text(int32_t value, char out[RATING_TEXT])
{
    snprintf(out, RATING_TEXT, "%.10g", (double)value / RATING_ONE);
    return out;
}

const char *rating_scale_count_text(uint64_t n, char out[32])
{
    char digits[32];
    int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n), at = 0;
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

/* What the sentences speak of. */
struct view {
    const struct rating_values *v;
    const char *path;
    double tolerate;
    uint64_t rows;
    int32_t least, most;
    bool whole; /* no value has a fraction */
};

static struct view look(const struct rating_values *v, double tolerate, const char *path)
{
    struct view w = {.v = v, .path = path, .tolerate = tolerate, .whole = v->count[0] == 0};
    int32_t value[RATING_CODES];
    rating_values_table(v, value);
    w.least = v->count[0] > 0 ? v->least : INT32_MAX;
    w.most = v->count[0] > 0 ? v->most : INT32_MIN;
    w.rows = v->count[0];
    for (unsigned code = 1; code <= RATING_HALF_STARS + v->n_more; code++) {
        if (v->count[code] == 0)
            continue;
        w.rows += v->count[code];
        w.whole = w.whole && value[code] % RATING_ONE == 0;
        w.least = value[code] < w.least ? value[code] : w.least;
        w.most = value[code] > w.most ? value[code] : w.most;
    }
    return w;
}

/* So many rows are no slips of the pen: more than is tolerated, or several and more than one in a thousand.
 */
static bool matter(const struct view *w, uint64_t n)
{
    return (double)n * 100 > w->tolerate * (double)w->rows || (n >= 2 && n > w->rows / 1000);
}

/* The whole percent that lets n rows pass. */
static int percent_for(const struct view *w, uint64_t n)
{
    return (int)(100 * n / w->rows) + 1;
}

/* Only 1, 0 and −1. */
static enum err judge_small(const struct view *w, struct fail *why)
{
    char up[32], none[32], down[32], rows[32];
    uint64_t ones = w->v->count[2];
    if (ones == w->rows)
        return fail_set(why, ERR_INVALID,
                        "%s: every rating is 1 (%s rows): a list of likes or one star? Read it with --scale "
                        "likes, or with --scale 5 if it is one star of five",
                        w->path, rating_scale_count_text(w->rows, rows));
    return fail_set(
        why, ERR_INVALID,
        "%s: looks like thumbs (1 in %s, 0 in %s and -1 in %s of %s rows); read it with --scale thumbs",
        w->path, rating_scale_count_text(ones, up), rating_scale_count_text(w->v->n_zero, none),
        rating_scale_count_text(w->v->n_minus_one, down), rating_scale_count_text(w->rows, rows));
}

static enum err judge_above(const struct view *w, struct fail *why)
{
    const struct rating_values *v = w->v;
    char most[RATING_TEXT], least[RATING_TEXT], n[32], rows[32], also[200] = "";
    rating_scale_text(w->most, most);
    rating_scale_text(w->least, least);
    rating_scale_count_text(v->n_above_5, n);
    rating_scale_count_text(w->rows, rows);
    bool unrated = v->n_below > 0 && v->n_below == v->n_minus_one;
    if ((v->n_below > 0 && !unrated) || matter(w, v->n_above_100))
        return fail_set(why, ERR_INVALID,
                        "%s: values from %s to %s are not a star scale (above 5 in %s of %s rows); give the "
                        "lowest value that is a like with --like-at X",
                        w->path, least, most, n, rows);
    int top = !matter(w, v->n_above_10) ? 10 : 100;
    if (unrated)
        snprintf(
            also, sizeof also,
            " --tolerate %d, which leaves out the rows with -1, the mark for 'not rated' in some exports",
            percent_for(w, v->n_below + (top == 10 ? v->n_above_10 : v->n_above_100)));
    else if (w->rows >= MANY_ROWS && w->most < top * RATING_ONE)
        snprintf(also, sizeof also, ", or with --scale %s if that is its highest rating", most);
    return fail_set(why, ERR_INVALID,
                    "%s: looks like a scale of %d (values above 5, up to %s, in %s of %s rows); read it with "
                    "--scale %d%s",
                    w->path, top, most, n, rows, top, also);
}

static enum err judge_below(const struct view *w, struct fail *why)
{
    const struct rating_values *v = w->v;
    char least[RATING_TEXT], n[32], rows[32];
    rating_scale_text(w->least, least);
    rating_scale_count_text(w->rows, rows);
    if (v->n_below == 0)
        return fail_set(
            why, ERR_INVALID,
            "%s: ratings below 0.5, down to %s, in %s of %s rows: a scale from 0 to 5, or 0 for 'not "
            "rated'? With --scale 5 they are read as its lowest ratings, with --tolerate %d left out",
            w->path, least, rating_scale_count_text(v->n_zero + v->n_small, n), rows,
            percent_for(w, v->n_zero + v->n_small));
    rating_scale_count_text(v->n_below, n);
    if (v->n_below == v->n_minus_one)
        return fail_set(
            why, ERR_INVALID,
            "%s: -1 in %s of %s rows, the mark for 'not rated' in some exports; --scale 5 --tolerate "
            "%d leaves them out",
            w->path, n, rows, percent_for(w, v->n_below));
    return fail_set(why, ERR_INVALID,
                    "%s: ratings below 0, down to %s, in %s of %s rows are not a star scale; give the lowest "
                    "value that is a like with --like-at X",
                    w->path, least, n, rows);
}

/* 0.5 … 5 and nobody said so. */
static enum err judge_guess(const struct view *w, struct fail *why)
{
    const struct rating_values *v = w->v;
    char most[RATING_TEXT], rows[32];
    rating_scale_text(w->most, most);
    rating_scale_count_text(w->rows, rows);
    if (w->most <= RATING_ONE && w->least >= -RATING_ONE && w->whole)
        return judge_small(w, why);
    if (w->most <= RATING_ONE && w->least >= 0 && v->n_zero + v->n_small > 0)
        return fail_set(
            why, ERR_INVALID,
            "%s: looks like a scale from 0 to 1 (no value above %s in %s rows); read it with --scale 1",
            w->path, most, rows);
    if (matter(w, v->n_above_5))
        return judge_above(w, why);
    if (matter(w, v->n_below) || matter(w, v->n_zero + v->n_small))
        return judge_below(w, why);
    if (w->rows >= (w->most < LEAST_LIKE ? SOME_ROWS : MANY_ROWS) && w->most < FIVE)
        return fail_set(
            why, ERR_INVALID,
            "%s: no rating above %s in %s rows: is it a scale of %s? Read it with --scale %s, or with "
            "--scale 5 if it is one of 5",
            w->path, most, rows, most, most);
    return ERR_OK;
}

enum err rating_scale_judge(const struct rating_scale *s, const struct rating_values *v, double tolerate,
                            const char *path, struct fail *why)
{
    struct view w = look(v, tolerate, path);
    char least[RATING_TEXT], most[RATING_TEXT];
    if (w.rows == 0)
        return ERR_OK;
    if (s->kind == SCALE_GUESS)
        return judge_guess(&w, why);
    rating_scale_text(w.least, least);
    rating_scale_text(w.most, most);
    if (s->kind == SCALE_LIKES && w.least != w.most)
        return fail_set(
            why, ERR_INVALID,
            "%s: ratings from %s to %s: not every row is a like, as --scale likes says; try --scale "
            "thumbs, the top of the scale, or --like-at X",
            path, least, most);
    if (s->kind == SCALE_THUMBS && (w.most > RATING_ONE || w.least < -RATING_ONE || !w.whole) &&
        matter(&w, w.rows - v->count[2] - v->n_zero - v->n_minus_one))
        return fail_set(why, ERR_INVALID,
                        "%s: ratings from %s to %s are not thumbs (1, 0, -1), as --scale thumbs says", path,
                        least, most);
    return ERR_OK;
}
