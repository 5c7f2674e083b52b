#include <string.h>

#include "event_input.h"
#include "input.h"

/* An event that is not stored, by its place in the report. */
struct refused {
    size_t index;
    struct problem why; /* its first error is told */
};

/* Reads all events; those that are wrong are refused by themselves. */
static void read_all(struct exchange *p, struct report *r, struct refused *refused, size_t *n_refused,
                     struct first_visit *first)
{
    for (size_t i = 0; i < p->body->n; i++) {
        struct refused *bad = &refused[*n_refused];
        *bad = (struct refused){.index = i};
        event_input(p, &p->body->items[i], &bad->why, &r->events[r->n], first);
        r->n += bad->why.n_errors == 0;
        *n_refused += bad->why.n_errors > 0;
    }
    r->first = first->path != NULL ? first : NULL;
}

/* Nothing can be stored: the problem names what is wrong with the first ones. */
static enum err refuse_all(struct exchange *p, const struct refused *refused, size_t n)
{
    for (size_t i = 0; i < n; i++)
        problem_field(&p->problem, "body", "event %zu: %s", refused[i].index,
                      refused[i].why.errors[0].message);
    return ERR_INVALID;
}

static void put_refused(struct exchange *p, const struct refused *refused, size_t n)
{
    json_out_name(&p->out, "refused");
    json_out_list(&p->out);
    for (size_t i = 0; i < n; i++) {
        json_out_map(&p->out);
        json_out_int_of(&p->out, "index", (int64_t)refused[i].index);
        json_out_text_of(&p->out, "field", refused[i].why.errors[0].field);
        json_out_text_of(&p->out, "message", refused[i].why.errors[0].message);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

static enum err answer(struct exchange *p, size_t stored, const struct refused *refused, size_t n)
{
    p->response->status = 202;
    json_out_map(&p->out);
    json_out_int_of(&p->out, "stored", (int64_t)stored);
    put_refused(p, refused, n);
    json_out_end(&p->out);
    return ERR_OK;
}

/* Who asks not to be tracked is nobody new either. */
static enum err keep_nothing(struct exchange *p)
{
    if (p->session.fresh)
        p->session.present = p->session.fresh = false;
    return answer(p, 0, NULL, 0);
}

enum err api_events(struct exchange *p)
{
    if (p->body == NULL || p->body->kind != JSON_LIST || p->body->n < 1 || p->body->n > REPORT_MOST)
        return problem_field(&p->problem, "body", "must be a list of 1 to %d events", REPORT_MOST);
    struct report_event events[REPORT_MOST];
    struct refused *refused = arena_alloc(p->arena, REPORT_MOST * sizeof *refused);
    if (refused == NULL)
        return ERR_NOMEM;
    struct once once;
    struct first_visit first = {0};
    struct report r = {.events = events, .once = &once, .limited = p->site->config->rate_limits != 0};
    size_t n_refused = 0;
    if (p->request->do_not_track)
        return keep_nothing(p);
    read_all(p, &r, refused, &n_refused, &first);
    if (r.n == 0)
        return refuse_all(p, refused, n_refused);
    enum err rc = input_once(p, &once);
    if (rc != ERR_OK)
        return rc;
    rc = report_events(p->site->db, &p->session, &r, &p->why);
    return rc == ERR_OK ? answer(p, r.n, refused, n_refused) : exchange_unsaved_once(p, rc);
}
