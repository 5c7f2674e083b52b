/* What a visitor says about a card: "not like me" of the character, "know it, seen" of its film. */
#include <string.h>

#include "app/react.h"
#include "event_input.h"
#include "input.h"
#include "view.h"

/* The body says which, and may say where it was. */
static enum err read_mark(struct exchange *p, enum mark *kind)
{
    const char *name = input_text(p, p->body, "mark");
    if (name == NULL)
        return ERR_INVALID;
    return mark_parse(name, kind) ? ERR_OK : problem_field(&p->problem, "mark", "must be not_me or seen");
}

static enum err change(struct exchange *p, const char *event)
{
    struct report_event place;
    enum mark kind;
    int64_t c = input_character(p);
    if (c < 0) {
        problem_set(&p->problem, ERR_NOT_FOUND, "there is no character %d", p->id);
        return ERR_NOT_FOUND;
    }
    enum err rc = read_mark(p, &kind);
    if (rc != ERR_OK)
        return rc;
    event_input_place(p, p->body, event, &p->problem, &place);
    if (p->problem.n_errors > 0)
        return ERR_INVALID;
    place.event.character_id = p->id;
    place.event.movie_id = p->snapshot->movies[p->snapshot->characters[c].movie].id;
    place.event.value = mark_name(kind);
    rc = react_mark(p->site->db, &p->session, &place, p->site->config->rate_limits != 0, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    json_out_text_of(&p->out, "mark", mark_name(kind));
    json_out_bool_of(&p->out, "marked", strcmp(event, "mark") == 0);
    json_out_end(&p->out);
    return ERR_OK;
}

enum err api_marks_put(struct exchange *p)
{
    return change(p, "mark");
}

enum err api_marks_delete(struct exchange *p)
{
    return change(p, "unmark");
}

/* The character that a mark is shown by, −1 once the catalog has none: of a film the first. */
static int64_t shown_by(const struct exchange *p, const struct visitor_mark *mark)
{
    const struct snapshot *s = p->snapshot;
    if (mark->kind == MARK_NOT_ME)
        return snapshot_character_index(s, mark->subject);
    int64_t m = snapshot_movie_index(s, mark->subject);
    return m < 0 || s->movies[m].cast_count == 0 ? -1 : (int64_t)s->cast[s->movies[m].cast_start];
}

static struct view_place put_mine(struct exchange *p, const void *rows, size_t i)
{
    const struct visitor_mark *mark = (const struct visitor_mark *)rows + i;
    int64_t c = shown_by(p, mark);
    if (c >= 0) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "mark", mark_name(mark->kind));
        json_out_name(&p->out, "character");
        view_character(p, (uint32_t)c);
        view_created(p, mark->created);
        json_out_end(&p->out);
    }
    return (struct view_place){mark->mark_id, 0};
}

enum err api_marks_mine(struct exchange *p)
{
    struct input_rows page;
    enum err rc = input_rows(p, REACT_LIST_MOST, 0, &page);
    if (rc != ERR_OK)
        return rc;
    struct visitor_marks marks = {.before = page.first, .most = page.limit + 1};
    rc = react_marks(p->site->db, &p->session, &marks, p->arena, &p->why);
    return rc == ERR_OK ? view_rows(p, &page, marks.items, marks.n, put_mine) : exchange_unsaved(p, rc);
}
