#include "load/visit.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "auth/guest.h"
#include "domain/enneagram.h"
#include "domain/mbti.h"
#include "json/json.h"
#include "load/removal.h"

/* Where a step goes, and what it expects. hear returns "" for the right answer, else what is wrong with it;
 * foreign_thing where that belongs to another visitor. */
struct step {
    unsigned kinds; /* visits that have it */
    bool thinks;
    long status;
    const char *route;
    void (*ask)(struct visitor *v, const struct crowd *crowd);
    const char *(*hear)(struct visitor *v, const struct crowd *crowd, const struct json_value *body);
};

static const char foreign_thing[] = "it shows something of another visitor";
static const char lost_test[] = "the test was not saved";
/* Whoever was between did not hear the first answer and asked again; a login is done once. */
static const char lost_login[] = "it begins no session";

void visit_ask_at(struct visitor *v, const char *method, const char *site, const char *path)
{
    v->request.method = method;
    v->request.write = strcmp(method, "GET") != 0;
    snprintf(v->request.url, sizeof v->request.url, "%s%s", site, path);
}

static void ask_me(struct visitor *v, const struct crowd *crowd)
{
    visit_ask_at(v, "GET", crowd->site, API "/me");
}

static const char *hear_guest(struct visitor *v, const struct crowd *crowd, const struct json_value *body)
{
    (void)v;
    (void)crowd;
    const struct json_value *in = json_member(body, "signed_in"), *account = json_member(body, "account");
    if (in == NULL || in->kind != JSON_BOOL || account == NULL)
        return "it is no answer of /me";
    return in->truth || account->kind != JSON_NULL ? "a guest is signed in" : "";
}

static const char *hear_me(struct visitor *v, const struct crowd *crowd, const struct json_value *body)
{
    (void)crowd;
    const struct json_value *in = json_member(body, "signed_in");
    const char *name = json_text(json_member(body, "account"), "name");
    if (in == NULL || in->kind != JSON_BOOL || !in->truth || name == NULL)
        return "the visitor is not signed in";
    if (v->csrf[0] == '\0')
        return "it carries no CSRF token";
    return strcmp(name, v->subject) != 0 ? foreign_thing : "";
}

/* What the page's script does (www/js/proof.js), for the challenge of what was loaded last. */
static void prove(struct visitor *v)
{
    uint8_t hash[SECRET_HASH_BYTES];
    char text[COOKIE_MOST + 32];
    const char *mac = strrchr(v->challenge, '.');
    int bits = atoi(v->challenge), n = snprintf(v->proof, sizeof v->proof, "%s", v->challenge);
    for (int part = 0, i = 0; mac != NULL && part < GUEST_PARTS; i++) {
        secret_sha256(hash, text, (size_t)snprintf(text, sizeof text, "%.43s:%d:%d", mac + 1, part, i));
        uint32_t first = (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8 | hash[3];
        if ((uint64_t)first >= (uint64_t)1 << (32 - bits))
            continue;
        n += snprintf(v->proof + n, sizeof v->proof - (size_t)n, ".%d", i);
        part++;
        i = -1;
    }
    v->challenge[0] = '\0';
}

static void ask_test(struct visitor *v, const struct crowd *crowd)
{
    if (v->session[0] == '\0' && v->challenge[0] != '\0')
        prove(v);
    visit_ask_at(v, "POST", crowd->site, API "/tests");
    buf_printf(&v->request.body, "{\"mbti\":\"%s\",\"enneagram\":\"%s\",\"locale\":\"ko\",\"movies\":[",
               v->mbti, v->enneagram);
    for (size_t i = 0; i < v->n_films; i++)
        buf_printf(&v->request.body, "%s%d", i > 0 ? "," : "", v->films[i]);
    buf_puts(&v->request.body, "]}");
}

/* The type and the films in their order: the visitor's own. */
static bool is_own_result(const struct visitor *v, const struct json_value *body)
{
    const struct json_value *who = json_member(body, "personality"), *films = json_member(body, "movies");
    const char *mbti = json_text(who, "mbti"), *enneagram = json_text(who, "enneagram");
    if (mbti == NULL || enneagram == NULL || strcmp(mbti, v->mbti) != 0 ||
        strcmp(enneagram, v->enneagram) != 0)
        return false;
    if (films == NULL || films->kind != JSON_LIST || films->n != v->n_films)
        return false;
    for (size_t i = 0; i < films->n; i++) {
        const struct json_value *id = json_member(&films->items[i], "id");
        if (id == NULL || id->kind != JSON_INT || id->integer != v->films[i])
            return false;
    }
    return true;
}

/* Somebody of the list who is not liked yet, if there is one. */
static int32_t choose_character(struct visitor *v, const struct json_value *list)
{
    int32_t id = 0;
    size_t from = list != NULL && list->n > 0 ? rng_below(&v->rng, list->n) : 0;
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        const struct json_value *n = json_member(&list->items[(from + i) % list->n], "id");
        if (n == NULL || n->kind != JSON_INT)
            return 0;
        id = (int32_t)n->integer;
        if (!ledger_likes(&v->ledger, id))
            break;
    }
    return id;
}

