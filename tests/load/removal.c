#include "load/removal.h"

#include "json/json.h"

const char removal_gone_before[] = "it was gone before, or is not there";

void removal_ask_test(struct visitor *v, const struct crowd *crowd)
{
    char path[128];
    size_t from = rng_below(&v->rng, v->ledger.n_tests);
    for (size_t i = 0; i < v->ledger.n_tests; i++) { /* that of this visit is one */
        const struct kept_quiz *t = &v->ledger.tests[(from + i) % v->ledger.n_tests];
        snprintf(v->doomed, sizeof v->doomed, "%s", t->token);
        if (t->kept == KEPT_OWN)
            break;
    }
    snprintf(path, sizeof path, API "/me/tests/%s", v->doomed);
    visit_ask_at(v, "DELETE", crowd->site, path);
}

const char *removal_hear_test(struct visitor *v, const struct crowd *crowd, const struct json_value *body)
{
    (void)crowd;
    (void)body;
    if (v->answer.status == 404)
        return removal_gone_before;
    ledger_delete(&v->ledger, v->subject, v->doomed, true);
    return "";
}

void removal_ask_result(struct visitor *v, const struct crowd *crowd)
{
    char path[128];
    snprintf(path, sizeof path, API "/tests/%s", v->doomed);
    visit_ask_at(v, "GET", crowd->site, path);
}

const char *removal_hear_result(struct visitor *v, const struct crowd *crowd, const struct json_value *body)
{
    (void)v;
    (void)crowd;
    (void)body;
    return "";
}

/* A like that may still come late could come after it was taken back: only what was answered at once. */
void removal_ask_like(struct visitor *v, const struct crowd *crowd)
{
    char path[128];
    size_t from = rng_below(&v->rng, v->ledger.n_likes);
    v->unliked = v->character;
    for (size_t i = 0; i < v->ledger.n_likes; i++) {
        const struct kept_like *like = &v->ledger.likes[(from + i) % v->ledger.n_likes];
        if (!like->acknowledged || like->tried)
            continue;
        v->unliked = like->character;
        break;
    }
    snprintf(path, sizeof path, API "/characters/%d/like", v->unliked);
    visit_ask_at(v, "DELETE", crowd->site, path);
}

const char *removal_hear_like(struct visitor *v, const struct crowd *crowd, const struct json_value *body)
{
    (void)crowd;
    const struct json_value *liked = json_member(body, "liked");
    if (liked == NULL || liked->kind != JSON_BOOL || liked->truth)
        return "the like is not taken back";
    ledger_unlike(&v->ledger, v->unliked, true);
    return "";
}

void removal_ask_account(struct visitor *v, const struct crowd *crowd)
{
    visit_ask_at(v, "DELETE", crowd->site, API "/me");
    buf_puts(&v->request.body, "{\"confirm\":\"delete\"}");
}

const char *removal_hear_account(struct visitor *v, const struct crowd *crowd, const struct json_value *body)
{
    (void)crowd;
    (void)body;
    if (v->answer.status == 404)
        return removal_gone_before;
    v->signed_in = false;
    ledger_erase(&v->ledger, v->subject, true);
    return v->answer.session_set && v->answer.session[0] == '\0' ? "" : "it does not take the cookie away";
}
