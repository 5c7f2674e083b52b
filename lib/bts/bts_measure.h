/* How good the content model is, on three tasks. It has learnt nothing from people, so all of them are new to
 * it; likes of films that it does not hold are left out.
 *
 *   cold   films held out of all histories (train/cold.h); they alone compete
 *   among  the same films, competing with the whole catalog
 *   half   half of each person's films given, the other half to be found in the whole catalog (people with
 *          at least 5) */
#ifndef MVTI_BTS_BTS_MEASURE_H
#define MVTI_BTS_BTS_MEASURE_H

#include "base/progress.h"
#include "bts/bts_films.h"
#include "data/dataset.h"
#include "model/model_file.h"
#include "num/metric.h"

enum bts_protocol { BTS_COLD, BTS_AMONG, BTS_HALF, BTS_PROTOCOLS };
enum { BTS_MEASURE_VALUES = BTS_PROTOCOLS * METRIC_KINDS + 1 };

struct bts_measure {
    const struct bts_films *films;
    const struct csr *links;
    const float *strength;
    double share; /* of films held out */
    uint64_t seed;
    const struct progress *progress;
};

struct bts_measured {
    struct metric_sum sum[BTS_PROTOCOLS]; /* at 10 */
    size_t n_cold;
    bool done;
};

/* Nothing (done = false) where nobody likes any of the films. */
MUST_USE enum err bts_measure(const struct bts_measure *m, const struct dataset *d, struct bts_measured *out,
                              struct fail *why);
/* "cold.hit@10" and so on, and last "cold.films", the films held out: chance finds 10 of so many; the number
 * of them, 0 if it was not measured. */
size_t bts_measure_values(const struct bts_measured *m, struct model_value out[BTS_MEASURE_VALUES]);
/* "cold", and what that means. */
const char *bts_measure_name(enum bts_protocol p);
const char *bts_measure_meaning(enum bts_protocol p);

#endif
