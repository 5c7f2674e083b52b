#include "circle_form.h"

#include <string.h>

#include "app/circles.h"
#include "app/share.h"
#include "auth/ticket.h"
#include "base/clock.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "page.h"
#include "parts.h"

/* What stands in an address is nobody's own word: whoever passes it on can add to it. */
static bool is_posted(const struct exchange *p)
{
    return p->request->method == HTTP_POST;
}

static bool says_grown(const struct exchange *p)
{
    const char *age = form_get(&p->query, "age");
    return age != NULL && strcmp(age, "14") == 0;
}

static const char *fresh_ticket(struct exchange *p)
{
    char fresh[TICKET_CHARS];
    ticket_make(&p->session, clock_wall(), fresh);
    return arena_strdup(p->arena, fresh);
}

enum err circle_form_prepare(struct exchange *p, const char *name, struct circle_form *out)
{
    struct visitor_quizzes newest = {.most = 1};
    struct fail away = {0};
    const char *sent = is_posted(p) ? form_get(&p->query, "name") : NULL;
    *out = (struct circle_form){.name = sent != NULL ? sent : name};
    if (p->session.present && share_list(p->site->db, &p->session, &newest, p->arena, &away) == ERR_OK &&
        newest.n > 0)
        out->test = newest.items[0].token;
    out->ticket = fresh_ticket(p);
    return out->ticket != NULL ? ERR_OK : ERR_NOMEM;
}

static bool field_is(const struct problem *problem, const char *name)
{
    return problem->n_errors > 0 && strcmp(problem->errors[0].field, name) == 0;
}

/* The sentence for what was refused, true with a form on the page and without one; NULL when memory is out. */
static const char *wrong_of(struct exchange *p, enum err why)
{
    if (field_is(&p->problem, "ticket"))
        return parts_word(p, WORDS_circle_again);
    if (field_is(&p->problem, "age"))
        return parts_word(p, p->session.age == SESSION_UNDER_14 ? WORDS_circle_young : WORDS_age_why);
    switch (why) {
    case ERR_CONFLICT:
        return parts_word(p, WORDS_circle_full);
    case ERR_DENIED:
        return parts_word(p, WORDS_circle_foreign);
    case ERR_INVALID:
    case ERR_TOO_LARGE:
        return parts_word(p, WORDS_circle_invalid);
    case ERR_LIMITED:
        return parts_word(p, WORDS_circle_limited);
    default:
        return parts_word(p, WORDS_circle_away);
    }
}

/* Another site is refused, whatever there is at that address. */
static bool may_miss(const struct exchange *p, enum err why)
{
    return why != ERR_DENIED || field_is(&p->problem, "ticket");
}

enum err circle_form_again(struct exchange *p, enum err why, circle_form_show *show)
{
    const char *wrong = wrong_of(p, why);
    int status = p->problem.status != 0 ? p->problem.status : err_http_status(why);
    if (why == ERR_NOT_FOUND && wrong != NULL)
        return page_missing(p);
    p->why = (struct fail){0};
    enum err rc = wrong != NULL ? show(p, status, wrong) : ERR_NOMEM;
    return rc == ERR_NOT_FOUND && may_miss(p, why) ? page_missing(p) : rc;
}

/* ---- writing */

static void open_form(struct exchange *p, const char *action, const char *ticket)
{
    html_out_open_class(&p->html, HTML_FORM, "circle-form");
    html_out_attribute(&p->html, HTML_AT_METHOD, "post");
    html_out_attribute(&p->html, HTML_AT_ACTION, action);
    parts_hidden(p, "ticket", ticket);
}

static void open_own(struct exchange *p, const struct circle_form *f)
{
    open_form(p, parts_path(p, "/w/%s", p->token), f->ticket);
}

static void put_wrong(struct exchange *p, const char *wrong)
{
    if (wrong == NULL)
        return;
    html_out_open_class(&p->html, HTML_P, "bad");
    html_out_attribute(&p->html, HTML_AT_ROLE, "alert");
    html_out_text(&p->html, wrong);
    html_out_end(&p->html);
}

