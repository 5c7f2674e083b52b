/* Comparing with friends: a circle, who is in it, and what two of them have in films. */
#include <stdio.h>
#include <string.h>

#include "app/circles.h"
#include "base/utf8.h"
#include "input.h"
#include "view.h"

/* ---- who is in it ---- */

static void put_member(struct exchange *p, const struct circle_member *m, bool mine)
{
    const struct snapshot *s = p->snapshot;
    int64_t c = m->character >= 0 ? snapshot_character_index(s, m->character) : -1;
    json_out_map(&p->out);
    if (*m->name != '\0')
        json_out_text_of(&p->out, "name", m->name);
    else
        json_out_null_of(&p->out, "name");
    json_out_bool_of(&p->out, "mine", mine);
    json_out_bool_of(&p->out, "founder", m->founder);
    json_out_text_of(&p->out, "mbti", mbti_name(m->mbti));
    view_word(p, "enneagram", enneagram_name(m->enneagram));
    json_out_name(&p->out, "type_name");
    view_text(p, s->types[m->mbti].name.ko, s->types[m->mbti].name.en);
    json_out_name(&p->out, "character");
    if (c >= 0)
        view_character(p, (uint32_t)c);
    else
        json_out_null(&p->out);
    json_out_int_of(&p->out, "percent", m->percent);
    json_out_end(&p->out);
}

/* How the types of two go together (sql/reference/README.md). */
static void put_fit(struct exchange *p, const struct circle_member *a, const struct circle_member *b)
{
    const struct snapshot *s = p->snapshot;
    json_out_real_of(&p->out, "grade", (double)s->grades[a->mbti * MBTI_COUNT + b->mbti], 2);
    json_out_real_of(&p->out, "enneagram", (double)snapshot_similarity(s, a->enneagram, b->enneagram), 2);
}

static void put_pairs(struct exchange *p, const struct circle_members *m)
{
    json_out_name(&p->out, "pairs");
    json_out_list(&p->out);
    for (size_t i = 0; i < m->n; i++)
        for (size_t k = i + 1; k < m->n; k++) {
            json_out_map(&p->out);
            json_out_int_of(&p->out, "a", (int64_t)i);
            json_out_int_of(&p->out, "b", (int64_t)k);
            put_fit(p, &m->items[i], &m->items[k]);
            json_out_end(&p->out);
        }
    json_out_end(&p->out);
}

/* ---- two of them ---- */

