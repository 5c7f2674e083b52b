/* The owner's figures: days and periods side by side, the way through the test. From what `mvti rollup` has counted, and tests and newcomers by
 * the index of their time; nothing here reads events, so the cost is that of the days asked for. Days are those of the site's time zone. */
#ifndef MVTI_STORE_FIGURES_H
#define MVTI_STORE_FIGURES_H

#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

enum { FIGURES_DATE = 11 }; /* "2026-11-30" */

enum figure {
    FIGURE_VISITORS, /* of a period: each counts once */
    FIGURE_NEW,      /* who came for the first time */
    FIGURE_TESTS,    /* completed */
    FIGURE_LIKES,
    FIGURE_WATCH, /* links to a streaming service followed */
    FIGURE_SHARES,
    FIGURE_IMPRESSIONS,
    FIGURE_CLICKS,
    FIGURE_UP, /* thumbs on results that were made then */
    FIGURE_DOWN,
    FIGURES
};
/* "visitors", "new_visitors" and so on. */
extern const char *const figure_names[FIGURES];

struct figures_day {
    char day[FIGURES_DATE];
    int64_t n[FIGURES];
};

/* Steps of the way, in their order; how many people took them and how often. */
enum { FIGURE_STEPS = 10 };
extern const char *const figure_steps[FIGURE_STEPS]; /* "landing", "start" and so on: kinds of events */
struct figures_step {
    int64_t people, events;
};

/* What the figures are of: a day and the week from its Monday to it, beside the same a week before. */
enum figures_span {
    FIGURES_TODAY,
    FIGURES_SAME_DAY, /* a week before */
    FIGURES_WEEK,     /* from Monday to today */
    FIGURES_SAME_DAYS,
    FIGURES_LAST_WEEK, /* whole */
    FIGURES_SPANS
};
/* "today", "same_day", "this_week", "same_days", "last_week" */
extern const char *const figures_span_names[FIGURES_SPANS];
struct figures_period {
    char from[FIGURES_DATE], to[FIGURES_DATE]; /* both included */
    int64_t n[FIGURES];
};

struct figures_calendar {
    char zone[65];
    int64_t counted;          /* seconds since 1970 UTC: time of the last event that is counted; 0: none is */
    char first[FIGURES_DATE]; /* five weeks before the day, for a curve */
    struct figures_period spans[FIGURES_SPANS]; /* from and to */
};

/* day: "YYYY-MM-DD", NULL: today. ERR_INVALID: no such day. */
MUST_USE enum err figures_calendar(struct db *db, const char *day, struct figures_calendar *out,
                                   struct fail *why);
struct figures_days {
    struct figures_day *items; /* [n], in the arena */
    size_t n;
};
/* Every day from first to last. */
MUST_USE enum err figures_days(struct db *db, const char *first, const char *last, struct arena *a,
                               struct figures_days *out, struct fail *why);
/* Fills p->n: sums of the days that are in it, and people. */
MUST_USE enum err figures_fill(struct db *db, const struct figures_days *days, struct figures_period *p,
                               struct fail *why);
MUST_USE enum err figures_funnel(struct db *db, const char *from, const char *to,
                                 struct figures_step out[FIGURE_STEPS], struct fail *why);

#endif
