/* The test as plain forms, for browsers without scripts: a question a page, whose module of scripts takes
 * over where there are any. Every form but the last is a question (GET) whose answers so far travel in it
 * (quiz_form.h); the last is sent (POST) and leads to the result. What goes wrong is said on a page with
 * everything that was entered. */
#include <string.h>

#include "auth/ticket.h"
#include "base/clock.h"
#include "base/log.h"
#include "page.h"
#include "parts.h"
#include "picture.h"
#include "quiz_films.h"
#include "result_view.h"

enum { RETRY_SAVING = 5 };

/* ---- the frame */

static void put_head_link(struct exchange *p, const char *address, enum words_key word, bool back)
{
    parts_link(p, "text-button", address);
    if (back) {
        html_out_open(&p->html, HTML_SPAN);
        html_out_attribute(&p->html, HTML_AT_ARIA_HIDDEN, "true");
        html_out_text(&p->html, "←");
        html_out_end(&p->html);
        html_out_text(&p->html, " ");
    }
    html_out_text(&p->html, parts_word(p, word));
    html_out_end(&p->html);
}

/* Pages that ask something, of those on this way, as scripts count them but for the survey, which is one page here. */
static void put_progress(struct exchange *p, const struct quiz_form *f)
{
    bool known = f->step == QUIZ_KNOWN || (f->step == QUIZ_FILMS && f->style < 0);
    bool survey = f->n_answered > 0 || f->step == QUIZ_SURVEY;
    int skipping = 1 + (f->style >= 0) + (f->style >= 0 && f->coping >= 0); /* pages until they did */
    int of = 2 + (f->skipped ? skipping : known ? 2 : 3) + survey;
    static const int places[QUIZ_FILMS] = {1, 2, 2, 2, 3, 4, 3};
    int at = f->step == QUIZ_FILMS ? of : places[f->step] + (survey && f->step >= QUIZ_STYLE);
    const char *n = arena_printf(p->arena, "%d", at), *all = arena_printf(p->arena, "%d", of);
    html_out_open_class(&p->html, HTML_P, "step");
    html_out_attribute(&p->html, HTML_AT_ROLE, "status");
    html_out_text(&p->html, words_fill(p->arena, p->language, WORDS_test_progress, "at", n, "of", all, NULL));
    html_out_end(&p->html);
    if (f->step == QUIZ_MBTI)
        html_out_say(&p->html, HTML_SPAN, NULL, "");
    else
        put_head_link(p, parts_path(p, "/test"), WORDS_test_restart, false);
    html_out_open(&p->html, HTML_PROGRESS);
    html_out_attribute(&p->html, HTML_AT_MAX, all);
    html_out_attribute(&p->html, HTML_AT_VALUE, n);
    html_out_attribute(&p->html, HTML_AT_ARIA_LABEL, parts_word(p, WORDS_test_progress_label));
    html_out_end(&p->html);
}

static void put_head(struct exchange *p, const struct quiz_page *q)
{
    enum quiz_step before = quiz_form_before(&q->form, q->form.step);
    html_out_open_class(&p->html, HTML_DIV, "test-head");
    struct quiz_fields all;
    quiz_form_fields(p, &q->form, QUIZ_FILMS, q->ticket, &all);
    put_head_link(p, before == QUIZ_STEPS ? parts_path(p, "/") : quiz_form_address(p, &all, &q->form, before),
                  WORDS_test_back, true);
    put_progress(p, &q->form);
    html_out_end(&p->html);
}

static void put_quiz(struct exchange *p, const void *of)
{
    const struct quiz_page *q = of;
    html_out_open_class(&p->html, HTML_DIV,
                        arena_printf(p->arena, "wrap test test-%s", quiz_form_step(q->form.step)));
    put_head(p, q);
    if (q->wrong != NULL && q->form.step != QUIZ_FILMS) {
        html_out_open_class(&p->html, HTML_P, "note warn");
        html_out_attribute(&p->html, HTML_AT_ROLE, "alert");
        html_out_text(&p->html, q->wrong);
        html_out_end(&p->html);
    }
    if (q->form.step == QUIZ_FILMS)
        quiz_films_put(p, q);
    else
        quiz_view_question(p, q);
    html_out_end(&p->html);
}

/* ---- what a page needs */

/* The one that was sent, as long as it is good, so that what is waited for gets nearer; else a new one. */
static const char *keep_ticket(struct exchange *p, const struct quiz_form *f, bool used)
{
    int64_t now = clock_wall();
    char fresh[TICKET_CHARS];
    if (!used && ticket_age(&p->session, now, f->ticket) >= 0)
        return f->ticket;
    ticket_make(&p->session, now, fresh);
    return arena_strdup(p->arena, fresh);
}

