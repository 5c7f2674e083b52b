/* The owner's console: what is live and was, and asking for another. What is asked for, the jobs account carries out. */
#include <math.h>
#include <string.h>

#include "app/live.h"
#include "input.h"
#include "view.h"

enum { SUBJECT_MOST = 64 };

static void put_score(struct exchange *p, const struct publication_score *s)
{
    json_out_map(&p->out);
    json_out_text_of(&p->out, "people", s->people);
    json_out_int_of(&p->out, "n", s->n_people);
    json_out_real_of(&p->out, "live", s->live, 5);
    json_out_real_of(&p->out, "new", s->fresh, 5);
    json_out_real_of(&p->out, "difference", s->difference, 5);
    json_out_real_of(&p->out, "low", s->low, 5);
    json_out_real_of(&p->out, "high", s->high, 5);
    json_out_end(&p->out);
}

static void word_or_null(struct exchange *p, const char *name, const char *word)
{
    if (word != NULL && *word != '\0')
        json_out_text_of(&p->out, name, word);
    else
        json_out_null_of(&p->out, name);
}

static void put_step(struct exchange *p, const struct publication *s, bool kept)
{
    json_out_map(&p->out);
    json_out_int_of(&p->out, "id", s->id);
    view_time(p, "decided", s->decided_ms / 1000);
    json_out_text_of(&p->out, "action", s->action);
    json_out_text_of(&p->out, "outcome", s->outcome);
    json_out_text_of(&p->out, "snapshot", s->snapshot);
    json_out_bool_of(&p->out, "kept", kept);
    word_or_null(p, "was_live", s->was_live);
    word_or_null(p, "decision", s->decision);
    word_or_null(p, "decided_by", s->decided_by);
    json_out_text_of(&p->out, "reason", s->reason);
    view_saying(p, s->reason);
    json_out_name(&p->out, "scores");
    json_out_list(&p->out);
    for (size_t i = 0; i < s->n_scores; i++)
        put_score(p, &s->scores[i]);
    json_out_end(&p->out);
    json_out_end(&p->out);
}

static void put_model(struct exchange *p, const struct publication_origin *o)
{
    json_out_map(&p->out);
    json_out_text_of(&p->out, "kind", o->model.kind);
    json_out_real_of(&p->out, "weight", o->model.weight, 4);
    json_out_text_of(&p->out, "dataset", o->model.dataset_hash);
    if (o->run_id > 0)
        json_out_int_of(&p->out, "run", o->run_id);
    else
        json_out_null_of(&p->out, "run");
    if (o->trained > 0)
        view_time(p, "trained", o->trained);
    else
        json_out_null_of(&p->out, "trained");
    json_out_end(&p->out);
}

static void put_now(struct exchange *p, const struct live *l)
{
    word_or_null(p, "live", l->now != NULL ? l->now->snapshot : NULL);
    if (l->now != NULL)
        view_time(p, "since", l->now->decided_ms / 1000);
    else
        json_out_null_of(&p->out, "since");
    word_or_null(p, "serving", p->snapshot != NULL ? p->snapshot->id : NULL);
    word_or_null(p, "pinned", l->pinned);
    json_out_name(&p->out, "models");
    json_out_list(&p->out);
    for (size_t i = 0; i < l->origins.n; i++)
        put_model(p, &l->origins.items[i]);
    json_out_end(&p->out);
}

enum err api_admin_live(struct exchange *p)
{
    struct live l;
    enum err rc = live_read(p->site->db, p->site->config, p->arena, &l, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    put_now(p, &l);
    json_out_name(&p->out, "history");
    json_out_list(&p->out);
    for (size_t i = 0; i < l.n; i++)
        put_step(p, &l.steps[i], l.kept[i]);
    json_out_end(&p->out);
    json_out_end(&p->out);
    return ERR_OK;
}

/* What may be asked for, and whether it is about something. */
static const struct {
    const char *action;
    bool may, must; /* have a subject */
    bool visitor;   /* which is a number: of a visitor, of a report */
} wishes[] = {
    {"rollback", true, false, false},
    {"forward", false, false, false},
    {"pin", true, false, false},
    {"unpin", false, false, false},
    {"ban", true, true, true},
    {"unban", true, true, true},
    {"take_votes", true, true, true},
    {"close_report", true, true, true},
    {"start_experiment", true, true, false},
    {"stop_experiment", true, true, false},
};
enum { WISHES = sizeof wishes / sizeof *wishes };

static bool is_subject(const char *s, bool visitor)
{
    int64_t number;
    if (visitor)
        return form_whole(s, 1, INT64_MAX, &number);
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    size_t n = strlen(s);
    return n > 0 && n <= SUBJECT_MOST && strspn(s, plain) == n;
}

static enum err read_wish(struct exchange *p, struct admin_action *wish)
{
    const char *action = input_text(p, p->body, "action");
    const struct json_value *subject = json_member(p->body, "subject");
    size_t i = 0;
    if (action == NULL)
        return ERR_INVALID;
    while (i < WISHES && strcmp(wishes[i].action, action) != 0)
        i++;
    if (i == WISHES)
        return problem_field(&p->problem, "action", "is none that can be asked for");
    wish->action = wishes[i].action;
    if (subject == NULL || subject->kind == JSON_NULL)
        return wishes[i].must ? problem_field(&p->problem, "subject", "is needed") : ERR_OK;
    if (!wishes[i].may || subject->kind != JSON_TEXT || !is_subject(subject->text, wishes[i].visitor))
        return problem_field(&p->problem, "subject",
                             "must be left out, or be a name as the console shows it");
    wish->subject = subject->text;
    return ERR_OK;
}

enum err api_admin_live_ask(struct exchange *p)
{
    struct admin_action wish = {0};
    enum err rc = read_wish(p, &wish);
    if (rc != ERR_OK)
        return rc;
    rc = console_ask(p->site->db, &p->admin, &wish, &p->why);
    if (rc == ERR_CONFLICT)
        return problem_set(&p->problem, rc, "%s", p->why.text);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    json_out_int_of(&p->out, "id", wish.action_id);
    json_out_end(&p->out);
    p->response->status = 202;
    return ERR_OK;
}
