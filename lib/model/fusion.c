#include "model/fusion.h"

#include <math.h>
#include <string.h>

#include "model/by_length.h"
#include "num/topk.h"

const char *fusion_rule_name(enum fusion_rule rule)
{
    static const char *const names[FUSION_RULES] = {"standard", "rank", "reciprocal"};
    return names[rule];
}

float fusion_weight(const struct fusion *f, size_t part, size_t n_chosen)
{
    for (size_t p = 0; p < f->n_parts && n_chosen > FUSION_SHORT; p++)
        if (f->parts[p].weight_long > 0)
            return f->parts[part].weight_long;
    return f->parts[part].weight;
}

static int32_t item_of(const struct fusion_part *p, int32_t film)
{
    return p->item_of == NULL ? film : p->item_of[film];
}

size_t fusion_scratch(const struct fusion *f)
{
    size_t most = 0;
    for (size_t p = 0; p < f->n_parts; p++) {
        const struct scorer *s = &f->parts[p].scorer;
        size_t n = 2 * s->n_items + scorer_scratch(s);
        most = n > most ? n : most;
    }
    return most;
}

/* The chosen films as the part numbers them; how many it knows. items has room for n. */
static size_t known_items(const struct fusion_part *p, const int32_t *films, size_t n, int32_t *items)
{
    size_t known = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t item = item_of(p, films[i]);
        if (item >= 0)
            items[known++] = item;
    }
    return known;
}

/* x := (x − mean)/deviation over the items outside the history, with E[x²] − E[x]² in double; all zero if they
 * do not differ. */
static void standardise(float *x, size_t n, const int32_t *items, size_t n_known)
{
    double sum = 0, squares = 0;
    for (size_t j = 0; j < n; j++) {
        sum += (double)x[j];
        squares += (double)x[j] * (double)x[j];
    }
    for (size_t i = 0; i < n_known; i++) {
        sum -= (double)x[items[i]];
        squares -= (double)x[items[i]] * (double)x[items[i]];
    }
    double count = (double)(n - n_known), mean = count > 0 ? sum / count : 0;
    double variance = count > 0 ? squares / count - mean * mean : 0;
    /* What is left of equal scores after rounding is no spread. */
    float by = variance > 1e-12 * mean * mean && variance > 0 ? (float)(1 / sqrt(variance)) : 0;
    for (size_t j = 0; j < n; j++)
        x[j] = (x[j] - (float)mean) * by;
}

/* x := what the place r of each item is worth: 1 − r/depth, or K/(K + r) (reciprocal rank fusion, Cormack et
 * al. 2009); 0 behind the depth. */
static void rank(enum fusion_rule rule, float *x, size_t n, const int32_t *items, size_t n_known)
{
    int32_t best[FUSION_DEPTH];
    for (size_t i = 0; i < n_known; i++)
        x[items[i]] = -INFINITY;
    size_t found = topk_select(x, n, FUSION_DEPTH, best);
    memset(x, 0, n * sizeof *x);
    for (size_t r = 0; r < found; r++)
        x[best[r]] = rule == FUSION_RANK ? 1 - (float)r / FUSION_DEPTH : FUSION_K / (float)(FUSION_K + r);
}

/* The same for a part with a search: x [n] from the items that it finds, as if it had looked at all. */
static void search(const struct fusion *f, const struct fusion_part *p, const int32_t *items, size_t known,
                   float *x)
{
    int32_t found[NEAR_BEST];
    float scores[NEAR_BEST];
    double mean, deviation;
    size_t n = near_search(p->near, items, known, found, scores), n_items = p->scorer.n_items;
    bool standard = f->rule == FUSION_STANDARD;
    near_spread(p->near, items, known, &mean, &deviation);
    for (size_t j = 0; j < n_items; j++)
        x[j] = standard ? 0 : -INFINITY;
    for (size_t i = 0; i < n; i++)
        x[found[i]] = !standard        ? scores[i]
                      : deviation == 0 ? 0
                                       : (float)(((double)scores[i] - mean) / deviation);
    if (!standard)
        rank(f->rule, x, n_items, items, known);
}

void fusion_feature(const struct fusion *f, size_t part, const struct scorer_person *who, float *feature,
                    float *scratch)
{
    const struct fusion_part *p = &f->parts[part];
    const struct scorer *s = &p->scorer;
    float *x = scratch;
    int32_t *items = (void *)(scratch + s->n_items); /* at most n_items distinct ones */
    size_t known = known_items(p, who->history, who->n, items);
    if (known == 0) {
        memset(feature, 0, f->n_films * sizeof *feature);
        return;
    }
    if (p->near != NULL) {
        search(f, p, items, known, x);
    } else {
        scorer_score(s, &(struct scorer_person){who->row, items, known}, x, scratch + 2 * s->n_items);
        if (f->rule == FUSION_STANDARD)
            standardise(x, s->n_items, items, known);
        else
            rank(f->rule, x, s->n_items, items, known);
    }
    for (size_t j = 0; j < f->n_films; j++) {
        int32_t item = item_of(p, (int32_t)j);
        feature[j] = item >= 0 ? x[item] : 0;
    }
}

