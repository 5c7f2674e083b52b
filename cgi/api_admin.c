/* The owner's console: figures, and what was done in it. */
#include "app/console.h"
#include "app/overview.h"
#include "input.h"
#include "view.h"

enum { ACTIONS_MOST = 50 };

static void put_figures(struct exchange *p, const int64_t n[FIGURES])
{
    for (enum figure i = 0; i < FIGURES; i++)
        json_out_int_of(&p->out, overview_figure_name(i), n[i]);
}

static void put_days(struct exchange *p, const struct overview *o)
{
    json_out_name(&p->out, "days");
    json_out_list(&p->out);
    for (size_t i = 0; i < o->days.n; i++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "day", o->days.items[i].day);
        put_figures(p, o->days.items[i].n);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

static void put_periods(struct exchange *p, const struct overview *o)
{
    json_out_name(&p->out, "periods");
    json_out_map(&p->out);
    for (enum figures_span i = 0; i < FIGURES_SPANS; i++) {
        const struct figures_period *span = &o->calendar.spans[i];
        json_out_name(&p->out, overview_span_name(i));
        json_out_map(&p->out);
        json_out_text_of(&p->out, "from", span->from);
        json_out_text_of(&p->out, "to", span->to);
        put_figures(p, span->n);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

static void put_funnel(struct exchange *p, const struct figures_step steps[FIGURE_STEPS], const char *name)
{
    json_out_name(&p->out, name);
    json_out_list(&p->out);
    for (size_t i = 0; i < FIGURE_STEPS; i++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "step", overview_step_name(i));
        json_out_int_of(&p->out, "people", steps[i].people);
        json_out_int_of(&p->out, "events", steps[i].events);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

static void time_or_null(struct exchange *p, const char *name, int64_t seconds)
{
    if (seconds > 0)
        view_time(p, name, seconds);
    else
        json_out_null_of(&p->out, name);
}

enum err api_admin_overview(struct exchange *p)
{
    struct overview o;
    enum err rc = overview_read(p->site->db, NULL, p->arena, &o, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    json_out_text_of(&p->out, "time_zone", o.calendar.zone);
    time_or_null(p, "counted_until", o.calendar.counted);
    put_days(p, &o);
    put_periods(p, &o);
    json_out_name(&p->out, "funnel");
    json_out_map(&p->out);
    put_funnel(p, o.funnel[OVERVIEW_THIS_WEEK], "this_week");
    put_funnel(p, o.funnel[OVERVIEW_LAST_WEEK], "last_week");
    json_out_end(&p->out);
    json_out_end(&p->out);
    return ERR_OK;
}

static void put_text_or_null(struct exchange *p, const char *name, const char *text)
{
    if (text != NULL)
        json_out_text_of(&p->out, name, text);
    else
        json_out_null_of(&p->out, name);
}

static struct view_place put_action(struct exchange *p, const void *rows, size_t i)
{
    const struct admin_action *a = (const struct admin_action *)rows + i;
    json_out_map(&p->out);
    json_out_int_of(&p->out, "id", a->action_id);
    view_time(p, "asked", a->asked);
    time_or_null(p, "ended", a->ended);
    json_out_text_of(&p->out, "admin", a->admin);
    json_out_text_of(&p->out, "action", a->action);
    json_out_text_of(&p->out, "subject", a->subject);
    put_text_or_null(p, "before", a->before);
    put_text_or_null(p, "after", a->after);
    json_out_text_of(&p->out, "outcome", a->outcome);
    json_out_text_of(&p->out, "said", a->said);
    view_saying(p, a->said);
    json_out_end(&p->out);
    return (struct view_place){a->action_id, 0};
}

enum err api_admin_actions(struct exchange *p)
{
    struct admin_actions list;
    struct input_rows page;
    enum err rc = input_rows(p, ACTIONS_MOST, 0, &page);
    if (rc != ERR_OK)
        return rc;
    rc = console_actions(p->site->db, page.given ? page.first : 0, page.limit + 1, p->arena, &list, &p->why);
    return rc == ERR_OK ? view_rows(p, &page, list.items, list.n, put_action) : exchange_unsaved(p, rc);
}
