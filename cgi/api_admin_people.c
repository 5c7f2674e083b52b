/* The owner's console: votes to look at, one visitor, and why a visitor got a list. */
#include <string.h>

#include "app/explain.h"
#include "app/moderate.h"
#include "input.h"
#include "view.h"

static void time_or_null(struct exchange *p, const char *name, int64_t seconds)
{
    if (seconds > 0)
        view_time(p, name, seconds);
    else
        json_out_null_of(&p->out, name);
}

/* The character as in a list, or null where the catalog has it no more. */
static void put_character(struct exchange *p, int32_t id)
{
    int64_t c = p->snapshot != NULL ? snapshot_character_index(p->snapshot, id) : -1;
    json_out_int_of(&p->out, "character_id", id);
    json_out_name(&p->out, "name");
    if (c >= 0)
        view_text(p, p->snapshot->characters[c].name_ko, p->snapshot->characters[c].name_en);
    else
        json_out_null(&p->out);
}

static void put_voter(struct exchange *p, const struct moderation_voter *v)
{
    json_out_map(&p->out);
    json_out_int_of(&p->out, "visitor", v->visitor_id);
    json_out_int_of(&p->out, "votes", v->votes);
    time_or_null(p, "account", v->account);
    view_time(p, "last", v->last);
    json_out_bool_of(&p->out, "banned", v->banned);
    json_out_end(&p->out);
}

static void put_voted(struct exchange *p, const struct moderation_character *c)
{
    json_out_map(&p->out);
    put_character(p, c->character_id);
    json_out_int_of(&p->out, "votes", c->votes);
    json_out_int_of(&p->out, "fresh", c->fresh);
    json_out_text_of(&p->out, "mbti", c->mbti);
    json_out_int_of(&p->out, "agreed", c->agreed);
    json_out_end(&p->out);
}

