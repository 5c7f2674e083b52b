#include "event_input.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "model/snapshot.h"
#include "web/user_agent.h"

enum {
    POSITION_MOST = 10000,
    TOOK_MOST = 24 * 3600 * 1000,
    NAME_MOST = 64,
    RANKER_MOST = 32,
    PATH_MOST = 12
};
static const int64_t TIME_MOST = INT64_C(253402300799999); /* the last of 9999 */

/* A whole number from least to most, −1 when absent, and with a problem when it is another. */
static int64_t read_int(const struct json_value *map, const char *name, int64_t least, int64_t most,
                        struct problem *bad)
{
    const struct json_value *v = json_member(map, name);
    if (v == NULL || v->kind == JSON_NULL)
        return -1;
    if (v->kind == JSON_INT && v->integer >= least && v->integer <= most)
        return v->integer;
    problem_field(bad, name, "%s must be a whole number from %lld to %lld", name, (long long)least,
                  (long long)most);
    return -1;
}

/* A text of at most `most` characters, NULL when absent, and with a problem when it is something else. */
static const char *read_text(const struct json_value *map, const char *name, size_t most, struct problem *bad)
{
    const struct json_value *v = json_member(map, name);
    if (v == NULL || v->kind == JSON_NULL)
        return NULL;
    if (v->kind == JSON_TEXT && v->n > 0 && utf8_length(v->text, v->n) <= most)
        return v->text;
    problem_field(bad, name, "%s must be a string of 1 to %zu characters", name, most);
    return NULL;
}

/* A text of letters, digits and what `also` has. */
static const char *read_word(const struct json_value *map, const char *name, size_t most, const char *also,
                             struct problem *bad)
{
    const char *text = read_text(map, name, most, bad);
    for (const char *c = text; c != NULL && *c != '\0'; c++)
        if (!isalnum((unsigned char)*c) && strchr(also, *c) == NULL) {
            problem_field(bad, name, "%s must be letters, digits and %s", name, also);
            return NULL;
        }
    return text;
}

static void read_subject(struct exchange *p, const struct json_value *v, struct problem *bad,
                         struct visitor_event *e)
{
    e->character_id = (int32_t)read_int(v, "character", 0, INT32_MAX, bad);
    e->movie_id = (int32_t)read_int(v, "movie", 0, INT32_MAX, bad);
    if (e->character_id >= 0 && snapshot_character_index(p->snapshot, e->character_id) < 0)
        problem_field(bad, "character", "there is no character %d", e->character_id);
    if (e->movie_id >= 0 && snapshot_movie_index(p->snapshot, e->movie_id) < 0)
        problem_field(bad, "movie", "there is no film %d", e->movie_id);
}

static void read_view(const struct json_value *v, struct problem *bad, struct report_event *out)
{
    int64_t view = read_int(v, "view", 1, LIST_VIEW_MOST, bad);
    out->event.view_id = view > 0 ? view : 0;
    out->snapshot = read_word(v, "snapshot", NAME_MOST, "._-", bad);
    out->ranker = read_word(v, "ranker", RANKER_MOST, "._-", bad);
    if (view < 0 && (out->snapshot != NULL || out->ranker != NULL))
        problem_field(bad, "view", "snapshot and ranker need a view");
    if (view > 0 && out->event.list == NULL)
        problem_field(bad, "list", "a view needs a list");
}

void event_input_place(struct exchange *p, const struct json_value *v, const char *kind, struct problem *bad,
                       struct report_event *out)
{
    *out = report_event_of(kind);
    out->event.shared = p->session.shared;
    out->event.list = read_text(v, "list", NAME_MOST, bad);
    if (out->event.list != NULL && !report_list_known(out->event.list))
        problem_field(bad, "list", "list is not a known list");
    out->event.position = (int)read_int(v, "position", 0, POSITION_MOST, bad);
    read_view(v, bad, out);
    out->test = read_text(v, "test", NAME_MOST, bad);
    if (out->test != NULL && !secret_token_valid(out->test, SHARE_TOKEN_CHARS))
        problem_field(bad, "test", "test is not the token of a result");
}

static void read_source(struct exchange *p, const struct json_value *v, struct problem *bad,
                        struct first_visit *first)
{
    const struct json_value *touch = json_member(v, "touch");
    struct first_visit f = {
        .path = read_word(v, "path", PATH_MOST, "/_-", bad),
        .referrer = read_word(v, "referrer", FIRST_VISIT_HOST, ".:-", bad),
        .utm_source = read_text(v, "utm_source", FIRST_VISIT_TEXT, bad),
        .utm_medium = read_text(v, "utm_medium", FIRST_VISIT_TEXT, bad),
        .utm_campaign = read_text(v, "utm_campaign", FIRST_VISIT_TEXT, bad),
        .app = read_word(v, "app", FIRST_VISIT_APP, "-", bad),
        .locale = read_text(v, "locale", 2, bad),
        .device = user_agent_device(p->request->user_agent,
                                    touch != NULL && touch->kind == JSON_BOOL && touch->truth),
        .bot = user_agent_bot(p->request->user_agent),
    };
    if (f.path == NULL)
        problem_field(bad, "path", "path must be the beginning of a page's address, such as /c");
    if (f.locale == NULL || (strcmp(f.locale, "ko") != 0 && strcmp(f.locale, "en") != 0))
        problem_field(bad, "locale", "locale must be ko or en");
    if (bad->n_errors == 0 && first->path == NULL)
        *first = f;
}

void event_input(struct exchange *p, const struct json_value *v, struct problem *bad,
                 struct report_event *out, struct first_visit *first)
{
    if (v->kind != JSON_MAP)
        problem_field(bad, "kind", "must be a JSON object");
    const char *kind = read_text(v, "kind", NAME_MOST, bad);
    if (kind == NULL || !report_kind_known(kind))
        problem_field(bad, "kind", "kind is not a known kind");
    event_input_place(p, v, kind, bad, out);
    read_subject(p, v, bad, &out->event);
    out->event.value = read_text(v, "value", FIRST_VISIT_TEXT, bad);
    if (kind != NULL && !report_value_known(kind, out->event.value))
        problem_field(bad, "value", "value is not one of this kind");
    out->event.took_ms = (int32_t)read_int(v, "took", 0, TOOK_MOST, bad);
    int64_t at = read_int(v, "at", 0, TIME_MOST, bad);
    out->event.browser_ms = at > 0 ? at : 0;
    const struct json_value *source = json_member(v, "source");
    if (kind != NULL && strcmp(kind, "landing") == 0 && source != NULL && source->kind == JSON_MAP)
        read_source(p, source, bad, first);
}