static void put_age(struct exchange *p)
{
    html_out_open_class(&p->html, HTML_P, "circle-age");
    html_out_text(&p->html, parts_word(p, WORDS_age_ask));
    html_out_text(&p->html, " ");
    html_out_open(&p->html, HTML_LABEL);
    parts_input(p, "checkbox", "age", "14");
    if (is_posted(p) && says_grown(p))
        html_out_attribute(&p->html, HTML_AT_CHECKED, "");
    html_out_end(&p->html);
    html_out_text(&p->html, parts_word(p, WORDS_age_yes));
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_name(struct exchange *p, const struct circle_form *f, bool mine)
{
    open_own(p, f);
    parts_hidden(p, "test", f->test);
    html_out_open(&p->html, HTML_LABEL);
    html_out_attribute(&p->html, HTML_AT_FOR, "circle-name");
    html_out_text(&p->html, parts_word(p, WORDS_circle_name));
    html_out_end(&p->html);
    parts_input(p, "text", "name", f->name);
    html_out_attribute(&p->html, HTML_AT_ID, "circle-name");
    html_out_attribute(&p->html, HTML_AT_MAXLENGTH, "20");
    html_out_attribute(&p->html, HTML_AT_AUTOCOMPLETE, "nickname");
    html_out_end(&p->html);
    if (mine)
        parts_hidden(p, "age", "14"); /* said when they joined */
    else if (p->session.age != SESSION_OVER_14)
        put_age(p);
    html_out_say(&p->html, HTML_BUTTON, "button",
                 parts_word(p, mine ? WORDS_circle_rename : WORDS_circle_join));
    html_out_end(&p->html);
}

static void put_leave(struct exchange *p, const struct circle_form *f)
{
    open_own(p, f);
    parts_hidden(p, "leave", "1");
    html_out_say(&p->html, HTML_BUTTON, "button quiet", parts_word(p, WORDS_circle_leave));
    html_out_end(&p->html);
}

void circle_form_put(struct exchange *p, const struct circle_form *f, bool mine)
{
    put_wrong(p, f->wrong);
    if (f->test == NULL)
        return;
    put_name(p, f, mine);
    if (mine)
        put_leave(p, f);
}

void circle_form_put_begin(struct exchange *p, bool mine, const char *wrong)
{
    put_wrong(p, wrong == NULL || mine ? wrong : parts_word(p, WORDS_circle_theirs));
    if (!mine)
        return;
    open_form(p, parts_path(p, "/r/%s", p->token), fresh_ticket(p));
    html_out_say(&p->html, HTML_BUTTON, "button quiet", parts_word(p, WORDS_circle_compare));
    html_out_end(&p->html);
}

/* ---- taking */

/* Where it goes on, or what is wrong. */
static enum err done(struct exchange *p, enum err rc, const char *to)
{
    if (rc == ERR_LIMITED) {
        p->problem.retry_after = p->why.wait;
        exchange_log_limit(p);
    }
    if (rc != ERR_OK)
        return rc;
    p->response->status = 303;
    response_header(p->response, "Location", to);
    return ERR_OK;
}

/* They have a result, so they have said that they are old enough; who says otherwise since begins nothing. */
enum err circle_form_begin(struct exchange *p)
{
    char circle[SHARE_TOKEN_CHARS + 1] = "";
    struct circles_wish w = {.test = p->token, .limited = p->site->config->rate_limits != 0};
    if (p->session.age == SESSION_UNDER_14)
        return problem_field(&p->problem, "age", "nothing is stored of who is under 14");
    enum err rc = circles_begin(p->site->db, &p->session, &w, circle, &p->why);
    return done(p, rc, parts_path(p, "/w/%s", circle));
}

static enum err enter(struct exchange *p)
{
    const char *name = form_get(&p->query, "name"), *test = form_get(&p->query, "test");
    struct circles_wish w = {.test = test, .name = name, .limited = p->site->config->rate_limits != 0};
    if (test == NULL || strlen(test) != SHARE_TOKEN_CHARS || !secret_token_valid(test, SHARE_TOKEN_CHARS))
        return problem_field(&p->problem, "test", "is none of your tests");
    if (name != NULL && utf8_length(name, strlen(name)) > CIRCLES_NAME_TYPED)
        return problem_field(&p->problem, "name", "may have %d characters", CIRCLES_NAME_TYPED);
    if (p->session.age == SESSION_UNDER_14 || (p->session.age != SESSION_OVER_14 && !says_grown(p)))
        return problem_field(&p->problem, "age", "nothing is stored of who is under 14");
    p->session.age = SESSION_OVER_14;
    return circles_enter(p->site->db, &p->session, p->token, &w, &p->why);
}

enum err circle_form_take(struct exchange *p)
{
    bool leave = form_get(&p->query, "leave") != NULL;
    enum err rc = leave ? circles_leave(p->site->db, &p->session, p->token, &p->why) : enter(p);
    if (leave && rc == ERR_NOT_FOUND)
        rc = ERR_OK; /* asked twice */
    return done(p, rc, leave ? parts_path(p, "/") : parts_path(p, "/w/%s", p->token));
}