enum err api_admin_people_votes(struct exchange *p)
{
    struct moderation_votes m;
    enum err rc = moderate_votes(p->site->db, p->arena, &m, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    json_out_int_of(&p->out, "days", MODERATION_DAYS);
    json_out_name(&p->out, "characters");
    json_out_list(&p->out);
    for (size_t i = 0; i < m.n_characters; i++)
        put_voted(p, &m.characters[i]);
    json_out_end(&p->out);
    json_out_name(&p->out, "voters");
    json_out_list(&p->out);
    for (size_t i = 0; i < m.n_voters; i++)
        put_voter(p, &m.voters[i]);
    json_out_end(&p->out);
    json_out_end(&p->out);
    return ERR_OK;
}

/* Whose things were looked at is kept as what was done is. */
static enum err record(struct exchange *p, const char *action, const char *what, int64_t id)
{
    struct admin_action a = {.action = action,
                             .subject = arena_printf(p->arena, "%s %lld", what, (long long)id)};
    if (a.subject == NULL)
        return ERR_NOMEM;
    return console_record(p->site->db, &p->admin, &a, false, &p->why);
}

enum err api_admin_people_one(struct exchange *p)
{
    struct moderation_person v;
    enum err rc = moderate_person(p->site->db, p->id, &v, &p->why);
    if (rc == ERR_NOT_FOUND)
        return problem_set(&p->problem, rc, "there is no visitor %d", p->id);
    if (rc == ERR_OK)
        rc = record(p, "look", "visitor", p->id);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    json_out_int_of(&p->out, "visitor", v.visitor_id);
    view_created(p, v.created);
    time_or_null(p, "account", v.account);
    time_or_null(p, "banned", v.banned);
    json_out_bool_of(&p->out, "counted", v.counted);
    json_out_int_of(&p->out, "n_tests", v.n_tests);
    json_out_int_of(&p->out, "n_likes", v.n_likes);
    json_out_int_of(&p->out, "n_votes", v.n_votes);
    json_out_name(&p->out, "tests");
    json_out_list(&p->out);
    for (size_t i = 0; i < v.n_newest; i++)
        json_out_int(&p->out, v.tests[i]);
    json_out_end(&p->out);
    json_out_end(&p->out);
    return ERR_OK;
}

/* ---- why this list ---- */

static void put_film(struct exchange *p, int32_t id)
{
    int64_t m = p->snapshot != NULL ? snapshot_movie_index(p->snapshot, id) : -1;
    json_out_int_of(&p->out, "movie_id", id);
    json_out_name(&p->out, "title");
    if (m >= 0)
        view_text(p, p->snapshot->movies[m].title_ko, p->snapshot->movies[m].title_en);
    else
        json_out_null(&p->out);
}

/* The parts of the match as the formula has them (app/recommend.h). */
static void put_now(struct exchange *p, const struct explain *e, const struct recommend_item *now)
{
    json_out_map(&p->out);
    json_out_int_of(&p->out, "percent", now->match.percent);
    json_out_real_of(&p->out, "film", (double)now->match.film, 4);
    json_out_real_of(&p->out, "enneagram",
                     (double)(now->match.completes ? now->match.grade : now->match.enneagram), 4);
    json_out_real_of(&p->out, "certainty", (double)now->match.certainty, 4);
    json_out_real_of(&p->out, "fame", (double)now->match.fame, 4);
    json_out_real_of(&p->out, "points", (double)(100 * now->match.parts), 2);
    json_out_name(&p->out, "because");
    json_out_list(&p->out);
    for (size_t i = 0; i < now->n_because; i++) {
        json_out_map(&p->out);
        put_film(p, e->snapshot.movies[now->because[i].movie].id);
        json_out_real_of(&p->out, "share", (double)now->because[i].share, 4);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
    json_out_end(&p->out);
}

static void put_item(struct exchange *p, const struct explain *e, size_t i)
{
    static const char *const types[] = {"same", "compatible", "near"};
    const struct visitor_quiz_result *r = &e->stored.results[i];
    json_out_map(&p->out);
    json_out_text_of(&p->out, "list", r->compatible ? "compatible" : "same");
    put_character(p, r->character_id);
    json_out_text_of(&p->out, "type", types[r->type < 3 ? r->type : 2]);
    json_out_int_of(&p->out, "percent", r->percent);
    json_out_name(&p->out, "again");
    if (e->kept && e->now[i] != NULL)
        put_now(p, e, e->now[i]);
    else
        json_out_null(&p->out);
    json_out_end(&p->out);
}

static void put_request(struct exchange *p, const struct visitor_quiz *v)
{
    json_out_int_of(&p->out, "test", v->test_id);
    json_out_int_of(&p->out, "visitor", v->visitor_id);
    view_created(p, v->created);
    json_out_text_of(&p->out, "mbti", mbti_name(v->mbti));
    view_word(p, "enneagram", enneagram_name(v->enneagram));
    json_out_text_of(&p->out, "locale", v->locale);
    json_out_text_of(&p->out, "feedback", v->feedback[0]);
    json_out_text_of(&p->out, "snapshot", v->snapshot_id);
    json_out_int_of(&p->out, "left_out", v->left_out_characters + v->left_out_movies);
    json_out_name(&p->out, "movies");
    json_out_list(&p->out);
    for (size_t i = 0; i < v->n_movies; i++) {
        json_out_map(&p->out);
        put_film(p, v->movies[i]);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

static void put_variants(struct exchange *p, const struct quiz_variants *all)
{
    json_out_name(&p->out, "variants");
    json_out_list(&p->out);
    for (size_t i = 0; i < all->n; i++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "experiment", all->items[i].experiment);
        json_out_text_of(&p->out, "variant", all->items[i].variant);
        json_out_real_of(&p->out, "propensity", all->items[i].propensity, 4);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

static void put_explanation(struct exchange *p, const struct explain *e)
{
    json_out_map(&p->out);
    put_request(p, &e->stored);
    put_variants(p, &e->variants);
    json_out_bool_of(&p->out, "kept", e->kept);
    json_out_bool_of(&p->out, "same", e->kept && e->same);
    json_out_name(&p->out, "ranker");
    if (e->kept)
        json_out_text(&p->out, recommend_ranker(&e->snapshot));
    else
        json_out_null(&p->out);
    json_out_name(&p->out, "weights");
    json_out_map(&p->out);
    json_out_int_of(&p->out, "film", RECOMMEND_FILM);
    json_out_int_of(&p->out, "enneagram", RECOMMEND_ENNEAGRAM);
    json_out_int_of(&p->out, "certainty", RECOMMEND_CERTAINTY);
    json_out_int_of(&p->out, "fame", RECOMMEND_FAME);
    json_out_end(&p->out);
    view_items(p);
    for (size_t i = 0; i < e->stored.n_results; i++)
        put_item(p, e, i);
    json_out_end(&p->out);
    json_out_end(&p->out);
}

static enum err explain(struct exchange *p, const char *token)
{
    struct explain e;
    const struct explain_test which = {p->site->config, token, p->id};
    enum err rc = explain_read(p->site->db, &which, p->arena, &e, &p->why);
    if (rc == ERR_NOT_FOUND) {
        explain_close(&e);
        return problem_set(&p->problem, rc, "there is no such test");
    }
    if (rc == ERR_OK)
        rc = record(p, "why", "test", e.stored.test_id);
    if (rc == ERR_OK)
        put_explanation(p, &e);
    explain_close(&e);
    return rc == ERR_OK ? ERR_OK : exchange_unsaved(p, rc);
}

enum err api_admin_people_why(struct exchange *p)
{
    return explain(p, NULL);
}

enum err api_admin_people_why_token(struct exchange *p)
{
    return explain(p, p->token);
}
