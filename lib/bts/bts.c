#include "bts/bts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/joined.h"
#include "num/gemm.h"
#include "num/links.h"
#include "num/parallel.h"
#include "num/topk.h"
#include "text/term_table.h"
#include "text/tfidf.h"

enum { ROWS = 256, ERA_REACH = 256 }; /* films of a block; years beyond which eras are strangers */

/* Which languages a film has: bit l for words, bit l + BTS_LANGUAGES for a vector. */
enum { ALL_WORDS = (1 << BTS_LANGUAGES) - 1 };
static const uint8_t bits_of[] = {0, 1, 1, 2};
_Static_assert(sizeof bits_of == ALL_WORDS + 1, "one count a set of languages");

struct work {
    const struct bts_task *task;
    size_t n, neighbours, n_genres;
    struct tfidf words[BTS_LANGUAGES];
    uint8_t *has;               /* [n] */
    float *genres;              /* [n × n_genres], rows of length 1 or 0 */
    float era[ERA_REACH];       /* ε · nearness by years between */
    float *of_genres, *of_bert; /* [ROWS × n]: sums of cosines of the block's films with all */
    float *row;                 /* [threads × 2n] */
    int32_t *best;              /* [threads × neighbours] */
    struct link *links;         /* [n × neighbours], the first found[i] of each are used */
    uint32_t *found;            /* [n] */
    size_t first;               /* film that the block begins with */
};

/* ---- what films have ---- */

/* BTS_COMMON, but BTS_FEW of the texts at least. */
static double common_share(size_t n_texts)
{
    double few = n_texts > BTS_FEW ? (double)BTS_FEW / (double)n_texts : 1;
    return few > BTS_COMMON ? few : BTS_COMMON;
}

static enum err read_words(struct work *w, enum bts_language language, struct fail *why)
{
    struct buf text = {0};
    size_t told = 0;
    size_t *at = malloc((w->n + 1) * sizeof *at);
    const char **texts = malloc((w->n + 1) * sizeof *texts);
    for (size_t i = 0; i < w->n && at != NULL; i++) {
        at[i] = text.len;
        bts_film_text(&w->task->films[i], language, &text);
        told += text.len > at[i];
        buf_putc(&text, '\0');
    }
    enum err rc = ERR_OK;
    if (at == NULL || texts == NULL || text.failed)
        rc = fail_set(why, ERR_NOMEM, "out of memory for the texts of %zu films", w->n);
    for (size_t i = 0; i < w->n && rc == ERR_OK; i++)
        texts[i] = text.data + at[i];
    const struct tfidf_options options = {.sublinear = true, .most = common_share(told)};
    if (rc == ERR_OK)
        rc = tfidf_build(&w->words[language], texts, w->n, &options, why);
    for (size_t i = 0; i < w->n && rc == ERR_OK; i++)
        if (w->words[language].start[i + 1] > w->words[language].start[i])
            w->has[i] |= (uint8_t)(1 << language);
    free(at);
    free(texts);
    buf_free(&text);
    return rc;
}

static void find_vectors(struct work *w, enum bts_language language)
{
    const float *v = w->task->vectors[language];
    size_t d = w->task->d[language];
    for (size_t i = 0; v != NULL && i < w->n; i++)
        for (size_t k = 0; k < d; k++)
            if (v[i * d + k] != 0) {
                w->has[i] |= (uint8_t)(1 << (language + BTS_LANGUAGES));
                break;
            }
}

/* Calls take for every genre of a film. */
static bool genres_walk(const char *genres, struct term_table *names, bool (*take)(void *, int32_t),
                        void *arg)
{
    for (struct joined name; joined_next(&genres, &name);) {
        int32_t genre = term_table_add(names, name.text, name.n);
        if (genre < 0 || !take(arg, genre))
            return false;
    }
    return true;
}

static bool count_only(void *arg, int32_t genre)
{
    (void)arg;
    (void)genre;
    return true;
}

static bool mark(void *arg, int32_t genre)
{
    ((float *)arg)[genre] = 1;
    return true;
}

static void norm(float *row, size_t n)
{
    double squares = 0;
    for (size_t k = 0; k < n; k++)
        squares += (double)row[k] * (double)row[k];
    for (size_t k = 0; k < n && squares > 0; k++)
        row[k] = (float)((double)row[k] / sqrt(squares));
}

static bool read_genres(struct work *w)
{
    struct term_table names = {0};
    bool ok = true;
    for (size_t i = 0; i < w->n && ok; i++)
        ok = genres_walk(w->task->films[i].genres, &names, count_only, NULL);
    w->n_genres = names.n;
    w->genres = calloc(w->n * names.n + 1, sizeof *w->genres);
    ok = ok && w->genres != NULL;
    for (size_t i = 0; i < w->n && ok; i++) {
        ok = genres_walk(w->task->films[i].genres, &names, mark, w->genres + i * names.n);
        norm(w->genres + i * names.n, names.n);
    }
    term_table_free(&names);
    return ok;
}

/* ---- a block of rows ---- */

static float era_of(const struct work *w, size_t a, size_t b)
{
    int64_t x = w->task->films[a].year, y = w->task->films[b].year;
    int64_t between = x > y ? x - y : y - x;
    return x == 0 || y == 0 || between >= ERA_REACH ? 0 : w->era[between];
}

/* The sums of a's cosines with all films over the languages. */
static void sum_words(const struct work *w, size_t a, float *sum, float *one)
{
    tfidf_scores(&w->words[0], a, sum);
    for (int l = 1; l < BTS_LANGUAGES; l++) {
        if (!(w->has[a] & (1 << l)))
            continue;
        tfidf_scores(&w->words[l], a, one);
        for (size_t b = 0; b < w->n; b++)
            sum[b] += one[b];
    }
}

