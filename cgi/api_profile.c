/* What a visitor says of themselves: what they want to be called, and their language. */
#include <string.h>

#include "app/own.h"
#include "base/utf8.h"
#include "input.h"
#include "view.h"

/* What may be sent; what of it is kept, visitor_profile.h says. */
enum { NAME_TYPED = 200 };

/* Absent: NULL, and as it was; null: "", and nothing any more. */
static enum err read_name(struct exchange *p, const char **out)
{
    const struct json_value *v = json_member(p->body, "name");
    if (v == NULL)
        return ERR_OK;
    if (v->kind != JSON_NULL && v->kind != JSON_TEXT)
        return problem_field(&p->problem, "name", "must be a text or null");
    if (v->kind == JSON_TEXT && utf8_length(v->text, v->n) > NAME_TYPED)
        return problem_field(&p->problem, "name", "may have %d characters", NAME_TYPED);
    *out = v->kind == JSON_TEXT ? v->text : "";
    return ERR_OK;
}

static enum err read_locale(struct exchange *p, const char **out)
{
    const struct json_value *v = json_member(p->body, "locale");
    if (v == NULL)
        return ERR_OK;
    if (v->kind != JSON_TEXT || (strcmp(v->text, "ko") != 0 && strcmp(v->text, "en") != 0))
        return problem_field(&p->problem, "locale", "must be ko or en");
    *out = v->text;
    return ERR_OK;
}

enum err api_profile_put(struct exchange *p)
{
    struct own_words words = {.limited = p->site->config->rate_limits != 0};
    struct visitor_profile kept;
    if (p->body == NULL || p->body->kind != JSON_MAP)
        return problem_field(&p->problem, "body", "must be a JSON object");
    enum err name = read_name(p, &words.name), locale = read_locale(p, &words.locale);
    if (name != ERR_OK || locale != ERR_OK)
        return ERR_INVALID;
    if (words.name == NULL && words.locale == NULL)
        return problem_field(&p->problem, "name", "give a name, a locale or both");
    enum err rc = own_say(p->site->db, &p->session, &words, p->arena, &kept, &p->why);
    if (rc == ERR_INVALID)
        return problem_field(&p->problem, "name", "cannot be shown");
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    view_profile(p, &kept);
    return ERR_OK;
}
