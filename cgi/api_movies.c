#include <string.h>

#include "app/browse.h"
#include "app/search.h"
#include "base/utf8.h"
#include "input.h"
#include "view.h"

enum { PAGE_DEFAULT = 20, PAGE_MOST = 100 };

static void put_movies(struct exchange *p, const uint32_t *movies, size_t n)
{
    view_items(p);
    for (size_t i = 0; i < n; i++)
        view_movie(p, movies[i]);
    json_out_end(&p->out);
}

static enum err found_movies(struct exchange *p, const char *q)
{
    size_t limit, offset = 0;
    uint64_t unused = 0;
    struct search_result found;
    if (utf8_length(q, strlen(q)) > SEARCH_MAX_CHARS)
        return problem_field(&p->problem, "q", "takes at most %d characters", SEARCH_MAX_CHARS);
    enum err rc = input_limit(p, PAGE_DEFAULT, PAGE_MOST, &limit);
    if (rc == ERR_OK)
        rc = input_cursor(p, &unused, &offset);
    if (rc == ERR_OK)
        rc = search_movies(p->snapshot, q, offset, limit, p->arena, &found);
    if (rc != ERR_OK)
        return rc;
    json_out_map(&p->out);
    json_out_text_of(&p->out, "snapshot", p->snapshot->id);
    put_movies(p, found.items, found.n);
    view_next(p, offset + found.n < found.found, 0, offset + found.n);
    json_out_end(&p->out);
    return ERR_OK;
}

/* A wall that an experiment makes is one visitor's, and while one runs no answer may be another's. Whoever turns the page has been shown it. */
static enum variant_wall wall_of(struct exchange *p, struct choice *choice)
{
    const struct experiments *x = &p->site->serving.experiments;
    *choice = (struct choice){0};
    if (!experiments_touch(x, VARIANT_WALL))
        return WALL_STEEP;
    response_header(p->response, "Cache-Control", "private, no-store");
    experiments_show(p->site->db, x,
                     &(struct experiments_visit){.session = &p->session, .parts = VARIANT_WALL}, choice);
    return (enum variant_wall)choice->settings.wall;
}

/* A seed fixes the order of the whole wall; a visit without one gets its own, which the cursor carries on. */
static enum err wall(struct exchange *p)
{
    struct browse_ask ask = {.wall = WALL_STEEP};
    bool seeded;
    struct browse_page page;
    struct choice choice;
    enum err rc = input_limit(p, PAGE_DEFAULT, PAGE_MOST, &ask.limit);
    if (rc == ERR_OK)
        rc = input_seed(p, &ask.seed, &seeded);
    if (rc == ERR_OK && !seeded)
        secret_random(&ask.seed, sizeof ask.seed);
    if (rc == ERR_OK)
        rc = input_cursor(p, &ask.seed, &ask.offset);
    if (rc == ERR_OK)
        rc = input_chosen(p, &ask.chosen, &ask.n_chosen);
    if (rc != ERR_OK)
        return rc;
    ask.wall = wall_of(p, &choice);
    rc = browse_wall(p->snapshot, &ask, p->arena, &page);
    if (rc != ERR_OK)
        return rc;
    if (!seeded && ask.offset == 0 && !experiments_touch(&p->site->serving.experiments, VARIANT_WALL))
        response_header(p->response, "Cache-Control", "no-store");
    json_out_map(&p->out);
    json_out_text_of(&p->out, "snapshot", p->snapshot->id);
    if (ask.n_chosen > 0)
        json_out_text_of(&p->out, "ranker", recommend_ranker(p->snapshot));
    view_experiments(p, &choice);
    put_movies(p, page.items, page.n);
    view_next(p, page.more, ask.seed, ask.offset + page.n);
    json_out_end(&p->out);
    return ERR_OK;
}

enum err api_movies(struct exchange *p)
{
    const char *q = form_get(&p->query, "q");
    return q != NULL && *q != '\0' ? found_movies(p, q) : wall(p);
}

enum err api_movies_one(struct exchange *p)
{
    struct input_visitor v;
    enum err rc = input_visitor(p, &v);
    if (rc != ERR_OK)
        return rc;
    const struct snapshot *s = p->snapshot;
    int64_t i = input_movie(p);
    if (i < 0)
        return problem_set(&p->problem, ERR_NOT_FOUND, "there is no film %d", p->id);
    const struct snapshot_movie *m = &s->movies[i];
    json_out_map(&p->out);
    view_movie_members(p, (uint32_t)i);
    json_out_name(&p->out, "plot");
    view_text(p, m->plot_ko, m->plot_en);
    json_out_name(&p->out, "links");
    view_links(p, (uint32_t)i);
    json_out_text_of(&p->out, "snapshot", p->snapshot->id);
    json_out_name(&p->out, "characters");
    json_out_list(&p->out);
    for (uint32_t c = 0; c < m->cast_count; c++)
        view_character_for(p, s->cast[m->cast_start + c], &v);
    json_out_end(&p->out);
    json_out_end(&p->out);
    return ERR_OK;
}
