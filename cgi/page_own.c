/* What a person owns: everything to take away, and its end. */
#include <string.h>

#include "app/own.h"
#include "base/clock.h"
#include "base/log.h"
#include "input.h"
#include "view.h"

/* A character by number and, as long as the catalog has it, by name. */
static void put_character(struct page *p, int32_t id)
{
    int64_t c = snapshot_character_index(p->snapshot, id);
    json_out_name(&p->out, "character");
    json_out_map(&p->out);
    json_out_int_of(&p->out, "id", id);
    if (c >= 0) {
        json_out_name(&p->out, "name");
        view_text(p, p->snapshot->characters[c].name_ko, p->snapshot->characters[c].name_en);
    }
    json_out_end(&p->out);
}

static void put_film(struct page *p, int32_t id)
{
    int64_t m = snapshot_movie_index(p->snapshot, id);
    json_out_map(&p->out);
    json_out_int_of(&p->out, "id", id);
    if (m >= 0) {
        json_out_name(&p->out, "title");
        view_text(p, p->snapshot->movies[m].title_ko, p->snapshot->movies[m].title_en);
    }
    json_out_end(&p->out);
}

static void put_axes(struct page *p, const struct visitor_test *t)
{
    static const char *const towards[] = {"I", "N", "F", "P"};
    json_out_name(&p->out, "percent");
    if (!t->surveyed) {
        json_out_null(&p->out);
        return;
    }
    json_out_map(&p->out);
    for (int axis = 0; axis < MBTI_AXES; axis++)
        json_out_int_of(&p->out, towards[axis], t->percent[axis]);
    json_out_end(&p->out);
}

static void put_test(struct page *p, const struct visitor_test *t)
{
    json_out_map(&p->out);
    json_out_text_of(&p->out, "token", t->token);
    view_created(p, t->created);
    json_out_text_of(&p->out, "mbti", mbti_name(t->mbti));
    json_out_text_of(&p->out, "enneagram", enneagram_name(t->enneagram));
    put_axes(p, t);
    json_out_name(&p->out, "answers");
    if (t->answers != NULL)
        json_out_raw(&p->out, t->answers, strlen(t->answers));
    else
        json_out_null(&p->out);
    json_out_text_of(&p->out, "locale", t->locale);
    json_out_text_of(&p->out, "feedback", t->feedback);
    json_out_name(&p->out, "movies");
    json_out_list(&p->out);
    for (size_t i = 0; i < t->n_movies; i++)
        put_film(p, t->movies[i]);
    json_out_end(&p->out);
    json_out_name(&p->out, "shown");
    json_out_list(&p->out);
    for (size_t i = 0; i < t->n_results; i++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "list", t->results[i].compatible ? "compatible" : "same");
        put_character(p, t->results[i].character_id);
        json_out_int_of(&p->out, "percent", t->results[i].percent);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
    json_out_end(&p->out);
}

static void put_event(struct page *p, const struct visitor_event *e)
{
    json_out_map(&p->out);
    json_out_text_of(&p->out, "kind", e->kind);
    view_created(p, e->created);
    if (e->character_id >= 0)
        put_character(p, e->character_id);
    if (e->movie_id >= 0) {
        json_out_name(&p->out, "movie");
        put_film(p, e->movie_id);
    }
    if (e->list != NULL)
        json_out_text_of(&p->out, "list", e->list);
    if (e->position >= 0)
        json_out_int_of(&p->out, "position", e->position);
    json_out_end(&p->out);
}

static void put_account(struct page *p, const struct account *a)
{
    json_out_map(&p->out);
    json_out_text_of(&p->out, "name", a->name);
    view_created(p, a->created);
    json_out_name(&p->out, "identities");
    json_out_list(&p->out);
    for (size_t i = 0; i < a->n; i++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "provider", a->identities[i].provider);
        json_out_text_of(&p->out, "issuer", a->identities[i].issuer);
        json_out_text_of(&p->out, "subject", a->identities[i].subject);
        view_created(p, a->identities[i].created);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
    json_out_end(&p->out);
}

static void put_reactions(struct page *p, const struct own_everything *all)
{
    json_out_name(&p->out, "likes");
    json_out_list(&p->out);
    for (size_t i = 0; i < all->n_likes; i++) {
        json_out_map(&p->out);
        put_character(p, all->likes[i].character_id);
        view_created(p, all->likes[i].created);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
    json_out_name(&p->out, "votes");
    json_out_list(&p->out);
    for (size_t i = 0; i < all->n_votes; i++) {
        json_out_map(&p->out);
        put_character(p, all->votes[i].character_id);
        view_vote_types(p, &all->votes[i]);
        view_created(p, all->votes[i].updated);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

static void put_session(struct page *p, const struct visitor_session *s)
{
    json_out_map(&p->out);
    view_created(p, s->created);
    view_time(p, "last_seen", s->last_seen);
    json_out_text_of(&p->out, "client", s->client);
    json_out_text_of(&p->out, "provider", s->provider);
    json_out_end(&p->out);
}

enum err page_my_export(struct page *p)
{
    struct own_everything all;
    enum err rc = own_export(p->site->db, &p->session, p->arena, &all, &p->why);
    if (rc != ERR_OK)
        return page_unsaved(p, rc);
    response_header(p->response, "Content-Disposition", "attachment; filename=\"mvti-export.json\"");
    json_out_map(&p->out);
    view_time(p, "exported", clock_wall());
    json_out_name(&p->out, "account");
    if (all.signed_in)
        put_account(p, &all.account);
    else
        json_out_null(&p->out);
    json_out_name(&p->out, "tests");
    json_out_list(&p->out);
    for (size_t i = 0; i < all.n_tests; i++)
        put_test(p, &all.tests[i]);
    json_out_end(&p->out);
    put_reactions(p, &all);
    json_out_name(&p->out, "sessions");
    json_out_list(&p->out);
    for (size_t i = 0; i < all.n_sessions; i++)
        put_session(p, &all.sessions[i]);
    json_out_end(&p->out);
    json_out_name(&p->out, "events");
    json_out_list(&p->out);
    for (size_t i = 0; i < all.n_events; i++)
        put_event(p, &all.events[i]);
    json_out_end(&p->out);
    json_out_end(&p->out);
    return ERR_OK;
}

enum err page_my_delete(struct page *p)
{
    const char *confirm = input_text(p, p->body, "confirm");
    if (confirm == NULL)
        return ERR_INVALID;
    if (strcmp(confirm, "delete") != 0)
        return problem_field(&p->problem, "confirm", "must be delete: it cannot be taken back");
    enum err rc = own_delete(p->site->db, &p->session, &p->why);
    if (rc != ERR_OK)
        return page_unsaved(p, rc);
    log_event(LOG_INFO, "visitor.deleted", "by themselves");
    p->response->status = 204;
    response_header(p->response, "Clear-Site-Data", "\"storage\"");
    return ERR_OK;
}

enum err page_my_identity_end(struct page *p)
{
    bool last;
    enum err rc = own_unlink(p->site->db, &p->session, p->name, &last, &p->why);
    if (last) {
        problem_field(&p->problem, "provider", "is your only way to sign in; delete the account instead");
        p->problem.status = 409;
        return ERR_CONFLICT;
    }
    if (rc == ERR_OK)
        log_event(LOG_INFO, "login.unlink", "%s", p->name);
    return page_saved(p, rc);
}