/* Does the part say anything of this history? Its features are all zero if not. */
static bool speaks(const struct fusion *f, const float *features, size_t part)
{
    const float *feature = features + part * f->n_films;
    for (size_t j = 0; j < f->n_films; j++)
        if (feature[j] != 0)
            return true;
    return false;
}

static bool is_known(const struct fusion *f, int32_t film)
{
    for (size_t p = 0; p < f->n_parts; p++)
        if (!f->parts[p].content && item_of(&f->parts[p], film) >= 0)
            return true;
    return false;
}

/* s_j = Σ_p w_p·x_pj. A film that no part has learned from likes gets cold·content; where none of them knows
 * any of the chosen films, content alone speaks for all. */
static void combine(const struct fusion *f, const float *features, size_t n_chosen, float *scores)
{
    const float *content = NULL;
    bool any = false;
    memset(scores, 0, f->n_films * sizeof *scores);
    for (size_t p = 0; p < f->n_parts; p++) {
        const float *feature = features + p * f->n_films, w = fusion_weight(f, p, n_chosen);
        if (f->parts[p].content)
            content = feature;
        else
            any = any || speaks(f, features, p);
        for (size_t j = 0; j < f->n_films; j++)
            scores[j] += w * feature[j];
    }
    if (content == NULL)
        return;
    for (size_t j = 0; j < f->n_films; j++)
        if (!any)
            scores[j] = content[j];
        else if (!is_known(f, (int32_t)j))
            scores[j] = f->cold * content[j];
}

void fusion_score(const struct fusion *f, const struct scorer_person *who, float *features, float *scores,
                  float *scratch)
{
    for (size_t p = 0; p < f->n_parts; p++)
        if (fusion_weight(f, p, who->n) > 0 || f->parts[p].content)
            fusion_feature(f, p, who, features + p * f->n_films, scratch);
        else
            memset(features + p * f->n_films, 0, f->n_films * sizeof *features);
    combine(f, features, who->n, scores);
}

/* Adds by · (positive terms of the part, scaled to sum to 1) to share[n]; the sum of what was added. */
static float add_terms(const struct fusion_part *p, const struct scorer_person *who, int32_t film, float by,
                       float *share)
{
    int32_t to = item_of(p, film);
    size_t n_known = 0;
    float sum = 0;
    for (size_t i = 0; i < who->n; i++)
        n_known += item_of(p, who->history[i]) >= 0;
    const struct scorer scored = by_length_of(&p->scorer, n_known);
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < who->n; i++) {
            int32_t from = item_of(p, who->history[i]);
            float term = from < 0 ? 0 : scored.link(&scored, from, to);
            if (term > 0 && pass == 0)
                sum += term;
            else if (term > 0)
                share[i] += by * term / sum;
        }
    return sum > 0 ? by : 0;
}

void fusion_shares(const struct fusion *f, const float *features, const struct scorer_person *who,
                   int32_t film, float *share)
{
    bool known = is_known(f, film);
    float sum = 0;
    memset(share, 0, who->n * sizeof *share);
    for (size_t p = 0; p < f->n_parts; p++) {
        const struct fusion_part *part = &f->parts[p];
        float feature = features[p * f->n_films + (size_t)film];
        float by = (part->content && !known ? 1 : fusion_weight(f, p, who->n)) * feature;
        if (by > 0 && part->scorer.link != NULL)
            sum += add_terms(part, who, film, by, share);
    }
    for (size_t i = 0; i < who->n && sum > 0; i++)
        share[i] /= sum;
}

static void score_whole(const struct scorer *s, const struct scorer_person *who, float *scores,
                        float *scratch)
{
    const struct fusion *f = s->whole;
    fusion_score(f, who, scratch, scores, scratch + f->n_parts * f->n_films);
}

static size_t scratch_whole(const struct scorer *s)
{
    const struct fusion *f = s->whole;
    return f->n_parts * f->n_films + fusion_scratch(f);
}

struct scorer fusion_scorer(const struct fusion *f)
{
    return (struct scorer){
        .n_items = f->n_films, .whole = f, .score_whole = score_whole, .scratch = scratch_whole};
}