static enum err prepare(struct exchange *p, struct quiz_page *q, bool used)
{
    q->ticket = keep_ticket(p, &q->form, used);
    if (q->ticket == NULL)
        return ERR_NOMEM;
    quiz_form_fields(p, &q->form, q->form.step, q->ticket, &q->fields);
    enum err rc = json_read(p->arena, p->snapshot->survey, p->snapshot->survey_len, &q->survey, &p->why);
    return rc == ERR_OK && q->form.step == QUIZ_FILMS ? quiz_films_find(p, q) : rc;
}

static enum err show(struct exchange *p, int status, const struct quiz_page *q)
{
    struct shell_page page = {
        .picture = picture_of_site(p),
        .picture_alt = parts_word(p, WORDS_title_home),
        .title = parts_word(p, WORDS_title_test),
        .named = true,
        .description = parts_word(p, WORDS_home_lead),
        .path = "/test",
        .bare = true,
        .quiz = true,
        .content = q != NULL ? put_quiz : NULL,
        .of = q,
    };
    return shell_put(p, status, &page);
}

/* ---- what is asked for */

static void read_answers(struct exchange *p, const struct quiz_form *f, struct quiz_request *q)
{
    static const char *const styles[] = {"assertive", "compliant", "withdrawn"};
    static const char *const copings[] = {"positive", "competency", "reactive"};
    q->surveyed = f->surveyed;
    if (f->surveyed) {
        q->score = f->score;
        q->answers = f->answers;
        q->n_answers = p->snapshot->n_survey_items;
        q->survey_version = SURVEY_GRADED;
    }
    if (f->style >= 0 && f->coping >= 0 && !f->skipped) {
        q->wing_answers[0] = styles[f->style];
        q->wing_answers[1] = copings[f->coping];
        q->wing_answers[2] = enneagram_name(f->enneagram);
    }
}

static enum err read_request(struct exchange *p, const struct quiz_form *f, struct quiz_request *q)
{
    if (f->mbti == MBTI_NONE || quiz_form_undecided(f) || f->n_movies < RECOMMEND_MIN_MOVIES)
        return problem_field(&p->problem, "step", "something has not been answered");
    if (f->n_movies > RECOMMEND_MAX_MOVIES)
        return problem_field(&p->problem, "movies", "takes at most %d films", RECOMMEND_MAX_MOVIES);
    int32_t *movies = arena_array(p->arena, f->n_movies, sizeof *movies);
    if (movies == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < f->n_movies; i++)
        movies[i] = p->snapshot->movies[f->movies[i]].id;
    q->wanted = (struct recommend_request){.mbti = f->mbti,
                                           .enneagram = f->enneagram,
                                           .movies = movies,
                                           .n_movies = f->n_movies,
                                           .limit = RECOMMEND_DEFAULT};
    read_answers(p, f, q);
    q->locale = language_code(p->language);
    return ERR_OK;
}

/* ---- the result of who is under 14 */

/* There, so that going back to it and loading it again are no second sending. */
static enum err lead_unkept(struct exchange *p, const struct quiz_form *f)
{
    struct quiz_fields fields;
    quiz_form_fields(p, f, QUIZ_RESULT, f->ticket, &fields);
    const char *address = quiz_form_address(p, &fields, f, QUIZ_RESULT);
    if (address == NULL)
        return ERR_NOMEM;
    p->session.fresh = false; /* nothing was stored, so there is nothing to remember a visitor for */
    p->response->status = 303;
    response_header(p->response, "Location", address);
    return ERR_OK;
}

static enum err show_unkept(struct exchange *p, const struct quiz_form *f)
{
    struct quiz_request q = {.snapshot = p->snapshot, .session = &p->session};
    struct quiz_outcome t;
    p->session.age = SESSION_UNDER_14;
    enum err rc = read_request(p, f, &q);
    if (rc == ERR_OK)
        rc = quiz_take(p->site->db, &q, p->arena, &t, &p->why);
    if (rc != ERR_OK)
        return rc;
    struct share_quiz quiz = {
        .stored = {.mbti = f->mbti, .enneagram = f->enneagram, .surveyed = f->surveyed, .created = t.created},
        .mine = true,
        .movies = f->movies,
        .n_movies = f->n_movies,
        .same = t.found.same,
        .compatible = t.found.compatible};
    memcpy(quiz.stored.percent, f->score.second_percent, sizeof quiz.stored.percent);
    return result_view_show(p, 200, &(struct result_view){.quiz = &quiz});
}

/* ---- requests */

/* Addresses that scripts make name a step and have no ticket: their answers are in the browser, and they draw it. */
static bool is_of_scripts(const struct quiz_form *f)
{
    return f->wanted > QUIZ_SURVEY && *f->ticket == '\0';
}

enum err page_quiz(struct exchange *p)
{
    struct quiz_page q = {0};
    if (p->snapshot == NULL)
        return page_unavailable(p, ERR_UNAVAILABLE);
    enum err rc = quiz_form_read(p, &q.form);
    if (rc == ERR_OK && is_of_scripts(&q.form))
        return show(p, 200, NULL);
    if (rc == ERR_OK && q.form.step == QUIZ_RESULT)
        return show_unkept(p, &q.form);
    if (rc == ERR_OK)
        rc = prepare(p, &q, false);
    if (rc != ERR_OK)
        return rc;
    if (q.form.step < q.form.wanted)
        q.wrong = parts_word(p, WORDS_plain_missing);
    else if (quiz_films_too_many(&q.form))
        q.wrong = quiz_films_say_too_many(p, &q.form);
    return show(p, 200, &q);
}

