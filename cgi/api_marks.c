/* What a visitor says about a card: "not like me" of the character, "know it, seen" and "hide it" of its film. */
#include <string.h>

#include "app/react.h"
#include "event_input.h"
#include "input.h"
#include "view.h"

/* The body says which, and may say where it was. */
static enum err read_mark(struct exchange *p, bool of_character, enum mark *kind)
{
    const char *name = input_text(p, p->body, "mark");
    if (name == NULL)
        return ERR_INVALID;
    if (mark_parse(name, kind) && (*kind != MARK_NOT_ME || of_character))
        return ERR_OK;
    return problem_field(&p->problem, "mark", "must be %sseen or hidden", of_character ? "not_me, " : "");
}

/* character: −1 for a film alone. */
static enum err change(struct exchange *p, const char *event, int32_t character, int32_t movie)
{
    struct report_event place;
    enum mark kind;
    enum err rc = read_mark(p, character >= 0, &kind);
    if (rc != ERR_OK)
        return rc;
    event_input_place(p, p->body, event, &p->problem, &place);
    if (p->problem.n_errors > 0)
        return ERR_INVALID;
    place.event.character_id = character;
    place.event.movie_id = movie;
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

static enum err of_character(struct exchange *p, const char *event)
{
    int64_t c = input_character(p);
    if (c < 0)
        return problem_set(&p->problem, ERR_NOT_FOUND, "there is no character %d", p->id);
    return change(p, event, p->id, p->snapshot->movies[p->snapshot->characters[c].movie].id);
}

static enum err of_movie(struct exchange *p, const char *event)
{
    if (input_movie(p) < 0)
        return problem_set(&p->problem, ERR_NOT_FOUND, "there is no film %d", p->id);
    return change(p, event, -1, p->id);
}

enum err api_marks_put(struct exchange *p)
{
    return of_character(p, "mark");
}

enum err api_marks_delete(struct exchange *p)
{
    return of_character(p, "unmark");
}

enum err api_marks_movie_put(struct exchange *p)
{
    return of_movie(p, "mark");
}

enum err api_marks_movie_delete(struct exchange *p)
{
    return of_movie(p, "unmark");
}

/* Film and character by index that a mark is shown with, −1 for none: of a film its first character. */
struct shown {
    int64_t movie, character;
};

static struct shown shown_with(const struct snapshot *s, const struct visitor_mark *mark)
{
    if (mark->kind == MARK_NOT_ME)
        return (struct shown){-1, snapshot_character_index(s, mark->subject)};
    int64_t m = snapshot_movie_index(s, mark->subject);
    return (struct shown){
        m, m < 0 || s->movies[m].cast_count == 0 ? -1 : (int64_t)s->cast[s->movies[m].cast_start]};
}

static void put_mark(struct exchange *p, const struct visitor_mark *mark, const struct shown *with)
{
    json_out_map(&p->out);
    json_out_text_of(&p->out, "mark", mark_name(mark->kind));
    json_out_name(&p->out, "character");
    if (with->character >= 0)
        view_character(p, (uint32_t)with->character);
    else
        json_out_null(&p->out);
    json_out_name(&p->out, "movie");
    if (with->movie >= 0)
        view_movie(p, (uint32_t)with->movie);
    else
        json_out_null(&p->out);
    view_created(p, mark->created);
    json_out_end(&p->out);
}

static struct view_place put_mine(struct exchange *p, const void *rows, size_t i)
{
    const struct visitor_mark *mark = (const struct visitor_mark *)rows + i;
    struct shown with = shown_with(p->snapshot, mark);
    if (with.movie >= 0 || with.character >= 0)
        put_mark(p, mark, &with);
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
