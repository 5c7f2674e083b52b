#include "app/quiz.h"

#include <math.h>
#include <string.h>

#include "app/leave_out.h"
#include "app/limits.h"
#include "base/buf.h"
#include "base/clock.h"
#include "store/visitor_like.h"
#include "store/visitor_quiz.h"

/* A share as %.4f has it, which costs a tenth of a worker's time for a test: 0.6000. */
static void put_share(struct buf *b, double share)
{
    long parts = lround(10000 * share);
    char digits[] = "0.0000";
    digits[0] = (char)('0' + parts / 10000);
    for (int i = 5; i > 1; i--, parts /= 10)
        digits[i] = (char)('0' + parts % 10);
    buf_put(b, digits, sizeof digits - 1);
}

/* [{"movie_id":1,"share":0.6000},…]; shares are 0 to 1. */
static const char *because_text(const struct snapshot *s, const struct recommend_item *item, struct arena *a)
{
    struct buf b = {0};
    buf_putc(&b, '[');
    for (size_t i = 0; i < item->n_because; i++) {
        buf_printf(&b, "%s{\"movie_id\":%d,\"share\":", i > 0 ? "," : "",
                   s->movies[item->because[i].movie].id);
        put_share(&b, (double)item->because[i].share);
        buf_putc(&b, '}');
    }
    buf_putc(&b, ']');
    return arena_take(a, &b);
}

static struct visitor_quiz_told told_of(const struct recommend_match *m)
{
    return (struct visitor_quiz_told){.known = true,
                                      .film = recommend_percent(m->film),
                                      .points = recommend_percent(m->parts),
                                      .above = recommend_percent(m->above),
                                      .strange = m->strange};
}

static enum err put_results(const struct snapshot *s, const struct recommend_list *list, bool compatible,
                            struct arena *a, struct visitor_quiz_result *out)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct recommend_item *item = &list->items[i];
        out[i] = (struct visitor_quiz_result){
            .compatible = compatible,
            .character_id = s->characters[item->character].id,
            .type = (uint8_t)item->match.type,
            .percent = item->match.percent,
            .enneagram = (double)item->match.enneagram,
            .told = told_of(&item->match),
            .because = because_text(s, item, a),
            .drawn = item->drawn,
            .propensity = item->propensity,
        };
        if (out[i].because == NULL)
            return ERR_NOMEM;
    }
    return ERR_OK;
}

/* {"survey":[…],"enneagram":[…]}, only what was answered, null for what was not asked; the words of the
 * Enneagram are ours, so need no escapes. */
static const char *answers_text(const struct quiz_request *q, struct arena *a)
{
    struct buf b = {0};
    buf_putc(&b, '{');
    for (size_t i = 0; i < q->n_answers; i++) {
        buf_puts(&b, i == 0 ? "\"survey\":[" : ",");
        if (q->answers[i] == SURVEY_UNASKED)
            buf_puts(&b, "null");
        else
            buf_printf(&b, "%d", q->answers[i]);
    }
    if (q->n_answers > 0)
        buf_puts(&b, q->wing_answers[0] != NULL ? "]," : "]");
    if (q->wing_answers[0] != NULL)
        buf_printf(&b, "\"enneagram\":[\"%s\",\"%s\",\"%s\"]", q->wing_answers[0], q->wing_answers[1],
                   q->wing_answers[2]);
    buf_putc(&b, '}');
    return arena_take(a, &b);
}

static enum err make_record(const struct snapshot *s, const struct quiz_request *q,
                            const struct quiz_outcome *outcome, struct arena *a, struct visitor_quiz *t)
{
    const struct recommend_result *found = &outcome->found;
    size_t n = found->same.n + found->compatible.n;
    bool answered = q->told == NULL && (q->surveyed || q->wing_answers[0] != NULL);
    struct visitor_quiz_result *results = arena_array(a, n, sizeof *results);
    *t = (struct visitor_quiz){
        .token = outcome->token,
        .mbti = q->wanted.mbti,
        .enneagram = q->wanted.enneagram,
        .surveyed = q->surveyed,
        .survey_version = q->survey_version,
        .answers = answered ? answers_text(q, a) : q->told,
        .locale = q->locale,
        .snapshot_id = s->id,
        .movies = q->wanted.movies,
        .n_movies = q->wanted.n_movies,
        .results = results,
        .n_results = n,
        .left_out_characters = (int)found->n_left_characters,
        .left_out_movies = (int)found->n_left_movies,
    };
    for (int axis = 0; axis < MBTI_AXES; axis++)
        t->percent[axis] = q->score.second_percent[axis];
    if (results == NULL || (answered && t->answers == NULL))
        return ERR_NOMEM;
    enum err rc = put_results(s, &found->same, false, a, results);
    if (rc == ERR_OK)
        rc = put_results(s, &found->compatible, true, a, results + found->same.n);
    return rc;
}

