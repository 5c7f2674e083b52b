#include "num/variety.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/csr.h"

const char *variety_name(enum variety_kind kind)
{
    static const char *const names[VARIETY_KINDS] = {"coverage", "gini", "popularity", "novelty"};
    return names[kind];
}

/* Of numbers ascending: Σ (2i − n + 1)·x_i / (n·Σ x), i from 0. */
static double gini(const uint64_t *ascending, size_t n)
{
    double sum = 0, moment = 0;
    for (size_t i = 0; i < n; i++) {
        sum += (double)ascending[i];
        moment += (2 * (double)i - (double)n + 1) * (double)ascending[i];
    }
    return moment / ((double)n * sum);
}

enum err variety_of(const uint64_t *given, const uint64_t *liked, size_t n_items, size_t n_people,
                    double out[VARIETY_KINDS])
{
    double all = 0, people = n_people == 0 ? 1 : (double)n_people;
    memset(out, 0, VARIETY_KINDS * sizeof *out);
    for (size_t i = 0; i < n_items; i++)
        all += (double)given[i];
    if (all == 0)
        return ERR_OK;
    uint64_t *sorted = malloc(n_items * sizeof *sorted);
    if (sorted == NULL)
        return ERR_NOMEM;
    memcpy(sorted, given, n_items * sizeof *sorted);
    enum err rc = csr_sort_keys(sorted, n_items);
    out[VARIETY_GINI] = gini(sorted, n_items);
    free(sorted);
    for (size_t i = 0; i < n_items; i++) {
        double share = (double)liked[i] / people, least = fmax(1, (double)liked[i]) / people;
        out[VARIETY_COVERAGE] += given[i] > 0 ? 1 / (double)n_items : 0;
        out[VARIETY_POPULARITY] += (double)given[i] * share / all;
        out[VARIETY_NOVELTY] -= (double)given[i] * log2(least) / all;
    }
    return rc;
}
