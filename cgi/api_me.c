#include <string.h>

#include "app/login.h"
#include "app/own.h"
#include "app/react.h"
#include "app/share.h"
#include "event_input.h"
#include "input.h"
#include "view.h"

static void put_providers(struct exchange *p)
{
    json_out_name(&p->out, "providers");
    json_out_list(&p->out);
    for (size_t i = 0; i < p->site->providers.n; i++) {
        const struct provider_row *row = p->site->providers.items[i].row;
        json_out_map(&p->out);
        json_out_text_of(&p->out, "id", row->id);
        json_out_name(&p->out, "name");
        json_out_map(&p->out);
        json_out_text_of(&p->out, "ko", row->name_ko);
        json_out_text_of(&p->out, "en", row->name_en);
        json_out_end(&p->out);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

static void put_account(struct exchange *p, const struct account *a, bool fresh)
{
    json_out_name(&p->out, "account");
    json_out_map(&p->out);
    json_out_text_of(&p->out, "name", a->name);
    view_created(p, a->created);
    json_out_bool_of(&p->out, "fresh", fresh);
    char proof[SECRET_TOKEN_CHARS + 1];
    session_link_proof(&p->session, proof);
    json_out_text_of(&p->out, "link_proof", proof);
    json_out_name(&p->out, "identities");
    json_out_list(&p->out);
    for (size_t i = 0; i < a->n; i++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "provider", a->identities[i].provider);
        view_created(p, a->identities[i].created);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
    json_out_end(&p->out);
}

/* What the page asks a visitor's consent to. */
static void put_analytics(struct exchange *p)
{
    const struct config *c = p->site->config;
    json_out_name(&p->out, "analytics");
    if (!config_analytics(c)) {
        json_out_null(&p->out);
        return;
    }
    json_out_map(&p->out);
    json_out_int_of(&p->out, "months", c->analytics_months);
    json_out_end(&p->out);
}

enum err api_me(struct exchange *p)
{
    struct login_person me;
    enum err rc = login_who(p->site->db, &p->session, p->arena, &me, &p->why);
    if (rc != ERR_OK && rc != ERR_NOT_FOUND)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    json_out_bool_of(&p->out, "signed_in", me.who.account);
    put_providers(p);
    if (me.who.account)
        put_account(p, &me.account, me.who.signed_in <= SESSION_FRESH);
    else
        json_out_null_of(&p->out, "account");
    put_analytics(p);
    json_out_name(&p->out, "profile");
    view_profile(p, &me.profile);
    json_out_bool_of(&p->out, "over_14", me.who.grown);
    json_out_name(&p->out, "counts");
    json_out_map(&p->out);
    json_out_int_of(&p->out, "tests", me.counts.tests);
    json_out_int_of(&p->out, "likes", me.counts.likes);
    json_out_int_of(&p->out, "votes", me.counts.votes);
    json_out_int_of(&p->out, "sessions", me.counts.sessions);
    json_out_end(&p->out);
    json_out_end(&p->out);
    return ERR_OK;
}

enum err api_me_analytics_end(struct exchange *p)
{
    enum err rc = own_withdraw(p->site->db, &p->session, &p->why);
    return exchange_saved(p, rc == ERR_NOT_FOUND ? ERR_OK : rc);
}

static void put_session(struct exchange *p, const struct visitor_session *s, bool current)
{
    json_out_map(&p->out);
    json_out_int_of(&p->out, "id", s->session_id);
    view_created(p, s->created);
    view_time(p, "last_seen", s->last_seen);
    json_out_text_of(&p->out, "client", s->client);
    json_out_text_of(&p->out, "provider", s->provider);
    json_out_bool_of(&p->out, "current", current);
    json_out_end(&p->out);
}

enum err api_me_sessions(struct exchange *p)
{
    struct login_living living;
    enum err rc = login_sessions(p->site->db, &p->session, p->arena, &living, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    view_items(p);
    for (size_t i = 0; i < living.sessions.n; i++)
        put_session(p, &living.sessions.items[i], living.sessions.items[i].session_id == living.mine);
    json_out_end(&p->out);
    json_out_end(&p->out);
    return ERR_OK;
}

enum err api_me_session_end(struct exchange *p)
{
    return exchange_saved(p, login_session_end(p->site->db, &p->session, p->id, &p->why));
}

static struct view_place put_quiz(struct exchange *p, const void *rows, size_t i)
{
    const struct visitor_quiz *test = (const struct visitor_quiz *)rows + i;
    json_out_map(&p->out);
    json_out_text_of(&p->out, "token", test->token);
    json_out_text_of(&p->out, "mbti", mbti_name(test->mbti));
    view_word(p, "enneagram", enneagram_name(test->enneagram));
    view_axes(p, test->surveyed ? test->percent : NULL);
    view_created(p, test->created);
    json_out_end(&p->out);
    return (struct view_place){test->test_id, 0};
}

enum err api_me_quizzes(struct exchange *p)
{
    struct input_rows page;
    enum err rc = input_rows(p, SHARE_LIST_MOST, 0, &page);
    if (rc != ERR_OK)
        return rc;
    struct visitor_quizzes found = {.before = page.first, .most = page.limit + 1};
    rc = share_list(p->site->db, &p->session, &found, p->arena, &p->why);
    return rc == ERR_OK ? view_rows(p, &page, found.items, found.n, put_quiz) : exchange_unsaved(p, rc);
}

enum err api_me_quiz_delete(struct exchange *p)
{
    return exchange_saved(p, share_delete(p->site->db, &p->session, p->token, &p->why));
}

static struct view_place put_like(struct exchange *p, const void *rows, size_t i)
{
    const struct visitor_like *like = (const struct visitor_like *)rows + i;
    int64_t c = snapshot_character_index(p->snapshot, like->character_id);
    if (c >= 0)
        view_character(p, (uint32_t)c);
    return (struct view_place){like->created, like->character_id};
}

enum err api_me_likes(struct exchange *p)
{
    struct input_rows page;
    enum err rc = input_rows(p, REACT_LIST_MOST, INT32_MAX, &page);
    if (rc != ERR_OK)
        return rc;
    const struct visitor_like after = {.created = page.first, .character_id = (int32_t)page.second};
    struct visitor_likes likes = {.after = page.given ? &after : NULL, .most = page.limit + 1};
    rc = react_likes(p->site->db, &p->session, &likes, p->arena, &p->why);
    return rc == ERR_OK ? view_rows(p, &page, likes.items, likes.n, put_like) : exchange_unsaved(p, rc);
}

enum err api_me_feedback(struct exchange *p)
{
    const char *value = input_text(p, p->body, "value");
    if (value == NULL)
        return ERR_INVALID;
    if (strcmp(value, "up") != 0 && strcmp(value, "down") != 0 && strcmp(value, "none") != 0)
        return problem_field(&p->problem, "value", "must be up, down or none");
    struct report_event place;
    event_input_place(p, p->body, "feedback", &p->problem, &place);
    const char *list = place.event.list;
    if (list != NULL && strcmp(list, "same") != 0 && strcmp(list, "compatible") != 0)
        problem_field(&p->problem, "list", "must be same or compatible; without it both are meant");
    if (p->problem.n_errors > 0)
        return ERR_INVALID;
    place.test = p->token;
    bool limited = p->site->config->rate_limits != 0;
    return exchange_saved(p, react_feedback(p->site->db, &p->session, &place, value, limited, &p->why));
}
