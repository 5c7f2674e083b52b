#include <string.h>

#include "app/circles.h"
#include "app/quiz.h"
#include "app/share.h"
#include "base/log.h"
#include "domain/graded.h"
#include "input.h"
#include "view.h"

static enum err wrong_answer(struct exchange *p, size_t i, int version)
{
    return problem_field(&p->problem, "survey",
                         version == SURVEY_SUMS
                             ? "answer %zu must be a whole number from -2 to 2"
                             : "answer %zu must be -2, -1, 1, 2 or, where nothing was asked, null",
                         i + 1);
}

/* An answer as version 1 (−2 … 2) or 2 (no 0; null: not asked) has it. */
static bool read_one(const struct json_value *v, int version, int8_t *out)
{
    *out = SURVEY_UNASKED;
    if (v->kind == JSON_NULL)
        return version == SURVEY_GRADED;
    if (v->kind != JSON_INT || v->integer < SURVEY_MIN_ANSWER || v->integer > SURVEY_MAX_ANSWER)
        return false;
    *out = (int8_t)v->integer;
    return version == SURVEY_SUMS || v->integer != 0;
}

/* survey_version, 1 where it is not given: pages sent nothing when there was one version. */
static enum err read_version(struct exchange *p, int *version)
{
    const struct json_value *v = json_member(p->body, "survey_version");
    *version = SURVEY_SUMS;
    if (v == NULL)
        return ERR_OK;
    if (v->kind != JSON_INT || v->integer < 1 || v->integer > SURVEY_VERSIONS)
        return problem_field(&p->problem, "survey_version", "must be 1 or 2");
    *version = (int)v->integer;
    return ERR_OK;
}

static enum err read_survey(struct exchange *p, const struct json_value *list, struct quiz_request *q)
{
    const struct snapshot *s = p->snapshot;
    enum err rc = read_version(p, &q->survey_version);
    if (rc != ERR_OK)
        return rc;
    size_t n = survey_items_of(s->items, s->n_survey_items, q->survey_version);
    if (list->kind != JSON_LIST || list->n != n)
        return problem_field(&p->problem, "survey", "must be a list of %zu answers", n);
    int8_t *answers = arena_array(p->arena, n, sizeof *answers);
    if (answers == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++)
        if (!read_one(&list->items[i], q->survey_version, &answers[i]))
            return wrong_answer(p, i, q->survey_version);
    if (!graded_enough(s->items, answers, n))
        return problem_field(&p->problem, "survey", "each axis needs an answer");
    (q->survey_version == SURVEY_SUMS ? survey_score : graded_score)(s->items, answers, n, &q->score);
    q->surveyed = true;
    q->answers = answers;
    q->n_answers = n;
    q->wanted.mbti = q->score.mbti;
    return ERR_OK;
}

static enum err read_mbti(struct exchange *p, struct quiz_request *q)
{
    const struct json_value *survey = json_member(p->body, "survey");
    const struct json_value *mbti = json_member(p->body, "mbti");
    if (survey != NULL && mbti != NULL)
        return problem_field(&p->problem, "survey", "give either survey or mbti, not both");
    if (survey != NULL)
        return read_survey(p, survey, q);
    const char *text = input_text(p, p->body, "mbti");
    if (text == NULL)
        return ERR_INVALID;
    q->wanted.mbti = mbti_parse(text, strlen(text));
    return q->wanted.mbti != MBTI_NONE
               ? ERR_OK
               : problem_field(&p->problem, "mbti", "must be one of the 16 types, such as INFP");
}

/* ["withdrawn","reactive","4w5"]: two styles speak for some core types, and the third answer is one of these with its wing. */
static enum err read_answers(struct exchange *p, const struct json_value *list, struct quiz_request *q)
{
    if (list->kind != JSON_LIST || list->n != 3 || list->items[0].kind != JSON_TEXT ||
        list->items[1].kind != JSON_TEXT || list->items[2].kind != JSON_TEXT)
        return problem_field(&p->problem, "answers", "must be a list of three strings");
    const char *wing = list->items[2].text;
    int style = social_style_parse(list->items[0].text), coping = coping_style_parse(list->items[1].text);
    q->wanted.enneagram = enneagram_parse(wing, strlen(wing));
    if (style < 0 || coping < 0 || q->wanted.enneagram == ENNEAGRAM_NONE)
        return problem_field(&p->problem, "answers",
                             "must be a social style, a way of coping and a type with a wing");
    if (!enneagram_answers(enneagram_core(q->wanted.enneagram), (enum social_style)style,
                           (enum coping_style)coping))
        return problem_field(&p->problem, "answers",
                             "the third answer must be of a type that gives one of the two others at least");
    for (int i = 0; i < 2; i++)
        q->wing_answers[i] = list->items[i].text;
    q->wing_answers[2] = enneagram_name(q->wanted.enneagram);
    return ERR_OK;
}