static const char *hear_test(struct visitor *v, const struct crowd *crowd, const struct json_value *body)
{
    (void)crowd;
    const char *token = json_text(body, "token");
    const struct json_value *saved = json_member(body, "saved");
    v->proof[0] = '\0';
    if (v->answer.status == 200 && saved != NULL && saved->kind == JSON_BOOL && !saved->truth)
        return lost_test;
    if (v->answer.status != 201 || token == NULL)
        return "the test has no token";
    if (!ledger_test(&v->ledger, token, v->signed_in ? KEPT_OWN : KEPT_GUEST))
        return "there is no room for the token";
    snprintf(v->token, sizeof v->token, "%s", token);
    v->character = choose_character(v, json_member(body, "same"));
    if (v->character == 0)
        return "nobody is recommended";
    return is_own_result(v, body) ? "" : foreign_thing;
}

static void ask_result(struct visitor *v, const struct crowd *crowd)
{
    char path[128];
    snprintf(path, sizeof path, API "/tests/%s", v->token);
    visit_ask_at(v, "GET", crowd->site, path);
}

static const char *hear_result(struct visitor *v, const struct crowd *crowd, const struct json_value *body)
{
    (void)crowd;
    const char *token = json_text(body, "token");
    const struct json_value *mine = json_member(body, "mine");
    if (token == NULL || strcmp(token, v->token) != 0 || !is_own_result(v, body))
        return foreign_thing;
    return mine == NULL || mine->kind != JSON_BOOL || !mine->truth ? "the own result is not the visitor's"
                                                                   : "";
}

static void ask_like(struct visitor *v, const struct crowd *crowd)
{
    char path[128];
    snprintf(path, sizeof path, API "/characters/%d/like", v->character);
    visit_ask_at(v, "PUT", crowd->site, path);
    buf_puts(&v->request.body, "{}");
}

static const char *hear_like(struct visitor *v, const struct crowd *crowd, const struct json_value *body)
{
    (void)crowd;
    const struct json_value *liked = json_member(body, "liked"), *likes = json_member(body, "likes");
    if (liked == NULL || liked->kind != JSON_BOOL || !liked->truth || likes == NULL ||
        likes->kind != JSON_INT || likes->integer < 1)
        return "the like is not counted";
    return ledger_like(&v->ledger, v->character, true) ? "" : "there is no room for the like";
}

static void ask_tests(struct visitor *v, const struct crowd *crowd)
{
    visit_ask_at(v, "GET", crowd->site, API "/me/tests");
}

static bool belongs_to_another(const struct visitor *v, const struct crowd *crowd, const char *token)
{
    for (int i = 0; i < crowd->n; i++)
        if (&crowd->all[i] != v && ledger_find(&crowd->all[i].ledger, token) != NULL)
            return true;
    return false;
}

static const char *hear_tests(struct visitor *v, const struct crowd *crowd, const struct json_value *body)
{
    const struct json_value *items = json_member(body, "items");
    if (items == NULL || items->kind != JSON_LIST)
        return "it lists no tests";
    const char **tokens = arena_array(&v->arena, items->n, sizeof *tokens);
    for (size_t i = 0; tokens != NULL && i < items->n; i++) {
        const struct json_value *item = &items->items[i];
        const char *mbti = json_text(item, "mbti"), *enneagram = json_text(item, "enneagram");
        tokens[i] = json_text(item, "token");
        if (tokens[i] == NULL || mbti == NULL || enneagram == NULL)
            return "a test has no token or no type";
        if (strcmp(mbti, v->mbti) != 0 || strcmp(enneagram, v->enneagram) != 0 ||
            belongs_to_another(v, crowd, tokens[i]))
            return foreign_thing;
    }
    return tokens == NULL ? "out of memory" : ledger_compare_tests(&v->ledger, v->subject, tokens, items->n);
}

