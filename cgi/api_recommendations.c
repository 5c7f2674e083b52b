#include <string.h>

#include "base/utf8.h"
#include "input.h"
#include "view.h"

/* The years of films that there are, and then some. */
enum { YEAR_LEAST = 1800, YEAR_MOST = 2200, TEXT_MOST = 100, SHARE_MOST = 100 };

static enum err read_number(struct exchange *p, const char *name, int64_t least, int64_t most, int64_t *out)
{
    const char *text = form_get(&p->query, name);
    if (text == NULL || form_whole(text, least, most, out))
        return ERR_OK;
    return problem_field(&p->problem, name, "must be a whole number from %d to %d", (int)least, (int)most);
}

static enum err read_word(struct exchange *p, const char *name, const char **out)
{
    *out = form_get(&p->query, name);
    if (*out == NULL || (**out != '\0' && utf8_length(*out, strlen(*out)) <= TEXT_MOST))
        return ERR_OK;
    return problem_field(&p->problem, name, "must be 1 to %d characters", TEXT_MOST);
}

static enum err read_narrow(struct exchange *p, struct narrow *n)
{
    int64_t since = 0, until = 0;
    enum err rc = read_word(p, "country", &n->country);
    if (rc == ERR_OK)
        rc = read_word(p, "service", &n->service);
    if (rc == ERR_OK)
        rc = read_number(p, "since", YEAR_LEAST, YEAR_MOST, &since);
    if (rc == ERR_OK)
        rc = read_number(p, "until", YEAR_LEAST, YEAR_MOST, &until);
    n->since = (int)since;
    n->until = (int)until;
    return rc;
}

/* Without any of them the lists are ordered by the match; else what is not said is as in the match. */
static enum err read_taste(struct exchange *p, struct recommend_taste *t, const struct recommend_taste **out)
{
    static const char *const names[] = {"film", "person", "popularity"};
    int64_t shares[] = {RECOMMEND_FILM, RECOMMEND_ENNEAGRAM, 0};
    bool given = false;
    enum err rc = ERR_OK;
    for (int i = 0; i < 3 && rc == ERR_OK; i++) {
        given = given || form_get(&p->query, names[i]) != NULL;
        rc = read_number(p, names[i], 0, SHARE_MOST, &shares[i]);
    }
    *t = (struct recommend_taste){(float)shares[0], (float)shares[1], (float)shares[2]};
    *out = given ? t : NULL;
    if (rc == ERR_OK && shares[0] + shares[1] + shares[2] == 0)
        return problem_field(&p->problem, "film", "film, person and popularity cannot all be 0");
    return rc;
}

enum err api_recommendations(struct exchange *p)
{
    struct recommend_request q = {0};
    struct recommend_result found;
    struct recommend_taste taste;
    enum err who = input_personality(p, true, &q.mbti, &q.enneagram); /* all wrong fields are named at once */
    enum err rc = input_movies_query(p, &q.movies, &q.n_movies);
    if (rc == ERR_OK)
        rc = input_limit(p, RECOMMEND_DEFAULT, RECOMMEND_MAX, &q.limit);
    if (rc == ERR_OK)
        rc = read_narrow(p, &q.narrow);
    if (rc == ERR_OK)
        rc = read_taste(p, &taste, &q.taste);
    if (rc == ERR_OK)
        rc = who;
    if (rc == ERR_OK)
        rc = recommend_run(p->snapshot, &q, p->arena, &found, &p->why);
    if (rc != ERR_OK)
        return rc;
    json_out_map(&p->out);
    json_out_name(&p->out, "personality");
    view_personality(p, q.mbti, q.enneagram, NULL);
    json_out_name(&p->out, "same");
    view_recommended(p, &found.same, q.mbti);
    json_out_name(&p->out, "compatible");
    view_recommended(p, &found.compatible, q.mbti);
    view_made_by(p, p->snapshot->id);
    json_out_bool_of(&p->out, "simulated", p->site->serving.simulated);
    json_out_end(&p->out);
    return ERR_OK;
}

static void put_choices(struct exchange *p, const char *name, const struct narrow_choice *choices, size_t n)
{
    json_out_name(&p->out, name);
    json_out_list(&p->out);
    for (size_t i = 0; i < n; i++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "name", choices[i].name);
        json_out_int_of(&p->out, "count", (int64_t)choices[i].n);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

static void put_year(struct exchange *p, const char *name, int year)
{
    if (year != 0)
        json_out_int_of(&p->out, name, year);
    else
        json_out_null_of(&p->out, name);
}

enum err api_recommendations_filters(struct exchange *p)
{
    struct narrow_choices c;
    enum err rc = narrow_list(p->snapshot, p->arena, &c);
    if (rc != ERR_OK)
        return rc;
    json_out_map(&p->out);
    put_choices(p, "countries", c.countries, c.n_countries);
    put_choices(p, "services", c.services, c.n_services);
    put_year(p, "since", c.since);
    put_year(p, "until", c.until);
    json_out_end(&p->out);
    return ERR_OK;
}
