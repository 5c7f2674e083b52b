/* The search for good settings of a trainer, as an ask-and-tell interface: the caller trains and evaluates.
 *
 * The space is the `tune` column of the trainer's settings (train/trainer.h), except for settings that were given. The
 * first trial uses the defaults, so that the result is never worse than they are. Half of the budget then covers the
 * space evenly with a quasi-random sequence (the additive recurrence of Roberts 2018, "The unreasonable effectiveness
 * of quasirandom sequences", shifted by the seed); the rest are steps around the best trial
 * so far, each coordinate changed with probability one half, with steps that shrink as long as nothing better is found
 * (a (1+1) evolution strategy). Nothing is tried twice. The same seed and the same results give the same
 * trials. */
#ifndef MVTI_TRAIN_TUNE_H
#define MVTI_TRAIN_TUNE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/rng.h"
#include "base/vec.h"
#include "train/trainer.h"

enum { TUNE_CHOICES = 12 };

/* One searched setting. */
struct tune_range {
    size_t setting; /* index into the trainer's settings */
    bool log;       /* the range is logarithmic */
    double least, most;
    double choice[TUNE_CHOICES]; /* [n_choices] ascending, from least to most */
    size_t n_choices;            /* 0: everything between least and most */
};

/* Reads the `tune` text of s. ERR_FAULT: it is malformed, or exceeds the setting's range (tests read every row). */
MUST_USE enum err tune_range_read(struct tune_range *out, const struct trainer_setting *s, struct fail *why);
/* Maps u in [0, 1] to a value; values of ranges are rounded to three digits. */
double tune_range_value(const struct tune_range *r, double u);
/* The inverse: a value's position in [0, 1]. */
double tune_range_place(const struct tune_range *r, double value);

struct tune {
    const struct trainer *trainer;
    struct trainer_values given;
    struct tune_range range[TRAINER_MAX_SETTINGS]; /* [n_ranges] */
    size_t n_ranges;
    struct rng rng;
    double shift[TRAINER_MAX_SETTINGS], step; /* of the sequence; size of the steps around the best */
    /* Trials of the sequence, asked for, told of; index in the sequence */
    size_t n_covering, n_asked, n_told, at;
    struct vec tried;                         /* double[TRAINER_MAX_SETTINGS] each */
    bool found;                               /* some trial succeeded */
    double best, value[TRAINER_MAX_SETTINGS]; /* result and all settings of the best trial */
};

/* budget: number of trials; 0 if time decides. ERR_INVALID: all settings are given. tune_free it. */
MUST_USE enum err tune_start(struct tune *t, const struct trainer *trainer,
                             const struct trainer_values *given, size_t budget, uint64_t seed,
                             struct fail *why);
/* The next settings to try. False if there is nothing new to try, or memory is exhausted. */
bool tune_next(struct tune *t, struct trainer_values *out);
/* The result of that trial. value: all settings, defaults filled in; figure: higher is better, NAN if the
 * trial failed. True if it is the best so far. */
bool tune_tell(struct tune *t, const double value[TRAINER_MAX_SETTINGS], double figure);
void tune_free(struct tune *t);

#endif
