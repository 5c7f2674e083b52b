/* The search for good settings of a trainer, by asking and telling: who uses it trains and measures.
 *
 * The space is the `tune` column of the trainer's settings (train/trainer.h) without those given. The first
 * trial is the defaults, so that the best is never worse than they. Then the space is covered evenly by a
 * quasi-random sequence (the additive recurrence of Roberts 2018, "The unreasonable effectiveness of
 * quasirandom sequences", shifted by the seed), for half of the budget; the rest are steps around the best
 * so far, each coordinate moved with probability one half, ever shorter while nothing better is found (as
 * the (1+1) evolution strategy). Nothing is tried twice. The same seed and the same figures give the same
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
    size_t setting; /* index in the trainer's */
    bool log;
    double least, most;
    double choice[TUNE_CHOICES]; /* [n_choices] ascending; least and most are the ends */
    size_t n_choices;            /* 0: everything between least and most */
};

/* Reads a `tune` text. ERR_FAULT: it is none, or leaves the setting's range (tests read every row). */
MUST_USE enum err tune_range_read(struct tune_range *out, const struct trainer_setting *s, struct fail *why);
/* u in [0, 1] to a value; values of ranges are rounded to three digits. */
double tune_range_value(const struct tune_range *r, double u);
/* Where a value lies, within [0, 1]. */
double tune_range_place(const struct tune_range *r, double value);

struct tune {
    const struct trainer *trainer;
    struct trainer_values given;
    struct tune_range range[TRAINER_MAX_SETTINGS]; /* [n_ranges] */
    size_t n_ranges;
    struct rng rng;
    double shift[TRAINER_MAX_SETTINGS], step; /* of the sequence; of the steps around the best */
    size_t n_covering, n_asked, n_told, at;
    struct vec tried;                         /* double[TRAINER_MAX_SETTINGS] each */
    bool found;                               /* some trial had a figure */
    double best, value[TRAINER_MAX_SETTINGS]; /* its figure and all its settings */
};

/* budget: trials to come, 0 when time decides. ERR_INVALID: nothing left to search. tune_free it. */
MUST_USE enum err tune_start(struct tune *t, const struct trainer *trainer,
                             const struct trainer_values *given, size_t budget, uint64_t seed,
                             struct fail *why);
/* The next settings to try. False when there is nothing new to try, or memory is out. */
bool tune_next(struct tune *t, struct trainer_values *out);
/* What the trial came to: value, all settings with defaults filled in; figure, higher is better, NAN for a
 * trial that failed. True if it is the best so far. */
bool tune_tell(struct tune *t, const double value[TRAINER_MAX_SETTINGS], double figure);
void tune_free(struct tune *t);

#endif