static enum err read_enneagram(struct exchange *p, struct quiz_request *q)
{
    const struct json_value *answers = json_member(p->body, "answers");
    const struct json_value *enneagram = json_member(p->body, "enneagram");
    if (answers != NULL && enneagram != NULL)
        return problem_field(&p->problem, "answers", "give either answers or enneagram, not both");
    if (answers != NULL)
        return read_answers(p, answers, q);
    q->wanted.enneagram = ENNEAGRAM_NONE;
    if (enneagram != NULL && enneagram->kind == JSON_NULL) /* skipped, and said so */
        return ERR_OK;
    const char *text = input_text(p, p->body, "enneagram");
    if (text == NULL)
        return ERR_INVALID;
    q->wanted.enneagram = enneagram_parse(text, strlen(text));
    if (q->wanted.enneagram == ENNEAGRAM_NONE)
        return problem_field(&p->problem, "enneagram",
                             "must be one of the 18 types with a wing, such as 4w5, or null");
    return ERR_OK;
}

static enum err read_locale(struct exchange *p, struct quiz_request *q)
{
    q->locale = "ko";
    if (json_member(p->body, "locale") == NULL)
        return ERR_OK;
    const char *text = input_text(p, p->body, "locale");
    if (text != NULL && strcmp(text, "ko") != 0 && strcmp(text, "en") != 0)
        return problem_field(&p->problem, "locale", "must be ko or en");
    q->locale = text;
    return text != NULL ? ERR_OK : ERR_INVALID;
}

/* A test of theirs whose answers count again, for other films. */
static enum err read_from(struct exchange *p, struct quiz_request *q)
{
    static const char *const instead[] = {"mbti", "survey", "enneagram", "answers"};
    for (size_t i = 0; i < sizeof instead / sizeof *instead; i++)
        if (json_member(p->body, instead[i]) != NULL)
            return problem_field(&p->problem, "from", "give either from or %s, not both", instead[i]);
    const char *token = input_text(p, p->body, "from");
    if (token == NULL)
        return ERR_INVALID;
    enum err rc = ERR_NOT_FOUND;
    if (strlen(token) == SHARE_TOKEN_CHARS && secret_token_valid(token, SHARE_TOKEN_CHARS))
        rc = quiz_again(p->site->db, token, p->arena, q, &p->why);
    if (rc == ERR_NOT_FOUND)
        return problem_field(&p->problem, "from", "must be the token of a result of yours");
    return rc == ERR_OK ? rc : exchange_unsaved(p, rc);
}

static enum err read_who(struct exchange *p, struct quiz_request *q)
{
    if (json_member(p->body, "from") != NULL)
        return read_from(p, q);
    enum err mbti = read_mbti(p, q), enneagram = read_enneagram(p, q);
    return mbti != ERR_OK ? mbti : enneagram;
}

/* Every field is looked at, so that the problem names all that are wrong. */
static enum err read_request(struct exchange *p, struct quiz_request *q)
{
    if (p->body == NULL || p->body->kind != JSON_MAP)
        return problem_field(&p->problem, "body", "must be a JSON object");
    enum err codes[] = {
        read_who(p, q),
        input_movies_json(p, json_member(p->body, "movies"), &q->wanted.movies, &q->wanted.n_movies),
        read_locale(p, q),
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i] != ERR_OK)
            return codes[i];
    q->wanted.limit = RECOMMEND_DEFAULT;
    q->rate_limited = p->site->config->rate_limits != 0;
    q->experiments = &p->site->serving.experiments;
    return ERR_OK;
}

struct answer {
    const char *token; /* NULL: not saved */
    uint8_t mbti, enneagram;
    const uint8_t *percent; /* NULL: chosen */
    const struct recommend_list *same, *compatible;
    const char *snapshot_id;
    int64_t created;
    bool mine;
    int left_out_characters, left_out_movies; /* told to whose it is */
};

static void put_left_out(struct exchange *p, const struct answer *a)
{
    json_out_name(&p->out, "left_out");
    json_out_map(&p->out);
    json_out_int_of(&p->out, "characters", a->left_out_characters);
    json_out_int_of(&p->out, "movies", a->left_out_movies);
    json_out_end(&p->out);
}

/* The members that a new and a stored test share, without braces and films. */
static void put_answer(struct exchange *p, const struct answer *a)
{
    if (a->token != NULL)
        json_out_text_of(&p->out, "token", a->token);
    else
        json_out_null_of(&p->out, "token");
    json_out_bool_of(&p->out, "saved", a->token != NULL);
    json_out_name(&p->out, "personality");
    view_personality(p, a->mbti, a->enneagram, a->percent);
    json_out_name(&p->out, "same");
    view_recommended(p, a->same, a->mbti);
    json_out_name(&p->out, "compatible");
    view_recommended(p, a->compatible, a->mbti);
    view_made_by(p, a->snapshot_id);
    json_out_bool_of(&p->out, "simulated", p->site->serving.simulated);
    view_created(p, a->created);
    if (a->mine)
        put_left_out(p, a);
}