/* What two types say to each other, a letter each: "same" or the two letters. */
static void put_letters(struct exchange *p, uint8_t a, uint8_t b)
{
    const char *mine = mbti_name(a), *theirs = mbti_name(b);
    json_out_name(&p->out, "letters");
    json_out_list(&p->out);
    for (int axis = 0; axis < MBTI_AXES; axis++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "axis", mbti_axis_name((enum mbti_axis)axis));
        json_out_bool_of(&p->out, "same", mine[axis] == theirs[axis]);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

static void put_because(struct exchange *p, const char *name, int64_t movie)
{
    json_out_name(&p->out, name);
    if (movie >= 0)
        view_movie(p, (uint32_t)movie);
    else
        json_out_null(&p->out);
}

static void put_movies(struct exchange *p, const struct together *t)
{
    json_out_name(&p->out, "movies");
    json_out_list(&p->out);
    for (size_t i = 0; i < t->n_movies; i++) {
        const struct together_movie *m = &t->movies[i];
        json_out_map(&p->out);
        json_out_name(&p->out, "movie");
        view_movie(p, m->movie);
        put_because(p, "because_a", m->because[0]);
        put_because(p, "because_b", m->because[1]);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

static void put_roles(struct exchange *p, const struct together *t)
{
    json_out_name(&p->out, "roles");
    json_out_list(&p->out);
    for (size_t i = 0; i < t->n_pairs; i++) {
        json_out_map(&p->out);
        json_out_name(&p->out, "a");
        view_character(p, t->pairs[i].character[0]);
        json_out_name(&p->out, "b");
        view_character(p, t->pairs[i].character[1]);
        json_out_int_of(&p->out, "percent", t->pairs[i].percent);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

static void put_two(struct exchange *p, const struct circles_view *v, const struct circles_two *two)
{
    const struct circle_member *a = &v->members.items[two->at[0]], *b = &v->members.items[two->at[1]];
    json_out_map(&p->out);
    json_out_int_of(&p->out, "a", (int64_t)two->at[0]);
    json_out_int_of(&p->out, "b", (int64_t)two->at[1]);
    put_fit(p, a, b);
    put_letters(p, a->mbti, b->mbti);
    put_movies(p, &two->found);
    put_roles(p, &two->found);
    json_out_end(&p->out);
}

/* ---- requests ---- */

static enum err put_circle(struct exchange *p, const struct circles_view *v)
{
    struct circles_two two = {.snapshot = p->snapshot};
    bool compared = v->members.n > 1;
    enum err rc = compared ? input_two(p, v, &two) : ERR_OK;
    if (rc != ERR_OK)
        return rc;
    rc = compared ? circles_compare(p->site->db, v, p->arena, &two, &p->why) : ERR_OK;
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    json_out_text_of(&p->out, "circle", p->token);
    json_out_name(&p->out, "members");
    json_out_list(&p->out);
    for (size_t i = 0; i < v->members.n; i++)
        put_member(p, &v->members.items[i], (int64_t)i == v->mine);
    json_out_end(&p->out);
    json_out_bool_of(&p->out, "full", v->members.n == CIRCLE_MOST);
    put_pairs(p, &v->members);
    json_out_name(&p->out, "two");
    if (compared)
        put_two(p, v, &two);
    else
        json_out_null(&p->out);
    json_out_bool_of(&p->out, "simulated", p->site->serving.simulated);
    json_out_end(&p->out);
    return ERR_OK;
}

enum err api_circles_one(struct exchange *p)
{
    struct circles_view v;
    enum err rc =
        circles_look(p->site->db, (struct circles_asked){&p->session, p->token}, p->arena, &v, &p->why);
    return rc == ERR_OK ? put_circle(p, &v) : exchange_unsaved(p, rc);
}

/* What may be sent; what of it is kept, circles.h says. */
#define NOT_YOURS "must be the token of a result of yours"

static enum err read_wish(struct exchange *p, struct circles_wish *w)
{
    const struct json_value *name = json_member(p->body, "name");
    *w = (struct circles_wish){.test = input_text(p, p->body, "test"),
                               .limited = p->site->config->rate_limits != 0};
    if (w->test == NULL)
        return ERR_INVALID;
    if (strlen(w->test) != SHARE_TOKEN_CHARS || !secret_token_valid(w->test, SHARE_TOKEN_CHARS))
        return problem_field(&p->problem, "test", NOT_YOURS);
    if (name != NULL && name->kind != JSON_NULL && name->kind != JSON_TEXT)
        return problem_field(&p->problem, "name", "must be a text or null");
    if (name != NULL && name->kind == JSON_TEXT && utf8_length(name->text, name->n) > CIRCLES_NAME_TYPED)
        return problem_field(&p->problem, "name", "may have %d characters", CIRCLES_NAME_TYPED);
    w->name = name != NULL && name->kind == JSON_TEXT ? name->text : NULL;
    return ERR_OK;
}

/* What circles_begin and circles_enter refuse. */
static enum err refused(struct exchange *p, enum err rc)
{
    if (rc == ERR_CONFLICT)
        return problem_set(&p->problem, rc, "%s", p->why.text);
    if (rc == ERR_INVALID)
        return problem_field(&p->problem, p->why.text,
                             strcmp(p->why.text, "test") == 0 ? NOT_YOURS : "cannot be shown");
    return exchange_unsaved(p, rc);
}

enum err api_circles_begin(struct exchange *p)
{
    struct circles_wish w;
    char circle[SHARE_TOKEN_CHARS + 1];
    enum err rc = read_wish(p, &w);
    if (rc != ERR_OK)
        return rc;
    rc = circles_begin(p->site->db, &p->session, &w, circle, &p->why);
    if (rc != ERR_OK)
        return refused(p, rc);
    p->response->status = 201;
    json_out_map(&p->out);
    json_out_text_of(&p->out, "circle", circle);
    json_out_end(&p->out);
    return ERR_OK;
}

enum err api_circles_enter(struct exchange *p)
{
    struct circles_wish w;
    enum err rc = read_wish(p, &w);
    if (rc != ERR_OK)
        return rc;
    rc = circles_enter(p->site->db, &p->session, p->token, &w, &p->why);
    return rc == ERR_OK ? api_circles_one(p) : refused(p, rc);
}

enum err api_circles_leave(struct exchange *p)
{
    return exchange_saved(p, circles_leave(p->site->db, &p->session, p->token, &p->why));
}
