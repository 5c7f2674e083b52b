#include "app/react.h"
#include "input.h"
#include "view.h"

enum { POSITION_MOST = 10000 };

/* An optional id: VISITOR_EVENT_NONE when absent, and with a problem when it is none. */
static int32_t read_id(struct exchange *p, const struct json_value *map, const char *name)
{
    const struct json_value *v = json_member(map, name);
    if (v == NULL || v->kind == JSON_NULL)
        return VISITOR_EVENT_NONE;
    if (v->kind == JSON_INT && v->integer >= 0 && v->integer <= INT32_MAX)
        return (int32_t)v->integer;
    problem_field(&p->problem, "body", "%s must be an ID", name);
    return VISITOR_EVENT_NONE;
}

static const char *optional_text(struct exchange *p, const struct json_value *map, const char *name)
{
    const struct json_value *v = json_member(map, name);
    if (v == NULL || v->kind == JSON_NULL)
        return NULL;
    if (v->kind != JSON_TEXT)
        problem_field(&p->problem, "body", "%s must be a string", name);
    return v->kind == JSON_TEXT ? v->text : NULL;
}

static void read_subject(struct exchange *p, const struct json_value *v, struct visitor_event *e)
{
    int32_t character = read_id(p, v, "character"), movie = read_id(p, v, "movie");
    if (character >= 0 && snapshot_character_index(p->snapshot, character) < 0)
        problem_field(&p->problem, "body", "there is no character %d", character);
    if (movie >= 0 && snapshot_movie_index(p->snapshot, movie) < 0)
        problem_field(&p->problem, "body", "there is no film %d", movie);
    e->character_id = character;
    e->movie_id = movie;
}

static void read_place(struct exchange *p, const struct json_value *v, struct visitor_event *e)
{
    const struct json_value *position = json_member(v, "position");
    e->position = -1;
    e->list = optional_text(p, v, "list");
    if (e->list != NULL && !react_list_known(e->list))
        problem_field(&p->problem, "body", "list is not a known list");
    if (position == NULL || position->kind == JSON_NULL)
        return;
    if (position->kind != JSON_INT || position->integer < 0 || position->integer > POSITION_MOST)
        problem_field(&p->problem, "body", "position must be a whole number from 0 to %d", POSITION_MOST);
    else
        e->position = (int)position->integer;
}

static enum err read_event(struct exchange *p, const struct json_value *v, struct react_event *out)
{
    *out = (struct react_event){0};
    out->event.kind = optional_text(p, v, "kind");
    if (out->event.kind == NULL || !react_kind_known(out->event.kind))
        problem_field(&p->problem, "body", "kind is not a known kind");
    read_subject(p, v, &out->event);
    read_place(p, v, &out->event);
    out->test = optional_text(p, v, "test");
    if (out->test != NULL && !secret_token_valid(out->test, SHARE_TOKEN_CHARS))
        problem_field(&p->problem, "body", "test is not the token of a result");
    return p->problem.n_errors > 0 ? ERR_INVALID : ERR_OK;
}

enum err api_events(struct exchange *p)
{
    struct react_event events[REACT_EVENTS_MOST];
    if (p->body == NULL || p->body->kind != JSON_LIST || p->body->n < 1 || p->body->n > REACT_EVENTS_MOST)
        return problem_field(&p->problem, "body", "must be a list of 1 to %d events", REACT_EVENTS_MOST);
    size_t n = p->body->n;
    for (size_t i = 0; i < n; i++)
        if (read_event(p, &p->body->items[i], &events[i]) != ERR_OK)
            return ERR_INVALID;
    struct once once;
    enum err rc = input_once(p, &once);
    if (rc != ERR_OK)
        return rc;
    bool limited = p->site->config->rate_limits != 0;
    rc = react_events(p->site->db, &p->session, events, n, &once, limited, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved_once(p, rc);
    p->response->status = 202;
    json_out_map(&p->out);
    json_out_int_of(&p->out, "stored", (int64_t)n);
    json_out_end(&p->out);
    return ERR_OK;
}
