/* TF-IDF vectors of film texts and their cosine.
 *
 * Terms: a text is cut into runs of letters and digits. A run of Hangul gives its character n-grams of
 * TFIDF_GRAM_LEAST to TFIDF_GRAM_MOST syllables, within the run only (a shorter run gives itself): Korean
 * glues particles to words, and 2-grams see through them. Any other run of at least two characters is a word,
 * lower case. A Hangul run ends where another script begins ("CIA가" = "cia", "가").
 *
 * Weights, as scikit-learn's TfidfVectorizer does by default (smooth_idf=True, sublinear_tf=False, norm="l2"), with
 * n texts, df(t) the texts that hold t:
 *
 *   idf(t) = ln((1 + n) / (1 + df(t))) + 1,   w(d,t) = tf(d,t) · idf(t)
 *
 * Each text's vector then has length 1. Sums in double, kept as float. With the option `sublinear`
 * (sublinear_tf=True) tf is 1 + ln of the count. With `most` below 1 the terms that more than this share of the
 * texts with any term hold, which are the language's own words and no film's, are left out; n and df stay what
 * they are. */
#ifndef MVTI_TEXT_TFIDF_H
#define MVTI_TEXT_TFIDF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "text/term_table.h"

enum { TFIDF_GRAM_LEAST = 2, TFIDF_GRAM_MOST = 3 };

struct tfidf {
    size_t n_texts, n_terms;
    uint64_t *start; /* [n_texts + 1] */
    int32_t *term;   /* [start[n_texts]], ascending in a text; numbered by first appearance */
    float *weight;   /* [start[n_texts]] */
    double *idf;     /* [n_terms]; 0: left out */
    struct term_table names;
    /* The same by term: which texts hold it. */
    uint64_t *held_start; /* [n_terms + 1] */
    int32_t *held_by;     /* [start[n_texts]], ascending in a term */
    float *held_weight;
};

struct tfidf_options {
    bool sublinear;
    double most; /* 0 < most ≤ 1; 1: no term is too common */
};

/* texts[n], UTF-8 (bytes that are none separate words). ERR_NOMEM; ERR_TOO_LARGE beyond 2³¹ terms. One pass
 * and a sort of each text's terms. */
MUST_USE enum err tfidf_build(struct tfidf *out, const char *const *texts, size_t n,
                              const struct tfidf_options *options, struct fail *why);
/* scores[n_texts] = cosine of text a with every text, itself included. */
void tfidf_scores(const struct tfidf *t, size_t a, float *scores);
/* Safe on a zeroed struct. */
void tfidf_free(struct tfidf *t);

#endif
