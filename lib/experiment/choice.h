/* Which variants somebody is given, of the experiments in the file. Pure: what it needs of the database and of the clock it is told. */
#ifndef MVTI_EXPERIMENT_CHOICE_H
#define MVTI_EXPERIMENT_CHOICE_H

#include "experiment/experiment_file.h"

enum { CHOICE_MOST = 16, CHOICE_SEED = 48 };

/* Variants that hold for everybody in a worker for tests, whatever its share: "taste-first=taste,wall=even" of the setting experiment_force. */
struct choice_forced {
    size_t n;
    struct {
        uint32_t experiment, position; /* index in the file; of the variant */
    } pairs[CHOICE_MOST];
};

/* What a visitor was shown of an experiment before: she stays with it while it runs. */
struct choice_past {
    uint32_t experiment; /* its number */
    uint32_t position;
};

struct choice_ask {
    const struct experiment_file *file;
    const struct choice_forced *forced;
    const bool *usable; /* [file->n] whether the live snapshot has what the variants need */
    const uint8_t *key; /* [SECRET_HASH_BYTES] */
    int64_t now;        /* seconds since 1970 UTC */
    int64_t visitor;    /* 0: nobody, who is given forced variants alone */
    const struct choice_past *past;
    size_t n_past;
    uint32_t parts;            /* enum variant_part: experiments that touch one of them */
    uint8_t seed[CHOICE_SEED]; /* what tells this test from others; draws of bandits come from it */
    size_t n_seed;
};

struct choice_made {
    const struct experiment_record *experiment;
    const struct experiment_arm *arm;
    uint32_t position;
    double propensity; /* of the variant now */
    bool counted;      /* false: forced, and so no part of what is measured */
    bool known;        /* she was shown something of it before */
};

struct choice {
    size_t n;
    struct choice_made made[CHOICE_MOST];
    struct variant_settings settings; /* of all of them; its parts are disjoint */
};

/* O(experiments in the file · their variants): a hash for each layer's candidate, one for each experiment taken. */
void choice_make(const struct choice_ask *ask, struct choice *out);

/* Reads the setting; "" is none. ERR_INVALID: it is no list of NAME=VARIANT, or the file has no such experiment or variant. */
MUST_USE enum err choice_force(const struct experiment_file *f, const char *text, struct choice_forced *out,
                               struct fail *why);

#endif