/* What of experiments is shown with a result: what makes it, and texts of its page. */
enum { SHOWN = VARIANT_RESULT | VARIANT_WORDS };

struct storing {
    struct visit_write write;
    struct visitor_quiz test;
    /* What makes the result, and where it goes. */
    struct db *db;
    const struct snapshot *snapshot;
    const struct quiz_request *q;
    struct arena *arena;
    struct quiz_outcome *out;
    bool
        waits; /* for the number that a guest gets in the transaction, and another one when that is run again */
    bool refused; /* the request was wrong, whatever the database says */
};

/* What tells this test from others: who takes it, what was answered, and the key of a request that may come twice. */
static const struct experiments_test *test_of(const struct quiz_request *q, int64_t visitor_id,
                                              struct arena *a)
{
    struct experiments_test *t = arena_alloc(a, sizeof *t);
    struct buf b = {0};
    buf_printf(&b, "%lld %d %d %s", (long long)visitor_id, q->wanted.mbti, q->wanted.enneagram,
               q->once.key != NULL ? q->once.key : "");
    buf_put(&b, q->wanted.movies, q->wanted.n_movies * sizeof *q->wanted.movies);
    size_t n = b.len;
    const char *bytes = arena_take(a, &b);
    if (t != NULL)
        *t = (struct experiments_test){bytes, n};
    return bytes != NULL ? t : NULL;
}

/* The result as the site is, or as a visitor's variants are (0: nobody's). */
static enum err make_result(struct storing *s, int64_t visitor_id, struct fail *why)
{
    struct recommend_request wanted = s->q->wanted;
    struct choice *choice = &s->out->choice;
    *choice = (struct choice){0};
    if (s->q->experiments != NULL && experiments_touch(s->q->experiments, SHOWN)) {
        const struct experiments_test *test = test_of(s->q, visitor_id, s->arena);
        if (test == NULL)
            return fail_set(why, ERR_NOMEM, "out of memory");
        enum err rc = experiments_choose(
            s->db, s->q->experiments,
            &(struct experiments_visit){s->write.session, visitor_id, SHOWN, "result.", test}, choice, why);
        if (rc != ERR_OK)
            return rc;
        wanted.seed = experiments_seed(s->write.session, test);
        wanted.settings = choice->settings.parts != 0 ? &choice->settings : NULL;
    }
    enum err rc =
        leave_out_load(s->db, visitor_id == 0 ? 0 : s->write.known, s->arena, &wanted.left_out, why);
    if (rc == ERR_OK)
        rc = recommend_run(s->snapshot, &wanted, s->arena, &s->out->found, why);
    s->refused = rc == ERR_INVALID;
    if (rc == ERR_OK && make_record(s->snapshot, s->q, s->out, s->arena, &s->test) != ERR_OK)
        return fail_set(why, ERR_NOMEM, "out of memory");
    if (rc == ERR_OK)
        s->test.crowd = guest_crowd(s->write.session->keys, &s->write.session->entry);
    return rc;
}

static enum err store_work(struct db *db, void *arg, struct fail *why)
{
    struct storing *s = arg;
    int64_t visitor_id;
    enum err rc = visit_claim(db, &s->write, &visitor_id, why);
    if (rc == ERR_OK && s->waits)
        rc = make_result(s, visitor_id, why);
    s->test.visitor_id = visitor_id;
    if (rc == ERR_OK)
        rc = visitor_quiz_store(db, &s->test, why);
    if (rc == ERR_OK)
        rc = experiments_shown(db, &s->out->choice, visitor_id, s->test.test_id, why);
    /* Who has only just been made has liked nothing. */
    return rc == ERR_OK && s->write.known != 0 ? visitor_like_settle(db, visitor_id, why) : rc;
}

/* Whether this visitor may, before anything is computed. */
static enum err enter(struct db *db, const struct quiz_request *q, struct visit_write *w, struct fail *why)
{
    enum err rc = visit_enter(db, w->session, &w->known, why);
    return rc == ERR_OK && q->rate_limited && w->known != 0 ? limits_check(db, LIMITS_TESTS, w->known, 1, why)
                                                            : rc;
}

/* What is told to who asks; everything else only keeps the test from being saved. */
static bool is_refusal(enum err rc)
{
    return rc == ERR_LIMITED || rc == ERR_UNPROVEN || rc == ERR_CONFLICT;
}

