/* What a person owns: everything to take away, and its end. */
#include <string.h>

#include "answer.h"
#include "app/own.h"
#include "base/clock.h"
#include "base/log.h"
#include "input.h"
#include "view.h"

/* A character by number and, as long as the catalog has it, by name. */
static void put_character(struct exchange *p, int32_t id)
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

static void put_film(struct exchange *p, int32_t id)
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

static void put_axes(struct exchange *p, const struct visitor_quiz *t)
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

static void put_circles(struct exchange *p, const struct circle_summaries *in)
{
    json_out_name(&p->out, "circles");
    json_out_list(&p->out);
    for (size_t i = 0; i < in->n; i++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "circle", in->items[i].circle);
        json_out_text_of(&p->out, "name", in->items[i].name);
        view_time(p, "joined", in->items[i].joined);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

static void put_test(struct exchange *p, const struct visitor_quiz *t, const struct circle_summaries *in)
{
    json_out_map(&p->out);
    json_out_text_of(&p->out, "token", t->token);
    view_created(p, t->created);
    json_out_text_of(&p->out, "mbti", mbti_name(t->mbti));
    view_word(p, "enneagram", enneagram_name(t->enneagram));
    put_axes(p, t);
    json_out_name(&p->out, "answers");
    if (t->answers != NULL)
        json_out_raw(&p->out, t->answers, strlen(t->answers));
    else
        json_out_null(&p->out);
    json_out_text_of(&p->out, "locale", t->locale);
    view_feedback(p, t->feedback);
    put_circles(p, in);
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

static void put_optional(struct exchange *p, const char *name, const char *text)
{
    if (text != NULL)
        json_out_text_of(&p->out, name, text);
}

static void put_event(struct exchange *p, const struct visitor_event *e)
{
    json_out_map(&p->out);
    json_out_text_of(&p->out, "kind", e->kind);
    view_created(p, e->created_ms / 1000);
    if (e->character_id >= 0)
        put_character(p, e->character_id);
    if (e->movie_id >= 0) {
        json_out_name(&p->out, "movie");
        put_film(p, e->movie_id);
    }
    put_optional(p, "list", e->list);
    if (e->position >= 0)
        json_out_int_of(&p->out, "position", e->position);
    put_optional(p, "value", e->value);
    json_out_end(&p->out);
}

static void put_account(struct exchange *p, const struct account *a)
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

static void put_like(struct exchange *p, const struct visitor_like *like)
{
    json_out_map(&p->out);
    put_character(p, like->character_id);
    view_created(p, like->created);
    json_out_end(&p->out);
}

static void put_vote(struct exchange *p, const struct visitor_vote *vote)
{
    json_out_map(&p->out);
    put_character(p, vote->character_id);
    view_vote_types(p, vote);
    view_created(p, vote->updated);
    json_out_end(&p->out);
}

static void put_mark(struct exchange *p, const struct visitor_mark *mark)
{
    json_out_map(&p->out);
    json_out_text_of(&p->out, "mark", mark_name(mark->kind));
    if (mark->kind == MARK_NOT_ME) {
        put_character(p, mark->subject);
    } else {
        json_out_name(&p->out, "movie");
        put_film(p, mark->subject);
    }
    view_created(p, mark->created);
    json_out_end(&p->out);
}

static void put_session(struct exchange *p, const struct visitor_session *s)
{
    json_out_map(&p->out);
    view_created(p, s->created);
    view_time(p, "last_seen", s->last_seen);
    json_out_text_of(&p->out, "client", s->client);
    json_out_text_of(&p->out, "provider", s->provider);
    json_out_end(&p->out);
}

static void put_first_visit(struct exchange *p, const struct first_visit *v)
{
    json_out_map(&p->out);
    view_created(p, v->created);
    json_out_text_of(&p->out, "path", v->path);
    put_optional(p, "referrer", v->referrer);
    put_optional(p, "utm_source", v->utm_source);
    put_optional(p, "utm_medium", v->utm_medium);
    put_optional(p, "utm_campaign", v->utm_campaign);
    put_optional(p, "app", v->app);
    json_out_text_of(&p->out, "device", v->device);
    json_out_text_of(&p->out, "locale", v->locale);
    json_out_bool_of(&p->out, "bot", v->bot);
    json_out_end(&p->out);
}

static void put_experiment(struct exchange *p, const struct experiment_told *t)
{
    json_out_map(&p->out);
    json_out_text_of(&p->out, "experiment", t->experiment);
    json_out_text_of(&p->out, "variant", t->variant);
    view_time(p, "shown", t->first_at);
    json_out_end(&p->out);
}

/* The answer begins when it is known whose it is; until then a failure is a problem document. */
static enum err begin_export(void *arg, const struct account *account, const struct visitor_profile *profile)
{
    struct exchange *p = arg;
    response_header(p->response, "Content-Disposition", "attachment; filename=\"mvti-export.json\"");
    json_out_map(&p->out);
    view_time(p, "exported", clock_wall());
    json_out_name(&p->out, "account");
    if (account != NULL)
        put_account(p, account);
    else
        json_out_null(&p->out);
    json_out_name(&p->out, "profile");
    view_profile(p, profile);
    if (profile->over14 > 0)
        view_time(p, "over_14", profile->over14);
    else
        json_out_null_of(&p->out, "over_14");
    return answer_begin(p);
}

static void put_thing(struct exchange *p, const struct own_piece *piece, size_t i)
{
    switch (piece->section) {
    case OWN_TESTS:
        put_test(p, &piece->tests[i], &piece->circles[i]);
        break;
    case OWN_LIKES:
        put_like(p, &piece->likes[i]);
        break;
    case OWN_VOTES:
        put_vote(p, &piece->votes[i]);
        break;
    case OWN_MARKS:
        put_mark(p, &piece->marks[i]);
        break;
    case OWN_SESSIONS:
        put_session(p, &piece->sessions[i]);
        break;
    case OWN_FIRST_VISIT:
        put_first_visit(p, piece->first_visit);
        break;
    case OWN_EXPERIMENTS:
        put_experiment(p, &piece->experiments[i]);
        break;
    default:
        put_event(p, &piece->events[i]);
    }
}

static enum err put_piece(void *arg, const struct own_piece *piece)
{
    static const char *const names[OWN_SECTIONS] = {"tests",    "likes",       "votes",       "marks",
                                                    "sessions", "first_visit", "experiments", "events"};
    struct exchange *p = arg;
    if (piece->first) {
        json_out_name(&p->out, names[piece->section]);
        json_out_list(&p->out);
    }
    enum err rc = ERR_OK;
    for (size_t i = 0; i < piece->n && rc == ERR_OK; i++) {
        put_thing(p, piece, i);
        rc = answer_piece(p);
    }
    if (piece->last)
        json_out_end(&p->out);
    return rc;
}

/* Asked for by HEAD, it ends with its head. */
static enum err skip_piece(void *arg, const struct own_piece *piece)
{
    (void)arg;
    (void)piece;
    return ERR_STOPPED;
}

enum err api_own_export(struct exchange *p)
{
    bool head = p->request->method == HTTP_HEAD;
    const struct own_reader reader = {p, begin_export, head ? skip_piece : put_piece};
    enum err rc = own_export(p->site->db, &p->session, &reader, &p->why);
    if (rc == ERR_STOPPED && head)
        return ERR_OK;
    if (rc != ERR_OK)
        return p->response->begun ? rc : exchange_unsaved(p, rc);
    json_out_end(&p->out);
    return ERR_OK;
}

enum err api_own_delete(struct exchange *p)
{
    const char *confirm = input_text(p, p->body, "confirm");
    if (confirm == NULL)
        return ERR_INVALID;
    if (strcmp(confirm, "delete") != 0)
        return problem_field(&p->problem, "confirm", "must be delete: this cannot be undone");
    enum err rc = own_delete(p->site->db, &p->session, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    log_event(LOG_INFO, "visitor.deleted", "at their own request");
    p->response->status = 204;
    response_header(p->response, "Clear-Site-Data", "\"storage\"");
    return ERR_OK;
}

enum err api_own_identity_end(struct exchange *p)
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
    return exchange_saved(p, rc);
}
