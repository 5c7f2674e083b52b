/* The first page of the owner's figures (store/figures.h), read at once: for the console and for the weekly report. */
#ifndef MVTI_APP_OVERVIEW_H
#define MVTI_APP_OVERVIEW_H

#include "store/figures.h"

enum overview_funnel { OVERVIEW_THIS_WEEK, OVERVIEW_LAST_WEEK, OVERVIEW_FUNNELS };

struct overview {
    struct figures_calendar calendar; /* its spans are filled */
    struct figures_days days;         /* five weeks */
    struct figures_step funnel[OVERVIEW_FUNNELS][FIGURE_STEPS];
};

/* day: as for figures_calendar. */
MUST_USE enum err overview_read(struct db *db, const char *day, struct arena *a, struct overview *out,
                                struct fail *why);
/* Their words in answers and reports. */
const char *overview_figure_name(enum figure i);
const char *overview_span_name(enum figures_span i);
const char *overview_step_name(size_t i);

#endif
