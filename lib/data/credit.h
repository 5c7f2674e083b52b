/* How much of what visitors choose is believed, so that a crowd of guests whom one person makes up moves
 * nobody else's recommendations by more than a bound that is known.
 *
 * An account is a person whom a provider knows: all of its choices count. A guest is a browser, and a program
 * can be any number of them (auth/guest.h says at what price). What guests say together about one film is
 * therefore worth less the more of them there are from one place and on one day, and what they say in all
 * grows slowly:
 *
 *   b(x; free) = x                          up to `free`      g(x; free) = x                          up to `free`
 *              = free · (2 − free / x)      beyond                       = free · (1 + ln(x / free))  beyond
 *
 * b stays below 2·free, whatever x.
 *
 *   1. a guest weighs 1, or CREDIT_UNCOUNTED if the network had made too many that day; times CREDIT_HASTY for films
 *      of a test that came sooner after the page than anybody answers, and all likes of that guest; divided by k² for the
 *      k-th guest who chose exactly the same films, CREDIT_SET or more: together less than π²/6
 *   2. their sum over the guests of one crowd (one network block and day) is cut to b(sum; crowd)
 *   3. the sum of these over the crowds of a day to b(sum; max(day, u)), where u is what the film had on the
 *      other days of the week before and the week after, by the day of one week, and at most CREDIT_USUAL · day
 *   4. the sum of these over all days to g(sum; all)
 *
 * with crowd = max(1, P/4000), day = max(3/2, P/2000), all = max(50, P/20), where P is the people of
 * imported ratings, the accounts and a quarter of the guests: relative to the whole, because what matters is
 * the share. So on one day a film gets less than 2 people from one network block (or 0.05 % of P) and less than
 * 3 from all guests together (or 0.1 %), twice that if it has as many all week. A film then has as many of its guests' choices, in the order
 * in which they came, as that sum has whole numbers: a choice counts whole or not at all, so that models need
 * to know nothing of weights. A guest's day has CREDIT_FILMS films.
 *
 * A like is a weak word for its film: it is given to what this site itself has shown. So of anybody, accounts too, the first
 * likes count, as many as films were chosen, and CREDIT_LIKES at least: what is recommended does not outweigh what is loved.
 *
 * Why so few: where 30 people love a film, six who love another one with it bring that among the first ten of a
 * third of them (measured, docs/how-it-decides.md). So what a day teaches is less than what a week does: a
 * love that lasts is believed, a crowd of one day is not. */
#ifndef MVTI_DATA_CREDIT_H
#define MVTI_DATA_CREDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { CREDIT_FILMS = 50, CREDIT_NO_CROWD = -1, CREDIT_LIKES = 3, CREDIT_SET = 3 };
#define CREDIT_UNCOUNTED 0.5
#define CREDIT_USUAL 2
#define CREDIT_HASTY 0.25

/* Of one visitor and one film. */
struct credit_choice {
    int64_t visitor;
    int32_t movie;
    int32_t day;  /* days since any date */
    int32_t like; /* 0: chosen; n: only the visitor's n-th like speaks for it */
    /* From 0 to 2³² − 1, of that day; CREDIT_NO_CROWD: that of another choice of the visitor's, else a crowd of
     * their own. */
    int64_t crowd;
    bool account, counted;
    bool hasty; /* of a test that came sooner than anybody answers; likes of the same visitor are too, then */
    bool kept;
};

/* What was kept. */
struct credit_tally {
    size_t choices, kept; /* of guests */
    size_t guests, heard; /* guests; those of whom anything was kept */
};

/* Sets `kept` of choices[n], which it orders by visitor, then film; a film that one visitor chose twice must be
 * there once. people: of P, those who are no guests. ERR_NOMEM. O(n log n). */
MUST_USE enum err credit_give(struct credit_choice *choices, size_t n, size_t people,
                              struct credit_tally *tally, struct fail *why);

#endif
