#include "text/tfidf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "text/terms.h"

/* Terms of one text after another, doubles included, then one entry a term. */
struct building {
    struct tfidf *t;
    struct vec found; /* int32_t of the text being read */
    struct vec terms; /* int32_t [start[n]] */
    struct vec times; /* float [start[n]]: how often */
};

static bool take_term(void *arg, const char *bytes, size_t n)
{
    struct building *b = arg;
    int32_t term = term_table_add(&b->t->names, bytes, n);
    return term >= 0 && vec_push(&b->found, &term);
}

static int ascending(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static bool read_text(struct building *b, const char *text)
{
    b->found.len = 0;
    if (!terms_walk(text, take_term, b))
        return false;
    int32_t *found = b->found.data;
    size_t n = b->found.len, last;
    if (n > 0)
        qsort(found, n, sizeof *found, ascending);
    for (size_t i = 0; i < n; i = last) {
        for (last = i + 1; last < n && found[last] == found[i];)
            last++;
        float times = (float)(last - i);
        if (!vec_push(&b->terms, &found[i]) || !vec_push(&b->times, &times))
            return false;
    }
    return true;
}

static bool read_texts(struct building *b, const char *const *texts)
{
    struct tfidf *t = b->t;
    t->start = calloc(t->n_texts + 1, sizeof *t->start);
    for (size_t i = 0; i < t->n_texts && t->start != NULL; i++) {
        if (!read_text(b, texts[i]))
            return false;
        t->start[i + 1] = b->terms.len;
    }
    t->term = b->terms.data;
    t->weight = b->times.data;
    b->terms = b->times = (struct vec){0};
    t->n_terms = t->names.n;
    return t->start != NULL;
}

/* The texts that have any term. */
static size_t count_told(const struct tfidf *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n_texts; i++)
        n += t->start[i + 1] > t->start[i];
    return n;
}

/* Closes the gaps that terms with an idf of 0 leave. */
static void drop_common(struct tfidf *t)
{
    uint64_t kept = 0, begin = 0;
    for (size_t text = 0; text < t->n_texts; text++) {
        uint64_t end = t->start[text + 1];
        for (uint64_t i = begin; i < end; i++)
            if (t->idf[t->term[i]] > 0) {
                t->term[kept] = t->term[i];
                t->weight[kept++] = t->weight[i];
            }
        begin = end;
        t->start[text + 1] = kept;
    }
}

/* held_start[term] becomes the texts that hold the terms before it; the idf from their number. */
static bool count_texts(struct tfidf *t, double most)
{
    t->idf = calloc(t->n_terms + 1, sizeof *t->idf);
    t->held_start = calloc(t->n_terms + 2, sizeof *t->held_start);
    if (t->idf == NULL || t->held_start == NULL)
        return false;
    if (t->term == NULL)
        return true; /* no text holds any term */
    for (uint64_t i = 0; i < t->start[t->n_texts]; i++)
        t->held_start[t->term[i] + 1]++;
    double limit = most * (double)count_told(t);
    for (size_t k = 0; k < t->n_terms; k++) {
        double df = (double)t->held_start[k + 1];
        if (df <= limit)
            t->idf[k] = log((1 + (double)t->n_texts) / (1 + df)) + 1;
        else
            t->held_start[k + 1] = 0;
        t->held_start[k + 1] += t->held_start[k];
    }
    drop_common(t);
    return true;
}

static void weigh_text(struct tfidf *t, size_t text, bool sublinear)
{
    double squares = 0;
    for (uint64_t i = t->start[text]; i < t->start[text + 1]; i++) {
        if (sublinear)
            t->weight[i] = (float)(1 + log((double)t->weight[i]));
        double w = (double)t->weight[i] * t->idf[t->term[i]];
        squares += w * w;
    }
    for (uint64_t i = t->start[text]; i < t->start[text + 1]; i++)
        t->weight[i] = (float)((double)t->weight[i] * t->idf[t->term[i]] / sqrt(squares));
}

static bool turn(struct tfidf *t)
{
    uint64_t n = t->start[t->n_texts];
    uint64_t *next = malloc((t->n_terms + 1) * sizeof *next);
    t->held_by = malloc((n + 1) * sizeof *t->held_by);
    t->held_weight = malloc((n + 1) * sizeof *t->held_weight);
    if (next == NULL || t->held_by == NULL || t->held_weight == NULL) {
        free(next);
        return false;
    }
    memcpy(next, t->held_start, (t->n_terms + 1) * sizeof *next);
    for (size_t text = 0; text < t->n_texts; text++)
        for (uint64_t i = t->start[text]; i < t->start[text + 1]; i++) {
            uint64_t at = next[t->term[i]]++;
            t->held_by[at] = (int32_t)text;
            t->held_weight[at] = t->weight[i];
        }
    free(next);
    return true;
}

enum err tfidf_build(struct tfidf *out, const char *const *texts, size_t n,
                     const struct tfidf_options *options, struct fail *why)
{
    *out = (struct tfidf){.n_texts = n};
    struct building b = {
        .t = out, .found = VEC_OF(int32_t), .terms = VEC_OF(int32_t), .times = VEC_OF(float)};
    bool ok = n <= INT32_MAX && read_texts(&b, texts) && count_texts(out, options->most);
    for (size_t i = 0; i < n && ok; i++)
        weigh_text(out, i, options->sublinear);
    ok = ok && turn(out);
    vec_free(&b.found);
    vec_free(&b.terms);
    vec_free(&b.times);
    if (ok)
        return ERR_OK;
    tfidf_free(out);
    return fail_set(why, ERR_NOMEM, "out of memory for the terms of %zu texts", n);
}

void tfidf_scores(const struct tfidf *t, size_t a, float *scores)
{
    memset(scores, 0, t->n_texts * sizeof *scores);
    for (uint64_t i = t->start[a]; i < t->start[a + 1]; i++) {
        int32_t term = t->term[i];
        for (uint64_t h = t->held_start[term]; h < t->held_start[term + 1]; h++)
            scores[t->held_by[h]] += t->weight[i] * t->held_weight[h];
    }
}

void tfidf_free(struct tfidf *t)
{
    free(t->start);
    free(t->term);
    free(t->weight);
    free(t->idf);
    free(t->held_start);
    free(t->held_by);
    free(t->held_weight);
    term_table_free(&t->names);
    *t = (struct tfidf){0};
}