static void put_created_test(struct exchange *p, const struct quiz_request *q, const struct quiz_outcome *t)
{
    struct answer a = {
        .token = t->saved ? t->token : NULL,
        .mbti = q->wanted.mbti,
        .enneagram = q->wanted.enneagram,
        .percent = q->surveyed ? q->score.second_percent : NULL,
        .same = &t->found.same,
        .compatible = &t->found.compatible,
        .snapshot_id = p->snapshot->id,
        .created = t->created,
        .mine = true,
        .left_out_characters = (int)t->found.n_left_characters,
        .left_out_movies = (int)t->found.n_left_movies,
    };
    json_out_map(&p->out);
    put_answer(p, &a);
    json_out_name(&p->out, "movies");
    json_out_list(&p->out);
    for (size_t i = 0; i < q->wanted.n_movies; i++)
        view_movie(p, (uint32_t)snapshot_movie_index(p->snapshot, q->wanted.movies[i]));
    json_out_end(&p->out);
    view_experiments_texts(p, &t->choice, "result.");
    json_out_end(&p->out);
}

/* The members of a stored test, its films last. */
static void put_stored(struct exchange *p, const struct share_quiz *t)
{
    struct answer a = {
        .token = t->stored.token,
        .mbti = t->stored.mbti,
        .enneagram = t->stored.enneagram,
        .percent = t->stored.surveyed ? t->stored.percent : NULL,
        .same = &t->same,
        .compatible = &t->compatible,
        .snapshot_id = t->stored.snapshot_id,
        .created = t->stored.created,
        .mine = t->mine,
        .left_out_characters = t->stored.left_out_characters,
        .left_out_movies = t->stored.left_out_movies,
    };
    put_answer(p, &a);
    json_out_name(&p->out, "movies");
    json_out_list(&p->out);
    for (size_t i = 0; i < t->n_movies; i++)
        view_movie(p, t->movies[i]);
    json_out_end(&p->out);
}

/* The answer to a request that was done before; the test may have been deleted since. */
static enum err put_repeated_test(struct exchange *p, const char *token)
{
    struct share_quiz t;
    enum err rc =
        share_load(p->site->db, (struct share_asked){p->snapshot, &p->session, token}, p->arena, &t, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    t.mine = true; /* who knows the key made it, though this request came without the cookie */
    struct choice choice;
    rc = experiments_made(p->site->db, &p->site->serving.experiments, t.stored.test_id, &choice, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    p->response->status = 201;
    json_out_map(&p->out);
    put_stored(p, &t);
    view_experiments_texts(p, &choice, "result.");
    json_out_end(&p->out);
    return ERR_OK;
}

enum err api_quiz_create(struct exchange *p)
{
    struct quiz_request q = {.snapshot = p->snapshot, .session = &p->session};
    struct quiz_outcome t;
    enum err rc = read_request(p, &q);
    if (rc == ERR_OK)
        rc = input_once(p, &q.once);
    if (rc != ERR_OK)
        return rc;
    rc = quiz_take(p->site->db, &q, p->arena, &t, &p->why);
    if (rc == ERR_LIMITED || rc == ERR_UNPROVEN || rc == ERR_CONFLICT)
        return exchange_unsaved_once(p, rc);
    if (rc != ERR_OK)
        return rc;
    if (t.repeated)
        return put_repeated_test(p, t.token);
    if (!t.saved) {
        if (p->session.age != SESSION_UNDER_14)
            log_event(LOG_ERROR, "test.unsaved", "%s: %s", err_name(t.unsaved), p->why.text);
        p->session.fresh = false; /* nothing was stored, so there is nothing to remember a visitor for */
    }
    p->response->status = t.saved ? 201 : 200;
    put_created_test(p, &q, &t);
    return ERR_OK;
}

/* Where this test is compared with others', for who took it. */
static enum err put_circles(struct exchange *p, int64_t test_id)
{
    struct circle_summaries in;
    enum err rc = circles_of(p->site->db, test_id, p->arena, &in, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_name(&p->out, "circles");
    json_out_list(&p->out);
    for (size_t i = 0; i < in.n; i++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "circle", in.items[i].circle);
        json_out_int_of(&p->out, "members", in.items[i].members);
        view_time(p, "joined", in.items[i].joined);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
    return ERR_OK;
}

enum err api_quiz(struct exchange *p)
{
    struct share_quiz t;
    enum err rc = share_load(p->site->db, (struct share_asked){p->snapshot, &p->session, p->token}, p->arena,
                             &t, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    put_stored(p, &t);
    json_out_bool_of(&p->out, "mine", t.mine);
    if (t.mine)
        view_feedback(p, t.stored.feedback);
    rc = t.mine ? put_circles(p, t.stored.test_id) : ERR_OK;
    view_page_texts(p, "result."); /* whoever looks at it */
    json_out_end(&p->out);
    return rc;
}
