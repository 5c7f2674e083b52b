/* How much of what visitors choose is believed, so that a crowd of guests whom one person makes up moves
 * nobody else's recommendations by more than a bound that is known.
 *
 * An account is a person whom a provider knows: all of its choices count. A guest is a browser, and a program
 * can be any number of them (auth/guest.h says at what price). What guests say together about one film is
 * therefore worth less the more of them there are from one place, on one day, and in all:
 *
 *   g(x; free) = x                          up to `free`
 *              = free · (1 + ln(x / free))  beyond
 *
 *   1. a guest weighs 1, or CREDIT_UNCOUNTED if the network had made too many that day; divided by k for the
 *      k-th guest who chose exactly the same films, CREDIT_SET or more
 *   2. their sum over the guests of one crowd (one network block and day) is cut to g(sum; crowd)
 *   3. the sum of these over the crowds of a day to g(sum; day)
 *   4. the sum of these over all days to g(sum; all)
 *
 * with crowd = max(3, P/1000), day = max(5, P/200), all = 10·day, where P is the people of
 * imported ratings, the accounts and a quarter of the guests: relative to
 * the whole, because what matters is the share. A film then has as many of its guests' choices, in the order
 * in which they came, as that sum has whole numbers: a choice counts whole or not at all, so that models need
 * to know nothing of weights. Rarely chosen films lose nothing. A guest's day has CREDIT_FILMS films.
 *
 * A like is a weak word for its film: it is given to what this site itself has shown. So of anybody, accounts too, the first
 * likes count, as many as films were chosen, and CREDIT_LIKES at least: what is recommended does not outweigh what is loved.
 *
 * 500 guests from one block with the same three films count as 5 people at P = 600, 500 with one film in common
 * from 50 blocks as 25; the table is in docs/how-it-decides.md. */
#ifndef MVTI_DATA_CREDIT_H
#define MVTI_DATA_CREDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { CREDIT_FILMS = 50, CREDIT_NO_CROWD = -1, CREDIT_LIKES = 3, CREDIT_SET = 3 };
#define CREDIT_UNCOUNTED 0.5

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
    bool kept;
};

/* What was kept. */
struct credit_tally {
    size_t choices, kept; /* of guests */
    size_t guests, heard; /* guests; those of whom anything was kept */
};

/* What `sum` of guests counts as. */
double credit_cut(double sum, double free_of_charge);
/* Sets `kept` of choices[n], which it orders by visitor, then film; a film that one visitor chose twice must be
 * there once. people: of P, those who are no guests. ERR_NOMEM. O(n log n). */
MUST_USE enum err credit_give(struct credit_choice *choices, size_t n, size_t people,
                              struct credit_tally *tally, struct fail *why);

#endif
