/* The content model from the catalog's texts to a model file: films, their vectors where there is an encoder, links between neighbours, and how
 * good they are on what people like. */
#ifndef MVTI_BTS_BTS_MAKER_H
#define MVTI_BTS_BTS_MAKER_H

#include "bts/bts_films.h"
#include "bts/bts_measure.h"
#include "train/trainer.h"

/* Its settings, for help and --set. It cannot be run as a trainer: there is nothing to train on likes. */
extern const struct trainer bts_maker_row;

struct bts_maker {
    struct trainer_values values; /* those not given get defaults, which differ with an encoder */
    struct bts_source source;
    struct {
        const char *dir;     /* Hugging Face directory, "" none */
        const char *vectors; /* file that keeps what is encoded for the next time */
    } encoder[BTS_LANGUAGES];
    const char *dataset; /* likes to measure with; not there: not measured */
    bool dataset_given;  /* then it must be there */
    const char *out;     /* the model file */
    uint64_t seed;
    double holdout; /* share of films held out to measure; 0: do not measure */
};

struct bts_made {
    struct bts_films films; /* in the arena of the source */
    double value[TRAINER_MAX_SETTINGS];
    size_t n_links;
    double seconds;
    struct {
        bool used;
        size_t n, n_new; /* texts; of these not encoded before */
    } encoded[BTS_LANGUAGES];
    struct bts_measured measured;
};

MUST_USE enum err bts_maker_run(const struct bts_maker *q, struct bts_made *out, struct fail *why);

#endif