/* row: the sums of TF-IDF cosines, becomes w(a, ·). */
static void combine(const struct work *w, size_t a, float *row)
{
    const struct bts_options *o = &w->task->options;
    const float *genres = w->of_genres + (a - w->first) * w->n;
    const float *bert = w->of_bert == NULL ? NULL : w->of_bert + (a - w->first) * w->n;
    float mix = (float)o->mix, genre_weight = (float)o->genres;
    for (size_t b = 0; b < w->n; b++) {
        unsigned both = w->has[a] & w->has[b];
        unsigned words = bits_of[both & ALL_WORDS];
        unsigned vectors = bert == NULL ? 0 : bits_of[both >> BTS_LANGUAGES];
        float text = words > 1 ? row[b] / (float)words : row[b];
        if (vectors > 0)
            text = mix * bert[b] / (float)vectors + (1 - mix) * text;
        row[b] = text + genre_weight * genres[b] + era_of(w, a, b);
    }
    row[a] = -INFINITY;
}

static void link_row(void *arg, size_t r, size_t thread)
{
    const struct work *w = arg;
    size_t a = w->first + r;
    float *row = w->row + thread * 2 * w->n;
    int32_t *best = w->best + thread * w->neighbours;
    struct link *out = w->links + a * w->neighbours;
    uint32_t kept = 0;
    sum_words(w, a, row, row + w->n);
    combine(w, a, row);
    size_t n = topk_select(row, w->n, w->neighbours, best);
    for (size_t i = 0; i < n && row[best[i]] > 0; i++)
        out[kept++] = (struct link){(int32_t)a, best[i], row[best[i]]};
    w->found[a] = kept;
}

static void multiply(const struct work *w, size_t rows, const float *x, size_t d, bool add, float *out)
{
    const struct gemm g = {.rows = rows, .cols = w->n, .inner = d, .b_transposed = true, .add = add};
    gemm(&g, x + w->first * d, x, out);
}

static void link_all(struct work *w)
{
    for (w->first = 0; w->first < w->n; w->first += ROWS) {
        size_t rows = w->n - w->first < ROWS ? w->n - w->first : ROWS;
        bool add = false;
        multiply(w, rows, w->genres, w->n_genres, false, w->of_genres);
        for (int l = 0; l < BTS_LANGUAGES; l++)
            if (w->task->vectors[l] != NULL) {
                multiply(w, rows, w->task->vectors[l], w->task->d[l], add, w->of_bert);
                add = true;
            }
        parallel_for(rows, link_row, w);
        progress_report(w->task->progress, "neighbours", w->first + rows, w->n);
    }
}

/* Closes the gaps between the films' links. */
static size_t pack(struct work *w)
{
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++) {
        memmove(w->links + n, w->links + i * w->neighbours, w->found[i] * sizeof *w->links);
        n += w->found[i];
    }
    return n;
}

static bool work_alloc(struct work *w)
{
    size_t threads = parallel_threads();
    bool vectors = w->task->vectors[BTS_EN] != NULL || w->task->vectors[BTS_KO] != NULL;
    w->has = calloc(w->n + 1, sizeof *w->has);
    w->of_genres = malloc((ROWS * w->n + 1) * sizeof *w->of_genres);
    w->of_bert = vectors ? malloc((ROWS * w->n + 1) * sizeof *w->of_bert) : NULL;
    w->row = malloc((threads * 2 * w->n + 1) * sizeof *w->row);
    w->best = malloc((threads * w->neighbours + 1) * sizeof *w->best);
    w->links = malloc((w->n * w->neighbours + 1) * sizeof *w->links);
    w->found = calloc(w->n + 1, sizeof *w->found);
    return w->has != NULL && w->of_genres != NULL && (!vectors || w->of_bert != NULL) && w->row != NULL &&
           w->best != NULL && w->links != NULL && w->found != NULL;
}

static void work_free(struct work *w)
{
    for (int l = 0; l < BTS_LANGUAGES; l++)
        tfidf_free(&w->words[l]);
    free(w->has);
    free(w->genres);
    free(w->of_genres);
    free(w->of_bert);
    free(w->row);
    free(w->best);
    free(w->links);
    free(w->found);
}

static enum err check_options(const struct bts_options *o, struct fail *why)
{
    if (o->neighbours >= 1 && o->mix >= 0 && o->mix <= 1 && o->genres >= 0 && o->genres < 1e6 &&
        o->era >= 0 && o->era < 1e6)
        return ERR_OK;
    return fail_set(why, ERR_INVALID,
                    "at least one neighbour, a mix from 0 to 1 and weights of 0 or more are needed");
}

enum err bts_train(const struct bts_task *task, struct csr *links, float **strength, struct fail *why)
{
    struct work w = {.task = task, .n = task->n, .neighbours = task->options.neighbours};
    *links = (struct csr){0};
    *strength = NULL;
    enum err rc = check_options(&task->options, why);
    if (rc != ERR_OK)
        return rc;
    if (w.neighbours > w.n)
        w.neighbours = w.n;
    for (int years = 0; years < ERA_REACH; years++)
        w.era[years] = (float)(task->options.era * exp(-years / BTS_ERA_YEARS));
    if (!work_alloc(&w) || !read_genres(&w))
        rc = fail_set(why, ERR_NOMEM, "out of memory for the neighbours of %zu films", w.n);
    for (int l = 0; l < BTS_LANGUAGES && rc == ERR_OK; l++) {
        rc = read_words(&w, (enum bts_language)l, why);
        find_vectors(&w, (enum bts_language)l);
    }
    if (rc == ERR_OK) {
        link_all(&w);
        rc = links_build(links, strength, w.links, pack(&w), w.n, why);
    }
    work_free(&w);
    return rc;
}
