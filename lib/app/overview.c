#include "app/overview.h"

static enum err read_funnels(struct db *db, struct overview *o, struct fail *why)
{
    static const enum figures_span spans[OVERVIEW_FUNNELS] = {FIGURES_WEEK, FIGURES_LAST_WEEK};
    enum err rc = ERR_OK;
    for (size_t i = 0; i < OVERVIEW_FUNNELS && rc == ERR_OK; i++) {
        const struct figures_period *p = &o->calendar.spans[spans[i]];
        rc = figures_funnel(db, p->from, p->to, o->funnel[i], why);
    }
    return rc;
}

enum err overview_read(struct db *db, const char *day, struct arena *a, struct overview *out,
                       struct fail *why)
{
    struct figures_calendar *c = &out->calendar;
    *out = (struct overview){0};
    enum err rc = figures_calendar(db, day, c, why);
    if (rc == ERR_OK)
        rc = figures_days(db, c->first, c->spans[FIGURES_TODAY].to, a, &out->days, why);
    for (size_t i = 0; i < FIGURES_SPANS && rc == ERR_OK; i++)
        rc = figures_fill(db, &out->days, &c->spans[i], why);
    return rc == ERR_OK ? read_funnels(db, out, why) : rc;
}

const char *overview_figure_name(enum figure i)
{
    return figure_names[i];
}

const char *overview_span_name(enum figures_span i)
{
    return figures_span_names[i];
}

const char *overview_step_name(size_t i)
{
    return figure_steps[i];
}
