/* BTS (BERT + TF-IDF + similarity of genres and era): the content model, for films that nobody has rated yet.
 *
 *   w(a,b) = text(a,b) + ν · genres(a,b) + ε · exp(−|year a − year b| / BTS_ERA_YEARS)
 *   text   = μ · bert(a,b) + (1 − μ) · tfidf(a,b)   where an encoder knows both films, else tfidf(a,b)
 *
 * tfidf and bert are cosines a language, averaged over the languages in which both films have a text
 * (bts/bts_film.h), 0 where they share none. TF-IDF is text/tfidf.h's with sublinear counts, without the
 * terms that more than BTS_COMMON of a language's texts hold, and more than BTS_FEW of them. bert is the
 * inner product of an encoder's unit vectors. genres is the cosine of the sets of genres. Films of unknown
 * year share no era.
 *
 * Each film keeps links to the `neighbours` films of largest w > 0 (ties by position), and a visitor's score
 * is linear in the history like that of every sparse kind (model/sparse.h). Nothing here comes from ratings:
 * a new film gets its neighbours, and becomes one, without any other model being trained again.
 *
 * The defaults of μ, ν, ε were fitted on held-out films (mvti train bts says how well it does). */
#ifndef MVTI_BTS_BTS_H
#define MVTI_BTS_BTS_H

#include <stddef.h>

#include "base/err.h"
#include "base/progress.h"
#include "bts/bts_film.h"
#include "num/csr.h"

#define BTS_ERA_YEARS 10.0
#define BTS_COMMON 0.05
enum { BTS_FEW = 10 };

struct bts_options {
    size_t neighbours;       /* at least 1; at most what there is */
    double mix, genres, era; /* μ in 0…1; ν, ε ≥ 0 */
};

struct bts_task {
    const struct bts_film *films; /* [n] */
    size_t n;
    /* Of each language's texts: [n × d[language]] rows of length 1, zeros for a film without a text; NULL
     * without an encoder. */
    const float *vectors[BTS_LANGUAGES];
    size_t d[BTS_LANGUAGES];
    struct bts_options options;
    const struct progress *progress;
};

/* links [n × n], row = history film, and their strengths; the caller frees both (csr_free, free).
 * ERR_INVALID: options; ERR_NOMEM. Blocks of rows by BLAS, never an n × n matrix: 256 rows of it at a time.
 * Memory: about 2 kB a film and the postings of the texts. O(n² · (d + genres) + Σ over terms of df²). */
MUST_USE enum err bts_train(const struct bts_task *task, struct csr *links, float **strength,
                            struct fail *why);

#endif
