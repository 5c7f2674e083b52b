/* What visitors say is wrong on a page. */
#include <string.h>

#include "app/limits.h"
#include "app/mend.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "input.h"

/* By the network alone: a report needs no visitor, and leads to none. */
static enum err allowed(struct exchange *p)
{
    const struct limits_row *l = &limits_table[LIMITS_REPORTS];
    if (p->site->config->rate_limits == 0)
        return ERR_OK;
    int wait = limit_wait(&p->site->reports, p->request->address, l->most, l->seconds, clock_monotonic());
    return limits_reached(LIMITS_REPORTS, wait, &p->why);
}

/* The id under which the thing is shown; −1 and a field error where there is none. */
static int32_t read_subject(struct exchange *p, const char *about)
{
    const struct json_value *id = json_member(p->body, "id");
    bool whole = id != NULL && id->kind == JSON_INT && id->integer >= 0 && id->integer <= INT32_MAX;
    p->id = whole ? (int32_t)id->integer : -1;
    int64_t at = strcmp(about, "movie") == 0 ? input_movie(p) : input_character(p);
    if (at < 0)
        problem_field(&p->problem, "id", "must be the id of a character or film that is shown");
    return at < 0 ? -1 : p->id;
}

static const char *read_said(struct exchange *p)
{
    const struct json_value *text = json_member(p->body, "text");
    if (text == NULL || text->kind == JSON_NULL)
        return "";
    if (text->kind != JSON_TEXT)
        problem_field(&p->problem, "text", "must be a text or null");
    else if (utf8_length(text->text, text->n) > ERROR_REPORT_CHARS)
        problem_field(&p->problem, "text", "may have %d characters", ERROR_REPORT_CHARS);
    else
        return text->text;
    return "";
}

enum err api_reports_add(struct exchange *p)
{
    const char *about = input_text(p, p->body, "about"), *kind = input_text(p, p->body, "kind");
    if (about == NULL || kind == NULL)
        return ERR_INVALID;
    if (strcmp(about, "character") != 0 && strcmp(about, "movie") != 0)
        return problem_field(&p->problem, "about", "must be character or movie");
    if (!mend_kind(kind))
        return problem_field(&p->problem, "kind", "must be type, text, picture, link or other");
    struct error_report r = {.about = about, .kind = kind, .said = read_said(p)};
    r.subject_id = read_subject(p, about);
    if (p->problem.n_errors > 0)
        return ERR_INVALID;
    enum err rc = allowed(p);
    if (rc == ERR_OK)
        rc = mend_report(p->site->db, &r, &p->why);
    return exchange_saved(p, rc);
}