static void ask_likes(struct visitor *v, const struct crowd *crowd)
{
    visit_ask_at(v, "GET", crowd->site, API "/me/likes");
}

static const char *hear_likes(struct visitor *v, const struct crowd *crowd, const struct json_value *body)
{
    (void)crowd;
    const struct json_value *items = json_member(body, "items");
    if (items == NULL || items->kind != JSON_LIST)
        return "it lists no likes";
    int64_t *ids = arena_array(&v->arena, items->n, sizeof *ids);
    for (size_t i = 0; ids != NULL && i < items->n; i++) {
        const struct json_value *id = json_member(&items->items[i], "id");
        if (id == NULL || id->kind != JSON_INT)
            return "a character has no number";
        ids[i] = id->integer;
    }
    return ids == NULL ? "out of memory" : ledger_compare_likes(&v->ledger, ids, items->n);
}

static void ask_login(struct visitor *v, const struct crowd *crowd)
{
    visit_ask_at(v, "GET", crowd->site, "/auth/dev?return=/me");
}

static bool leads_to(const struct visitor *v, const char *site)
{
    size_t n = strlen(site);
    return strncmp(v->answer.location, site, n) == 0 && v->answer.location[n] == '/';
}

static const char *hear_login(struct visitor *v, const struct crowd *crowd, const struct json_value *body)
{
    (void)body;
    if (!leads_to(v, crowd->provider))
        return "it does not lead to the provider";
    int n = snprintf(v->location, sizeof v->location, "%s&login_hint=%s", v->answer.location, v->subject);
    return n >= (int)sizeof v->location ? "the address is too long" : "";
}

static void ask_provider(struct visitor *v, const struct crowd *crowd)
{
    (void)crowd;
    visit_ask_at(v, "GET", "", v->location);
}

/* The provider sends from page to page: the request, the page where one says who one is, back to the request.
 */
static const char *hear_provider(struct visitor *v, const struct crowd *crowd, const struct json_value *body)
{
    (void)body;
    const char *to = v->answer.location;
    if (to[0] == '/')
        snprintf(v->location, sizeof v->location, "%s%s", crowd->provider, to);
    else
        snprintf(v->location, sizeof v->location, "%s", to);
    return to[0] == '/' || leads_to(v, crowd->provider) ? "" : "it does not go on at the provider";
}

static const char *hear_provider_last(struct visitor *v, const struct crowd *crowd,
                                      const struct json_value *body)
{
    (void)body;
    snprintf(v->location, sizeof v->location, "%s", v->answer.location);
    return leads_to(v, crowd->site) ? "" : "it does not lead back to the site";
}

static const char *hear_callback(struct visitor *v, const struct crowd *crowd, const struct json_value *body)
{
    (void)body;
    if (strcmp(v->answer.location, "/me") != 0)
        return "it does not lead to the page that was asked for";
    if (!v->answer.session_set || v->answer.session[0] == '\0')
        return lost_login;
    for (int i = 0; i < crowd->n; i++)
        if (&crowd->all[i] != v && strcmp(crowd->all[i].session, v->answer.session) == 0)
            return foreign_thing;
    v->signed_in = true;
    v->ledger.logins++;
    v->ledger.standing = ACCOUNT_STANDS;
    ledger_settle(&v->ledger, KEPT_OWN);
    return "";
}

static void ask_logout(struct visitor *v, const struct crowd *crowd)
{
    visit_ask_at(v, "POST", crowd->site, "/auth/logout");
    buf_puts(&v->request.body, "{}");
}

static const char *hear_logout(struct visitor *v, const struct crowd *crowd, const struct json_value *body)
{
    (void)crowd;
    (void)body;
    v->signed_in = false;
    return v->answer.session_set && v->answer.session[0] == '\0' ? "" : "it does not take the cookie away";
}

/* With the cookie of the session that is over: whoever kept it must be nobody now. */
static void ask_gone(struct visitor *v, const struct crowd *crowd)
{
    ask_me(v, crowd);
    snprintf(v->request.cookie, sizeof v->request.cookie, "mvti=%s", v->session);
}