/* Why it was not taken, for the person. */
static const char *say_why(struct exchange *p, enum err rc, const struct quiz_form *f)
{
    const struct problem *problem = &p->problem;
    bool early = problem->n_errors > 0 && strcmp(problem->errors[0].field, "ticket") == 0;
    if (early)
        return parts_word(p, rc == ERR_LIMITED ? WORDS_plain_early : WORDS_plain_again);
    if (problem->n_errors > 0 && strcmp(problem->errors[0].field, "age") == 0)
        return parts_word(p, WORDS_age_why);
    if (rc == ERR_INVALID && f->step == QUIZ_FILMS && f->n_movies < RECOMMEND_MIN_MOVIES)
        return words_fill(p->arena, p->language, WORDS_films_left, "n",
                          arena_printf(p->arena, "%zu", RECOMMEND_MIN_MOVIES - f->n_movies), NULL);
    if (rc == ERR_INVALID && quiz_films_too_many(f))
        return quiz_films_say_too_many(p, f);
    switch (rc) {
    case ERR_INVALID:
        return parts_word(p, f->step < f->wanted ? WORDS_plain_missing : WORDS_error_invalid_text);
    case ERR_DENIED:
        return parts_word(p, WORDS_plain_foreign);
    case ERR_LIMITED:
        return parts_word(p, WORDS_plain_limited);
    case ERR_UNPROVEN:
    case ERR_CONFLICT:
        return parts_word(p, WORDS_plain_again);
    case ERR_TOO_LARGE:
        return parts_word(p, WORDS_error_invalid_text);
    default:
        return parts_word(p, WORDS_plain_away);
    }
}

static int status_of(const struct exchange *p, enum err rc)
{
    if (p->problem.status != 0)
        return p->problem.status;
    return rc == ERR_UNPROVEN || rc == ERR_CONFLICT ? 409
           : err_http_status(rc) >= 500             ? 503
                                                    : err_http_status(rc);
}

enum err page_quiz_again(struct exchange *p, enum err why)
{
    struct quiz_page q = {0};
    int status = status_of(p, why);
    if (p->snapshot == NULL)
        return page_unavailable(p, why);
    enum err rc = quiz_form_read(p, &q.form);
    if (rc == ERR_OK)
        rc = prepare(p, &q, why == ERR_UNPROVEN || why == ERR_CONFLICT);
    if (rc != ERR_OK)
        return rc;
    q.wrong = say_why(p, why, &q.form);
    if (q.wrong == NULL)
        return ERR_NOMEM;
    if (status == 503 || status == 429)
        response_header(
            p->response, "Retry-After",
            arena_printf(p->arena, "%d", p->problem.retry_after > 0 ? p->problem.retry_after : RETRY_SAVING));
    return show(p, status, &q);
}

static enum err take(struct exchange *p, const struct quiz_form *f, struct quiz_request *q,
                     struct quiz_outcome *t)
{
    p->session.age = SESSION_OVER_14;
    q->rate_limited = p->site->config->rate_limits != 0;
    q->experiments = &p->site->serving.experiments;
    /* Sent twice, it is one test: a ticket is as hard to guess as a cookie. */
    q->once = (struct once){f->ticket + strlen(f->ticket) - SECRET_TOKEN_CHARS, p->content, p->content_n};
    return quiz_take(p->site->db, q, p->arena, t, &p->why);
}

enum err page_quiz_send(struct exchange *p)
{
    struct quiz_form f;
    struct quiz_request q = {.snapshot = p->snapshot, .session = &p->session};
    struct quiz_outcome t;
    enum err rc = quiz_form_read(p, &f);
    if (rc == ERR_OK)
        rc = read_request(p, &f, &q);
    if (rc == ERR_OK && f.age == SESSION_AGE_UNSAID)
        return problem_field(&p->problem, "age", "nothing is stored of whom nobody has asked their age");
    if (rc == ERR_OK && f.age == SESSION_UNDER_14)
        return lead_unkept(p, &f);
    if (rc == ERR_OK)
        rc = take(p, &f, &q, &t);
    if (rc == ERR_LIMITED) {
        p->problem.retry_after = p->why.wait;
        exchange_log_limit(p);
    }
    if (rc != ERR_OK)
        return rc;
    if (!t.saved) {
        log_event(LOG_ERROR, "test.unsaved", "%s: %s", err_name(t.unsaved), p->why.text);
        return ERR_UNAVAILABLE;
    }
    p->response->status = 303;
    response_header(p->response, "Location", parts_path(p, "/r/%s", t.token));
    return ERR_OK;
}