/* ERR_NOT_FOUND: it is new. */
static enum err repeat(struct db *db, const struct visit_write *w, struct quiz_outcome *out, struct fail *why)
{
    struct repeat row;
    enum err rc = once_seen(db, w->session, w->once, &row, why);
    if (rc != ERR_OK)
        return rc;
    out->repeated = out->saved = true;
    memcpy(out->token, row.result, sizeof out->token);
    return ERR_OK;
}

static enum err store(struct db *db, struct storing *s, struct quiz_outcome *out, struct fail *why)
{
    enum err rc = visit_transaction(db, &s->write, store_work, s, why);
    if (rc ==
        ERR_CONFLICT) /* the same key in another worker, which has ended, or here before the answer to the commit was lost */
        rc = repeat(db, &s->write, out, why);
    return rc;
}

/* Without a stored test nobody was shown a variant. */
static enum err make_unsaved(struct storing *s, struct fail *why)
{
    return s->waits || s->out->choice.n > 0 ? make_result(s, 0, why) : ERR_OK;
}

/* Before the transaction, so that it is short, unless variants wait for it. What the database refuses only keeps the test from being saved. */
static enum err make_early(struct storing *s, struct fail *why)
{
    bool open = s->out->unsaved == ERR_OK;
    s->waits = open && s->write.known == 0 && s->q->experiments != NULL &&
               experiments_touch(s->q->experiments, SHOWN);
    if (s->waits)
        return ERR_OK;
    enum err rc = make_result(s, open ? s->write.known : 0, why);
    if (rc == ERR_OK || s->refused || rc == ERR_NOMEM || !open)
        return rc;
    s->out->unsaved = rc;
    return make_result(s, 0, why);
}

/* Whether it may be stored, or is there already. */
static enum err admit(struct db *db, const struct quiz_request *q, struct visit_write *w,
                      struct quiz_outcome *out, struct fail *why)
{
    if (q->session->age == SESSION_UNDER_14)
        return fail_set(why, ERR_DENIED, "under 14");
    enum err rc = repeat(db, w, out, why);
    return rc == ERR_NOT_FOUND ? enter(db, q, w, why) : rc;
}

enum err quiz_again(struct db *db, const char *token, struct arena *a, struct quiz_request *q,
                    struct fail *why)
{
    struct visitor_quiz t;
    int64_t visitor_id, test_id;
    enum err rc = visit_known(db, q->session, &visitor_id, why);
    if (rc == ERR_OK)
        rc = visitor_quiz_owned(db, visitor_id, token, &test_id, why);
    if (rc == ERR_OK)
        rc = visitor_quiz_load(db, token, a, &t, why);
    if (rc != ERR_OK)
        return rc;
    q->wanted.mbti = t.mbti;
    q->wanted.enneagram = t.enneagram;
    q->surveyed = t.surveyed;
    q->survey_version = t.survey_version;
    q->told = t.answers;
    for (int axis = 0; axis < MBTI_AXES; axis++)
        q->score.second_percent[axis] = t.percent[axis];
    return ERR_OK;
}

enum err quiz_take(struct db *db, const struct quiz_request *q, struct arena *a, struct quiz_outcome *out,
                   struct fail *why)
{
    *out = (struct quiz_outcome){.created = clock_wall()};
    secret_token(out->token, SHARE_TOKEN_BYTES);
    struct storing storing = {.write = {.session = q->session, .once = &q->once, .result = out->token},
                              .db = db,
                              .snapshot = q->snapshot,
                              .q = q,
                              .arena = a,
                              .out = out};
    out->unsaved = admit(db, q, &storing.write, out, why);
    if (is_refusal(out->unsaved) || out->repeated)
        return out->unsaved;
    enum err rc = make_early(&storing, why);
    if (rc != ERR_OK)
        return rc;
    if (out->unsaved == ERR_OK)
        out->unsaved = store(db, &storing, out, why);
    if (storing.refused)
        return ERR_INVALID;
    out->saved = out->unsaved == ERR_OK;
    if (out->saved && !out->repeated)
        out->created = storing.test.created;
    if (!out->saved)
        out->token[0] = '\0';
    if (is_refusal(out->unsaved))
        return out->unsaved;
    return out->saved ? ERR_OK : make_unsaved(&storing, why);
}

enum err quiz_count(struct db *db, int64_t *out, struct fail *why)
{
    return visitor_quiz_count(db, out, why);
}

enum err quiz_today(struct db *db, struct today *out, struct fail *why)
{
    return today_read(db, out, why);
}