enum {
    LIVING = VISIT_PLAIN | VISIT_GUEST | VISIT_MEND | VISIT_ERASE,
    ALL = LIVING | VISIT_RETURN | VISIT_END,
    STAYING = VISIT_PLAIN | VISIT_GUEST | VISIT_MEND | VISIT_RETURN,
    ERASING = VISIT_ERASE | VISIT_END
};

/* Thinking times: before what a person presses, and on the provider's page. The page /me asks three things at
 * once. */
static const struct step steps[] = {
    {ALL, true, 200, "GET /api/v1/me", ask_me, hear_guest},
    {VISIT_GUEST, true, 201, "POST /api/v1/tests", ask_test, hear_test},
    {ALL, true, 303, "GET /auth/{provider}", ask_login, hear_login},
    {ALL, false, 0, "provider", ask_provider, hear_provider},
    {ALL, true, 0, "provider", ask_provider, hear_provider},
    {ALL, false, 0, "provider", ask_provider, hear_provider_last},
    {ALL, false, 303, "GET /auth/{provider}/callback", ask_provider, hear_callback},
    {ALL, false, 200, "GET /api/v1/me", ask_me, hear_me},
    {LIVING, true, 201, "POST /api/v1/tests", ask_test, hear_test},
    {LIVING, true, 200, "GET /api/v1/tests/{token}", ask_result, hear_result},
    {LIVING, true, 200, "PUT /api/v1/characters/{id}/like", ask_like, hear_like},
    {VISIT_MEND, true, 204, "DELETE /api/v1/me/tests/{token}", removal_ask_test, removal_hear_test},
    {VISIT_MEND, false, 404, "GET /api/v1/tests/{token}", removal_ask_result, removal_hear_result},
    {VISIT_MEND, true, 200, "DELETE /api/v1/characters/{id}/like", removal_ask_like, removal_hear_like},
    {ALL, true, 200, "GET /api/v1/me", ask_me, hear_me},
    {ALL, false, 200, "GET /api/v1/me/tests", ask_tests, hear_tests},
    {ALL, false, 200, "GET /api/v1/me/likes", ask_likes, hear_likes},
    {STAYING, true, 204, "POST /auth/logout", ask_logout, hear_logout},
    {ERASING, true, 204, "DELETE /api/v1/me", removal_ask_account, removal_hear_account},
    {ALL, true, 200, "GET /api/v1/me", ask_gone, hear_guest},
};
enum { STEPS = sizeof steps / sizeof *steps };

void visitor_init(struct visitor *v, int number, const struct crowd *crowd)
{
    *v = (struct visitor){.number = number};
    rng_seed(&v->rng, (uint64_t)number + 1);
    snprintf(v->subject, sizeof v->subject, "%s-%d", crowd->run, number);
    v->mbti = mbti_name((uint8_t)(number % MBTI_COUNT));
    v->enneagram = enneagram_name((uint8_t)(number / MBTI_COUNT % ENNEAGRAM_COUNT));
    size_t most = 3 + (size_t)number % (FILMS_MOST - 2);
    while (v->n_films < most) {
        int32_t film = crowd->films[rng_below(&v->rng, crowd->n_films)];
        bool chosen = false;
        for (size_t i = 0; i < v->n_films; i++)
            chosen |= v->films[i] == film;
        if (!chosen)
            v->films[v->n_films++] = film;
    }
}

void visitor_free(struct visitor *v)
{
    buf_free(&v->ledger.gone);
    buf_free(&v->request.body);
    buf_free(&v->answer.body);
    arena_free(&v->arena);
}

/* Everybody deletes things now and then. Every fifth erases the account as often; others when it has become long. */
static enum visit_kind kind_of_visit(const struct visitor *v, bool last)
{
    static const enum visit_kind turns[] = {VISIT_GUEST, VISIT_MEND, VISIT_PLAIN, VISIT_GUEST};
    int turn = (v->round + v->number) % 4;
    bool leaves = v->number % 5 == 4;
    if (last)
        return leaves ? VISIT_END : VISIT_RETURN;
    return v->ledger.n_tests >= LEDGER_MANY || (leaves && turn == 2) ? VISIT_ERASE : turns[turn];
}

