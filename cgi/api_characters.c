#include <string.h>

#include "app/browse.h"
#include "app/react.h"
#include "event_input.h"
#include "input.h"
#include "view.h"

/* Index of the character in the path; −1 with a 404 problem. */
static int64_t find_character(struct exchange *p)
{
    int64_t i = input_character(p);
    if (i < 0)
        problem_set(&p->problem, ERR_NOT_FOUND, "there is no character %d", p->id);
    return i;
}

static void put_list(struct exchange *p, const char *name, const struct browse_page *list,
                     const struct input_visitor *v)
{
    json_out_name(&p->out, name);
    json_out_list(&p->out);
    for (size_t i = 0; i < list->n; i++)
        view_character_for(p, list->items[i], v);
    json_out_end(&p->out);
}

/* Unknown while the database is away: likes and visitor_votes are null then. */
static void put_reactions(struct exchange *p)
{
    struct react_about about;
    bool known = react_about(p->site->db, &p->session, p->id, &about, &p->why) == ERR_OK;
    json_out_bool_of(&p->out, "liked", known && about.liked);
    if (known)
        json_out_int_of(&p->out, "likes", about.likes);
    else
        json_out_null_of(&p->out, "likes");
    json_out_name(&p->out, "visitor_votes");
    if (known)
        view_votes(p, &about.votes);
    else
        json_out_null(&p->out);
    json_out_name(&p->out, "my_vote");
    if (known && about.mine.mbti != MBTI_NONE) {
        json_out_map(&p->out);
        view_vote_types(p, &about.mine);
        json_out_end(&p->out);
    } else
        json_out_null(&p->out);
}

enum err api_characters_one(struct exchange *p)
{
    struct input_visitor v;
    enum err rc = input_visitor(p, &v);
    int64_t i = rc == ERR_OK ? find_character(p) : -1;
    if (i < 0)
        return rc != ERR_OK ? rc : ERR_NOT_FOUND;
    struct browse_page others, similar;
    rc = browse_others(p->snapshot, (uint32_t)i, p->arena, &others);
    if (rc == ERR_OK)
        rc = browse_similar(p->snapshot, (uint32_t)i, p->arena, &similar);
    if (rc != ERR_OK)
        return rc;
    const struct snapshot_character *c = &p->snapshot->characters[i];
    const struct snapshot_movie *m = &p->snapshot->movies[c->movie];
    json_out_map(&p->out);
    view_character_members(p, (uint32_t)i);
    if (v.matches != NULL)
        view_match_for(p, (uint32_t)i, &v);
    json_out_name(&p->out, "description");
    view_text(p, c->description_ko, c->description_en);
    json_out_name(&p->out, "plot");
    view_text(p, m->plot_ko, m->plot_en);
    json_out_name(&p->out, "links");
    view_links(p, c->movie);
    put_reactions(p);
    json_out_text_of(&p->out, "snapshot", p->snapshot->id);
    put_list(p, "others", &others, &v);
    put_list(p, "similar", &similar, &v);
    json_out_end(&p->out);
    return ERR_OK;
}

/* The body may say where on the page it was. */
static enum err change_like(struct exchange *p, const char *kind)
{
    int64_t likes;
    struct report_event place;
    if (find_character(p) < 0)
        return ERR_NOT_FOUND;
    if (p->body != NULL && p->body->kind != JSON_MAP)
        problem_field(&p->problem, "body", "must be a JSON object");
    event_input_place(p, p->body, kind, &p->problem, &place);
    if (p->problem.n_errors > 0)
        return ERR_INVALID;
    place.event.character_id = p->id;
    bool limited = p->site->config->rate_limits != 0;
    enum err rc = react_like(p->site->db, &p->session, &place, limited, &likes, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    json_out_bool_of(&p->out, "liked", strcmp(kind, "like") == 0);
    json_out_int_of(&p->out, "likes", likes);
    json_out_end(&p->out);
    return ERR_OK;
}

enum err api_characters_like(struct exchange *p)
{
    return change_like(p, "like");
}

enum err api_characters_unlike(struct exchange *p)
{
    return change_like(p, "unlike");
}