void visit_begin(struct visitor *v, bool last)
{
    v->kind = kind_of_visit(v, last);
    v->step = 0;
    v->round++;
    v->signed_in = false;
    v->session[0] = v->csrf[0] = v->location[0] = v->token[0] = v->challenge[0] = v->proof[0] = '\0';
}

void visit_ask(struct visitor *v, const struct crowd *crowd)
{
    v->request.cookie[0] = '\0';
    buf_reset(&v->request.body);
    steps[v->step].ask(v, crowd);
}

/* Names and subjects of a run are RUN-NUMBER: any other number in an answer is somebody else's. */
static bool names_another(const struct visitor *v, const struct crowd *crowd)
{
    size_t own = strlen(v->subject);
    for (const char *p = buf_str(&v->answer.body); (p = strstr(p, crowd->run)) != NULL; p++)
        if (strncmp(p, v->subject, own) != 0 || isdigit((unsigned char)p[own]))
            return true;
    return false;
}

/* What is no good answer to a step, and not a wrong one either. */
static bool may_answer(const struct step *s, long status)
{
    return (s->hear == hear_test && status == 200) ||
           ((s->hear == removal_hear_test || s->hear == removal_hear_account) && status == 404);
}

static enum outcome judge(struct visitor *v, const struct crowd *crowd, const char **why)
{
    const struct step *s = &steps[v->step];
    const struct answer *a = &v->answer;
    const struct json_value *body = NULL;
    struct fail fail = {0};
    *why = "no answer";
    if (!a->arrived)
        return OUTCOME_LOST;
    *why = "a server's error";
    if (a->status >= 500)
        return OUTCOME_LOST;
    *why = "another status";
    bool redirect = s->status == 0 && (a->status == 302 || a->status == 303);
    if (!redirect && a->status != s->status && !may_answer(s, a->status))
        return OUTCOME_WRONG;
    *why = foreign_thing;
    if (names_another(v, crowd))
        return OUTCOME_FOREIGN;
    *why = "it is not JSON";
    if ((s->status == 200 || s->status == 201) &&
        json_read(&v->arena, buf_str(&a->body), a->body.len, &body, &fail) != ERR_OK)
        return OUTCOME_WRONG;
    *why = s->hear(v, crowd, body);
    if (**why == '\0')
        return OUTCOME_GOOD;
    if (*why == lost_test || *why == lost_login || *why == removal_gone_before)
        return OUTCOME_LOST;
    return *why == foreign_thing ? OUTCOME_FOREIGN : OUTCOME_WRONG;
}

bool visit_hear(struct visitor *v, const struct crowd *crowd, enum outcome *outcome, const char **why)
{
    const struct answer *a = &v->answer;
    arena_reset(&v->arena);
    *outcome = judge(v, crowd, why);
    if (*outcome != OUTCOME_GOOD)
        return false;
    if (a->session_set && a->session[0] != '\0')
        memcpy(v->session, a->session, sizeof v->session);
    if (a->csrf[0] != '\0')
        memcpy(v->csrf, a->csrf, sizeof v->csrf);
    memcpy(v->challenge, a->challenge, sizeof v->challenge);
    do
        v->step++;
    while (v->step < STEPS && (steps[v->step].kinds & v->kind) == 0);
    v->returned |= v->step == STEPS && (v->kind == VISIT_RETURN || v->kind == VISIT_END);
    return v->step < STEPS;
}

void visit_abandon(struct visitor *v)
{
    const struct step *s = &steps[v->step];
    v->ledger.tried_tests += s->hear == hear_test;
    v->ledger.sessions_left += v->signed_in || s->hear == hear_callback;
    if (s->hear == hear_like)
        ledger_like(&v->ledger, v->character, false);
    if (s->hear == removal_hear_test)
        ledger_delete(&v->ledger, v->subject, v->doomed, false);
    if (s->hear == removal_hear_like)
        ledger_unlike(&v->ledger, v->unliked, false);
    if (s->hear == removal_hear_account)
        ledger_erase(&v->ledger, v->subject, false);
    if (s->hear == hear_callback && v->ledger.standing == ACCOUNT_ERASED)
        v->ledger.standing = ACCOUNT_PERHAPS;
    ledger_settle(&v->ledger, KEPT_LOOSE);
}

const char *visit_route(const struct visitor *v)
{
    return steps[v->step].route;
}

bool visit_thinks(const struct visitor *v)
{
    return steps[v->step].thinks;
}
